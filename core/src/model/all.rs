//! [`All`].

use crate::sealed::Sealed;
use std::fmt;
use std::marker::PhantomData;

/// Every column of a model, as one thing to select: `User::ALL`.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let rows = select((User::ALL, Order::item)).join(User::orders).order_by(Order::id).all(&engine).await?;
/// let rows: Vec<(&str, &str)> = rows.iter().map(|(user, item)| (&*user.name, &**item)).collect();
/// assert_eq!(rows, [("Ada", "lamp"), ("Ada", "desk"), ("Bob", "lamp")]);
/// # Ok(())
/// # }
/// ```
pub struct All<M> {
    model: PhantomData<fn() -> M>,
}

impl<M> Sealed for All<M> {}

impl<M> All<M> {
    /// Every column of `M`.
    pub const fn new() -> All<M> {
        All { model: PhantomData }
    }
}

impl<M> Default for All<M> {
    fn default() -> All<M> {
        All::new()
    }
}

impl<M> Clone for All<M> {
    fn clone(&self) -> All<M> {
        *self
    }
}

impl<M> Copy for All<M> {}

impl<M> fmt::Debug for All<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("All")
    }
}
