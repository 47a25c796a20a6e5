//! [`ConflictKey`]: the key that an upsert is about.

use crate::model::{Column, Model};
use crate::schema::{Table, TableKey};
use crate::sealed::Sealed;
use crate::sql::ConflictTarget;
use crate::tuples::for_each_tuple;

/// A key of a model: a column, a tuple of up to sixteen columns, or one by its name.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::PrimaryKey;
///
/// let user = User { id: 1, email: "ada@example.com".into(), ..Default::default() };
/// insert(&user).on_conflict(User::email).do_nothing().exec(&engine).await?;
/// insert(&user).on_conflict(PrimaryKey).do_nothing().exec(&engine).await?;
/// let error = insert(&user).on_conflict(User::name).do_nothing().exec(&engine).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Syntax); // Names are no key.
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of `{M}`",
    label = "expected a column of `{M}`, a tuple of columns, or `unique_key(\"…\")`"
)]
pub trait ConflictKey<M>: Sealed {
    /// The key in the untyped tree.
    ///
    /// # Errors
    /// What is wrong with it, where the model has no such key.
    fn target(self) -> Result<ConflictTarget, String>;
}

/// A unique key or unique index by its name in the database.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::unique_key;
///
/// let user = User { email: "ada@example.com".into(), ..Default::default() };
/// let upsert = insert(&user).on_conflict(unique_key("uq_users_email")).do_nothing();
/// assert_eq!(upsert.upserted(&engine).await?.row.id, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct UniqueKey(&'static str);

impl Sealed for UniqueKey {}

/// A unique key or unique index by its name in the database, for [`on_conflict`](super::Insert::on_conflict): where the model
/// gives it a name, or several indexes are over the same columns.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::unique_key;
///
/// let user = User { email: "ada@example.com".into(), age: Some(1), ..Default::default() };
/// let upsert = insert(&user).on_conflict(unique_key("uq_users_email")).update(User::age);
/// assert_eq!(upsert.upserted(&engine).await?.row.age, Some(1));
/// # Ok(())
/// # }
/// ```
pub fn unique_key(name: &'static str) -> UniqueKey {
    UniqueKey(name)
}

impl<M: Model> ConflictKey<M> for UniqueKey {
    fn target(self) -> Result<ConflictTarget, String> {
        let table = M::table();
        match table.keys().into_iter().find(|key| key.name == self.0) {
            Some(key) => Ok(of(table, key)),
            None => Err(format!("{table} has no unique key of columns called {}; it has {}", self.0, names(table))),
        }
    }
}

/// The primary key, whatever its columns are.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::PrimaryKey;
///
/// let user = User { id: 1, email: "ada@example.org".into(), ..Default::default() };
/// let upsert = insert(&user).on_conflict(PrimaryKey).update(User::email);
/// assert_eq!(upsert.upserted(&engine).await?.row.name, "Ada");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct PrimaryKey;

impl Sealed for PrimaryKey {}

impl<M: Model> ConflictKey<M> for PrimaryKey {
    fn target(self) -> Result<ConflictTarget, String> {
        Ok(ConflictTarget { columns: M::table().primary_key.to_vec(), filter: None })
    }
}

/// Columns of a model: one, or a tuple of up to sixteen.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list of columns of `{M}`",
    label = "expected a column of `{M}` or a tuple of them"
)]
pub trait ColumnList<M>: Sealed {
    /// Their indexes in the table.
    fn places(self) -> Vec<u16>;
}

impl<M: Model, T> ColumnList<M> for Column<M, T> {
    fn places(self) -> Vec<u16> {
        vec![self.index()]
    }
}

impl<M: Model, T> ConflictKey<M> for Column<M, T> {
    fn target(self) -> Result<ConflictTarget, String> {
        of_columns(M::table(), &[self.index()])
    }
}

macro_rules! columns {
    ($count:literal: $($part:ident $other:ident $place:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<M: Model, $($part),+> ColumnList<M> for ($(Column<M, $part>,)+) {
            fn places(self) -> Vec<u16> {
                vec![$(self.$place.index()),+]
            }
        }

        #[diagnostic::do_not_recommend]
        impl<M: Model, $($part),+> ConflictKey<M> for ($(Column<M, $part>,)+) {
            fn target(self) -> Result<ConflictTarget, String> {
                of_columns(M::table(), &[$(self.$place.index()),+])
            }
        }
    };
}

for_each_tuple!(columns);

/// The key of these columns. One of all rows is preferred to an index of some.
fn of_columns(table: &'static Table, columns: &[u16]) -> Result<ConflictTarget, String> {
    let (whole, partial): (Vec<TableKey>, Vec<TableKey>) =
        table.keys().into_iter().filter(|key| key.is_of(columns)).partition(|key| key.filter.is_none());
    let wanted = table.column_names(columns).join(", ");
    if let Some(key) = whole.into_iter().next() {
        return Ok(of(table, key));
    }
    let mut partial = partial.into_iter();
    match (partial.next(), partial.next()) {
        (Some(key), None) => Ok(of(table, key)),
        (Some(_), Some(_)) => {
            Err(format!("{table} has several unique indexes of {wanted}: name one by `unique_key(\"…\")`"))
        }
        (None, _) => Err(format!(
            "{wanted} is no key of {table}, so rows are not told apart by it; its keys are {}",
            names(table)
        )),
    }
}

fn of(table: &'static Table, key: TableKey) -> ConflictTarget {
    ConflictTarget { filter: key.condition(table), columns: key.columns }
}

/// `pk_users (id), uq_users_email (email)`
fn names(table: &Table) -> String {
    let name = |key: &TableKey| format!("{} ({})", key.name, table.column_names(&key.columns).join(", "));
    table.keys().iter().map(name).collect::<Vec<_>>().join(", ")
}
