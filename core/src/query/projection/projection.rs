//! [`Projection`]: what `#[derive(Projection)]` makes of a struct.

use super::field_list::Fields;
use super::parts::{Parts, Unbuilt};
use super::read_as::ReadAs;
use crate::model::Model;
use crate::query::load::With;

/// A struct that says what it wants of a model: columns, expressions, and what belongs to the row, as projections in turn. Derived:
/// `#[derive(Projection)]`, which says how.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// #[derive(Projection, Debug, PartialEq)]
/// #[projection(of = User)]
/// struct UserCard {
///     name: String,
///     #[projection(User::orders.count())]
///     order_count: i64,
///     #[projection(User::orders.order_by(Order::id.desc()).limit(1))]
///     latest: Vec<OrderCard>,
/// }
///
/// #[derive(Projection, Debug, PartialEq)]
/// #[projection(of = Order)]
/// struct OrderCard {
///     item: String,
/// }
///
/// let ada = UserCard::select().filter(User::id.eq(1)).one(&engine).await?;
/// let latest = vec![OrderCard { item: "desk".into() }];
/// assert_eq!(ada, UserCard { name: "Ada".into(), order_count: 2, latest });
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no projection of a model",
    label = "not a projection",
    note = "add `#[derive(Projection)]` to `{Self}`, and `#[projection(of = …)]` with the model that it is of"
)]
pub trait Projection: ReadAs<Self::Of, Row = Unbuilt<Self>, Each = Parts<Self>> {
    /// The model whose rows it is made of.
    type Of: Model;

    /// Its fields while they are read, each an `Option`.
    #[doc(hidden)]
    type Slots: Send + 'static;

    /// A statement of the rows of the model, read as this. It has the clauses and the ends of a SELECT with
    /// [`with`](crate::query::Select::with).
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// #[derive(Projection)]
    /// #[projection(of = Order)]
    /// struct Receipt {
    ///     item: String,
    ///     #[projection(Order::price * 2)]
    ///     double: i64,
    /// }
    ///
    /// let dearest = Receipt::select().order_by(Order::price.desc()).first(&engine).await?.expect("there are orders");
    /// assert_eq!((dearest.item.as_str(), dearest.double), ("desk", 16_000));
    /// # Ok(())
    /// # }
    /// ```
    fn select() -> Projected<Self> {
        Self::Of::select().project()
    }

    /// What its fields are read from.
    #[doc(hidden)]
    fn fields() -> Fields<Self>;

    /// No field is read yet.
    #[doc(hidden)]
    fn no_slots() -> Self::Slots;

    /// The struct, where all fields have been read.
    #[doc(hidden)]
    fn build(slots: Self::Slots) -> Option<Self>;
}

/// The statement that a projection is read by: [`Projection::select`] begins it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::Projected;
///
/// #[derive(Projection)]
/// #[projection(of = User)]
/// struct Name {
///     name: String,
/// }
///
/// fn adults() -> Projected<Name> {
///     Name::select().filter(User::age.ge(18)).order_by(User::id)
/// }
///
/// assert_eq!(adults().all(&engine).await?.len(), 2);
/// # Ok(())
/// # }
/// ```
pub type Projected<P> = With<Unbuilt<P>, Parts<P>>;
