//! [`RelatedRows`]: the rows of a relation, narrowed down.

use std::fmt;
use std::marker::PhantomData;

use super::each::PushLoad;
use super::load::Load;
use super::rows_of::RowsOf;
use super::statement::Several;
use crate::model::{Cardinality, Link, Many, Model, Relation};
use crate::query::expr::Condition;
use crate::query::select::{OrderBy, Select, Selection, select};
use crate::sealed::Sealed;
use crate::sql::{DeletedRows, TableRef};
use crate::types::{NotNull, Nullable};

/// The rows of a relation, narrowed down, sorted, or read as something else, for [`with`](Select::with) and
/// [`load`](crate::query::load): `User::orders.filter(Order::paid).order_by(Order::day.desc()).limit(3)`.
///
/// `R` is what a row is read as, `L` what is loaded with each of them in turn. Filters and limits count for each row that they belong
/// to: three orders of every user.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let dearest = User::orders.order_by(Order::price.desc()).limit(1);
/// let users = User::select().order_by(User::id).with(dearest).all(&engine).await?;
/// let prices = users.iter().map(|(user, orders)| (user.name.as_str(), orders.first().map(|order| order.price)));
/// assert_eq!(prices.collect::<Vec<_>>(), [("Ada", Some(8000)), ("Bob", Some(2500)), ("Cleo", None)]);
/// # Ok(())
/// # }
/// ```
#[must_use = "the rows of a relation are loaded by `.with(…)` of a SELECT, or by `load(&rows, …)`"]
pub struct RelatedRows<F, T, C, R = T, L = ()> {
    pub(super) link: Link,
    pub(super) rows: Select<R>,
    pub(super) several: Several,
    pub(super) each: L,
    pub(super) of: PhantomData<Of<F, T, C>>,
}

/// The types that it is about, of which it holds none.
type Of<F, T, C> = fn() -> (F, T, C);

impl<F, T, C, R, L> Sealed for RelatedRows<F, T, C, R, L> {}

impl<F: Model, T: Model, C: Cardinality> RelatedRows<F, T, C> {
    pub(in crate::query) fn of(relation: Relation<F, T, C>) -> RelatedRows<F, T, C> {
        let several = if C::IS_MANY { Several::All } else { Several::One };
        RelatedRows { link: relation.link(), rows: T::select(), several, each: (), of: PhantomData }
    }
}

impl<F: Model, T: Model, C: Cardinality> Relation<F, T, C> {
    /// Only related rows for which this holds. Of a relation to one row, which may be none then, an `Option` is loaded.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let adults = Order::user.filter(User::age.ge(40));
    /// let orders: Vec<(Order, Option<User>)> = Order::select().order_by(Order::id).with(adults).all(&engine).await?;
    /// assert_eq!(orders.iter().map(|(_, user)| user.is_some()).collect::<Vec<_>>(), [false, false, true]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn filter(self, condition: impl Condition) -> RelatedRows<F, T, C::Narrowed> {
        RelatedRows::of(self).filter(condition)
    }

    /// Related rows that are marked as deleted too, which are else left out; those of a table between, too.
    ///
    /// ```
    /// # use creole::prelude::*;
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "pages", has_many(notes = Note::page_id))]
    /// # struct Page {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// # }
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "notes")]
    /// # struct Note {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// #     #[model(references = Page::id)]
    /// #     page_id: i64,
    /// #     #[model(soft_delete)]
    /// #     deleted: bool,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Page, Note]).await?;
    /// # insert(&Page { id: 1 }).exec(&engine).await?;
    /// # insert_all(&[1, 2, 3].map(|id| Note { id, page_id: 1, deleted: id == 1 })).exec(&engine).await?;
    /// let (_, notes) = Page::select().with(Page::notes).one(&engine).await?;
    /// assert_eq!(notes.len(), 2);
    /// let (_, notes) = Page::select().with(Page::notes.with_deleted()).one(&engine).await?;
    /// assert_eq!(notes.len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_deleted(self) -> RelatedRows<F, T, C> {
        RelatedRows::of(self).with_deleted()
    }

    /// Only related rows that are marked as deleted. Of a relation to one row, which may be none then, an `Option` is loaded.
    ///
    /// ```
    /// # use creole::prelude::*;
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "pages", has_many(notes = Note::page_id))]
    /// # struct Page {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// # }
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "notes")]
    /// # struct Note {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// #     #[model(references = Page::id)]
    /// #     page_id: i64,
    /// #     #[model(soft_delete)]
    /// #     deleted: bool,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Page, Note]).await?;
    /// # insert(&Page { id: 1 }).exec(&engine).await?;
    /// # insert_all(&[1, 2, 3].map(|id| Note { id, page_id: 1, deleted: id == 1 })).exec(&engine).await?;
    /// let (_, notes) = Page::select().with(Page::notes.only_deleted()).one(&engine).await?;
    /// assert_eq!(notes.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn only_deleted(self) -> RelatedRows<F, T, C::Narrowed> {
        RelatedRows::of(self).only_deleted()
    }

    /// The related rows with what belongs to each of them in turn.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// // Each order with its user, and all that this user has ordered.
    /// let orders: Vec<(Order, (User, Vec<Order>))> =
    ///     Order::select().order_by(Order::id).with(Order::user.with(User::orders)).all(&engine).await?;
    /// assert_eq!(orders[0].1.1.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn with<N: Load>(self, relation: N) -> RelatedRows<F, T, C, T, (N,)>
    where
        T: RowsOf<N::From>,
    {
        RelatedRows::of(self).with(relation)
    }

    /// The related rows read as columns or expressions, and no more of them.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let items = User::orders.select(Order::item);
    /// let users: Vec<(User, Vec<String>)> = User::select().order_by(User::id).with(items).all(&engine).await?;
    /// assert_eq!(users[0].1, ["lamp", "desk"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn select<S: Selection>(self, selection: S) -> RelatedRows<F, T, C, S::Row> {
        RelatedRows::of(self).select(selection)
    }
}

impl<F: Model, T: Model> Relation<F, T, NotNull> {
    /// The related row as an `Option`: for rows of an outer join, which may lack the row that refers to it.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let pairs = select((User::name, Order::ALL.optional())).left_join(User::orders).filter(User::id.eq(3));
    /// let ((name, order), owner): ((String, Option<Order>), Option<User>) =
    ///     pairs.with(Order::user.optional()).one(&engine).await?;
    /// assert_eq!((name.as_str(), order, owner), ("Cleo", None, None));
    /// # Ok(())
    /// # }
    /// ```
    pub fn optional(self) -> RelatedRows<F, T, Nullable> {
        let RelatedRows { link, rows, several, each, .. } = RelatedRows::of(self);
        RelatedRows { link, rows, several, each, of: PhantomData }
    }
}

impl<F: Model, T: Model> Relation<F, T, Many> {
    /// The related rows in this order, before that of their primary key.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let newest_first = User::orders.order_by(Order::day.desc());
    /// let (_, orders) = User::select().filter(User::id.eq(1)).with(newest_first).one(&engine).await?;
    /// assert_eq!(orders.iter().map(|order| order.id).collect::<Vec<_>>(), [2, 1]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn order_by(self, order: impl OrderBy) -> RelatedRows<F, T, Many> {
        RelatedRows::of(self).order_by(order)
    }

    /// So many related rows of each row at most.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users = User::select().order_by(User::id).with(User::orders.limit(1)).all(&engine).await?;
    /// assert_eq!(users.iter().map(|(_, orders)| orders.len()).collect::<Vec<_>>(), [1, 1, 0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn limit(self, rows: u64) -> RelatedRows<F, T, Many> {
        RelatedRows::of(self).limit(rows)
    }
}

impl<F: Model, T: Model, C: Cardinality, R: Send + 'static, L> RelatedRows<F, T, C, R, L> {
    /// Only related rows for which this holds, and those before.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let lamps = User::orders.filter(Order::item.eq("lamp")).filter(Order::price.gt(2600));
    /// let users = User::select().order_by(User::id).with(lamps).all(&engine).await?;
    /// assert_eq!(users.iter().map(|(_, lamps)| lamps.len()).collect::<Vec<_>>(), [1, 0, 0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn filter(self, condition: impl Condition) -> RelatedRows<F, T, C::Narrowed, R, L> {
        let RelatedRows { link, rows, several, each, .. } = self;
        RelatedRows { link, rows: rows.filter(condition), several, each, of: PhantomData }
    }

    /// Related rows that are marked as deleted too; see [`Relation::with_deleted`].
    ///
    /// ```
    /// # use creole::prelude::*;
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "pages", has_many(notes = Note::page_id))]
    /// # struct Page {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// # }
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "notes")]
    /// # struct Note {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// #     #[model(references = Page::id)]
    /// #     page_id: i64,
    /// #     #[model(soft_delete)]
    /// #     deleted: bool,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Page, Note]).await?;
    /// # insert(&Page { id: 1 }).exec(&engine).await?;
    /// # insert_all(&[1, 2, 3].map(|id| Note { id, page_id: 1, deleted: id == 1 })).exec(&engine).await?;
    /// let all = Page::notes.filter(Note::id.lt(3)).with_deleted();
    /// let (_, notes) = Page::select().with(all).one(&engine).await?;
    /// assert_eq!(notes.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_deleted(mut self) -> RelatedRows<F, T, C, R, L> {
        self.rows = self.rows.with_deleted();
        self
    }

    /// Only related rows that are marked as deleted; see [`Relation::only_deleted`].
    ///
    /// ```
    /// # use creole::prelude::*;
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "pages", has_many(notes = Note::page_id))]
    /// # struct Page {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// # }
    /// # #[derive(Model, Debug, Clone, PartialEq)]
    /// # #[model(table = "notes")]
    /// # struct Note {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// #     #[model(references = Page::id)]
    /// #     page_id: i64,
    /// #     #[model(soft_delete)]
    /// #     deleted: bool,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// # engine.create_all(tables![Page, Note]).await?;
    /// # insert(&Page { id: 1 }).exec(&engine).await?;
    /// # insert_all(&[1, 2, 3].map(|id| Note { id, page_id: 1, deleted: id == 1 })).exec(&engine).await?;
    /// let deleted = Page::notes.filter(Note::id.gt(1)).only_deleted();
    /// let (_, notes) = Page::select().with(deleted).one(&engine).await?;
    /// assert_eq!(notes.len(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn only_deleted(self) -> RelatedRows<F, T, C::Narrowed, R, L> {
        let RelatedRows { link, mut rows, several, each, .. } = self;
        rows.tree_mut().set_deleted(DeletedRows::Only(Some(TableRef::new(T::table()))));
        RelatedRows { link, rows, several, each, of: PhantomData }
    }

    /// Each related row with what belongs to it in turn, after what was asked for before.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let paid_with_user = User::orders.filter(Order::paid).with(Order::user);
    /// let (_, orders) = User::select().filter(User::id.eq(1)).with(paid_with_user).one(&engine).await?;
    /// let [(order, user)] = orders.as_slice() else { panic!("there is one") };
    /// assert_eq!((order.item.as_str(), user.name.as_str()), ("lamp", "Ada"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn with<N: Load>(self, relation: N) -> RelatedRows<F, T, C, R, L::Pushed>
    where
        T: RowsOf<N::From>,
        L: PushLoad<N>,
    {
        let RelatedRows { link, rows, several, each, .. } = self;
        RelatedRows { link, rows, several, each: each.push(relation), of: PhantomData }
    }

    /// The related rows read as columns or expressions.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let prices = User::orders.order_by(Order::price).select((Order::item, Order::price));
    /// let (_, orders) = User::select().filter(User::id.eq(1)).with(prices).one(&engine).await?;
    /// assert_eq!(orders, [("lamp".to_owned(), 3000), ("desk".to_owned(), 8000)]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn select<S: Selection>(self, selection: S) -> RelatedRows<F, T, C, S::Row, L> {
        let RelatedRows { link, rows, several, each, .. } = self;
        RelatedRows { link, rows: rows.selecting(select(selection)), several, each, of: PhantomData }
    }
}

impl<F: Model, T: Model, C, L> RelatedRows<F, T, C, T, L> {
    /// The same rows, however many there may be, and without what belongs to them.
    pub(crate) fn of_each(&self) -> RelatedRows<F, T, Many> {
        RelatedRows { link: self.link, rows: self.rows.clone(), several: self.several, each: (), of: PhantomData }
    }

    /// The columns that it leads by.
    pub(crate) fn link(&self) -> Link {
        self.link
    }

    /// What is loaded beneath them.
    pub(crate) fn relations(&self) -> &L {
        &self.each
    }
}

impl<F: Model, T: Model, C, R> RelatedRows<F, T, C, R> {
    /// The same rows, read in another way.
    pub(in crate::query) fn reading<I, L>(
        self,
        how: impl FnOnce(Select<R>) -> (Select<I>, L),
    ) -> RelatedRows<F, T, C, I, L> {
        let RelatedRows { link, rows, several, .. } = self;
        let (rows, each) = how(rows);
        RelatedRows { link, rows, several, each, of: PhantomData }
    }
}

impl<F: Model, T: Model, R: Send + 'static, L> RelatedRows<F, T, Many, R, L> {
    /// The related rows in this order, after those given before and before that of their primary key.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let by_item = User::orders.filter(Order::price.gt(0)).order_by((Order::item, Order::day.desc()));
    /// let (_, orders) = User::select().filter(User::id.eq(1)).with(by_item).one(&engine).await?;
    /// assert_eq!(orders[0].item, "desk");
    /// # Ok(())
    /// # }
    /// ```
    pub fn order_by(mut self, order: impl OrderBy) -> RelatedRows<F, T, Many, R, L> {
        self.rows = self.rows.order_by(order);
        self
    }

    /// So many related rows of each row at most.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let newest = User::orders.order_by(Order::day.desc()).limit(1);
    /// let users = User::select().order_by(User::id).with(newest).all(&engine).await?;
    /// assert_eq!(users[0].1[0].item, "desk");
    /// # Ok(())
    /// # }
    /// ```
    pub fn limit(mut self, rows: u64) -> RelatedRows<F, T, Many, R, L> {
        self.several = Several::Some { offset: self.offset_now(), limit: Some(rows) };
        self
    }

    /// The related rows of each row after so many.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let but_the_first = User::orders.order_by(Order::day).offset(1);
    /// let users = User::select().order_by(User::id).with(but_the_first).all(&engine).await?;
    /// assert_eq!(users.iter().map(|(_, orders)| orders.len()).collect::<Vec<_>>(), [1, 0, 0]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn offset(mut self, rows: u64) -> RelatedRows<F, T, Many, R, L> {
        let limit = match self.several {
            Several::Some { limit, .. } => limit,
            Several::One | Several::All => None,
        };
        self.several = Several::Some { offset: rows, limit };
        self
    }

    fn offset_now(&self) -> u64 {
        match self.several {
            Several::Some { offset, .. } => offset,
            Several::One | Several::All => 0,
        }
    }
}

impl<F, T, C, R, L: Clone> Clone for RelatedRows<F, T, C, R, L> {
    fn clone(&self) -> RelatedRows<F, T, C, R, L> {
        RelatedRows { rows: self.rows.clone(), each: self.each.clone(), ..*self }
    }
}

impl<F, T, C, R, L: fmt::Debug> fmt::Debug for RelatedRows<F, T, C, R, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelatedRows").field("rows", &self.rows).field("each", &self.each).finish_non_exhaustive()
    }
}
