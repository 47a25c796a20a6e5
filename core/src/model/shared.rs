//! [`Shared`]: one row for all that it belongs to.

use std::marker::PhantomData;
use std::sync::Arc;

use super::{Cardinality, Decoded, HandOut, Misfit, Owners, ToOne};
use crate::sealed::Sealed;

/// To one row as `C` says, which all that it belongs to share: an `Arc` of it. Made by
/// [`Relation::shared`](crate::model::Relation::shared).
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::model::Shared;
/// use creole::query::RelatedRows;
/// use creole::types::NotNull;
///
/// let users: RelatedRows<Order, User, Shared<NotNull>> = Order::user.shared();
/// assert_eq!(Order::select().with(users).all(&engine).await?.len(), 3);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Shared<C> {
    of: PhantomData<fn() -> C>,
}

impl<C> Sealed for Shared<C> {}

impl<C: ToOne> Cardinality for Shared<C> {
    type Narrowed = Shared<C::AtMost>;

    const DECODED: Decoded = Decoded::Once;
}

impl<X: Send + Sync + 'static, C: ToOne + HandOut<Arc<X>>> HandOut<X> for Shared<C> {
    type Of = C::Of;

    fn hand_out(rows: Vec<X>, owners: &Owners<'_>) -> Result<Vec<C::Of>, Misfit> {
        let mut shared = Vec::with_capacity(owners.next.len());
        let mut of = Vec::with_capacity(owners.next.len());
        for (row, &first) in rows.into_iter().zip(owners.of) {
            let row = Arc::new(row);
            for owner in owners.alike(first) {
                shared.push(Arc::clone(&row));
                of.push(owner);
            }
        }
        C::hand_out(shared, &Owners { of: &of, next: owners.next })
    }
}
