//! [`Joined`]: the row of a relation to one, read by a join of the SELECT whose rows it belongs to.

use std::borrow::Cow;

use futures_core::future::BoxFuture;

use super::each::LoadEach;
use super::fetch::{WithoutRow, misfit_of};
use super::gather::Gather;
use super::keys::{KeyColumns, KeyPositions, Keys};
use super::load::{Load, LoadOn};
use super::parents::{key_positions, only_table};
use super::related_rows::RelatedRows;
use super::seconds::Seconds;
use crate::dialect::Dialect;
use crate::driver::{Row, RowReader};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Cardinality, HandOut, Misfit, Model, Owners, Relation, ToOne};
use crate::query::run::{Decode, Query};
use crate::query::select::equal;
use crate::schema::Table;
use crate::sealed::Sealed;
use crate::sql::{ColumnRef, Expr, Item, Join, JoinKind, Select, Source, TableRef};
use crate::types::ColumnType;

/// The names of joined tables, which nobody else has.
const NAMES: [&str; 16] = [
    "creole_joined",
    "creole_joined_2",
    "creole_joined_3",
    "creole_joined_4",
    "creole_joined_5",
    "creole_joined_6",
    "creole_joined_7",
    "creole_joined_8",
    "creole_joined_9",
    "creole_joined_10",
    "creole_joined_11",
    "creole_joined_12",
    "creole_joined_13",
    "creole_joined_14",
    "creole_joined_15",
    "creole_joined_16",
];

/// The rows of a relation to one row, read by an outer join in the statement of the rows that they belong to. Made by
/// [`Relation::joined`] and [`RelatedRows::joined`].
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// use creole::query::{Joined, RelatedRows};
/// use creole::types::NotNull;
///
/// let user: Joined<RelatedRows<Order, User, NotNull>> = Order::user.joined();
/// let orders: Vec<(Order, User)> = Order::select().order_by(Order::id).with(user).all(&engine).await?;
/// assert_eq!(orders[2].1.name, "Bob");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use = "the rows of a relation are loaded by `.with(…)` of a SELECT"]
pub struct Joined<B> {
    pub(in crate::query) rows: B,
}

impl<B> Sealed for Joined<B> {}

impl<F: Model, T: Model, C: Cardinality> Relation<F, T, C> {
    /// The related row, read by a join rather than by a statement of its own: one round trip less, and a row that others share is sent
    /// with each of them.
    ///
    /// It is said last: `Order::user.filter(…).with(…).joined()`. Which way is cheaper is in the guide on relations.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let order = Order::select().filter(Order::id.eq(1)).with(Order::user.joined());
    /// assert_eq!(order.sql(&Sqlite)?.lines().count(), 1);
    /// let (order, user) = order.one(&engine).await?;
    /// assert_eq!((order.item.as_str(), user.name.as_str()), ("lamp", "Ada"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn joined(self) -> Joined<RelatedRows<F, T, C>>
    where
        C: ToOne,
    {
        Joined { rows: RelatedRows::of(self) }
    }
}

impl<F: Model, T: Model, C: Cardinality, R: Send + 'static, L> RelatedRows<F, T, C, R, L> {
    /// As [`Relation::joined`], with what was said of the rows.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let names = Order::user.filter(User::age.ge(40)).select(User::name).joined();
    /// let orders: Vec<(Order, Option<String>)> = Order::select().order_by(Order::id).with(names).all(&engine).await?;
    /// assert_eq!(orders.into_iter().map(|(_, name)| name).collect::<Vec<_>>(), [None, None, Some("Bob".to_owned())]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn joined(self) -> Joined<RelatedRows<F, T, C, R, L>>
    where
        C: ToOne,
    {
        Joined { rows: self }
    }
}

/// Joined rows as they are read, each with the rows beneath it.
#[doc(hidden)]
#[derive(Debug)]
pub struct GatheredRows<R, G> {
    decode: Decode<R>,
    /// How many columns stand before those of the row.
    before: usize,
    /// A column that is NULL where no row was found.
    presence: (usize, ColumnType),
    rows: Vec<R>,
    /// For each row the index of the one that it belongs to.
    owners: Vec<usize>,
    count: usize,
    /// The column of the row that it belongs to by which it is found, which is NULL where there is no such row.
    key: Option<(usize, ColumnType)>,
    lacks_some: bool,
    /// Where the related rows are not found by their primary key, of which the database has each once.
    seconds: Option<Seconds>,
    beneath: G,
}

impl<R: Send + 'static, G: Gather> Gather for GatheredRows<R, G> {
    fn note(&mut self, row: &dyn Row) -> Result<()> {
        let owner = self.count;
        self.count += 1;
        let mut reader = RowReader::new(row);
        let (position, ty) = self.presence;
        if reader.is_null_at(position, ty)? {
            if let Some((position, ty)) = self.key {
                self.lacks_some |= reader.is_null_at(position, ty)?;
            }
            return Ok(());
        }
        if let Some(seconds) = &mut self.seconds {
            seconds.note(row)?;
        }
        reader.skip(self.before);
        self.rows.push((self.decode)(&mut reader)?);
        self.owners.push(owner);
        self.beneath.note(row)
    }
}

impl<F, T, C, R, L> Load for Joined<RelatedRows<F, T, C, R, L>>
where
    F: Model,
    T: Model,
    C: HandOut<L::Row>,
    R: Send + 'static,
    L: LoadEach<R>,
{
    type From = F;
    type Row = C::Of;
    type Gathered = GatheredRows<R, L::Gathered>;

    fn key(&self) -> KeyColumns {
        self.rows.key()
    }

    fn leads_to(&self) -> &'static Table {
        T::table()
    }

    /// It is part of the statement of the rows that it belongs to.
    fn statements(&self, dialect: &dyn Dialect, each: &mut dyn FnMut(&str)) -> Result<()> {
        self.refuse(dialect)?;
        self.rows.each.statements(dialect, each)
    }

    fn check(&self, dialect: &dyn Dialect) -> Result<()> {
        self.refuse(dialect)?;
        self.rows.each.check(dialect)
    }

    fn check_at_hand(&self) -> Result<()> {
        let message = "rows at hand have no statement in which a relation could be joined: leave `joined` out";
        Err(Error::new(ErrorKind::Syntax, message).with_table(T::table().name))
    }

    fn gather(&self, tree: &mut Cow<'_, Select>, from: Option<TableRef>) -> Result<Self::Gathered> {
        let key = KeyColumns { table: F::table(), columns: self.rows.link.from };
        let from = from.or_else(|| only_table(tree, key)).ok_or_else(|| not_joined(key))?;
        refuse(tree, T::table())?;
        let name = NAMES.into_iter().find(|name| !tree.tables().any(|table| table.alias == Some(name)));
        let Some(name) = name else {
            let message =
                format!("a statement joins at most {} relations by `joined`: load others by their own", NAMES.len());
            return Err(Error::new(ErrorKind::Syntax, message).with_table(T::table().name));
        };
        // Where the statement does not select it, nobody knows why a row is missing.
        let found = key_positions(tree, key, Some(from)).ok().and_then(|at| at.positions.first().copied());
        let before = tree.columns();
        let joined = TableRef { alias: Some(name), ..TableRef::new(T::table()) };
        self.join(tree.to_mut(), from, joined);
        let presence = self.presence(tree.to_mut(), joined);
        let seconds = self.seconds(tree.to_mut(), from, joined);
        let beneath = self.rows.each.gather(tree, Some(joined))?;
        let decode = self.rows.rows.decode();
        let (rows, owners, key, lacks_some) = (Vec::new(), Vec::new(), found, false);
        Ok(GatheredRows { decode, before, presence, rows, owners, count: 0, key, lacks_some, seconds, beneath })
    }

    fn finish<'r>(&'r self, gathered: Self::Gathered, on: &'r mut LoadOn<'_>) -> BoxFuture<'r, Result<Vec<Self::Row>>> {
        Box::pin(async move {
            let GatheredRows { rows, owners, count, beneath, lacks_some, seconds, .. } = gathered;
            if seconds.is_some_and(|seconds| seconds.were_found()) {
                return Err(misfit_of::<F, T>(self.rows.link, Misfit::Second, WithoutRow::None));
            }
            let rows = self.rows.each.load(rows, beneath, on).await?;
            let next = vec![None; count];
            let without_row = if lacks_some { WithoutRow::Some } else { WithoutRow::None };
            C::hand_out(rows, &Owners { of: &owners, next: &next })
                .map_err(|misfit| misfit_of::<F, T>(self.rows.link, misfit, without_row))
        })
    }

    fn load<'r>(&'r self, keys: &'r Keys, on: &'r mut LoadOn<'_>) -> BoxFuture<'r, Result<Vec<Self::Row>>> {
        self.rows.load(keys, on)
    }
}

impl<F: Model, T: Model, C, R: Send + 'static, L: LoadEach<R>> Joined<RelatedRows<F, T, C, R, L>> {
    /// Joins the related table under this name, and selects what its rows are read as.
    fn join(&self, tree: &mut Select, from: TableRef, joined: TableRef) {
        let (rows, link, own) = (self.rows.rows.tree(), self.rows.link, TableRef::new(T::table()));
        // The rows of the SELECT are locked, and not what belongs to them.
        let locked: Vec<TableRef> = tree.tables().collect();
        if let Some(lock) = tree.lock_mut()
            && lock.of.is_empty()
        {
            lock.of = locked;
        }
        let mut on = equal((joined, link.to), (from, link.from));
        if let Some(mut filter) = rows.filter().cloned() {
            filter.retarget(own, joined);
            on = on.and(filter);
        }
        let join = Join::new(JoinKind::Left, Source::Table(joined), Some(on));
        tree.add_join(Join { deleted: rows.deleted_as(joined), ..join });
        tree.take_misuse(rows);
        let items = rows.items().iter().cloned().map(|item| retargeted(item, own, joined));
        tree.set_items(tree.items().iter().cloned().chain(items).collect());
    }

    /// Where the column stands by which the row was found. It is selected as well, if it is not.
    fn presence(&self, tree: &mut Select, joined: TableRef) -> (usize, ColumnType) {
        selected(tree, joined, self.rows.link.to.first().copied().unwrap_or_default())
    }

    /// What finds second rows, which only a table that lacks the unique key of its model has.
    fn seconds(&self, tree: &mut Select, from: TableRef, joined: TableRef) -> Option<Seconds> {
        let (link, primary) = (self.rows.link, T::table().primary_key);
        if primary.iter().all(|column| link.to.contains(column)) {
            return None;
        }
        let mut positions = |table: TableRef, columns: &'static [u16]| KeyPositions {
            key: KeyColumns { table: table.table, columns },
            positions: columns.iter().map(|&index| selected(tree, table, index)).collect(),
        };
        Some(Seconds::new(positions(from, link.from), positions(joined, primary)))
    }
}

impl<F, T, C, R, L> Joined<RelatedRows<F, T, C, R, L>>
where
    F: Model,
    T: Model,
    C: HandOut<L::Row>,
    R: Send + 'static,
    L: LoadEach<R>,
{
    /// Refuses what a statement of its own refuses: columns of the rows that it belongs to, and windows, would be of another meaning here.
    fn refuse(&self, dialect: &dyn Dialect) -> Result<()> {
        let rows = self.rows.rows.tree();
        match (rows.filter(), rows.items()) {
            (None, [Item::Table(_)]) => Ok(()),
            _ => self.rows.statements(dialect, &mut |_| {}),
        }
    }
}

/// Where a column stands. It is selected as well, if it is not.
fn selected(tree: &mut Select, table: TableRef, index: u16) -> (usize, ColumnType) {
    let ty = table.table.column(index).map_or(ColumnType::TEXT, |column| column.ty);
    let column = Expr::Column(ColumnRef { table, index });
    if let Some(position) = tree.place_of(&column) {
        return (usize::from(position), ty);
    }
    let position = tree.columns();
    tree.set_items(tree.items().iter().cloned().chain([Item::Expr(column)]).collect());
    (position, ty)
}

/// Whether a table is one that a relation was joined by.
pub(super) fn is_joined(table: TableRef) -> bool {
    table.alias.is_some_and(|alias| NAMES.contains(&alias))
}

/// Refuses SELECTs whose rows a join would change.
fn refuse(tree: &Select, to: &'static Table) -> Result<()> {
    let aggregates = tree.items().iter().filter_map(Item::expr).any(Expr::aggregates);
    if tree.is_of_single_rows() && !aggregates {
        return Ok(());
    }
    let message = "a relation is joined to rows, and not to groups, different rows or those of several SELECTs: leave `joined` out";
    Err(Error::new(ErrorKind::Syntax, message).with_table(to.name))
}

#[cold]
fn not_joined(key: KeyColumns) -> Error {
    let table = key.table.name;
    let message = format!(
        "the statement has no rows of {table} under one name, to which a relation could be joined: leave `joined` out"
    );
    Error::new(ErrorKind::Syntax, message).with_table(table)
}

fn retargeted(item: Item, own: TableRef, joined: TableRef) -> Item {
    match item {
        Item::Table(table) if table.is_same_source(own) => Item::Table(TableRef { alias: joined.alias, ..table }),
        Item::Table(table) => Item::Table(table),
        Item::Expr(mut expr) => {
            expr.retarget(own, joined);
            Item::Expr(expr)
        }
        Item::Labelled(mut expr, label) => {
            expr.retarget(own, joined);
            Item::Labelled(expr, label)
        }
    }
}
