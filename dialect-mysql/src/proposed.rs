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

use creole_core::sql::{
    Assignment, BoundRows, ConflictAction, Expr, Ident, Insert, Precedence, Rows, Select, SqlWriter, TableRef, standard,
};
use creole_core::{Result, write_sql};

use crate::dialect::Flavor;
use crate::placeholder;
use crate::upsert::{EXCLUDED, Upsert, names};

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
        let reads_itself = self == Flavor::MySql
            && insert.computed().iter().any(|computed| computed.value.selects_from(insert.table()));
        reads_itself || insert.conflict().is_some_and(|conflict| Upsert::new(self, insert, conflict).computes_apart())
    }

    /// Writes the rows of an INSERT, as a SELECT where they must be one.
    pub(crate) fn write_rows<'a>(self, w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
        let insert = rows.insert;
        if !self.needs_select(insert) {
            return standard::insert_rows(w, rows);
        }
        let upsert = insert.conflict().map(|conflict| Upsert::new(self, insert, conflict));
        match upsert {
            None => write_sql!(w, " ", self.computed_rows(w, rows)),
            Some(upsert) if upsert.computes_apart() => upsert.select(w, |w| {
                if insert.computed().is_empty() {
                    return self.bound_rows(w, rows);
                }
                write_sql!(w, "(", self.computed_rows(w, rows), ")")
            }),
            Some(_) => write_sql!(w, " SELECT * FROM (", self.computed_rows(w, rows), ") AS ", Ident(EXCLUDED)),
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
        let table = rows.insert.table();
        let value = |w: &mut SqlWriter<'a>, &column: &u16| {
            let name = Ident(table.column(column).map_or("", |column| column.name));
            let Some(assignment) = rows.computed(column) else { return write_sql!(w, Ident(EXCLUDED), ".", name) };
            w.open_scope();
            assignment.render_value(w, table)?;
            w.close_scope();
            write_sql!(w, " AS ", name)
        };
        write_sql!(
            w,
            "SELECT ",
            w.commas(rows.insert.columns(), value),
            " FROM ",
            self.bound_rows(w, rows),
            " AS ",
            Ident(EXCLUDED)
        )
    }

    /// `(SELECT sku, amount FROM stock WHERE 1 = 0 UNION ALL VALUES ROW(?, ?), …)`: the values take the types of their columns.
    fn bound_rows<'a>(self, w: &mut SqlWriter<'a>, rows: &BoundRows<'a>) -> Result<()> {
        let table = rows.insert.table();
        let columns: Vec<u16> =
            rows.insert.columns().iter().copied().filter(|&column| rows.computed(column).is_none()).collect();
        // Without a column there is a number, since there must be one.
        let filler = if columns.is_empty() { "1" } else { "" };
        let definitions = || columns.iter().filter_map(|&column| table.column(column));
        let value = |w: &mut SqlWriter<'a>, row: usize, column: u16| {
            let value = rows.source.value(row, column);
            let ty = w.keep(table, column, value).map_err(|error| error.with_row(row))?;
            placeholder::given(w, ty);
            Ok(())
        };
        let values = |w: &mut SqlWriter<'a>, row| w.commas(&columns, |w, &column| value(w, row, column));
        write_sql!(
            w,
            "(SELECT ",
            filler,
            w.commas(definitions(), |w, column| write_sql!(w, Ident(column.name), " AS ", Ident(column.name))),
            " FROM ",
            table,
            " WHERE 1 = 0 UNION ALL VALUES ",
            w.commas(0..rows.count, |w, row| write_sql!(w, self.open_row(), filler, values(w, row), ")")),
            ")"
        )
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
        *insert.rows() != Rows::Default && (exprs.any(Expr::selects) || !has_order())
    }

    /// Writes what a SELECT yields as the rows, whose values are computed before any is written.
    pub(crate) fn write_select(self, w: &mut SqlWriter<'a>, rows: &'a Select) -> Result<()> {
        let insert = self.insert;
        self.select(w, |w| {
            let names = insert.table().column_names(insert.columns()).into_iter().zip(1..);
            let renamed = |w: &mut SqlWriter<'a>, (name, number): (&str, usize)| {
                write_sql!(w, Ident(&format!("c{number}")), " AS ", Ident(name))
            };
            write_sql!(
                w,
                "(SELECT ",
                w.commas(names, renamed),
                " FROM ",
                standard::derived_select(w, rows),
                " AS ",
                Ident(EXCLUDED),
                ")"
            )
        })
    }

    /// Writes the SELECT in which the values are computed, of the rows that `source` writes.
    fn select(self, w: &mut SqlWriter<'a>, source: impl FnOnce(&mut SqlWriter<'a>) -> Result<()>) -> Result<()> {
        let Upsert { insert, conflict, .. } = self;
        write_sql!(w, " SELECT ", names(w, insert), " FROM (SELECT ", self.write_hint(w))?;
        let columns = insert.table().column_names(insert.columns());
        w.commas(columns, |w, name| write_sql!(w, Ident(EXCLUDED), ".", Ident(name)))?;
        write_sql!(w, ", ", self.write_presence(w), " AS ", Ident(PRESENT))?;
        w.open_scope();
        conflict.enter_rows(w, insert);
        w.proposing(|w| self.values(w))?;
        w.close_scope();
        write_sql!(
            w,
            " FROM ",
            source(w),
            " AS ",
            Ident(EXCLUDED),
            " LEFT JOIN ",
            insert.table(),
            " ON ",
            self.write_join(w),
            NO_LIMIT,
            " FOR UPDATE",
            self.write_locked(w),
            ") AS ",
            Ident(EXCLUDED)
        )
    }

    /// A hash join would read the whole table, and lock it.
    fn write_hint(self, w: &mut SqlWriter<'_>) -> Result<()> {
        match self.flavor {
            Flavor::MySql => write_sql!(w, "/*+ NO_BNL(", Ident(self.insert.table().name), ") */ "),
            Flavor::MariaDb => Ok(()),
        }
    }

    /// ``OF `stock` ``, for MySQL.
    fn write_locked(self, w: &mut SqlWriter<'_>) -> Result<()> {
        match self.flavor {
            Flavor::MySql => write_sql!(w, " OF ", Ident(self.insert.table().name)),
            Flavor::MariaDb => Ok(()),
        }
    }

    /// Writes that a row of the table has the key of the one to insert.
    fn write_join(self, w: &mut SqlWriter<'_>) -> Result<()> {
        let Upsert { insert, conflict, .. } = self;
        let (table, key) = (insert.table(), &conflict.target.columns);
        if !key.iter().all(|column| insert.columns().contains(column)) {
            // A number that the database makes is none that is there.
            return w.write("FALSE");
        }
        let mut separator = "";
        for name in table.column_names(key).into_iter().map(Ident) {
            write_sql!(w, separator, Ident(table.name), ".", name, " = ", Ident(EXCLUDED), ".", name)?;
            separator = " AND ";
        }
        Ok(())
    }

    /// Writes what is to be computed, for rows that are there only: others may have no such values.
    fn values(self, w: &mut SqlWriter<'a>) -> Result<()> {
        let ConflictAction::Update { assignments, filter } = &self.conflict.action else { return Ok(()) };
        if let Some(filter) = filter {
            write_sql!(w, ", ", self.write_met(w, Some(filter)), " AS ", Ident(CONDITION))?;
        }
        for (assignment, number) in assignments.iter().zip(1..).filter(|(assignment, _)| self.is_computed(assignment)) {
            write_sql!(
                w,
                ", IF(",
                self.write_met(w, filter.as_ref()),
                ", ",
                assignment.render_value(w, self.insert.table()),
                ", NULL) AS ",
                Ident(&value_name(number))
            )?;
        }
        Ok(())
    }

    /// Writes that the row is there and meets the condition, where there is one.
    fn write_met(self, w: &mut SqlWriter<'a>, filter: Option<&'a Expr>) -> Result<()> {
        self.write_presence(w);
        filter.map_or(Ok(()), |filter| write_sql!(w, " AND ", w.expr(filter, Precedence::Operand)))
    }

    /// `` `stock`.`sku` IS NOT NULL ``, of a row that was joined by it.
    fn write_presence(self, w: &mut SqlWriter<'_>) {
        let table = self.insert.table();
        let key = self.conflict.target.columns.first().and_then(|&column| table.column(column));
        if let Some(column) = key {
            w.ident(table.name).push(".").ident(column.name).push(" IS NOT NULL");
        }
    }

    /// Whether a value depends on more than the row to insert.
    fn is_computed(self, assignment: &Assignment) -> bool {
        assignment.value.selects() || assignment.value.may_read(TableRef::new(self.insert.table()))
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
        let table = self.insert.table();
        let value = |w: &mut SqlWriter<'a>| match self.is_computed(assignment) {
            true => write_sql!(w, Ident(EXCLUDED), ".", Ident(&value_name(number))),
            false => assignment.render_value(w, table),
        };
        if filter.is_none() {
            return value(w);
        }
        write_sql!(
            w,
            "IF(",
            Ident(EXCLUDED),
            ".",
            Ident(CONDITION),
            ", ",
            value(w),
            ", ",
            w.column(TableRef::new(table), assignment.column),
            ")"
        )
    }
}

fn value_name(number: usize) -> String {
    format!("value {number}")
}
