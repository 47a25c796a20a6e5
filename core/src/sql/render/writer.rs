//! [`SqlWriter`]: where SQL text and its values come together.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use super::bind::{Bind, check_compared, compared};
use super::binds::Binds;
use super::compiled::{Compiled, Verb};
use super::destination::Destination;
use super::scope::Scopes;
use super::tenants::{Tenants, tenant_bind, unsaid};
use super::write_scope::Writing;
use crate::dialect::{Ddl, Dialect, Syntax};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{ColumnDef, Table};
use crate::sql::check::{DEEPEST, check_fit, check_type, no_such_column, to_store, too_deep};
use crate::sql::expr::{Expr, List, Over, Precedence};
use crate::sql::tree::BoundRows;
use crate::types::{ArrayRef, ColumnType, Value, ValueRef};

/// For how long a text there is room at first: most are shorter.
const USUAL_LENGTH: usize = 256;

/// Writes a statement for one dialect: text, identifiers and values. `'a` is the life of the tree it renders.
pub struct SqlWriter<'a> {
    dialect: &'a dyn Dialect,
    /// Whose rows the statement is about.
    tenants: Tenants,
    /// Whether the place of a tenant is left open.
    is_shown: bool,
    /// Asked for once, since nearly everything that is written asks it.
    syntax: &'a dyn Syntax,
    sql: String,
    binds: Binds<'a>,
    /// The positions of long values among `binds`, with their columns.
    long: Vec<(usize, &'static ColumnDef)>,
    values: Values,
    pub(super) scopes: Scopes,
    over: Option<&'a Over>,
    depth: usize,
    home: Option<String>,
    refused: Option<Error>,
    has_own_text: bool,
    pub(in crate::sql) writing: Writing<'a>,
}

/// How the text says what type a bound value has. The same text must always mean the same types, because databases keep
/// prepared statements by their text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// A column beside it does: it is compared with the column, or written to it.
    Column,
    /// Nothing does, so the dialect must: by a cast, where the database needs one.
    Cast,
}

/// What becomes of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    Bound,
    /// DDL takes no bound values, so those of a check constraint are written as literals.
    Literal,
}

impl<'a> SqlWriter<'a> {
    /// A writer for a statement whose values are bound.
    pub fn new(to: impl Into<Destination<'a>>) -> SqlWriter<'a> {
        let (dialect, tenants) = to.into().into_parts();
        SqlWriter {
            dialect,
            tenants,
            is_shown: false,
            syntax: dialect.syntax(),
            sql: String::with_capacity(USUAL_LENGTH),
            binds: Binds::default(),
            long: Vec::new(),
            values: Values::Bound,
            scopes: Scopes::default(),
            over: None,
            depth: 0,
            home: None,
            refused: None,
            has_own_text: false,
            writing: Writing::default(),
        }
    }

    /// A writer for DDL, which takes no bound values: they are written as literals.
    pub fn for_ddl(dialect: &'a dyn Dialect) -> SqlWriter<'a> {
        SqlWriter { values: Values::Literal, ..SqlWriter::new(dialect) }
    }

    /// Says that what was written can't be said in this dialect, where there is no result to say it in. The statement is not
    /// sent then.
    #[cold]
    pub fn refuse(&mut self, error: Error) {
        self.refused.get_or_insert(error);
    }

    /// The text alone, unless it was refused.
    ///
    /// # Errors
    /// What [`refuse`](SqlWriter::refuse) was told.
    pub fn finish_text(self) -> Result<String> {
        self.refused.map_or(Ok(self.sql), Err)
    }

    pub(super) fn set_home(&mut self, home: Option<&str>) {
        self.home = home.map(Into::into);
    }

    /// The namespace in which the connection looks for tables that name none, where it is known: `create_all` asks for it if a
    /// foreign key leads there from another one.
    pub fn home(&self) -> Option<&str> {
        self.home.as_deref()
    }

    /// The dialect that is written for.
    pub fn dialect(&self) -> &'a dyn Dialect {
        self.dialect
    }

    /// How that dialect spells statements.
    #[inline]
    pub fn syntax(&self) -> &'a dyn Syntax {
        self.syntax
    }

    /// How that dialect spells tables.
    pub fn ddl(&self) -> &'a dyn Ddl {
        self.dialect.ddl()
    }

    /// Appends SQL text, which never comes from a user.
    #[inline]
    pub fn push(&mut self, sql: &str) -> &mut Self {
        self.sql.push_str(sql);
        self
    }

    /// Makes room for `rows` rows of `values` values.
    pub(in crate::sql) fn reserve(&mut self, rows: usize, values: usize) {
        let values = rows.saturating_mul(values);
        self.binds.reserve(values);
        self.sql.reserve(values.saturating_mul(4));
    }

    /// Appends a number.
    pub fn number(&mut self, number: u64) -> &mut Self {
        let digit = |number: u64| char::from(b'0' + (number % 10) as u8);
        // What placeholders have; formatting takes ten times as long.
        match number {
            0..=9 => self.sql.push(digit(number)),
            10..=99 => self.sql.extend([digit(number / 10), digit(number)]),
            100..=999 => self.sql.extend([digit(number / 100), digit(number / 10), digit(number)]),
            // Writing to a String can't fail.
            _ => drop(write!(self.sql, "{number}")),
        }
        self
    }

    /// Appends a quoted identifier.
    pub fn ident(&mut self, name: &str) -> &mut Self {
        let syntax = self.syntax;
        syntax.ident(self, name);
        self
    }

    /// Appends a table's name, with its schema.
    pub fn table(&mut self, table: &Table) -> &mut Self {
        if let Some(schema) = table.schema {
            self.ident(schema).push(".");
        }
        self.ident(table.name)
    }

    /// Appends what `each` writes for every item, with commas between.
    ///
    /// # Errors
    /// The first error of `each`.
    pub fn commas<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T) -> Result<()>,
    ) -> Result<()> {
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            each(self, item)?;
        }
        Ok(())
    }

    /// Appends an expression, in parentheses where it binds less tightly than its surroundings ask for.
    ///
    /// # Errors
    /// What rendering the expression says; [`ErrorKind::Limit`] where it nests too deeply.
    pub fn expr(&mut self, expr: &'a Expr, surroundings: Precedence) -> Result<()> {
        self.nested(expr, surroundings, |w| expr.render(w))
    }

    /// As [`expr`](SqlWriter::expr), with the expression written in another way.
    ///
    /// # Errors
    /// What `render` says; [`ErrorKind::Limit`] where it nests too deeply.
    pub fn nested(
        &mut self,
        expr: &Expr,
        surroundings: Precedence,
        render: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        if self.depth >= DEEPEST {
            return Err(too_deep());
        }
        self.depth += 1;
        let wrap = expr.precedence() < surroundings;
        if wrap {
            self.push("(");
        }
        render(self)?;
        if wrap {
            self.push(")");
        }
        self.depth -= 1;
        Ok(())
    }

    /// Whether this is DDL, which other programs read too and which takes no bound values.
    pub fn is_ddl(&self) -> bool {
        self.values == Values::Literal
    }

    /// Appends a placeholder and keeps the value that is compared with it.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValue`] where no backend could take the value; [`ErrorKind::Unsupported`] for a literal that
    /// DDL can't hold.
    pub fn bind(&mut self, value: ValueRef<'a>, ty: ColumnType, typing: Typing) -> Result<()> {
        if self.values == Values::Literal {
            return self.ddl().literal(self, value.kept(), ty);
        }
        self.binds.push(Bind::new(compared(self.dialect, value, ty)?, ty));
        self.syntax.placeholder(self, ty, typing);
        Ok(())
    }

    /// As [`bind`](SqlWriter::bind), with a value that the dialect has computed and the tree does not have.
    ///
    /// # Errors
    /// As [`bind`](SqlWriter::bind).
    pub fn bind_owned(&mut self, value: Value, ty: ColumnType, typing: Typing) -> Result<()> {
        if self.values == Values::Literal {
            return self.ddl().literal(self, value.as_ref().kept(), ty);
        }
        compared(self.dialect, value.as_ref(), ty)?;
        self.binds.push_owned(value, ty);
        self.syntax.placeholder(self, ty, typing);
        Ok(())
    }

    /// Keeps the values of a list as one parameter, whose placeholder the dialect appends. `ty` is the type of one of them as
    /// it is sent.
    ///
    /// # Errors
    /// As [`bind`](SqlWriter::bind), for each of the values.
    pub fn keep_list(&mut self, list: List<'a>, ty: ColumnType) -> Result<()> {
        let dialect = self.dialect;
        check_type(dialect, ty)?;
        list.each(&mut |bind| check_compared(bind.value))?;
        self.binds.push(Bind::new(ValueRef::List(list), ty));
        Ok(())
    }

    /// Appends a placeholder and keeps the value that will be stored in a column.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValue`], naming the column, where the value does not fit it.
    pub fn store(&mut self, table: &'static Table, column: u16, value: ValueRef<'a>) -> Result<()> {
        let ty = self.keep(table, column, value)?;
        self.syntax.placeholder(self, ty, Typing::Column);
        Ok(())
    }

    /// Keeps the value that will be stored in a column, whose placeholder the caller appends. Returns the type as which it is sent.
    ///
    /// # Errors
    /// As [`store`](SqlWriter::store).
    pub fn keep(&mut self, table: &'static Table, column: u16, value: ValueRef<'a>) -> Result<ColumnType> {
        let definition = table.column(column).ok_or_else(|| no_such_column(table, column))?;
        let dialect = self.dialect;
        check_type(dialect, definition.ty)?;
        let bind = to_store(dialect, table, definition, value)?;
        if bind.is_long() {
            self.long.push((self.binds.len(), definition));
        }
        self.binds.push(bind);
        Ok(bind.ty)
    }

    /// The column that says whose a table's rows are, where the statement is about those of one tenant. A statement of which nobody has
    /// said whose rows it is about is refused.
    pub(in crate::sql) fn tenant_column(&mut self, table: &'static Table) -> Option<u16> {
        let column = table.tenant?;
        match &self.tenants {
            Tenants::One(_) | Tenants::Shown => Some(column),
            Tenants::All => None,
            Tenants::Unsaid => {
                self.refuse(unsaid(table));
                None
            }
        }
    }

    /// Appends a placeholder for the tenant whose rows of this table the statement is about; the column says whose they are.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValue`], naming the column, where it can't be a value of the column.
    pub(in crate::sql) fn tenant(&mut self, table: &'static Table, column: u16) -> Result<()> {
        let definition = table.column(column).ok_or_else(|| no_such_column(table, column))?;
        let tenant = match &self.tenants {
            Tenants::One(tenant) => Arc::clone(tenant),
            Tenants::Unsaid | Tenants::All | Tenants::Shown => {
                self.is_shown = true;
                Arc::new(Value::Null)
            }
        };
        let bind = tenant_bind(self.dialect, table, definition, &tenant)?;
        let (value, ty) = (bind.value.to_owned(), bind.ty);
        self.binds.push_owned(value, ty);
        self.syntax.placeholder(self, ty, Typing::Column);
        Ok(())
    }

    /// Keeps in mind that the value at a position is written to a column, where it is a long one.
    pub(in crate::sql) fn note_long(&mut self, position: usize, column: &'static ColumnDef) {
        if self.binds.get(position).is_some_and(|bind| bind.is_long()) {
            self.long.push((position, column));
        }
    }

    /// Appends a condition whose values are written as literals, as that of an index is.
    ///
    /// # Errors
    /// As [`expr`](SqlWriter::expr).
    pub fn literal_condition(&mut self, condition: &'a Expr) -> Result<()> {
        let values = std::mem::replace(&mut self.values, Values::Literal);
        let result = self.expr(condition, Precedence::Lowest);
        self.values = values;
        result
    }

    /// Appends a placeholder and keeps, as one array, the values that will be stored in a column of all the rows.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidValue`], naming the column and the row, where a value does not fit.
    pub fn store_column(&mut self, rows: &BoundRows<'a>, column: u16) -> Result<()> {
        let table = rows.insert.table;
        let definition = table.column(column).ok_or_else(|| no_such_column(table, column))?;
        let dialect = self.dialect;
        check_type(dialect, definition.ty)?;
        for row in 0..rows.count {
            let value = rows.source.value(row, column);
            check_fit(dialect, table, definition, value).map_err(|error| error.with_row(row))?;
        }
        let value = ValueRef::Array(ArrayRef::Column { source: rows.source, column, rows: rows.count });
        let ty = ColumnType::Array(&definition.ty);
        self.long.push((self.binds.len(), definition));
        self.binds.push(Bind::new(value, ty));
        self.syntax.placeholder(self, ty, Typing::Cast);
        Ok(())
    }

    /// Says that the program wrote what follows, or that it calls a function that creole does not know.
    pub(in crate::sql) fn note_own_text(&mut self) {
        self.has_own_text = true;
    }

    /// Sets the window that the aggregates that follow are made over, and returns the one that was set.
    pub(in crate::sql) fn set_over(&mut self, over: Option<&'a Over>) -> Option<&'a Over> {
        std::mem::replace(&mut self.over, over)
    }

    /// How many values are kept so far; a dialect with numbered placeholders numbers by it.
    pub fn bind_count(&self) -> usize {
        self.binds.len()
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.sql
    }

    /// The finished statement.
    ///
    /// # Errors
    /// [`ErrorKind::Limit`] where it has more values than the backend takes in one statement.
    pub fn finish(self, verb: Verb, table: Option<&'static Table>) -> Result<Compiled<'a>> {
        if let Some(error) = self.refused {
            return Err(error);
        }
        let most = self.dialect.capabilities().max_binds;
        if self.binds.len() > most {
            return Err(Error::new(
                ErrorKind::Limit,
                format!(
                    "the statement has {} values, {} takes at most {most}; split it into several",
                    self.binds.len(),
                    self.dialect.name()
                ),
            ));
        }
        let own_text = self.has_own_text;
        // Of an INSERT nothing asks for the tenant.
        let is_of_tenants = table.is_some_and(|table| table.tenant.is_some());
        let is_shown = self.is_shown || (is_of_tenants && matches!(self.tenants, Tenants::Shown));
        let text = Compiled::from_text(self.sql, self.binds);
        let mut compiled = Compiled { table, verb, own_text, long: self.long, is_shown, ..text };
        self.syntax.finish(&mut compiled);
        Ok(compiled)
    }

    /// The text alone: of a DDL statement, or of one whose values come later.
    pub fn into_text(self) -> String {
        self.sql
    }

    /// Appends a quoted text literal; for DDL and defaults only.
    pub fn text_literal(&mut self, text: &str) -> &mut Self {
        self.sql.push('\'');
        for part in text.split_inclusive('\'') {
            self.sql.push_str(part);
            if part.ends_with('\'') {
                self.sql.push('\'');
            }
        }
        self.sql.push('\'');
        self
    }
}

impl fmt::Debug for SqlWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlWriter").field("sql", &self.sql).field("binds", &self.binds.len()).finish_non_exhaustive()
    }
}
