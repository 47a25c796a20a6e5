//! [`Load`]: what `with` takes.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::gather::{Gather, GatheredKeys};
use super::keys::{KeyColumns, Keys};
use super::parents::key_positions;
use super::related_rows::RelatedRows;
use crate::dialect::Dialect;
use crate::error::Result;
use crate::model::{HandOut, Model, Relation};
use crate::pool::Link;
use crate::schema::Table;
use crate::sealed::Sealed;
use crate::sql::{Select, TableRef};

/// What [`with`](crate::query::Select::with) takes: a relation (`User::orders`), or its rows narrowed down
/// (`User::orders.filter(…).limit(3)`), with what belongs to them in turn (`User::orders.with(Order::lines)`).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::Load;
///
/// /// The first users by their ids, with what the caller wants of them.
/// async fn first_users<L: Load<From = User>>(wanted: L, db: &Engine) -> creole::Result<Vec<(User, L::Row)>> {
///     User::select().order_by(User::id).limit(2).with(wanted).all(db).await
/// }
///
/// let users = first_users(User::orders.filter(Order::paid), &engine).await?;
/// assert_eq!(users.iter().map(|(_, paid)| paid.len()).collect::<Vec<_>>(), [1, 1]);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be loaded",
    label = "expected a relation, such as `User::orders`, or its rows: `User::orders.filter(…)`"
)]
pub trait Load: Sealed + Send + Sync + 'static {
    /// The model that the relation is from.
    type From: Model;

    /// What each row gets: a `Vec` of related rows, one, or an `Option` of one.
    type Row: Send + 'static;

    /// What is kept of the rows while they are read.
    #[doc(hidden)]
    type Gathered: Gather;

    #[doc(hidden)]
    fn key(&self) -> KeyColumns;

    /// The table of the related rows.
    #[doc(hidden)]
    fn leads_to(&self) -> &'static Table;

    /// Its statements in a dialect's SQL, as they find what belongs to one row.
    #[doc(hidden)]
    fn statements(&self, dialect: &dyn Dialect, each: &mut dyn FnMut(&str)) -> Result<()>;

    /// Refuses what the dialect can't say.
    #[doc(hidden)]
    fn check(&self, dialect: &dyn Dialect) -> Result<()> {
        self.statements(dialect, &mut |_| {})
    }

    /// Refuses rows that the program has, whose keys only the database can compare.
    #[doc(hidden)]
    fn check_at_hand(&self) -> Result<()>;

    /// Prepares a SELECT of rows of the model, which are called so in it, or as they are selected.
    #[doc(hidden)]
    fn gather(&self, tree: &mut Cow<'_, Select>, from: Option<TableRef>) -> Result<Self::Gathered>;

    /// What belongs to each of the rows that were read, in their order.
    #[doc(hidden)]
    fn finish<'r>(&'r self, gathered: Self::Gathered, on: &'r mut LoadOn<'_>) -> BoxFuture<'r, Result<Vec<Self::Row>>>;

    /// What belongs to each of the rows that have these keys, in their order.
    #[doc(hidden)]
    fn load<'r>(&'r self, keys: &'r Keys, on: &'r mut LoadOn<'_>) -> BoxFuture<'r, Result<Vec<Self::Row>>>;
}

/// The connection that the rows of relations are read on, and how long a statement may take.
pub struct LoadOn<'l> {
    pub(super) link: &'l mut Link,
    pub(super) timeout: Option<Duration>,
}

#[diagnostic::do_not_recommend]
impl<F: Model, T: Model, C: HandOut<T>> Load for Relation<F, T, C> {
    type From = F;
    type Row = C::Of;
    type Gathered = GatheredKeys;

    fn key(&self) -> KeyColumns {
        RelatedRows::of(*self).key()
    }

    fn leads_to(&self) -> &'static Table {
        T::table()
    }

    fn statements(&self, dialect: &dyn Dialect, each: &mut dyn FnMut(&str)) -> Result<()> {
        RelatedRows::of(*self).statements(dialect, each)
    }

    /// The program has said nothing that a dialect might not say, but it may have declared what can't be said.
    fn check(&self, dialect: &dyn Dialect) -> Result<()> {
        match self.link().goes_through_an_end(F::table(), T::table()) {
            Some(_) => self.statements(dialect, &mut |_| {}),
            None => Ok(()),
        }
    }

    fn check_at_hand(&self) -> Result<()> {
        RelatedRows::of(*self).check_at_hand()
    }

    fn gather(&self, tree: &mut Cow<'_, Select>, from: Option<TableRef>) -> Result<GatheredKeys> {
        Ok(GatheredKeys::new(key_positions(tree, self.key(), from)?))
    }

    fn finish<'r>(&'r self, gathered: GatheredKeys, on: &'r mut LoadOn<'_>) -> BoxFuture<'r, Result<Vec<Self::Row>>> {
        Box::pin(async move { RelatedRows::of(*self).load(&gathered.keys, on).await })
    }

    fn load<'r>(&'r self, keys: &'r Keys, on: &'r mut LoadOn<'_>) -> BoxFuture<'r, Result<Vec<Self::Row>>> {
        let rows = RelatedRows::of(*self);
        Box::pin(async move { rows.load(keys, on).await })
    }
}

impl fmt::Debug for LoadOn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadOn").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
