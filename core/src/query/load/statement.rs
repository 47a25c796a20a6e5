//! The SELECT that finds the rows of a relation by the keys of other rows.

use std::ops::Range;

use super::keys::{KeyColumns, KeyPositions, Keys, Place};
use crate::dialect::{Capabilities, Support};
use crate::model::Link;
use crate::query::select::equal;
use crate::query::write::{among, keys_fold};
use crate::schema::Table;
use crate::sql::{
    BinaryOp, ColumnRef, Expr, Item, Join, JoinKind, OrderTerm, Over, Select, Source, TableRef, Window, WindowFunction,
};
use crate::types::{ColumnType, Value};

/// The row that a related one belongs to, where it has to be in the statement.
const PARENT: &str = "creole_parent";

/// The related rows with their numbers.
const NUMBERED: &str = "creole_numbered";

/// Two tables and how their rows belong together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ends {
    pub(super) from: &'static Table,
    pub(super) to: &'static Table,
    pub(super) link: Link,
}

/// What of the rows of a statement is read besides what they are decoded into.
#[derive(Debug)]
pub(super) struct Places {
    /// The key of the row that each belongs to.
    pub(super) key: KeyPositions,
    /// The number by which those of one parent are sorted here, unless the database sorts them.
    pub(super) number: Option<Place>,
}

/// In which order the rows of one parent come, and which of them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Several {
    /// There is one at most.
    One,
    /// All of them, by the order given and their primary key.
    All,
    /// As many, after so many that are left out.
    Some { offset: u64, limit: Option<u64> },
}

impl Ends {
    /// The columns that rows are told apart by.
    ///
    /// Most are those of the link. But by which rules texts are equal that are not compared byte by byte, only the database knows: it
    /// is asked which row of the first table a row belongs to, and that is known by its primary key.
    pub(super) fn key(&self) -> KeyColumns {
        let columns = if self.folds() { self.from.primary_key } else { self.link.from };
        KeyColumns { table: self.from, columns }
    }

    /// Whether only the database can say which keys are equal.
    pub(super) fn folds(&self) -> bool {
        let Link { from, to, through } = self.link;
        let other = match through {
            Some(through) => keys_fold((through.table)(), through.from),
            None => keys_fold(self.to, to),
        };
        keys_fold(self.from, from) || other
    }

    /// The SELECT of the rows that belong to these keys, and what else is read of its rows.
    pub(super) fn select(
        &self,
        rows: &Select,
        several: Several,
        keys: &Keys,
        range: Range<usize>,
        of: &Capabilities,
    ) -> (Select, Places) {
        let mut select = rows.clone();
        self.refuse(&mut select);
        let holder = self.join(&mut select);
        let first = range.start;
        let value = |row, column| match holder.1.iter().position(|&own| own == column) {
            Some(position) => keys.value(first + row, position).to_owned(),
            None => Value::Null,
        };
        select.add_filter(among(holder.0, holder.1, range.len(), value));

        let column = |&index: &u16| Expr::Column(ColumnRef { table: holder.0, index });
        let key = KeyExprs::selected(&mut select, holder.1.iter().map(column).collect());
        let ty = |&index: &u16| holder.0.table.column(index).map_or(ColumnType::TEXT, |column| column.ty);
        let positions = key.positions.iter().copied().zip(holder.1.iter().map(ty)).collect();
        let number = match of.index_order {
            Support::Native => None,
            Support::Absent => self.number(&select, several),
        };
        if number.is_none() {
            select = self.sorted(select, several, key);
        }
        (select, Places { key: KeyPositions { key: self.key(), positions }, number })
    }

    /// Refuses what would mean another thing for the rows of several parents together than for those of each.
    fn refuse(&self, select: &mut Select) {
        if let Some(misuse) = self.link.goes_through_an_end(self.from, self.to) {
            select.misused(misuse);
        }
        let items = select.items().iter().filter_map(Item::expr);
        let mut exprs = items.chain(select.order().iter().map(|term| &term.expr));
        if exprs.any(|expr| expr.any(&mut |part| matches!(part, Expr::Window(_)))) {
            let message = "a window among related rows would be one of all the rows they belong to: compute it in a SELECT of its own, partitioned by the foreign key";
            select.misused(message.to_owned());
        }
    }

    /// Joins what the keys are in, and returns it with the columns of the key.
    fn join(&self, select: &mut Select) -> (TableRef, &'static [u16]) {
        let to = TableRef::new(self.to);
        let (mut known, mut joins) = ((to, self.link.to), Vec::new());
        if let Some(through) = self.link.through {
            let between = TableRef::new((through.table)());
            select.set_from(Source::Table(between));
            joins.push(inner_join(to, equal((between, through.to), (to, self.link.to))));
            known = (between, through.from);
        }
        if self.folds() {
            let parent = TableRef { table: self.from, alias: Some(PARENT) };
            joins.push(inner_join(parent, equal((parent, self.link.from), known)));
            known = (parent, self.from.primary_key);
        }
        if !joins.is_empty() {
            // What is joined to the related rows comes after them.
            select.join_first(joins);
        }
        known
    }

    /// The primary key, if it is an integer that is read and nothing else decides the order: then there is no need for a database to
    /// sort. What order other types have, only the database knows.
    fn number(&self, select: &Select, several: Several) -> Option<Place> {
        let is_by_key = matches!(several, Several::All) && select.order().is_empty();
        if !is_by_key || self.link.through.is_some() || self.folds() {
            return None;
        }
        let &[index] = self.to.primary_key else { return None };
        let ty = self.to.column(index)?.ty;
        let place = select.place_of(&Expr::Column(ColumnRef { table: TableRef::new(self.to), index }))?;
        is_whole(ty).then_some((usize::from(place), ty))
    }

    /// In the order of the keys, so that rows of one parent come one after the other; and then in the order asked for.
    fn sorted(&self, mut select: Select, several: Several, key: KeyExprs) -> Select {
        if let Several::One = several {
            return select;
        }
        let mut order = select.order().to_vec();
        let to = TableRef::new(self.to);
        let own = self.to.primary_key.iter().map(|&index| Expr::Column(ColumnRef { table: to, index }));
        let is_given =
            |own: &Expr| order.iter().map(|term| &term.expr).chain(&key.exprs).any(|expr| expr.is_same_as(own));
        let missing: Vec<Expr> = own.chain(self.key_between()).filter(|own| !is_given(own)).collect();
        order.extend(missing.into_iter().map(OrderTerm::without_nulls));
        let Several::Some { offset, limit } = several else {
            select.set_order(key.exprs.into_iter().map(OrderTerm::without_nulls).chain(order).collect());
            return select;
        };
        select.set_order(Vec::new());
        numbered(select, key, order, offset, limit)
    }

    /// The key of the table between, where that is not made of what it refers to: the same two rows may then be joined several times.
    fn key_between(&self) -> impl Iterator<Item = Expr> {
        let columns = self.link.through.into_iter().flat_map(|through| {
            let table = TableRef::new((through.table)());
            let is_own = move |index: &&u16| !through.from.contains(index) && !through.to.contains(index);
            let own = table.table.primary_key.iter().filter(is_own);
            own.map(move |&index| ColumnRef { table, index })
        });
        columns.map(Expr::Column)
    }
}

/// Whether all that a column holds are integers that fit `i64`.
fn is_whole(ty: ColumnType) -> bool {
    use ColumnType::{I8, I16, I32, I64, U8, U16, U32};
    matches!(ty, I8 | I16 | I32 | I64 | U8 | U16 | U32)
}

/// The columns of a key, and where they stand in the rows of a SELECT.
struct KeyExprs {
    exprs: Vec<Expr>,
    positions: Vec<usize>,
}

impl KeyExprs {
    /// Selects them as well, where they are not all read already.
    fn selected(select: &mut Select, exprs: Vec<Expr>) -> KeyExprs {
        let read: Option<Vec<usize>> = exprs.iter().map(|expr| select.place_of(expr).map(usize::from)).collect();
        if let Some(positions) = read {
            return KeyExprs { exprs, positions };
        }
        let positions = (select.columns()..).take(exprs.len()).collect();
        let items = select.items().iter().cloned().chain(exprs.iter().cloned().map(Item::Expr)).collect();
        select.set_items(items);
        KeyExprs { exprs, positions }
    }
}

/// Of the rows of each key, those with these numbers in this order.
fn numbered(mut select: Select, key: KeyExprs, order: Vec<OrderTerm>, offset: u64, limit: Option<u64>) -> Select {
    let over = Over { partition_by: key.exprs, order_by: order, frame: None };
    let number = Expr::Window(Box::new(Window { function: WindowFunction::RowNumber, over }));
    let items = select.items().iter().cloned().chain([Item::Expr(number)]).collect();
    select.set_items(items);

    let mut outer = select.wrapped(NUMBERED);
    let mut items = outer.items().to_vec();
    let Some(number) = items.pop().and_then(|item| item.expr().cloned()) else { return outer };
    let key = key.positions.iter().filter_map(|&position| items.get(position)?.expr().cloned());
    let order = key.chain([number.clone()]).map(OrderTerm::without_nulls).collect();
    outer.set_items(items);
    if offset > 0 {
        outer.add_filter(compared(BinaryOp::Gt, number.clone(), offset));
    }
    if let Some(limit) = limit {
        outer.add_filter(compared(BinaryOp::Le, number, offset.saturating_add(limit)));
    }
    outer.set_order(order);
    outer
}

fn compared(op: BinaryOp, number: Expr, with: u64) -> Expr {
    // No table has more rows than that.
    let with = i64::try_from(with).unwrap_or(i64::MAX);
    Expr::binary(op, number, Expr::value(Value::I64(with), ColumnType::I64))
}

fn inner_join(table: TableRef, on: Expr) -> Join {
    Join::new(JoinKind::Inner, Source::Table(table), Some(on))
}
