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
    Assignment, BoundRows, ConflictAction, Expr, Insert, Precedence, Rows, Select, SqlWriter, TableRef, standard,
};

use crate::dialect::Flavor;
use crate::placeholder;
use crate::upsert::{EXCLUDED, Upsert};

/// What the SELECT calls whether the condition of the upsert holds.
const CONDITION: &str = "the condition";
/// What the SELECT calls whether the row is there.
const PRESENT: &str = "present before";
/// The servers compute a subquery with a limit before they write, and others when a value is wanted.
const NO_LIMIT: &str = " LIMIT 18446744073709551615";

impl Flavor {
    /// Whether the rows of an INSERT must come from a SELECT.
    pub(crate) fn needs_select(self, insert: &Insert) -> bool {
        // MariaDB computes the values of all rows before it writes any.
        let reads_itself =
            self == Flavor::MySql && insert.computed.iter().any(|computed| computed.value.selects_from(insert.table));
        reads_itself
            || insert.conflict.as_ref().is_some_and(|conflict| Upsert::new(self, insert, conflict).computes_apart())
    }

    /// Writes the rows of an INSERT, as a SELECT where they must be one.
    pub(crate) fn write_rows<'a>(self, w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
        let insert = rows.insert;
        if !self.needs_select(insert) {
            return standard::insert_rows(w, rows);
        }
        let upsert = insert.conflict.as_ref().map(|conflict| Upsert::new(self, insert, conflict));
        match upsert {
            None => {
                w.push(" ");
                self.computed_rows(w, rows)
            }
            Some(upsert) if upsert.computes_apart() => upsert.select(w, |w| {
                if insert.computed.is_empty() {
                    return self.bound_rows(w, rows);
                }
                w.push("(");
                self.computed_rows(w, rows)?;
                w.push(")");
                Ok(())
            }),
            Some(_) => {
                w.push(" SELECT * FROM (");
                self.computed_rows(w, rows)?;
                w.push(") AS ").ident(EXCLUDED);
                Ok(())
            }
        }
    }

    /// The number of the error of a row that somebody else has inserted since it was looked for.
    pub(crate) fn overtaken(self) -> &'static str {
        match self {
            Flavor::MySql => "3966",
            Flavor::MariaDb => "1919",
        }
    }

    /// `SELECT excluded.sku, (SELECT …) AS amount FROM (…) AS excluded`: each value is computed once, for all rows.
    fn computed_rows<'a>(self, w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
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
        self.bound_rows(w, rows)?;
        w.push(" AS ").ident(EXCLUDED);
        Ok(())
    }

    /// `(SELECT sku, amount FROM stock WHERE 1 = 0 UNION ALL VALUES ROW(?, ?), …)`: the values take the types of their columns.
    fn bound_rows<'a>(self, w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
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
            w.push(self.open_row());
            if columns.is_empty() {
                w.push("1");
            }
            w.commas(&columns, |w, &column| {
                let value = rows.source.value(row, column);
                let ty = w.keep(table, column, value).map_err(|error| error.with_row(row))?;
                placeholder::given(w, ty);
                Ok(())
            })?;
            w.push(")");
            Ok(())
        })?;
        w.push(")");
        Ok(())
    }
}

impl<'a> Upsert<'a> {
    /// Whether the values must be computed before any is written.
    pub(crate) fn computes_apart(self) -> bool {
        let Upsert { insert, conflict, flavor } = self;
        let ConflictAction::Update { assignments, filter } = &conflict.action else { return false };
        let mut exprs = assignments.iter().map(|assignment| &assignment.value).chain(filter);
        let has_order = || match flavor {
            Flavor::MySql => self.in_order().is_some(),
            // The connection sets SIMULTANEOUS_ASSIGNMENT.
            Flavor::MariaDb => true,
        };
        insert.rows != Rows::Default && (exprs.any(Expr::selects) || !has_order())
    }

    /// Writes what a SELECT yields as the rows, whose values are computed before any is written.
    pub(crate) fn write_select(self, w: &mut SqlWriter<'a>, rows: &'a Select) -> Result<()> {
        let insert = self.insert;
        self.select(w, |w| {
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

    /// Writes the SELECT in which the values are computed, of the rows that `source` writes.
    fn select(self, w: &mut SqlWriter<'a>, source: impl FnOnce(&mut SqlWriter<'a>) -> Result<()>) -> Result<()> {
        let Upsert { insert, conflict, flavor } = self;
        w.push(" SELECT ");
        names(w, insert, None)?;
        w.push(" FROM (SELECT ");
        if flavor == Flavor::MySql {
            // A hash join would read the whole table, and lock it.
            w.push("/*+ NO_BNL(").ident(insert.table.name).push(") */ ");
        }
        names(w, insert, Some(EXCLUDED))?;
        w.push(", ");
        self.write_presence(w);
        w.push(" AS ").ident(PRESENT);
        w.open_scope();
        conflict.enter_rows(w, insert);
        w.proposing(|w| self.values(w))?;
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
    fn values(self, w: &mut SqlWriter<'a>) -> Result<()> {
        let ConflictAction::Update { assignments, filter } = &self.conflict.action else { return Ok(()) };
        if let Some(filter) = filter {
            w.push(", ");
            self.write_presence(w);
            w.push(" AND ");
            w.expr(filter, Precedence::Operand)?;
            w.push(" AS ").ident(CONDITION);
        }
        for (assignment, number) in assignments.iter().zip(1..).filter(|(assignment, _)| self.is_computed(assignment)) {
            w.push(", IF(");
            self.write_presence(w);
            if let Some(filter) = filter {
                w.push(" AND ");
                w.expr(filter, Precedence::Operand)?;
            }
            w.push(", ");
            assignment.render_value(w, self.insert.table)?;
            w.push(", NULL) AS ").ident(&value_name(number));
        }
        Ok(())
    }

    /// `` `stock`.`sku` IS NOT NULL ``, of a row that was joined by it.
    fn write_presence(self, w: &mut SqlWriter<'_>) {
        let table = self.insert.table;
        let key = self.conflict.target.columns.first().and_then(|&column| table.column(column));
        if let Some(column) = key {
            w.ident(table.name).push(".").ident(column.name).push(" IS NOT NULL");
        }
    }

    /// Whether a value depends on more than the row to insert.
    fn is_computed(self, assignment: &Assignment) -> bool {
        assignment.value.selects() || assignment.value.may_read(TableRef::new(self.insert.table))
    }

    /// Writes that nobody has inserted the row since it was looked for: else that is an error of its own, by which it is known.
    pub(crate) fn write_still_absent(self, w: &mut SqlWriter<'_>) {
        let (before, after) = match self.flavor {
            Flavor::MySql => ("JSON_VALUE(IF(", ", '[1]', '[]'), '$[0]' RETURNING SIGNED ERROR ON EMPTY)"),
            Flavor::MariaDb => ("COLUMN_LIST(IF(", ", '', 'x')) = ''"),
        };
        w.push(" AND ").push(before).ident(EXCLUDED).push(".").ident(PRESENT).push(after);
    }

    /// Writes what is assigned, by its number among the assignments: the value that the SELECT has computed, where it has.
    pub(crate) fn computed_value(
        self,
        w: &mut SqlWriter<'a>,
        (number, assignment): (usize, &'a Assignment),
        filter: Option<&'a Expr>,
    ) -> Result<()> {
        let table = self.insert.table;
        let value = |w: &mut SqlWriter<'a>| match self.is_computed(assignment) {
            true => {
                w.ident(EXCLUDED).push(".").ident(&value_name(number));
                Ok(())
            }
            false => assignment.render_value(w, table),
        };
        if filter.is_none() {
            return value(w);
        }
        w.push("IF(").ident(EXCLUDED).push(".").ident(CONDITION).push(", ");
        value(w)?;
        w.push(", ");
        w.column(TableRef::new(table), assignment.column)?;
        w.push(")");
        Ok(())
    }
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
