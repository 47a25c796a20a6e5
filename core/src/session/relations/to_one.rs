//! [`LeadsToOne`]: the relations that `one`, `relate` and `unrelate` are for.

use crate::model::ToOne;
use crate::types::{NotNull, Nullable};

/// A relation to one row, or to one at most.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::model::Relation;
/// use creole::session::LeadsToOne;
///
/// fn hand_over<F: Model, T: Model, C: LeadsToOne>(
///     session: &mut Session,
///     entities: &[Tracked<F>],
///     relation: Relation<F, T, C>,
///     to: Tracked<T>,
/// ) {
///     entities.iter().for_each(|&entity| session.relate(entity, relation, to));
/// }
///
/// # let mut session = engine.session();
/// let orders = Order::select().track(&mut session).await?;
/// let cleo = session.get::<User>(3).await?.expect("she is in the shop");
/// hand_over(&mut session, &orders, Order::user, cleo);
/// session.commit().await?;
/// assert_eq!(Order::select().filter(Order::user_id.eq(3)).count(&engine).await?, 3);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "this relation leads to many rows",
    label = "expected a relation to one row, such as `Order::user`",
    note = "for a relation to many rows there are `many`, `link` and `unlink`"
)]
pub trait LeadsToOne: ToOne {}

#[diagnostic::do_not_recommend]
impl LeadsToOne for NotNull {}

#[diagnostic::do_not_recommend]
impl LeadsToOne for Nullable {}
