//! [`ForeignKeyTo`]: what the compiler knows of foreign keys, by which relations lead.

use std::marker::PhantomData;

use crate::types::Nullability;

/// Says that these columns are a foreign key to `T`. The derive writes an impl for each one that a model has.
///
/// `LIST` is [`column_list`] of the key's columns, because a constant of a type can't be a slice.
#[diagnostic::on_unimplemented(
    message = "this is no foreign key of `{Self}` to `{T}`",
    label = "not a foreign key to `{T}`",
    note = "the field in `{Self}` needs `#[model(references = {T}::…)]`, and several fields `foreign_key(…)` on the struct, which lists them in this order",
    note = "a relation is named from the side that is referred to"
)]
pub trait ForeignKeyTo<T, const LIST: u128> {
    /// [`Nullable`](crate::types::Nullable) where one of its columns may be NULL: such a row refers to nothing.
    type Null: Nullability;
    /// Its columns, by their index.
    const COLUMNS: &'static [u16];
    /// The columns of `T` that they refer to, one by one.
    const REFERENCES: &'static [u16];
}

/// A foreign key of `M` to `T`, by which relations of either lead. What the derive writes of relations is made of these.
#[derive(Debug)]
pub struct KeyTo<M, T> {
    pub(super) columns: &'static [u16],
    pub(super) references: &'static [u16],
    of: PhantomData<fn() -> (M, T)>,
}

/// The foreign key of `M` to `T` that is made of these columns. The derive writes calls to it.
pub const fn foreign_key<M: ForeignKeyTo<T, LIST>, T, const LIST: u128>() -> KeyTo<M, T> {
    const {
        let (columns, references) = (M::COLUMNS.len(), M::REFERENCES.len());
        assert!(columns > 0 && columns == references, "each column of a foreign key refers to one");
    }
    KeyTo { columns: M::COLUMNS, references: M::REFERENCES, of: PhantomData }
}

/// A list of columns as a number: 16 bits for each, from the lowest on, with its index plus 1. The derive writes calls to it.
///
/// # Panics
/// Where there are more than eight. The calls run while the model is compiled.
#[track_caller]
pub const fn column_list(mut columns: &[u16]) -> u128 {
    assert!(columns.len() <= 8, "relations lead by at most eight columns: join on a condition instead");
    let mut list = 0;
    while let [rest @ .., last] = columns {
        list = (list << 16) | (*last as u128 + 1);
        columns = rest;
    }
    list
}
