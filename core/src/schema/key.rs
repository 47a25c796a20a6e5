//! Keys and checks of a table.

use std::borrow::Cow;

use super::{Table, names};
use crate::sql::Expr;

/// A unique key.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let key = &User::table().uniques[0];
/// assert_eq!((&*key.name(User::table()), key.columns), ("uq_users_email", &[1][..]));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unique {
    /// Its name where the model gives one; else it is made from the table and the columns.
    pub name: Option<&'static str>,
    /// Its columns, by their index in the table.
    pub columns: &'static [u16],
}

/// A foreign key: columns of one table that name a row of another.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let key = &Order::table().foreign_keys[0];
/// assert_eq!((key.table)(), User::table());
/// assert_eq!(key.name(Order::table()), "fk_orders_user_id_users");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ForeignKey {
    /// Its name where the model gives one; else it is made from the tables and the columns.
    pub name: Option<&'static str>,
    /// Its columns, by their index in the table.
    pub columns: &'static [u16],
    /// The table it refers to. A function, because tables may refer to each other and to themselves.
    pub table: fn() -> &'static Table,
    /// The columns it refers to, by their index in that table.
    pub references: &'static [u16],
    /// What happens to this row when the row it refers to is deleted.
    pub on_delete: Action,
    /// What happens to this row when the key it refers to is changed.
    pub on_update: Action,
}

/// What a foreign key does when the row it refers to goes away or changes its key.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::schema::Action;
///
/// assert_eq!(Order::table().foreign_keys[0].on_delete, Action::Restrict);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Action {
    /// The change is refused while a row refers to it.
    #[default]
    Restrict,
    /// The referring rows go, or change, with it.
    Cascade,
    /// The referring columns become NULL.
    SetNull,
    /// The referring columns get their defaults. The MySQL family has no such action.
    SetDefault,
}

/// A check constraint.
///
/// ```
/// use creole::prelude::*;
///
/// #[derive(Model)]
/// #[model(table = "products", check(price_not_negative = Product::price.ge(0)))]
/// struct Product {
///     #[model(primary_key)]
///     id: i64,
///     price: i64,
/// }
///
/// let check = &Product::table().checks[0];
/// assert_eq!(check.name(Product::table()), "ck_products_price_not_negative");
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Check {
    /// Its name; the constraint in the database is called `ck_{table}_{name}`.
    pub name: &'static str,
    /// The condition every row must meet. A function, because a condition is built from columns.
    pub condition: fn() -> Expr,
}

impl Unique {
    /// A key of these columns, by their index in the table, named after them.
    pub const fn new(columns: &'static [u16]) -> Unique {
        Unique { name: None, columns }
    }

    /// The same with a name.
    pub const fn named(mut self, name: &'static str) -> Unique {
        self.name = Some(name);
        self
    }

    /// The name in the database.
    pub fn name(&self, table: &Table) -> Cow<'static, str> {
        self.name.map_or_else(|| names::of_columns("uq", table, self.columns), Cow::Borrowed)
    }
}

impl Action {
    /// [`SetNull`](Action::SetNull) for columns of which this says, one by one, whether they may be NULL. The derive writes calls to
    /// it, which run while the model is compiled.
    ///
    /// # Panics
    /// Where one may not.
    #[track_caller]
    pub const fn set_null(mut columns: &[bool]) -> Action {
        while let [may_be_null, rest @ ..] = columns {
            assert!(*may_be_null, "`set_null` needs a column that may be NULL: make the field an `Option`");
            columns = rest;
        }
        Action::SetNull
    }

    /// How SQL calls it.
    pub fn sql(self) -> &'static str {
        match self {
            Action::Restrict => "RESTRICT",
            Action::Cascade => "CASCADE",
            Action::SetNull => "SET NULL",
            Action::SetDefault => "SET DEFAULT",
        }
    }
}

impl ForeignKey {
    /// A key of these columns, by their place in their table, that refers to those of another. It is named after the tables and
    /// its columns, and refuses changes that would break it.
    pub const fn new(columns: &'static [u16], table: fn() -> &'static Table, references: &'static [u16]) -> ForeignKey {
        let (on_delete, on_update) = (Action::Restrict, Action::Restrict);
        ForeignKey { name: None, columns, table, references, on_delete, on_update }
    }

    /// The same with a name.
    pub const fn named(mut self, name: &'static str) -> ForeignKey {
        self.name = Some(name);
        self
    }

    /// The same with something else that happens when the row it refers to is deleted.
    pub const fn on_delete(mut self, action: Action) -> ForeignKey {
        self.on_delete = action;
        self
    }

    /// The same with something else that happens when the key it refers to is changed.
    pub const fn on_update(mut self, action: Action) -> ForeignKey {
        self.on_update = action;
        self
    }

    /// The name in the database.
    pub fn name(&self, table: &Table) -> Cow<'static, str> {
        self.name.map_or_else(|| names::foreign_key(table, self.columns, (self.table)()), Cow::Borrowed)
    }
}

impl Check {
    /// A condition that every row must meet.
    pub const fn new(name: &'static str, condition: fn() -> Expr) -> Check {
        Check { name, condition }
    }

    /// The name in the database.
    pub fn name(&self, table: &Table) -> Cow<'static, str> {
        names::check(table, self.name)
    }
}
