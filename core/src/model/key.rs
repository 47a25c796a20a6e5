//! Primary keys as values.

use std::hash::Hash;

use crate::sealed::Seal;
use crate::tuples::for_each_tuple;
use crate::types::{SqlType, SqlValue, ValueRef};

/// The type of a primary key: a column type, or a tuple of up to sixteen of them.
///
/// Its columns are compared and hashed, but a key as a whole need not be: the standard library does neither for tuples of more
/// than twelve elements. Code that is generic over models and keeps rows by their keys asks for `M::Key: Eq + Hash`.
///
/// ```
/// use creole::prelude::*;
/// use std::collections::HashMap;
///
/// /// The rows by their keys.
/// fn by_key<M: Model<Key: Eq + std::hash::Hash>>(rows: Vec<M>) -> HashMap<M::Key, M> {
///     rows.into_iter().map(|row| (row.key(), row)).collect()
/// }
///
/// #[derive(Model)]
/// #[model(table = "seats")]
/// struct Seat {
///     #[model(primary_key)]
///     row: i32,
///     #[model(primary_key)]
///     number: i32,
/// }
///
/// let seats = by_key(vec![Seat { row: 1, number: 7 }, Seat { row: 2, number: 7 }]);
/// assert!(seats.contains_key(&(2, 7)));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a primary key",
    label = "not a key",
    note = "a primary key is made of columns that are never NULL and can be compared and hashed: integers, String, Uuid, dates; at most sixteen of them"
)]
pub trait Key: Clone + Send + Sync + 'static {
    /// The value of the key's column at an index; NULL where the key has fewer columns.
    fn value(&self, index: usize) -> ValueRef<'_>;
}

/// What may stand where a key of type `K` is asked for: the key itself, a reference to it, `&str` for `String`, and tuples
/// of these.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "translations")]
/// struct Translation {
///     #[model(primary_key, length = 5)]
///     language: String,
///     #[model(primary_key)]
///     word: i64,
///     text: String,
/// }
///
/// let engine = Engine::connect("sqlite::memory:").await?;
/// engine.create_all(tables![Translation]).await?;
/// insert(&Translation { language: "fr".into(), word: 1, text: "arbre".into() }).exec(&engine).await?;
/// let tree = Translation::find(("fr", 1), &engine).await?; // `&str` for a `String`, within a tuple.
/// assert_eq!(tree.map(|tree| tree.text), Some("arbre".to_owned()));
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(message = "this model's primary key is `{K}`, not `{Self}`", label = "expected `{K}`")]
pub trait IntoKey<K> {
    #[doc(hidden)]
    fn seal(_: Seal);

    /// The key.
    fn into_key(self) -> K;
}

/// Says that a foreign key that holds this type can refer to a column that holds `T`: both hold the same.
#[diagnostic::on_unimplemented(
    message = "a foreign key of type `{Self}` can't refer to a column of type `{T}`",
    label = "this column holds `{T}`",
    note = "make the field a `{T}`, or an `Option` of it, or refer to another column"
)]
pub trait RefersTo<T> {}

impl<V: SqlValue> RefersTo<V> for V {}

#[diagnostic::do_not_recommend]
impl<V: SqlValue + Eq + Hash> Key for V {
    fn value(&self, index: usize) -> ValueRef<'_> {
        if index == 0 { SqlType::bind(self) } else { ValueRef::Null }
    }
}

impl<V: SqlValue> IntoKey<V> for V {
    fn seal(_: Seal) {}

    fn into_key(self) -> V {
        self
    }
}

impl<V: SqlValue> IntoKey<V> for &V {
    fn seal(_: Seal) {}

    fn into_key(self) -> V {
        self.clone()
    }
}

impl IntoKey<String> for &str {
    fn seal(_: Seal) {}

    fn into_key(self) -> String {
        self.to_owned()
    }
}

macro_rules! key {
    ($count:literal: $($part:ident $from:ident $place:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($part: SqlValue + Eq + Hash),+> Key for ($($part,)+) {
            fn value(&self, index: usize) -> ValueRef<'_> {
                match index {
                    $($place => SqlType::bind(&self.$place),)+
                    _ => ValueRef::Null,
                }
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($part: SqlValue, $from: IntoKey<$part>),+> IntoKey<($($part,)+)> for ($($from,)+) {
            fn seal(_: Seal) {}

            fn into_key(self) -> ($($part,)+) {
                ($(self.$place.into_key(),)+)
            }
        }
    };
}

for_each_tuple!(key from 2);
