//! [`Cardinality`]: to how many rows a relation leads, and as what they are handed out.

use crate::sealed::Sealed;
use crate::types::{NotNull, Nullable};

/// To any number of rows.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::model::{Many, Relation};
///
/// let orders: Relation<User, Order, Many> = User::orders;
/// assert_eq!(orders.link(), User::orders.link());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Many {}

impl Sealed for Many {}

/// To how many rows a relation leads: [`Many`], one ([`NotNull`]), or one at most ([`Nullable`]); or to one that rows share
/// ([`Shared`](super::Shared)).
pub trait Cardinality: Sealed + 'static {
    /// To how many of these rows it leads where some are filtered out.
    type Narrowed: Cardinality;

    /// Whether there may be several.
    const IS_MANY: bool = false;

    /// How often a row is decoded.
    #[doc(hidden)]
    const DECODED: Decoded = Decoded::ForEach;
}

/// As what a relation's rows of type `X` are handed out to the rows that they belong to.
pub trait HandOut<X>: Cardinality {
    /// `Vec<X>`, `X` or `Option<X>`; with an `Arc` around each `X` that is shared.
    type Of: Send + 'static;

    /// Hands rows out to their owners.
    #[doc(hidden)]
    fn hand_out(rows: Vec<X>, owners: &Owners<'_>) -> Result<Vec<Self::Of>, Misfit>;
}

/// The relations to one row, or to one at most.
#[diagnostic::on_unimplemented(
    message = "the rows of this relation can be neither shared nor joined",
    label = "only those of a relation to one row can, such as `Order::user`, and one of both",
    note = "a row of a `has_many` belongs to one row alone; load a `many_to_many` as rows of the table between, each with its shared row"
)]
pub trait ToOne: Cardinality {
    /// To one at most.
    type AtMost: ToOne;
}

/// How often a row is decoded.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoded {
    /// For each row that it belongs to.
    ForEach,
    /// Once for all of them.
    Once,
}

/// The rows that others belong to.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Owners<'o> {
    /// For each related row the index of its owner, which is the first of several where it is decoded once for all.
    pub of: &'o [usize],
    /// For each owner the next one that has its key.
    pub next: &'o [Option<usize>],
}

impl Owners<'_> {
    /// This owner, and those after it that have its key.
    pub(super) fn alike(&self, first: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(first), |&owner| self.next.get(owner).copied().flatten())
    }
}

/// In what the rows that were found are not what a relation says.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// The row that a row must have is not there.
    Missing,
    /// A row that has one at most has a second one.
    Second,
}

impl Cardinality for Many {
    type Narrowed = Many;

    const IS_MANY: bool = true;
}

impl Cardinality for NotNull {
    type Narrowed = Nullable;
}

impl Cardinality for Nullable {
    type Narrowed = Nullable;
}

impl ToOne for NotNull {
    type AtMost = Nullable;
}

impl ToOne for Nullable {
    type AtMost = Nullable;
}

impl<X: Send + 'static> HandOut<X> for Many {
    type Of = Vec<X>;

    fn hand_out(rows: Vec<X>, owners: &Owners<'_>) -> Result<Vec<Vec<X>>, Misfit> {
        let mut sizes = vec![0; owners.next.len()];
        for &owner in owners.of {
            if let Some(size) = sizes.get_mut(owner) {
                *size += 1;
            }
        }
        let mut handed: Vec<Vec<X>> = sizes.into_iter().map(Vec::with_capacity).collect();
        for (row, &owner) in rows.into_iter().zip(owners.of) {
            if let Some(own) = handed.get_mut(owner) {
                own.push(row);
            }
        }
        Ok(handed)
    }
}

impl<X: Send + 'static> HandOut<X> for NotNull {
    type Of = X;

    fn hand_out(rows: Vec<X>, owners: &Owners<'_>) -> Result<Vec<X>, Misfit> {
        let rows = Nullable::hand_out(rows, owners)?;
        rows.into_iter().map(|row| row.ok_or(Misfit::Missing)).collect()
    }
}

impl<X: Send + 'static> HandOut<X> for Nullable {
    type Of = Option<X>;

    fn hand_out(rows: Vec<X>, owners: &Owners<'_>) -> Result<Vec<Option<X>>, Misfit> {
        let mut handed: Vec<Option<X>> = std::iter::repeat_with(|| None).take(owners.next.len()).collect();
        for (row, &owner) in rows.into_iter().zip(owners.of) {
            let Some(own) = handed.get_mut(owner) else { continue };
            if own.replace(row).is_some() {
                return Err(Misfit::Second);
            }
        }
        Ok(handed)
    }
}
