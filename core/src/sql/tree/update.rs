//! UPDATE.

use super::assignment_order;
use super::returning;
use super::select_core::Item;
use super::table::TableRef;
use super::target::Target;
use crate::dialect::{AssignmentOrder, JoinedWrites};
use crate::error::Result;
use crate::schema::Table;
use crate::sql::check::{check_rewritten, check_stored, no_such_column};
use crate::sql::expr::{BinaryOp, ColumnRef, Expr};
use crate::sql::json::{JsonChange, JsonExpr, JsonOp};
use crate::sql::render::{Compiled, Destination, Ident, SqlWriter, Verb, write_sql};
use crate::types::Value;

/// An UPDATE statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// Which rows of which table.
    pub(in crate::sql) rows: Target,
    /// What is written. Every value sees the row as it was.
    pub(in crate::sql) assignments: Vec<Assignment>,
    /// What comes back of each row, as it is afterwards; `None` where the statement returns no rows.
    pub(in crate::sql) returning: Vec<Item>,
}

/// A column and what is written to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The column, by its index in the table.
    pub column: u16,
    /// The value.
    pub value: Expr,
}

/// The name of the copy from which values are read that the statement overwrites.
const COPIES: [&str; 2] = ["old", "old_row"];

/// The name of a source that is there to be there.
const VALUES_FIRST: &str = "values first";

impl Update {
    /// An UPDATE that returns nothing.
    pub fn new(rows: Target, assignments: Vec<Assignment>) -> Update {
        Update { rows, assignments, returning: Vec::new() }
    }

    /// The statement in a dialect's SQL.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column, where a value does not fit;
    /// [`Syntax`](crate::ErrorKind::Syntax) where several rows of what is joined may have values for one row; what can't be
    /// said in this dialect.
    pub fn compile<'a>(&'a self, to: impl Into<Destination<'a>>) -> Result<Compiled<'a>> {
        self.check_columns()?;
        self.compile_replacing(to)
    }

    /// The same for a row that takes the place of another with its key: columns that only the INSERT of a row writes are its own.
    pub(crate) fn compile_replacing<'a>(&'a self, to: impl Into<Destination<'a>>) -> Result<Compiled<'a>> {
        let to = to.into();
        self.rows.check()?;
        self.check_tenant(&to)?;
        if self.reads_joined() {
            self.rows.check_single()?;
        }
        let mut w = SqlWriter::new(to);
        let dialect = w.dialect();
        w.begin_write(self.rows.table);
        w.begin_about(self.rows.deleted);
        self.rows.render_with(&mut w)?;
        w.enter_table(self.rows.table_ref());
        w.push("UPDATE ");
        self.render(&mut w)?;
        returning::render(&mut w, &self.rows, &self.returning, dialect.capabilities().update_returning)?;
        w.finish(Verb::Update, Some(self.rows.table))
    }

    /// Which rows of which table.
    pub fn target(&self) -> &Target {
        &self.rows
    }

    /// The same, to be narrowed down.
    pub fn target_mut(&mut self) -> &mut Target {
        &mut self.rows
    }

    /// What is written, a value for each column.
    pub fn assignments(&self) -> &[Assignment] {
        &self.assignments
    }

    /// Writes this, and not what was to be written to the column before.
    pub fn set(&mut self, assignment: Assignment) {
        self.assignments.retain(|earlier| earlier.column != assignment.column);
        self.assignments.push(assignment);
    }

    /// Changes a part of the documents of a column, or of the document that is written to it. All changes of a document are one
    /// assignment.
    pub fn change(&mut self, column: ColumnRef, change: JsonChange) {
        let earlier = self.assignments.iter_mut().find(|assignment| assignment.column == column.index);
        let document = match earlier {
            Some(Assignment { value: Expr::Json(json), .. }) if json.path.is_empty() => {
                if let JsonOp::Change(changes) = &mut json.op {
                    return change.add(changes);
                }
                Expr::Json(json.clone())
            }
            Some(assignment) => assignment.value.clone(),
            None => Expr::Column(column),
        };
        let value = JsonExpr::expr(document, Vec::new(), JsonOp::Change(vec![change]));
        self.set(Assignment { column: column.index, value });
    }

    /// What comes back of each row.
    pub fn returning(&self) -> &[Item] {
        &self.returning
    }

    /// Returns this of each row.
    pub fn set_returning(&mut self, items: Vec<Item>) {
        self.returning = items;
    }

    /// Whether a value is made from what is joined.
    pub fn reads_joined(&self) -> bool {
        self.assignments.iter().any(|assignment| self.rows.reads_joined(&assignment.value))
    }

    /// Whether every value is made from its row alone, so that it does not matter which rows are written together.
    pub fn is_row_by_row(&self) -> bool {
        !self.reads_joined() && !self.assignments.iter().any(|assignment| assignment.value.has_subquery())
    }

    /// Whether it writes to a column of the primary key.
    pub fn changes_key(&self) -> bool {
        self.assignments.iter().any(|assignment| self.rows.table.primary_key.contains(&assignment.column))
    }

    /// Refuses to write to columns that no UPDATE writes.
    pub(super) fn check_columns(&self) -> Result<()> {
        check_rewritten(self.rows.table, self.assignments.iter().map(|assignment| assignment.column))
    }

    fn render<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        let rows = &self.rows;
        if rows.joins.is_empty() {
            return self.render_alone(w);
        }
        match w.dialect().capabilities().joined_writes {
            JoinedWrites::Join => {
                rows.enter_joined(w)?;
                rows.render_with_joins(w)?;
                w.qualify_targets(rows.table_ref());
                self.render_assignments(w)?;
                rows.render_filter(w)
            }
            JoinedWrites::FromClause if !self.reads_joined() => {
                w.table(rows.table);
                self.render_assignments(w)?;
                self.render_values_first(w);
                rows.render_where(w)
            }
            JoinedWrites::FromClause if rows.joins_inner() => {
                rows.enter_joined(w)?;
                w.table(rows.table);
                self.render_assignments(w)?;
                rows.render_from(w)
            }
            JoinedWrites::FromClause => self.render_apart(w),
        }
    }

    fn render_alone<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        let is_own = |assignment: &Assignment| !assignment.value.has_subquery();
        if assignment_order::has_none(w.dialect(), self.rows.table, &self.assignments)
            && self.assignments.iter().all(is_own)
        {
            return self.render_with_copy(w);
        }
        w.table(self.rows.table);
        self.render_assignments(w)?;
        self.render_values_first(w);
        self.rows.render_filter(w)
    }

    fn render_values_first(&self, w: &mut SqlWriter<'_>) {
        if self.assignments.iter().any(|assignment| assignment.value.has_subquery()) {
            values_first(w);
        }
    }

    fn render_assignments<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        w.push(" SET ");
        assignment_order::render(w, self.rows.table, &self.assignments)
    }

    /// Where rows of what is joined may be absent, each value that is made from it is a subquery: a source after FROM could
    /// not be joined to the row that is written.
    fn render_apart<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        let table = self.rows.table;
        w.table(table).push(" SET ");
        w.commas(&self.assignments, |w, assignment| {
            if !self.rows.reads_joined(&assignment.value) {
                return assignment.render(w, table);
            }
            let column = table.column(assignment.column).ok_or_else(|| no_such_column(table, assignment.column))?;
            w.target(column.name);
            write_sql!(
                w,
                " = (",
                self.rows.render_joined(w, &[], |w| w.syntax().assigned(w, column, &assignment.value)),
                ")"
            )
        })?;
        values_first(w);
        self.rows.render_where(w)
    }

    /// Where the database writes one column after the other, and they read each other, they are read from a copy. The copy's
    /// rows are locked as they are read, so that nobody writes in between.
    fn render_with_copy<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        let rows = &self.rows;
        let (table, target) = (rows.table, rows.table_ref());
        let copy = COPIES.into_iter().find(|name| !name.eq_ignore_ascii_case(table.name)).unwrap_or("old");
        let is_read = |index: &u16| {
            table.primary_key.contains(index) || self.assignments.iter().any(|value| value.reads(table, *index))
        };
        let read: Vec<u16> = target.places().filter(is_read).collect();
        write_sql!(
            w,
            table,
            " JOIN (SELECT ",
            w.commas(table.column_names(&read), |w, name| w.write(Ident(name))),
            " FROM ",
            table,
            rows.render_filter(w),
            " FOR UPDATE) AS ",
            Ident(copy),
            " ON "
        )?;
        let mut separator = "";
        for name in table.column_names(table.primary_key).into_iter().map(Ident) {
            write_sql!(w, separator, Ident(table.name), ".", name, " = ", Ident(copy), ".", name)?;
            separator = " AND ";
        }
        w.push(" SET ");
        w.qualify_targets(target);
        w.begin_qualified();
        w.reading_copy(target, copy, |w| assignment_order::as_given(w, table, &self.assignments))?;
        w.end_qualified();
        Ok(())
    }
}

/// Where the database writes one row after the other, a subquery in a value would see the rows that were written before its own.
/// With a FROM, whatever stands there, all values are computed first.
fn values_first(w: &mut SqlWriter<'_>) {
    if w.dialect().capabilities().assignment == AssignmentOrder::RowByRow {
        w.push(" FROM (SELECT 1 AS ").ident(VALUES_FIRST).push(") AS ").ident(VALUES_FIRST);
    }
}

impl Assignment {
    /// What every UPDATE of a table writes, made now.
    pub fn defaults(table: &'static Table) -> Vec<Assignment> {
        let stored =
            |(column, value)| Some(Assignment { column, value: Expr::stored(value, table.column(column)?.ty) });
        table.update_defaults().filter_map(stored).chain(Assignment::count_up(table)).collect()
    }

    /// What counts the version of a row up, where it has one.
    pub fn count_up(table: &'static Table) -> Option<Assignment> {
        let version = ColumnRef { table: TableRef::new(table), index: table.version? };
        let one = Expr::value(Value::I64(1), version.definition()?.ty);
        Some(Assignment { column: version.index, value: Expr::binary(BinaryOp::Add, Expr::Column(version), one) })
    }

    /// Whether it writes a version in another way than to count it up.
    pub(crate) fn sets_version(&self, table: &'static Table) -> bool {
        table.version == Some(self.column) && Assignment::count_up(table).as_ref() != Some(self)
    }

    /// `"price" = …`
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), naming the column, where a value does not fit.
    pub fn render<'a>(&'a self, w: &mut SqlWriter<'a>, table: &'static Table) -> Result<()> {
        let column = table.column(self.column).ok_or_else(|| no_such_column(table, self.column))?;
        w.target(column.name);
        w.push(" = ");
        self.render_value(w, table)
    }

    /// The value alone, as the column takes it.
    ///
    /// # Errors
    /// As [`render`](Assignment::render).
    pub fn render_value<'a>(&'a self, w: &mut SqlWriter<'a>, table: &'static Table) -> Result<()> {
        if let Expr::Bind { value, .. } = &self.value {
            check_stored(w.dialect(), table, self.column, value)?;
        }
        let column = table.column(self.column).ok_or_else(|| no_such_column(table, self.column))?;
        let before = w.bind_count();
        w.syntax().assigned(w, column, &self.value)?;
        if let Expr::Bind { .. } = &self.value {
            w.note_long(before, column);
        }
        Ok(())
    }

    /// Whether the value reads a column, by its index in `table`.
    pub fn reads(&self, table: &'static Table, column: u16) -> bool {
        let target = TableRef::new(table);
        self.value.reads_column(ColumnRef { table: target, index: column })
    }
}
