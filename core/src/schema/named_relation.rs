//! [`NamedRelation`]: a relation as data, for texts that name it.

use super::{Link, Table};

/// A relation of a model, as data.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "users", has_many(orders = Order::user_id))]
/// struct User {
///     #[model(primary_key)]
///     id: i64,
/// }
///
/// #[derive(Model)]
/// #[model(table = "orders")]
/// struct Order {
///     #[model(primary_key)]
///     id: i64,
///     #[model(references = User::id)]
///     user_id: i64,
/// }
///
/// let [orders] = User::RELATIONS else { panic!("there is one") };
/// assert_eq!(orders.path, "User::orders");
/// assert_eq!((orders.to)().name, "orders");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct NamedRelation {
    /// Its constant: `User::orders`.
    pub path: &'static str,
    /// The table it leads to. A function, because tables may refer to each other.
    pub to: fn() -> &'static Table,
    /// Which columns are equal.
    pub link: Link,
    /// What becomes of a row that a session takes out of it.
    pub leaving: Leaving,
}

/// What becomes of a related row that a session takes out of a relation.
///
/// ```
/// use creole::model::Leaving;
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "orders", has_many(lines = Line::order_id, owned))]
/// struct Order {
///     #[model(primary_key)]
///     id: i64,
/// }
///
/// #[derive(Model)]
/// #[model(table = "lines")]
/// struct Line {
///     #[model(primary_key)]
///     id: i64,
///     #[model(references = Order::id)]
///     order_id: i64,
/// }
///
/// assert_eq!(Order::RELATIONS[0].leaving, Leaving::Deleted);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// It stays, and refers to nothing.
    Kept,
    /// It is deleted: the row that it belongs to owns it.
    Deleted,
}
