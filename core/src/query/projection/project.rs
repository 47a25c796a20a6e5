//! `project`: rows of a model read as a projection.

use std::any::type_name;

use super::field_list::Fields;
use super::nesting;
use super::parts::{HiddenKeys, Parts, Unbuilt};
use super::projection::{Projected, Projection};
use super::read_as::ReadAs;
use crate::model::{Cardinality, Model, Relation};
use crate::query::load::{KeyColumns, RelatedRows, With};
use crate::query::select::Select;
use crate::sql::{self, ColumnRef, Expr, Item, TableRef};

impl<M: Model> Select<M> {
    /// The rows read as a projection of the model.
    ///
    /// Clauses that a projection's statement has no verb for, such as `left_join` and `group_by`, are said before.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// #[derive(Projection, Debug, PartialEq)]
    /// #[projection(of = User)]
    /// struct Spent {
    ///     name: String,
    ///     #[projection(sum(Order::price))]
    ///     cents: Option<i64>,
    /// }
    ///
    /// let spent = User::select().left_join(User::orders).group_by((User::id, User::name)).order_by(User::id);
    /// let spent = spent.project::<Spent>().all(&engine).await?;
    /// assert_eq!(spent.last(), Some(&Spent { name: "Cleo".into(), cents: None }));
    /// # Ok(())
    /// # }
    /// ```
    pub fn project<P: Projection<Of = M>>(self) -> Projected<P> {
        let (select, each) = project::<P>(self);
        With { select, each }
    }
}

impl<F: Model, T: Model, C: Cardinality> Relation<F, T, C> {
    /// The related rows read as a projection of their model.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// #[derive(Projection, Debug, PartialEq)]
    /// #[projection(of = User)]
    /// struct Buyer {
    ///     name: String,
    /// }
    ///
    /// let orders = Order::select().order_by(Order::id).with(Order::user.project::<Buyer>());
    /// let orders: Vec<(Order, Buyer)> = orders.all(&engine).await?;
    /// assert_eq!(orders[2].1.name, "Bob");
    /// # Ok(())
    /// # }
    /// ```
    pub fn project<P: Projection<Of = T>>(self) -> RelatedRows<F, T, C, Unbuilt<P>, Parts<P>> {
        RelatedRows::of(self).read_as::<P>()
    }
}

impl<F: Model, T: Model, C: Cardinality> RelatedRows<F, T, C> {
    /// The related rows read as a projection of their model.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// #[derive(Projection, Debug, PartialEq)]
    /// #[projection(of = Order)]
    /// struct Item {
    ///     item: String,
    /// }
    ///
    /// let newest = User::orders.order_by(Order::day.desc()).limit(1).project::<Item>();
    /// let (_, items) = User::select().filter(User::id.eq(1)).with(newest).one(&engine).await?;
    /// assert_eq!(items, [Item { item: "desk".into() }]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn project<P: Projection<Of = T>>(self) -> RelatedRows<F, T, C, Unbuilt<P>, Parts<P>> {
        self.read_as::<P>()
    }
}

/// A SELECT of what the fields of a projection are read from, with the keys of their relations. The derive writes calls to it.
#[doc(hidden)]
pub fn project<P: Projection>(rows: Select<P::Of>) -> (Select<Unbuilt<P>>, Parts<P>) {
    if rows.tree().plain().is_none() || !rows.is_of_whole_models() {
        return refused(
            rows,
            "a projection is made of the rows of a model, and these are put together from several SELECTs: ask by `is_in` of a subquery which rows are meant".to_owned(),
        );
    }
    let Some(_opened) = nesting::open::<P>() else {
        let message = format!(
            "{} contains itself, and how deep rows go is not known: read each level as a projection of its own, or the tree by a recursive CTE",
            type_name::<P>()
        );
        return refused(rows, message);
    };
    let Fields { items, required, relations, decode } = P::fields();
    let mut select = rows.read_by(decode);
    let tree = select.tree_mut();
    tree.set_required(required.into());
    tree.set_items(items);
    let keys = select_keys(tree, relations.iter().map(|relation| relation.key()));
    (select, Parts { relations, keys })
}

/// Selects the columns of these keys as well, where they are not read already.
fn select_keys(tree: &mut sql::Select, keys: impl Iterator<Item = KeyColumns>) -> HiddenKeys {
    let mut hidden = Vec::new();
    for key in keys {
        let table = TableRef::new(key.table);
        for &index in key.columns {
            let column = Item::Expr(Expr::Column(ColumnRef { table, index }));
            let is_read = column.expr().is_some_and(|column| tree.place_of(column).is_some());
            if !is_read && !hidden.contains(&column) {
                hidden.push(column);
            }
        }
    }
    if hidden.is_empty() {
        return HiddenKeys::None;
    }
    tree.set_items(tree.items().iter().cloned().chain(hidden).collect());
    HiddenKeys::Some
}

/// A statement that is an error wherever it is run.
#[cold]
fn refused<P: Projection>(rows: Select<P::Of>, misuse: String) -> (Select<Unbuilt<P>>, Parts<P>) {
    let mut select = rows.read_by(|_| Ok(Unbuilt(P::no_slots())));
    select.tree_mut().misused(misuse);
    (select, Parts { relations: Vec::new(), keys: HiddenKeys::None })
}

impl<F: Model, T: Model, C, R: Send + 'static> RelatedRows<F, T, C, R> {
    pub(super) fn read_as<I: ReadAs<R>>(self) -> RelatedRows<F, T, C, I::Row, I::Each> {
        self.reading(I::read_as)
    }
}
