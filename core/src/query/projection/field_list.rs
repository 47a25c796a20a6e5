//! [`FieldList`]: what the fields of a projection are read from, gathered one by one.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::field::{AndThen, Field, ReadSlots, Slot};
use super::parts::{LoadInto, LoadSlot, Unbuilt};
use super::projection::Projection;
use crate::driver::RowReader;
use crate::error::Result;
use crate::query::load::Load;
use crate::query::run::Decode;
use crate::query::select::{Selection, required_sources};
use crate::sql::Item;

/// What the fields of a projection are read from, as far as it is known; `Read` says how a row is read. The derive writes calls to it.
#[doc(hidden)]
pub struct FieldList<P: Projection, Read = ()> {
    items: Vec<Item>,
    required: Vec<&'static str>,
    relations: Vec<Arc<dyn LoadInto<P>>>,
    read: PhantomData<fn() -> Read>,
}

/// What the fields of a projection are read from.
#[doc(hidden)]
pub struct Fields<P: Projection> {
    pub(super) items: Vec<Item>,
    /// The sources that each row must have one of, because what is read of them can't be NULL.
    pub(super) required: Vec<&'static str>,
    pub(super) relations: Vec<Arc<dyn LoadInto<P>>>,
    pub(super) decode: Decode<Unbuilt<P>>,
}

impl<P: Projection> FieldList<P> {
    /// No field.
    pub fn new() -> FieldList<P> {
        FieldList { items: Vec::new(), required: Vec::new(), relations: Vec::new(), read: PhantomData }
    }
}

impl<P: Projection> Default for FieldList<P> {
    fn default() -> FieldList<P> {
        FieldList::new()
    }
}

impl<P: Projection, Read> FieldList<P, Read> {
    /// One field more, which is read from this.
    pub fn field<const N: usize, V, F>(self, from: F) -> FieldList<P, F::After<P::Slots, Read, N>>
    where
        F: Field<P::Of, V>,
        P::Slots: Slot<N, V>,
        Read: ReadSlots<P::Slots>,
    {
        from.add(self)
    }

    pub(super) fn and_columns<E: Selection, const N: usize>(
        mut self,
        columns: E,
    ) -> FieldList<P, AndThen<Read, E, E::Row, N>> {
        let start = self.items.len();
        columns.items(&mut self.items);
        for &name in &*required_sources::<E>(self.items.get(start..).unwrap_or_default()) {
            if !self.required.contains(&name) {
                self.required.push(name);
            }
        }
        let FieldList { items, required, relations, .. } = self;
        FieldList { items, required, relations, read: PhantomData }
    }

    pub(super) fn and_relation<L: Load, const N: usize>(mut self, relation: L) -> FieldList<P, Read>
    where
        P::Slots: Slot<N, L::Row>,
    {
        self.relations.push(Arc::new(LoadSlot::<L, N>(Arc::new(relation))));
        self
    }

    /// These are all fields.
    pub fn finish(self) -> Fields<P>
    where
        Read: ReadSlots<P::Slots>,
    {
        let FieldList { items, required, relations, .. } = self;
        Fields { items, required, relations, decode: decode::<P, Read> }
    }
}

fn decode<P: Projection, Read: ReadSlots<P::Slots>>(row: &mut RowReader<'_>) -> Result<Unbuilt<P>> {
    let mut slots = P::no_slots();
    Read::read(row, &mut slots)?;
    Ok(Unbuilt(slots))
}

impl<P: Projection, Read> fmt::Debug for FieldList<P, Read> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldList").field("items", &self.items).finish_non_exhaustive()
    }
}

impl<P: Projection> fmt::Debug for Fields<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fields").field("items", &self.items).finish_non_exhaustive()
    }
}
