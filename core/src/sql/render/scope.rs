//! Which sources the columns of a statement may belong to.

use super::writer::SqlWriter;
use crate::error::{Error, ErrorKind, Result};
use crate::sql::check::no_such_column;
use crate::sql::expr::Expr;
use crate::sql::tree::{EXCLUDED, JoinKind, Nulls, OrderTerm, Source, TableRef, is_excluded_row};

/// The sources of a statement and of the subqueries inside which something is being written.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    sources: Vec<InScope>,
    /// Where the sources of each subquery begin; those of the statement itself begin at 0.
    starts: Vec<usize>,
    /// Inside how many parts of the statement every column is written with its table.
    qualified: usize,
    /// Whether there may be sources that nobody has named: those in the text of a raw statement.
    unnamed: bool,
}

#[derive(Debug)]
struct InScope {
    /// The model's table, where it is one.
    table: Option<TableRef>,
    name: &'static str,
    presence: Presence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Always,
    /// An outer join fills its columns with NULLs where it has no row.
    Perhaps,
}

impl SqlWriter<'_> {
    /// Says that columns of this table may follow.
    pub fn enter_table(&mut self, table: TableRef) {
        self.scopes.add(Some(table), table.name(), None);
    }

    /// Says that columns of this source may follow.
    ///
    /// # Errors
    /// [`ErrorKind::Syntax`] where another source has the same name.
    pub(in crate::sql) fn enter(&mut self, source: &Source, joined: Option<JoinKind>) -> Result<()> {
        let name = source.name();
        if name.eq_ignore_ascii_case(EXCLUDED) && self.scopes.has_table_where(is_excluded_row) {
            let message = "`excluded` is what an upsert calls the row it would insert: give the source another name";
            return Err(Error::new(ErrorKind::Syntax, message));
        }
        if let Some(other) = self.scopes.named_alike(name) {
            return Err(Error::new(ErrorKind::Syntax, called_alike(other, name)));
        }
        self.scopes.add(source.table_ref(), name, joined);
        Ok(())
    }

    /// From here on a column is written with its table before it, even where only one table is in play.
    pub fn begin_qualified(&mut self) {
        self.scopes.begin_qualified();
    }

    /// The end of what [`begin_qualified`](SqlWriter::begin_qualified) began.
    pub fn end_qualified(&mut self) {
        self.scopes.end_qualified();
    }

    /// Says that columns of any table may follow, because nobody knows which tables the text names.
    pub(in crate::sql) fn allow_any_table(&mut self) {
        self.scopes.allow_unnamed();
    }

    /// Begins a subquery: its sources come into play, and those around it stay.
    pub fn open_scope(&mut self) {
        self.scopes.open();
    }

    /// Whether a subquery is being written.
    pub(super) fn is_nested(&self) -> bool {
        self.scopes.is_nested()
    }

    /// From here on there are only columns of this table.
    pub(in crate::sql) fn leave_sources(&mut self, table: TableRef) {
        self.scopes = Scopes::default();
        self.enter_table(table);
    }

    /// Ends a subquery: its sources are no longer in play.
    pub fn close_scope(&mut self) {
        self.scopes.close();
    }

    /// Appends a column: its bare name where only one table is in play, else with the table before it.
    ///
    /// # Errors
    /// [`ErrorKind::UndefinedColumn`] where the column's table is not part of the statement.
    pub fn column(&mut self, table: TableRef, column: u16) -> Result<()> {
        let definition = table.table.column(column).ok_or_else(|| no_such_column(table.table, column))?;
        if self.scopes.is_only(table) {
            self.ident(definition.name);
            return Ok(());
        }
        if !self.scopes.has_table(table) {
            let name = if is_excluded_row(table) { EXCLUDED } else { table.name() };
            return Err(Error::new(
                ErrorKind::UndefinedColumn,
                format!("{name} is not part of this statement: its column {} can't be used here", definition.name),
            )
            .with_table(table.table.name)
            .with_columns([definition.name]));
        }
        if is_excluded_row(table) {
            let syntax = self.syntax();
            syntax.excluded(self, definition);
            return Ok(());
        }
        self.check_hidden(table.name(), Some(table))?;
        self.ident(self.name_of(table)).push(".").ident(definition.name);
        Ok(())
    }

    /// Appends the name of a subquery whose column follows.
    pub(in crate::sql) fn derived(&mut self, source: &'static str) -> Result<()> {
        self.check_source(source)?;
        self.ident(source);
        Ok(())
    }

    /// Refuses the name of something that is not part of the statement.
    pub(in crate::sql) fn check_source(&self, source: &'static str) -> Result<()> {
        if self.scopes.has_name_anywhere(source) {
            return self.check_hidden(source, None);
        }
        let message = format!("the subquery {source} is not part of this statement: join it, or select from it");
        Err(Error::new(ErrorKind::UndefinedColumn, message))
    }

    /// Refuses a column of a source that a subquery's own source of that name hides.
    fn check_hidden(&self, name: &str, table: Option<TableRef>) -> Result<()> {
        match self.scopes.hiding(name, table) {
            Some(nearer) => Err(Error::new(ErrorKind::Syntax, called_alike(name, nearer))),
            None => Ok(()),
        }
    }

    /// Whether what is sorted by can be NULL here.
    pub fn sorts_nulls(&self, term: &OrderTerm) -> bool {
        term.nulls == Nulls::Possible && self.is_nullable(&term.expr)
    }

    /// Whether an expression can be NULL here: where it is so by itself, or a join may leave its table without a row.
    pub fn is_nullable(&self, expr: &Expr) -> bool {
        expr.is_nullable()
            || expr.any(&mut |part| match part {
                Expr::Column(column) => self.scopes.may_be_absent(column.table.name()),
                Expr::Derived(column) => self.scopes.may_be_absent(column.source),
                Expr::Element(element) => self.scopes.may_be_absent(element.source),
                _ => false,
            })
    }
}

/// What is said of two sources whose names are the same; SQLite, and MySQL on some systems, make no difference between upper and
/// lower case in them.
pub(in crate::sql) fn called_alike(one: &str, other: &str) -> String {
    if one == other {
        return format!("two sources of the statement are called {one}: give one another name by `alias`");
    }
    format!(
        "two sources of the statement are called {one} and {other}, which not every database tells apart: give one another \
         name by `alias`"
    )
}

impl Scopes {
    fn open(&mut self) {
        self.starts.push(self.sources.len());
    }

    fn is_nested(&self) -> bool {
        !self.starts.is_empty()
    }

    fn close(&mut self) {
        let start = self.starts.pop().unwrap_or(0);
        self.sources.truncate(start);
    }

    fn begin_qualified(&mut self) {
        self.qualified += 1;
    }

    fn end_qualified(&mut self) {
        self.qualified = self.qualified.saturating_sub(1);
    }

    /// From now on any table may be a source.
    fn allow_unnamed(&mut self) {
        self.unnamed = true;
    }

    fn add(&mut self, table: Option<TableRef>, name: &'static str, joined: Option<JoinKind>) {
        let start = self.start();
        let absent_before = matches!(joined, Some(JoinKind::Right | JoinKind::Full));
        for source in self.sources.iter_mut().skip(start) {
            if absent_before {
                source.presence = Presence::Perhaps;
            }
        }
        let presence = match joined {
            Some(JoinKind::Left | JoinKind::Full) => Presence::Perhaps,
            _ => Presence::Always,
        };
        self.sources.push(InScope { table, name, presence });
    }

    /// The source of the present subquery that has this name, in whatever case.
    fn named_alike(&self, name: &str) -> Option<&'static str> {
        let mut names = self.sources.iter().skip(self.start()).map(|source| source.name);
        names.find(|other| other.eq_ignore_ascii_case(name))
    }

    /// The name of a source nearer than this one that a database may take for it: of the same name, in whatever case.
    fn hiding(&self, name: &str, table: Option<TableRef>) -> Option<&'static str> {
        let nearest = self.sources.iter().rev().find(|source| source.name.eq_ignore_ascii_case(name))?;
        let is_meant = match (nearest.table, table) {
            (Some(nearest), Some(table)) => nearest.is_same_source(table),
            (None, None) => nearest.name == name,
            _ => false,
        };
        (!is_meant).then_some(nearest.name)
    }

    /// Whether any source in play has this name.
    fn has_name_anywhere(&self, name: &str) -> bool {
        self.unnamed || self.sources.iter().any(|source| source.name == name)
    }

    /// Whether this table is the only source in play, so that its columns need no name before theirs.
    fn is_only(&self, table: TableRef) -> bool {
        self.qualified == 0
            && matches!(self.sources.as_slice(), [only] if only.table.is_some_and(|only| only.is_same_source(table)))
    }

    fn has_table(&self, table: TableRef) -> bool {
        self.unnamed || self.sources.iter().any(|source| source.table.is_some_and(|own| own.is_same_source(table)))
    }

    /// Whether a table of this kind is in play.
    fn has_table_where(&self, is_it: fn(TableRef) -> bool) -> bool {
        self.sources.iter().any(|source| source.table.is_some_and(is_it))
    }

    /// Whether an outer join may leave the source of this name without a row.
    fn may_be_absent(&self, name: &str) -> bool {
        let nearest = self.sources.iter().rev().find(|source| source.name == name);
        nearest.is_some_and(|source| source.presence == Presence::Perhaps)
    }

    fn start(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }
}
