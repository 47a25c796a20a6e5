//! [`Parts`]: what is loaded for the fields of a projection that are relations, and how it is built then.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use futures_core::future::BoxFuture;

use super::field::Slot;
use super::projection::Projection;
use crate::dialect::Dialect;
use crate::driver::Row;
use crate::error::{Error, ErrorKind, Result};
use crate::query::load::{Gather, KeyColumns, Load, LoadEach, LoadOn};
use crate::sealed::Sealed;
use crate::sql::{Select, TableRef};

/// A projection whose columns have been read, and whose relations have not.
pub struct Unbuilt<P: Projection>(pub(super) P::Slots);

/// What is loaded for a projection beside its columns.
pub struct Parts<P: Projection> {
    pub(super) relations: Vec<Arc<dyn LoadInto<P>>>,
    /// Whether the statement selects keys that are no fields.
    pub(super) keys: HiddenKeys,
}

/// Whether a statement selects the keys of relations beside what its rows are read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HiddenKeys {
    /// All of them are read as well.
    None,
    /// Some are not.
    Some,
}

/// A relation whose rows go into a slot.
pub(super) trait LoadInto<P: Projection>: Send + Sync {
    fn key(&self) -> KeyColumns;

    fn statements(&self, dialect: &dyn Dialect, each: &mut dyn FnMut(&str)) -> Result<()>;

    fn check(&self, dialect: &dyn Dialect) -> Result<()>;

    fn gather(&self, tree: &mut Cow<'_, Select>, from: Option<TableRef>) -> Result<Box<dyn FinishInto<P>>>;
}

/// What was kept of the rows, of which the relation's rows are loaded into their slots.
pub(super) trait FinishInto<P: Projection>: Gather {
    fn finish<'r>(self: Box<Self>, rows: &'r mut [Unbuilt<P>], on: &'r mut LoadOn<'_>) -> BoxFuture<'r, Result<()>>;
}

/// A relation, and the index of the field that it is loaded for.
pub(super) struct LoadSlot<L, const N: usize>(pub(super) Arc<L>);

/// The same with what was kept of the rows.
struct FillSlot<L: Load, const N: usize> {
    relation: Arc<L>,
    gathered: L::Gathered,
}

impl<P: Projection, L: Load, const N: usize> LoadInto<P> for LoadSlot<L, N>
where
    P::Slots: Slot<N, L::Row>,
{
    fn key(&self) -> KeyColumns {
        self.0.key()
    }

    fn statements(&self, dialect: &dyn Dialect, each: &mut dyn FnMut(&str)) -> Result<()> {
        self.0.statements(dialect, each)
    }

    fn check(&self, dialect: &dyn Dialect) -> Result<()> {
        self.0.check(dialect)
    }

    fn gather(&self, tree: &mut Cow<'_, Select>, from: Option<TableRef>) -> Result<Box<dyn FinishInto<P>>> {
        let gathered = self.0.gather(tree, from)?;
        Ok(Box::new(FillSlot::<L, N> { relation: Arc::clone(&self.0), gathered }))
    }
}

impl<L: Load, const N: usize> Gather for FillSlot<L, N> {
    fn note(&mut self, row: &dyn Row) -> Result<()> {
        self.gathered.note(row)
    }
}

impl<P: Projection, L: Load, const N: usize> FinishInto<P> for FillSlot<L, N>
where
    P::Slots: Slot<N, L::Row>,
{
    fn finish<'r>(self: Box<Self>, rows: &'r mut [Unbuilt<P>], on: &'r mut LoadOn<'_>) -> BoxFuture<'r, Result<()>> {
        Box::pin(async move {
            let loaded = self.relation.finish(self.gathered, on).await?;
            for (Unbuilt(slots), value) in rows.iter_mut().zip(loaded) {
                slots.fill(value);
            }
            Ok(())
        })
    }
}

/// What was kept of the rows of a projection, for each of its relations.
#[doc(hidden)]
pub struct GatheredParts<P: Projection>(Vec<Box<dyn FinishInto<P>>>);

impl<P: Projection> Gather for GatheredParts<P> {
    fn note(&mut self, row: &dyn Row) -> Result<()> {
        self.0.iter_mut().try_for_each(|part| part.note(row))
    }
}

impl<P: Projection> Sealed for Parts<P> {}

impl<P: Projection> LoadEach<Unbuilt<P>> for Parts<P> {
    type Row = P;
    type Gathered = GatheredParts<P>;

    fn gather(&self, tree: &mut Cow<'_, Select>, from: Option<TableRef>) -> Result<GatheredParts<P>> {
        let parts = self.relations.iter().map(|relation| relation.gather(tree, from));
        parts.collect::<Result<_>>().map(GatheredParts)
    }

    fn hides_keys(&self) -> bool {
        self.keys == HiddenKeys::Some
    }

    fn statements(&self, dialect: &dyn Dialect, each: &mut dyn FnMut(&str)) -> Result<()> {
        self.relations.iter().try_for_each(|relation| relation.statements(dialect, each))
    }

    fn check(&self, dialect: &dyn Dialect) -> Result<()> {
        self.relations.iter().try_for_each(|relation| relation.check(dialect))
    }

    fn load<'r>(
        &'r self,
        mut rows: Vec<Unbuilt<P>>,
        gathered: GatheredParts<P>,
        on: &'r mut LoadOn<'_>,
    ) -> BoxFuture<'r, Result<Vec<P>>> {
        Box::pin(async move {
            for part in gathered.0 {
                part.finish(&mut rows, on).await?;
            }
            rows.into_iter().map(|Unbuilt(slots)| P::build(slots).ok_or_else(unread)).collect()
        })
    }
}

#[cold]
fn unread() -> Error {
    Error::new(ErrorKind::Other, "a field of a projection was not read")
}

impl<P: Projection> Clone for Parts<P> {
    fn clone(&self) -> Parts<P> {
        Parts { relations: self.relations.clone(), keys: self.keys }
    }
}

impl<P: Projection> fmt::Debug for Parts<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").field("relations", &self.relations.len()).field("keys", &self.keys).finish()
    }
}

impl<P: Projection> fmt::Debug for Unbuilt<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unbuilt").finish_non_exhaustive()
    }
}

impl<P: Projection> fmt::Debug for GatheredParts<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GatheredParts").field(&self.0.len()).finish()
    }
}
