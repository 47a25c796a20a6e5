//! [`Ends`]: a relation with its types erased.

use super::super::entity::Entry;
use super::super::identity_map::IdentityMap;
use super::index::{By, Target};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Between, Cardinality, Link, Model, NamedRelation, ReadEntity, Relation, Side, read_entity};
use crate::schema::Table;

/// A relation as the identity map follows it.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    pub(super) from: &'static Table,
    pub(super) to: &'static Table,
    pub(super) link: Link,
    pub(super) side: Side,
    /// How a row that it leads to is read.
    pub(super) read: ReadEntity,
    /// Whether one row at most belongs to another.
    pub(super) is_to_one: bool,
    path: Option<&'static str>,
}

/// The rows that refer to an entity: of a relation, or of the table between two.
#[derive(Clone, Copy)]
pub(super) struct Referring {
    pub(super) by: By,
    /// The columns of the entity that they refer to.
    pub(super) key: &'static [u16],
}

/// The rows of a table between two.
#[derive(Clone, Copy)]
pub(super) struct Through {
    pub(super) table: &'static Table,
    pub(super) from: &'static [u16],
    pub(super) to: &'static [u16],
    pub(super) between: Between,
}

impl Ends {
    pub(super) fn of<F: Model, T: Model, C: Cardinality>(relation: Relation<F, T, C>) -> Ends {
        Ends {
            from: F::table(),
            to: T::table(),
            link: relation.link(),
            side: relation.side(),
            read: read_entity::<T>,
            is_to_one: !C::IS_MANY,
            path: NamedRelation::path_of::<F, T>(relation.link()),
        }
    }

    /// What the relation is called in messages.
    pub(super) fn name(&self) -> String {
        self.path.map_or_else(|| format!("{} to {}", self.from.name, self.to.name), str::to_owned)
    }

    /// The table between the two, if there is one.
    pub(super) fn through(&self) -> Option<Through> {
        let (Side::Between(between), Some(through)) = (self.side, self.link.through) else { return None };
        Some(Through { table: (through.table)(), from: through.from, to: through.to, between })
    }

    /// The rows whose foreign keys make what belongs to an entity of the first model; `None` where that one has the key itself.
    pub(super) fn referring(&self) -> Option<Referring> {
        let key = self.link.from;
        let by = |table, columns| By { table, columns, like: (self.from, key) };
        match (self.side, self.through()) {
            (Side::Refers, _) => None,
            (Side::IsReferredTo(_), _) => Some(Referring { by: by(self.to, self.link.to), key }),
            (Side::Between(_), through) => {
                through.map(|through| Referring { by: by(through.table, through.from), key })
            }
        }
    }

    /// The rows that it leads to, by what they are referred to.
    pub(super) fn referred(&self) -> By {
        By { table: self.to, columns: self.link.to, like: (self.to, self.link.to) }
    }

    /// What belongs to the entity of a slot, in the order in which the session has come to know it.
    ///
    /// # Errors
    /// [`NotLoaded`](ErrorKind::NotLoaded).
    pub(super) fn members(&self, map: &IdentityMap, slot: usize) -> Result<Vec<usize>> {
        let Some(referring) = self.referring() else {
            return Ok(self.referred_by(map, slot, self.link.from)?.into_iter().collect());
        };
        if !map.is_loaded(slot, referring.by) {
            return Err(self.not_loaded());
        }
        let rows = map.referring(slot, referring);
        let Some(through) = self.through() else { return Ok(rows) };
        let ends = rows.into_iter().map(|row| self.referred_by(map, row, through.to));
        ends.filter_map(Result::transpose).collect()
    }

    /// The entity that one refers to by these columns; `None` if they are NULL.
    pub(super) fn referred_by(&self, map: &IdentityMap, slot: usize, columns: &'static [u16]) -> Result<Option<usize>> {
        let Some(entry) = map.get(slot) else { return Ok(None) };
        let referred = self.referred();
        match referred.target(entry, columns) {
            None => Ok(None),
            Some(Target::Entity(target)) if map.get(target).is_some_and(Entry::is_here) => Ok(Some(target)),
            // It is deleted, and what refers to it has to leave.
            Some(Target::Entity(_)) => Err(self.not_loaded()),
            Some(Target::Row(key)) => match map.referred_by_key(entry, columns, referred, &key) {
                Some(found) => Ok(Some(found)),
                None if map.is_listed_none(slot, self.absent(), &key) => Ok(None),
                None => Err(self.not_loaded()),
            },
        }
    }

    /// Under what it is noted that a foreign key refers to a row which is not there.
    pub(super) fn absent(&self) -> By {
        By { table: self.to, columns: self.link.to, like: (self.from, self.link.from) }
    }

    /// Whether an entity may refer to nothing.
    pub(super) fn may_be_none(&self) -> bool {
        if self.through().is_some() {
            return true;
        }
        let may_be_null = |&column: &u16| self.from.column(column).is_some_and(|column| column.nullable);
        self.link.from.iter().any(may_be_null)
    }

    pub(super) fn not_loaded(&self) -> Error {
        let name = self.name();
        let message = format!("`{name}` is not loaded for this entity: `session.load(…)` loads it");
        Error::new(ErrorKind::NotLoaded, message).with_table(self.to.name)
    }
}

impl Through {
    /// The columns that refer to either end.
    pub(super) fn columns(&self) -> Vec<u16> {
        [self.from, self.to].concat()
    }
}

impl By {
    /// What an entity refers to by some columns of its own, which have the meaning of these; `None` if it refers to nothing.
    pub(in crate::session) fn target(&self, entry: &Entry, columns: &'static [u16]) -> Option<Target> {
        By { table: entry.entity.table(), columns, like: self.like }.of(entry)
    }
}
