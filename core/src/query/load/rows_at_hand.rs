//! [`load`]: what belongs to rows that the program has.

use futures_core::future::BoxFuture;

use super::keys::Keys;
use super::load::{Load, LoadOn};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::exec::{Executor, Handle};
use crate::model::Model;
use crate::pool::Access;
use crate::sealed::Sealed;
use crate::types::ValueRef;

/// What belongs to rows that the program has already, in one statement: for each row, in their order, what the relation
/// leads to.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::load;
///
/// let users = User::select().order_by(User::id).all(&engine).await?;
/// let orders: Vec<Vec<Order>> = load(&users, User::orders).all(&engine).await?;
/// for (user, orders) in users.iter().zip(&orders) {
///     assert!(orders.iter().all(|order| order.user_id == user.id));
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is loaded until it is run: end it with `.all(&engine).await`"]
pub fn load<L: Load, M>(rows: &[M], relation: L) -> RowsAtHand<'_, L>
where
    L::From: ModelOf<M>,
{
    RowsAtHand { rows: L::From::own(rows), relation }
}

/// The model of rows that are `M`: itself. A bound of its own, so that the compiler can say what is wrong with another one.
#[diagnostic::on_unimplemented(
    message = "rows of `{M}` have no relations of `{Self}`",
    label = "this relation is one of `{Self}`",
    note = "`load` takes rows of the model that the relation is from; what belongs to rows of a related model is loaded beneath the relation to that, by its `with`"
)]
pub trait ModelOf<M>: Sized {
    /// The rows, as they are.
    #[doc(hidden)]
    fn own(rows: &[M]) -> &[Self];
}

#[diagnostic::do_not_recommend]
impl<M: Model> ModelOf<M> for M {
    fn own(rows: &[M]) -> &[M] {
        rows
    }
}

/// Rows that the program has, and the relation whose rows are loaded for them. Made by [`load`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{RowsAtHand, load};
///
/// let orders = Order::select().order_by(Order::id).all(&engine).await?;
/// let statement: RowsAtHand<'_, _> = load(&orders, Order::user);
/// let users: Vec<User> = statement.all(&engine).await?;
/// assert_eq!(users.iter().map(|user| user.id).collect::<Vec<_>>(), [1, 1, 2]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "nothing is loaded until it is run: end it with `.all(&engine).await`"]
pub struct RowsAtHand<'r, L: Load> {
    rows: &'r [L::From],
    relation: L,
}

impl<L: Load> Sealed for RowsAtHand<'_, L> {}

impl<'r, L: Load> RowsAtHand<'r, L> {
    /// What belongs to each row, in the order of the rows. Nothing is sent where there are none.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::load;
    ///
    /// let cleo = User::find(3, &engine).await?.expect("she is in the shop");
    /// let orders = load(&[cleo], User::orders).all(&engine).await?;
    /// assert_eq!(orders, [vec![]]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`With::all`](crate::query::With::all). [`Unsupported`](crate::ErrorKind::Unsupported) where the relation goes by texts
    /// that only the database compares, as those that ignore case.
    #[track_caller]
    pub fn all<'e>(self, db: impl Executor + 'e) -> BoxFuture<'e, Result<Vec<L::Row>>>
    where
        'r: 'e,
    {
        let mut db = db.handle();
        Box::pin(async move {
            let RowsAtHand { rows, relation } = self;
            relation.check(db.dialect())?;
            let value = |row: usize, column| rows.get(row).map_or(ValueRef::Null, |row| row.bind(column));
            let keys = keys_at_hand(&relation, rows.len(), value)?;
            load_by_keys(&relation, &keys, &mut db).await
        })
    }
}

/// The keys of rows at hand, which have these values in their columns.
///
/// # Errors
/// [`Unsupported`](crate::ErrorKind::Unsupported) where only the database knows which keys are equal.
pub(crate) fn keys_at_hand<'v, L: Load>(
    relation: &L,
    rows: usize,
    value: impl Fn(usize, u16) -> ValueRef<'v>,
) -> Result<Keys> {
    relation.check_at_hand()?;
    let mut keys = Keys::new(relation.key());
    (0..rows).for_each(|row| keys.push_values(|column| value(row, column)));
    Ok(keys)
}

/// Loads what belongs to the rows that have these keys.
pub(crate) async fn load_by_keys<L: Load>(relation: &L, keys: &Keys, db: &mut Handle<'_>) -> Result<Vec<L::Row>> {
    if keys.rows() == 0 {
        return Ok(Vec::new());
    }
    db.note_load(keys.rows(), relation.leads_to(), || first_text(relation, db.dialect()))?;
    let mut conn = db.connection(Access::Read).await?;
    relation.load(keys, &mut LoadOn { link: &mut conn, timeout: None }).await
}

/// The text of the relation's own statement, as it finds what belongs to one row.
fn first_text<L: Load>(relation: &L, dialect: &dyn Dialect) -> Result<String> {
    let mut first = None;
    relation.statements(dialect, &mut |text| {
        first.get_or_insert_with(|| text.to_owned());
    })?;
    Ok(first.unwrap_or_default())
}
