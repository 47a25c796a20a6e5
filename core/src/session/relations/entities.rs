//! [`Entities`]: one entity, or some of the same model.

use super::super::Tracked;
use crate::model::Model;
use crate::sealed::SealedEntities;

/// What a call takes that is for one entity as for many: a handle, or a slice, array or `Vec` of handles.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// # let mut session = engine.session();
/// let users = User::select().track(&mut session).await?;
/// session.load(users[0], User::orders).await?;
/// session.load(&users, User::orders).await?; // One statement for all of them.
/// assert_eq!(users.iter().map(|&user| session.many(user, User::orders).map(|orders| orders.len())).sum::<creole::Result<usize>>()?, 3);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no entity of `{M}`, nor several",
    label = "expected a handle, `Tracked<{M}>`, or a slice, array or `Vec` of them"
)]
pub trait Entities<M>: SealedEntities {
    #[doc(hidden)]
    fn handles(&self) -> Vec<Tracked<M>>;
}

impl<M> SealedEntities for Tracked<M> {}
impl<M> SealedEntities for &[Tracked<M>] {}
impl<M> SealedEntities for &Vec<Tracked<M>> {}
impl<M> SealedEntities for Vec<Tracked<M>> {}
impl<M, const N: usize> SealedEntities for &[Tracked<M>; N] {}
impl<M, const N: usize> SealedEntities for [Tracked<M>; N] {}

impl<M: Model> Entities<M> for Tracked<M> {
    fn handles(&self) -> Vec<Tracked<M>> {
        vec![*self]
    }
}

impl<M: Model> Entities<M> for &[Tracked<M>] {
    fn handles(&self) -> Vec<Tracked<M>> {
        self.to_vec()
    }
}

impl<M: Model> Entities<M> for &Vec<Tracked<M>> {
    fn handles(&self) -> Vec<Tracked<M>> {
        self.to_vec()
    }
}

impl<M: Model> Entities<M> for Vec<Tracked<M>> {
    fn handles(&self) -> Vec<Tracked<M>> {
        self.clone()
    }
}

impl<M: Model, const N: usize> Entities<M> for &[Tracked<M>; N] {
    fn handles(&self) -> Vec<Tracked<M>> {
        self.to_vec()
    }
}

impl<M: Model, const N: usize> Entities<M> for [Tracked<M>; N] {
    fn handles(&self) -> Vec<Tracked<M>> {
        self.to_vec()
    }
}
