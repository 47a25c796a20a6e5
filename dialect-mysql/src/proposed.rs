//! Rows to insert as a SELECT, where as VALUES they would mean something else, or nothing.
//!
//! MySQL writes the columns of an upsert one after the other, so that a value, or the condition, sees what was written before it,
//! and reads the table itself in no subquery there; each row of its VALUES sees those before it in the table already. MariaDB runs
//! a subquery of an upsert for each row, after those before it were written, and does not see that it reads the row to insert. In
//! a SELECT everything is computed from the table as it was, beside the rows that are there, which are locked meanwhile:
//!
//! ```sql
//! INSERT INTO stock (sku, amount) SELECT sku, amount FROM (
//!     SELECT excluded.sku, excluded.amount, stock.sku IS NOT NULL AS `present before`,
//!         IF(stock.sku IS NOT NULL, stock.amount + excluded.amount, NULL) AS `value 1`
//!     FROM (SELECT sku, amount FROM stock WHERE 1 = 0 UNION ALL VALUES ROW(?, ?)) AS excluded
//!     LEFT JOIN stock ON stock.sku = excluded.sku LIMIT 18446744073709551615 FOR UPDATE OF stock
//! ) AS excluded ON DUPLICATE KEY UPDATE amount = excluded.`value 1`
//! ```
//!
//! A row that somebody else inserts after it was looked for can't be locked: then the statement fails, and is run again.

use creole_core::Result;
use creole_core::sql::{
    Assignment, BoundRows, ConflictAction, Expr, Insert, OnConflict, Precedence, Rows, Select, SqlWriter, TableRef,
    standard,
};

use crate::dialect::Flavor;
use crate::placeholder;
use crate::upsert::{EXCLUDED, in_order};

/// What the SELECT calls whether the condition of the upsert holds.
const CONDITION: &str = "the condition";
/// What the SELECT calls whether the row is there.
const PRESENT: &str = "present before";
/// The servers compute a subquery with a limit before they write, and others when a value is wanted.
const NO_LIMIT: &str = " LIMIT 18446744073709551615";

/// Whether the rows must come from a SELECT.
pub(crate) fn is_needed(insert: &Insert, flavor: Flavor) -> bool {
    // MariaDB computes the values of all rows before it writes any.
    let reads_itself =
        flavor == Flavor::MySql && insert.computed.iter().any(|computed| computed.value.selects_from(insert.table));
    reads_itself || insert.conflict.as_ref().is_some_and(|conflict| computes_apart(insert, conflict, flavor))
}

/// Whether the values of an upsert must be computed before it writes any.
pub(crate) fn computes_apart(insert: &Insert, conflict: &OnConflict, flavor: Flavor) -> bool {
    let ConflictAction::Update { assignments, filter } = &conflict.action else { return false };
    let mut exprs = assignments.iter().map(|assignment| &assignment.value).chain(filter);
    let has_order = || match flavor {
        Flavor::MySql => in_order(insert, conflict).is_some(),
        // The connection sets SIMULTANEOUS_ASSIGNMENT.
        Flavor::MariaDb => true,
    };
    insert.rows != Rows::Default && (exprs.any(Expr::selects) || !has_order())
}

/// Writes the rows of an INSERT as a SELECT.
pub(crate) fn insert_rows<'a>(w: &mut SqlWriter<'a>, rows: &BoundRows<'a>, flavor: Flavor) -> Result<()> {
    let insert = rows.insert;
    let Some(conflict) = insert.conflict.as_ref().filter(|conflict| computes_apart(insert, conflict, flavor)) else {
        w.push(" ");
        if insert.conflict.is_none() {
            return computed(w, rows, flavor);
        }
        w.push("SELECT * FROM (");
        computed(w, rows, flavor)?;
        w.push(") AS ").ident(EXCLUDED);
        return Ok(());
    };
    select(w, insert, conflict, flavor, |w| match insert.computed.is_empty() {
        true => given(w, rows, flavor),
        false => {
            w.push("(");
            computed(w, rows, flavor)?;
            w.push(")");
            Ok(())
        }
    })
}

/// Writes what a SELECT yields as the rows of an upsert whose values are computed before it writes any.
pub(crate) fn insert_select<'a>(
    w: &mut SqlWriter<'a>,
    insert: &'a Insert,
    conflict: &'a OnConflict,
    rows: &'a Select,
    flavor: Flavor,
) -> Result<()> {
    select(w, insert, conflict, flavor, |w| {
        w.push("(SELECT ");
        w.commas(insert.table.column_names(&insert.columns).into_iter().zip(1..), |w, (name, number)| {
            w.ident(&format!("c{number}")).push(" AS ").ident(name);
            Ok(())
        })?;
        w.push(" FROM ");
        standard::derived_select(w, rows)?;
        w.push(" AS ").ident(EXCLUDED).push(")");
        Ok(())
    })
}

/// Writes the SELECT of an upsert whose values are computed before it writes any. `source` writes the rows.
fn select<'a>(
    w: &mut SqlWriter<'a>,
    insert: &'a Insert,
    conflict: &'a OnConflict,
    flavor: Flavor,
    source: impl FnOnce(&mut SqlWriter<'a>) -> Result<()>,
) -> Result<()> {
    w.push(" SELECT ");
    names(w, insert, None)?;
    w.push(" FROM (SELECT ");
    if flavor == Flavor::MySql {
        // A hash join would read the whole table, and lock it.
        w.push("/*+ NO_BNL(").ident(insert.table.name).push(") */ ");
    }
    names(w, insert, Some(EXCLUDED))?;
    w.push(", ");
    is_there(w, insert, conflict);
    w.push(" AS ").ident(PRESENT);
    w.open_scope();
    conflict.enter_rows(w, insert);
    w.proposing(|w| values(w, insert, conflict))?;
    w.close_scope();
    w.push(" FROM ");
    source(w)?;
    w.push(" AS ").ident(EXCLUDED).push(" LEFT JOIN ").table(insert.table).push(" ON ");
    if !conflict.target.columns.iter().all(|column| insert.columns.contains(column)) {
        // A number that the database makes is none that is there.
        w.push("FALSE");
    } else {
        for (name, number) in insert.table.column_names(&conflict.target.columns).into_iter().zip(0..) {
            w.push(if number > 0 { " AND " } else { "" }).ident(insert.table.name).push(".").ident(name);
            w.push(" = ").ident(EXCLUDED).push(".").ident(name);
        }
    }
    w.push(NO_LIMIT).push(" FOR UPDATE");
    if flavor == Flavor::MySql {
        w.push(" OF ").ident(insert.table.name);
    }
    w.push(") AS ").ident(EXCLUDED);
    Ok(())
}

/// Writes what is to be computed, for rows that are there only: others may have no such values.
fn values<'a>(w: &mut SqlWriter<'a>, insert: &'a Insert, conflict: &'a OnConflict) -> Result<()> {
    let ConflictAction::Update { assignments, filter } = &conflict.action else { return Ok(()) };
    let is_there = |w: &mut SqlWriter<'a>| is_there(w, insert, conflict);
    if let Some(filter) = filter {
        w.push(", ");
        is_there(w);
        w.push(" AND ");
        w.expr(filter, Precedence::Operand)?;
        w.push(" AS ").ident(CONDITION);
    }
    for (assignment, number) in assignments.iter().zip(1..).filter(|(assignment, _)| is_computed(insert, assignment)) {
        w.push(", IF(");
        is_there(w);
        if let Some(filter) = filter {
            w.push(" AND ");
            w.expr(filter, Precedence::Operand)?;
        }
        w.push(", ");
        assignment.render_value(w, insert.table)?;
        w.push(", NULL) AS ").ident(&value_name(number));
    }
    Ok(())
}

/// `` `stock`.`sku` IS NOT NULL ``, of a row that was joined by it.
fn is_there(w: &mut SqlWriter<'_>, insert: &Insert, conflict: &OnConflict) {
    let key = conflict.target.columns.first().and_then(|&column| insert.table.column(column));
    if let Some(column) = key {
        w.ident(insert.table.name).push(".").ident(column.name).push(" IS NOT NULL");
    }
}

/// Whether a value depends on more than the row to insert.
fn is_computed(insert: &Insert, assignment: &Assignment) -> bool {
    assignment.value.selects() || assignment.value.may_read(TableRef::new(insert.table))
}

/// Writes that nobody has inserted the row since it was looked for: else that is an error of its own, by which it is known.
pub(crate) fn present(w: &mut SqlWriter<'_>, flavor: Flavor) {
    let (before, behind) = match flavor {
        Flavor::MySql => ("JSON_VALUE(IF(", ", '[1]', '[]'), '$[0]' RETURNING SIGNED ERROR ON EMPTY)"),
        Flavor::MariaDb => ("COLUMN_LIST(IF(", ", '', 'x')) = ''"),
    };
    w.push(" AND ").push(before).ident(EXCLUDED).push(".").ident(PRESENT).push(behind);
}

/// The number of that error.
pub(crate) fn overtaken(flavor: Flavor) -> &'static str {
    match flavor {
        Flavor::MySql => "3966",
        Flavor::MariaDb => "1919",
    }
}

/// Writes what is assigned, by its number among the assignments: the value that the SELECT has computed, where it has.
pub(crate) fn value<'a>(
    w: &mut SqlWriter<'a>,
    insert: &'a Insert,
    (number, assignment): (usize, &'a Assignment),
    filter: Option<&'a Expr>,
) -> Result<()> {
    let value = |w: &mut SqlWriter<'a>| match is_computed(insert, assignment) {
        true => {
            w.ident(EXCLUDED).push(".").ident(&value_name(number));
            Ok(())
        }
        false => assignment.render_value(w, insert.table),
    };
    if filter.is_none() {
        return value(w);
    }
    w.push("IF(").ident(EXCLUDED).push(".").ident(CONDITION).push(", ");
    value(w)?;
    w.push(", ");
    w.column(TableRef::new(insert.table), assignment.column)?;
    w.push(")");
    Ok(())
}

fn value_name(number: usize) -> String {
    format!("value {number}")
}

fn names(w: &mut SqlWriter<'_>, insert: &Insert, of: Option<&str>) -> Result<()> {
    w.commas(insert.table.column_names(&insert.columns), |w, name| {
        if let Some(of) = of {
            w.ident(of).push(".");
        }
        w.ident(name);
        Ok(())
    })
}

/// `SELECT excluded.sku, (SELECT …) AS amount FROM (…) AS excluded`: each value is computed once, for all rows.
fn computed<'a>(w: &mut SqlWriter<'a>, rows: &BoundRows<'a>, flavor: Flavor) -> Result<()> {
    let table = rows.insert.table;
    w.push("SELECT ");
    w.commas(&rows.insert.columns, |w, &column| {
        let name = table.column(column).map_or("", |column| column.name);
        match rows.computed(column) {
            None => _ = w.ident(EXCLUDED).push(".").ident(name),
            Some(assignment) => {
                w.open_scope();
                assignment.render_value(w, table)?;
                w.close_scope();
                w.push(" AS ").ident(name);
            }
        }
        Ok(())
    })?;
    w.push(" FROM ");
    given(w, rows, flavor)?;
    w.push(" AS ").ident(EXCLUDED);
    Ok(())
}

/// `(SELECT sku, amount FROM stock WHERE 1 = 0 UNION ALL VALUES ROW(?, ?), …)`: the values take the types of their columns.
fn given<'a>(w: &mut SqlWriter<'a>, rows: &BoundRows<'a>, flavor: Flavor) -> Result<()> {
    let table = rows.insert.table;
    let columns: Vec<u16> =
        rows.insert.columns.iter().copied().filter(|&column| rows.computed(column).is_none()).collect();
    w.push("(SELECT ");
    if columns.is_empty() {
        w.push("1");
    }
    w.commas(columns.iter().filter_map(|&column| table.column(column)), |w, column| {
        w.ident(column.name).push(" AS ").ident(column.name);
        Ok(())
    })?;
    w.push(" FROM ").table(table).push(" WHERE 1 = 0 UNION ALL VALUES ");
    w.commas(0..rows.count, |w, row| {
        w.push(flavor.open_row());
        if columns.is_empty() {
            w.push("1");
        }
        w.commas(&columns, |w, &column| {
            let value = rows.source.value(row, column);
            let ty = w.keep(table, column, value).map_err(|error| error.with_row(row))?;
            placeholder::given(w, ty, flavor);
            Ok(())
        })?;
        w.push(")");
        Ok(())
    })?;
    w.push(")");
    Ok(())
}
