//! [`NamedRelation`]: a relation as data, for errors that name it.

use super::{Link, Model, Relation};
use crate::schema::Table;

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
}

impl NamedRelation {
    /// The relation whose constant is called `path`. The derive writes calls to it.
    pub const fn new<F: Model, T: Model, C>(path: &'static str, relation: Relation<F, T, C>) -> NamedRelation {
        NamedRelation { path, to: T::table, link: relation.link() }
    }

    /// The name of a relation from `F` to `T`.
    pub(crate) fn path_of<F: Model, T: Model>(link: Link) -> Option<&'static str> {
        let is_it = |relation: &&NamedRelation| (relation.to)() == T::table() && relation.link == link;
        F::RELATIONS.iter().find(is_it).map(|relation| relation.path)
    }
}
