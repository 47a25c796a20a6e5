//! [`Field`]: what a field of a projection is read from.

use std::marker::PhantomData;
use std::sync::Arc;

use super::field_list::FieldList;
use super::parts::Parts;
use super::projection::Projection;
use super::read_as::ReadAs;
use crate::driver::RowReader;
use crate::error::Result;
use crate::model::{Cardinality, Many, Model, Relation, Shared};
use crate::query::load::{Joined, Load, LoadEach, RelatedRows};
use crate::query::select::Selection;
use crate::types::{NotNull, Nullable};

/// What a field of type `V` in a projection of the model `M` is read from: a column or an expression of that type; or a relation
/// of the model, where the field is a `Vec`, an `Option` or one of what its rows are read as.
#[diagnostic::on_unimplemented(
    message = "a field of type `{V}` can't be read from `{Self}` in a projection of `{M}`",
    label = "not of this type",
    note = "a column or an expression has the field's type; a relation of the model has a `Vec` for many rows, an `Option` for a row that may be missing, of the related model or of a projection of that"
)]
pub trait Field<M, V>: Sized {
    /// How the columns of a row are read up to this field.
    #[doc(hidden)]
    type After<S: Slot<N, V>, Before: ReadSlots<S>, const N: usize>: ReadSlots<S>;

    #[doc(hidden)]
    fn add<P, Before, const N: usize>(
        self,
        list: FieldList<P, Before>,
    ) -> FieldList<P, Self::After<P::Slots, Before, N>>
    where
        P: Projection<Of = M>,
        P::Slots: Slot<N, V>,
        Before: ReadSlots<P::Slots>;
}

/// The field with this index, among those of a projection that are being read. The derive writes it.
#[doc(hidden)]
pub trait Slot<const N: usize, V> {
    /// Fills it.
    fn fill(&mut self, value: V);
}

/// Reads the columns of a row into slots.
#[doc(hidden)]
pub trait ReadSlots<S> {
    fn read(row: &mut RowReader<'_>, slots: &mut S) -> Result<()>;
}

/// The columns before, and then those of one field.
#[doc(hidden)]
#[derive(Debug)]
pub struct AndThen<Before, E, V, const N: usize>(PhantomData<Of<Before, E, V>>);

/// The types that it is about, of which it holds none.
type Of<Before, E, V> = fn() -> (Before, E, V);

impl<S> ReadSlots<S> for () {
    fn read(_: &mut RowReader<'_>, _: &mut S) -> Result<()> {
        Ok(())
    }
}

impl<S, Before, E, V, const N: usize> ReadSlots<S> for AndThen<Before, E, V, N>
where
    S: Slot<N, V>,
    Before: ReadSlots<S>,
    E: Selection<Row = V>,
{
    #[inline]
    fn read(row: &mut RowReader<'_>, slots: &mut S) -> Result<()> {
        Before::read(row, slots)?;
        slots.fill(E::decode(row)?);
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, V, E: Selection<Row = V>> Field<M, V> for E {
    type After<S: Slot<N, V>, Before: ReadSlots<S>, const N: usize> = AndThen<Before, E, V, N>;

    fn add<P, Before, const N: usize>(self, list: FieldList<P, Before>) -> FieldList<P, AndThen<Before, E, V, N>>
    where
        P: Projection<Of = M>,
        P::Slots: Slot<N, V>,
        Before: ReadSlots<P::Slots>,
    {
        list.and_columns(self)
    }
}

macro_rules! relation_fields {
    ($($cardinality:ident: $value:ty;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<M: Model, T: Model, I: ReadAs<T>> Field<M, $value> for Relation<M, T, $cardinality> {
            type After<S: Slot<N, $value>, Before: ReadSlots<S>, const N: usize> = Before;

            fn add<P, Before, const N: usize>(self, list: FieldList<P, Before>) -> FieldList<P, Before>
            where
                P: Projection<Of = M>,
                P::Slots: Slot<N, $value>,
                Before: ReadSlots<P::Slots>,
            {
                list.and_relation::<_, N>(RelatedRows::of(self).read_as::<I>())
            }
        }

        related_fields! { $cardinality: $value; }
    )+};
}

macro_rules! related_fields {
    ($($cardinality:ty: $value:ty $(, $shared:ident)?;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T, R, I> Field<M, $value> for RelatedRows<M, T, $cardinality, R>
        where
            M: Model,
            T: Model,
            R: Send + 'static,
            I: ReadAs<R> $(+ $shared)?,
        {
            type After<S: Slot<N, $value>, Before: ReadSlots<S>, const N: usize> = Before;

            fn add<P, Before, const N: usize>(self, list: FieldList<P, Before>) -> FieldList<P, Before>
            where
                P: Projection<Of = M>,
                P::Slots: Slot<N, $value>,
                Before: ReadSlots<P::Slots>,
            {
                list.and_relation::<_, N>(self.read_as::<I>())
            }
        }
    )+};
}

relation_fields! {
    Many: Vec<I>;
    Nullable: Option<I>;
    NotNull: I;
}

related_fields! {
    Shared<Nullable>: Option<Arc<I>>, Sync;
    Shared<NotNull>: Arc<I>, Sync;
}

macro_rules! joined_fields {
    ($($cardinality:ident: $value:ty;)+) => {$(
        #[diagnostic::do_not_recommend]
        impl<M, T, R, I> Field<M, $value> for Joined<RelatedRows<M, T, $cardinality, R>>
        where
            M: Model,
            T: Model,
            R: Send + 'static,
            I: ReadAs<R>,
        {
            type After<S: Slot<N, $value>, Before: ReadSlots<S>, const N: usize> = Before;

            fn add<P, Before, const N: usize>(self, list: FieldList<P, Before>) -> FieldList<P, Before>
            where
                P: Projection<Of = M>,
                P::Slots: Slot<N, $value>,
                Before: ReadSlots<P::Slots>,
            {
                list.and_relation::<_, N>(Joined { rows: self.rows.read_as::<I>() })
            }
        }
    )+};
}

joined_fields! {
    Nullable: Option<I>;
    NotNull: I;
}

/// With what belongs to them in turn, joined.
#[diagnostic::do_not_recommend]
impl<M, T, C, R, L, V> Field<M, V> for Joined<RelatedRows<M, T, C, R, L>>
where
    M: Model,
    T: Model,
    C: Cardinality,
    R: Send + 'static,
    L: LoadEach<R> + SomeRelations,
    Self: Load<From = M, Row = V>,
{
    type After<S: Slot<N, V>, Before: ReadSlots<S>, const N: usize> = Before;

    fn add<P, Before, const N: usize>(self, list: FieldList<P, Before>) -> FieldList<P, Before>
    where
        P: Projection<Of = M>,
        P::Slots: Slot<N, V>,
        Before: ReadSlots<P::Slots>,
    {
        list.and_relation::<_, N>(self)
    }
}

/// With what belongs to them in turn: as tuples, or as a projection that is named.
#[diagnostic::do_not_recommend]
impl<M, T, C, R, L, V> Field<M, V> for RelatedRows<M, T, C, R, L>
where
    M: Model,
    T: Model,
    C: Cardinality,
    R: Send + 'static,
    L: LoadEach<R> + SomeRelations,
    Self: Load<From = M, Row = V>,
{
    type After<S: Slot<N, V>, Before: ReadSlots<S>, const N: usize> = Before;

    fn add<P, Before, const N: usize>(self, list: FieldList<P, Before>) -> FieldList<P, Before>
    where
        P: Projection<Of = M>,
        P::Slots: Slot<N, V>,
        Before: ReadSlots<P::Slots>,
    {
        list.and_relation::<_, N>(self)
    }
}

/// What is loaded with related rows, if there is anything.
#[doc(hidden)]
pub trait SomeRelations {}

macro_rules! some_relations {
    ($($load:ident),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($load: Load),+> SomeRelations for ($($load,)+) {}
    };
}

#[diagnostic::do_not_recommend]
impl<P: Projection> SomeRelations for Parts<P> {}

some_relations!(A);
some_relations!(A, B);
some_relations!(A, B, C);
some_relations!(A, B, C, D);
some_relations!(A, B, C, D, E);
some_relations!(A, B, C, D, E, G);
some_relations!(A, B, C, D, E, G, H);
some_relations!(A, B, C, D, E, G, H, I);
