//! [`Upserted`]: a row, and what became of it.

/// A row that an upsert has written or found, and which of the two.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::Upserted;
///
/// let user = User { email: "dora@example.com".into(), ..Default::default() };
/// let Upserted { row, outcome, .. } = insert(&user).on_conflict(User::email).do_nothing().upserted(&engine).await?;
/// assert_eq!((row.email, outcome), (user.email.clone(), Outcome::Inserted));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upserted<T> {
    /// The row as the database has it afterwards.
    pub row: T,
    /// What became of it.
    pub outcome: Outcome,
}

impl<T> Upserted<T> {
    /// A row, and what became of it.
    ///
    /// ```
    /// use creole::query::{Outcome, Upserted};
    ///
    /// let counted = [Upserted::new("ada", Outcome::Inserted), Upserted::new("bob", Outcome::Unchanged)];
    /// assert_eq!(counted.iter().filter(|one| one.outcome == Outcome::Inserted).count(), 1);
    /// ```
    pub fn new(row: T, outcome: Outcome) -> Upserted<T> {
        Upserted { row, outcome }
    }
}

/// What became of a row that was upserted.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let user = User { email: "ada@example.com".into(), age: Some(1), ..Default::default() };
/// let conflict = || insert(&user).on_conflict(User::email);
/// assert_eq!(conflict().do_nothing().upserted(&engine).await?.outcome, Outcome::Unchanged);
/// assert_eq!(conflict().update(User::age).upserted(&engine).await?.outcome, Outcome::Updated);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Its key was not there, and it was inserted.
    Inserted,
    /// Its key was there, and the row was updated; perhaps with what it held before.
    Updated,
    /// Its key was there, and the row stayed as it was: by `do_nothing`, or because the filter did not hold.
    Unchanged,
}
