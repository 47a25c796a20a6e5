//! [`Parts`]: what is loaded for the fields of a projection that are relations, and how it is built then.

use std::fmt;
use std::sync::Arc;

use futures_core::future::BoxFuture;

use super::field::Slot;
use super::projection::Projection;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::query::load::{KeyColumns, Keys, Load, LoadEach, LoadOn};
use crate::sealed::Sealed;

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

    fn load<'r>(
        &'r self,
        rows: &'r mut [Unbuilt<P>],
        keys: &'r Keys,
        on: &'r mut LoadOn<'_>,
    ) -> BoxFuture<'r, Result<()>>;
}

/// A relation, and the index of the field that it is loaded for.
pub(super) struct LoadSlot<L, const N: usize>(pub(super) L);

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

    fn load<'r>(
        &'r self,
        rows: &'r mut [Unbuilt<P>],
        keys: &'r Keys,
        on: &'r mut LoadOn<'_>,
    ) -> BoxFuture<'r, Result<()>> {
        Box::pin(async move {
            let loaded = self.0.load(keys, on).await?;
            for (Unbuilt(slots), value) in rows.iter_mut().zip(loaded) {
                slots.fill(value);
            }
            Ok(())
        })
    }
}

impl<P: Projection> Sealed for Parts<P> {}

impl<P: Projection> LoadEach<Unbuilt<P>> for Parts<P> {
    type Row = P;

    fn keys(&self) -> Vec<KeyColumns> {
        self.relations.iter().map(|relation| relation.key()).collect()
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
        keys: Vec<Keys>,
        on: &'r mut LoadOn<'_>,
    ) -> BoxFuture<'r, Result<Vec<P>>> {
        Box::pin(async move {
            for (relation, keys) in self.relations.iter().zip(&keys) {
                relation.load(&mut rows, keys, on).await?;
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
