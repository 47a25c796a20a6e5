//! Which sources the columns of a statement may belong to.

use crate::sql::tree::{JoinKind, TableRef};

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

impl Scopes {
    pub(super) fn open(&mut self) {
        self.starts.push(self.sources.len());
    }

    pub(super) fn is_nested(&self) -> bool {
        !self.starts.is_empty()
    }

    pub(super) fn close(&mut self) {
        let start = self.starts.pop().unwrap_or(0);
        self.sources.truncate(start);
    }

    pub(super) fn begin_qualified(&mut self) {
        self.qualified += 1;
    }

    pub(super) fn end_qualified(&mut self) {
        self.qualified = self.qualified.saturating_sub(1);
    }

    /// From now on any table may be a source.
    pub(super) fn allow_unnamed(&mut self) {
        self.unnamed = true;
    }

    pub(super) fn add(&mut self, table: Option<TableRef>, name: &'static str, joined: Option<JoinKind>) {
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
    pub(super) fn named_alike(&self, name: &str) -> Option<&'static str> {
        let mut names = self.sources.iter().skip(self.start()).map(|source| source.name);
        names.find(|other| other.eq_ignore_ascii_case(name))
    }

    /// The name of a source nearer than this one that a database may take for it: of the same name, in whatever case.
    pub(super) fn hiding(&self, name: &str, table: Option<TableRef>) -> Option<&'static str> {
        let nearest = self.sources.iter().rev().find(|source| source.name.eq_ignore_ascii_case(name))?;
        let is_meant = match (nearest.table, table) {
            (Some(nearest), Some(table)) => nearest.is_same_source(table),
            (None, None) => nearest.name == name,
            _ => false,
        };
        (!is_meant).then_some(nearest.name)
    }

    /// Whether any source in play has this name.
    pub(super) fn has_name_anywhere(&self, name: &str) -> bool {
        self.unnamed || self.sources.iter().any(|source| source.name == name)
    }

    /// Whether this table is the only source in play, so that its columns need no name before theirs.
    pub(super) fn is_only(&self, table: TableRef) -> bool {
        self.qualified == 0
            && matches!(self.sources.as_slice(), [only] if only.table.is_some_and(|only| only.is_same_source(table)))
    }

    pub(super) fn has_table(&self, table: TableRef) -> bool {
        self.unnamed || self.sources.iter().any(|source| source.table.is_some_and(|own| own.is_same_source(table)))
    }

    /// Whether a table of this kind is in play.
    pub(super) fn has_table_where(&self, is_it: fn(TableRef) -> bool) -> bool {
        self.sources.iter().any(|source| source.table.is_some_and(is_it))
    }

    /// Whether an outer join may leave the source of this name without a row.
    pub(super) fn may_be_absent(&self, name: &str) -> bool {
        let nearest = self.sources.iter().rev().find(|source| source.name == name);
        nearest.is_some_and(|source| source.presence == Presence::Perhaps)
    }

    fn start(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }
}
