//! Upserts: ON DUPLICATE KEY UPDATE, which knows no key, made to mean one.
//!
//! Whichever key of the table clashes, the row that has it is updated. So the first assignment is a guard: it leaves the
//! key's first column as it is where the whole key is the same in both rows, and raises an error where it is not, because
//! then another key has clashed. `=` and not `<=>`: a NULL clashes with no value, so it can't be the key that did.

use creole_core::schema::Table;
use creole_core::sql::{
    Assignment, ConflictAction, Expr, Ident, Insert, OnConflict, Precedence, Rows, Select, SqlWriter, TableRef,
    standard,
};
use creole_core::{Error, Result, write_sql};

use crate::dialect::Flavor;

/// The row that would have been inserted, as MySQL is told to call it.
pub(crate) const EXCLUDED: &str = "excluded";

/// A value that is an error: the server reports that it is two.
const NO_VALUE: &str = "(SELECT 1 UNION ALL SELECT 2)";

/// The number of that error.
pub(crate) const TWO_VALUES: &str = "1242";

/// An INSERT, and what it does with rows whose key is there.
#[derive(Clone, Copy)]
pub(crate) struct Upsert<'a> {
    pub(crate) insert: &'a Insert,
    pub(crate) conflict: &'a OnConflict,
    pub(crate) flavor: Flavor,
}

impl<'a> Upsert<'a> {
    pub(crate) fn new(flavor: Flavor, insert: &'a Insert, conflict: &'a OnConflict) -> Upsert<'a> {
        Upsert { insert, conflict, flavor }
    }

    /// Writes what the family has for ON CONFLICT.
    pub(crate) fn write(self, w: &mut SqlWriter<'a>) -> Result<()> {
        let Upsert { insert, conflict, flavor } = self;
        if conflict.target.filter.is_some() {
            let way_out = "name a key that is about all rows";
            return Err(Error::unsupported(flavor.name(), "an upsert by a partial index", way_out));
        }
        if flavor == Flavor::MySql && matches!(insert.rows(), Rows::Bound(_)) && !flavor.needs_select(insert) {
            w.push(" AS ").ident(EXCLUDED);
        }
        w.push(" ON DUPLICATE KEY UPDATE ");
        conflict.enter_rows(w, insert);
        self.guard(w)?;
        let ConflictAction::Update { assignments, filter } = &conflict.action else { return Ok(()) };
        let filter = filter.as_ref();
        let first = conflict.target.columns.first();
        // What is written to the first column of the key stands in the guard.
        let others = |assignment: &&Assignment| Some(&assignment.column) != first;
        if self.computes_apart() {
            for (assignment, number) in assignments.iter().zip(1..).filter(|(assignment, _)| others(assignment)) {
                w.push(", ");
                target(w, insert.table(), assignment);
                self.computed_value(w, (number, assignment), filter)?;
            }
            return Ok(());
        }
        let assignments = match flavor {
            Flavor::MySql => self.in_order().unwrap_or_default(),
            // The connection sets SIMULTANEOUS_ASSIGNMENT.
            Flavor::MariaDb => assignments.iter().collect(),
        };
        for assignment in assignments.into_iter().filter(others) {
            w.push(", ");
            target(w, insert.table(), assignment);
            value(w, insert.table(), assignment, filter)?;
        }
        Ok(())
    }

    /// ``` `id` = IF(`t`.`id` = `excluded`.`id` OR (…two values…), `t`.`id`, `t`.`id`) ```
    ///
    /// Both values are the column itself, so that it keeps its type, whatever that is; the first is what is written to it, where
    /// something is.
    fn guard(self, w: &mut SqlWriter<'a>) -> Result<()> {
        let table = self.insert.table();
        let Some(&first) = self.conflict.target.columns.first() else { return Ok(()) };
        let Some(name) = table.column(first).map(|column| column.name) else { return Ok(()) };
        write_sql!(
            w,
            Ident(name),
            " = IF(",
            self.is_meant(w),
            " OR ",
            NO_VALUE,
            ", ",
            self.guarded_value(w, first),
            ", ",
            w.column(TableRef::new(table), first),
            ")"
        )
    }

    /// Whether the row that is there is the one that the upsert is about.
    fn is_meant(self, w: &mut SqlWriter<'a>) -> Result<()> {
        let Upsert { insert, conflict, .. } = self;
        let (table, target) = (insert.table(), &conflict.target);
        let is_given = target.columns.iter().all(|column| insert.columns().contains(column));
        if !is_given {
            // A number that the database makes is none that is there.
            w.push("FALSE");
        }
        for (index, &column) in target.columns.iter().enumerate().filter(|_| is_given) {
            w.push(if index > 0 { " AND " } else { "" });
            write_sql!(w, w.column(TableRef::new(table), column), " = ")?;
            if let Some(definition) = table.column(column) {
                w.syntax().excluded(w, definition);
            }
        }
        if let Some(expected) = &conflict.expected {
            write_sql!(w, " AND ", w.expr(expected, Precedence::Operand))?;
        }
        if is_given && self.computes_apart() {
            self.write_still_absent(w);
        }
        Ok(())
    }

    /// What is written to the first column of the key: the column itself, where nothing else is.
    fn guarded_value(self, w: &mut SqlWriter<'a>, first: u16) -> Result<()> {
        let table = self.insert.table();
        let ConflictAction::Update { assignments, filter } = &self.conflict.action else {
            return w.column(TableRef::new(table), first);
        };
        match assignments.iter().zip(1..).find(|(assignment, _)| assignment.column == first) {
            Some((assignment, number)) if self.computes_apart() => {
                self.computed_value(w, (number, assignment), filter.as_ref())
            }
            Some((assignment, _)) => value(w, table, assignment, filter.as_ref()),
            None => w.column(TableRef::new(table), first),
        }
    }

    /// MySQL assigns from left to right, and a value sees what was assigned before it; so does the condition, which stands in
    /// each of them. The assignments in an order in which none reads a column that one before it has written; `None` where there is no
    /// such order. What is written to the first column of the key is written by the guard, before all others.
    pub(crate) fn in_order(self) -> Option<Vec<&'a Assignment>> {
        let Upsert { insert, conflict, .. } = self;
        let ConflictAction::Update { assignments, filter } = &conflict.action else { return Some(Vec::new()) };
        let row = TableRef::new(insert.table());
        let reads = |expr: &Expr, column: u16| {
            expr.any(&mut |part| matches!(part, Expr::Column(read) if row.place_of(*read) == Some(column)))
        };
        let is_read = |by: &Assignment, column: u16| {
            reads(&by.value, column) || filter.as_ref().is_some_and(|filter| reads(filter, column))
        };
        let mut waiting: Vec<&Assignment> = assignments.iter().collect();
        let mut ordered = Vec::with_capacity(waiting.len());
        while !waiting.is_empty() {
            let is_free = |candidate: &&Assignment| {
                waiting.iter().all(|other| other.column == candidate.column || !is_read(other, candidate.column))
            };
            let first =
                waiting.iter().position(|assignment| Some(&assignment.column) == conflict.target.columns.first());
            let next = match first {
                Some(position) => waiting.get(position).is_some_and(is_free).then_some(position),
                None => waiting.iter().position(is_free),
            };
            ordered.push(waiting.remove(next?));
        }
        Some(ordered)
    }
}

impl Flavor {
    /// Writes the SELECT of an INSERT. With an upsert it stands apart, so that its tables are not those of the upsert's
    /// expressions, and MySQL calls its row as it calls that of VALUES.
    pub(crate) fn write_insert_select<'a>(
        self,
        w: &mut SqlWriter<'a>,
        insert: &'a Insert,
        select: &'a Select,
    ) -> Result<()> {
        let Some(conflict) = insert.conflict() else { return standard::insert_select(w, insert, select) };
        let upsert = Upsert::new(self, insert, conflict);
        if upsert.computes_apart() {
            return upsert.write_select(w, select);
        }
        write_sql!(w, " SELECT * FROM ", standard::derived_select(w, select), " AS ", Ident(EXCLUDED))?;
        match self {
            Flavor::MySql => write_sql!(w, " (", names(w, insert), ")"),
            Flavor::MariaDb => Ok(()),
        }
    }
}

/// `` `id`, `name` ``
pub(crate) fn names(w: &mut SqlWriter<'_>, insert: &Insert) -> Result<()> {
    w.commas(insert.table().column_names(insert.columns()), |w, name| w.write(Ident(name)))
}

/// `` `name` = ``
fn target(w: &mut SqlWriter<'_>, table: &'static Table, assignment: &Assignment) {
    if let Some(column) = table.column(assignment.column) {
        w.ident(column.name).push(" = ");
    }
}

/// ``IF(…, `excluded`.`name`, `t`.`name`)``, where there is a condition; there is no WHERE.
fn value<'a>(
    w: &mut SqlWriter<'a>,
    table: &'static Table,
    assignment: &'a Assignment,
    filter: Option<&'a Expr>,
) -> Result<()> {
    let Some(filter) = filter else { return assignment.render_value(w, table) };
    let kept = |w: &mut SqlWriter<'a>| w.column(TableRef::new(table), assignment.column);
    write_sql!(w, "IF(", filter, ", ", assignment.render_value(w, table), ", ", kept(w), ")")
}
