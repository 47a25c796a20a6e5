//! Random statements.

use creole::prelude::*;
use creole::query::{Expr, Select, row_number, window};
use creole::types::{SqlType, SqlValue};

use super::expressions::{DEEP, Maker};
use super::tables::{self, Columns};
use crate::random::Random;

/// What every statement yields.
pub(super) type Row = (Option<i64>, Option<Decimal>, Option<String>, Option<bool>);

const NAMES: [&str; 40] = [
    "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7", "b8",
    "b9", "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7",
    "d8", "d9",
];

/// A statement, always the same for the same seed, in an order that leaves nothing to chance.
pub(super) fn statement(random: &mut Random) -> Select<Row> {
    let mut maker = Maker { random, scope: Vec::new(), names: 0 };
    let shape = maker.random.below(6);
    let sorted = |(select, items): (Select<Row>, Items)| {
        select.order_by((items.0.asc(), items.1.desc(), items.2.asc(), items.3.desc()))
    };
    let query = match shape {
        0 => sorted(groups(&mut maker)),
        1 => {
            let (first, items) = rows(&mut maker);
            maker.scope.clear();
            let (second, _) = rows(&mut maker);
            let combined = match maker.random.below(4) {
                0 => first.union(second),
                1 => first.union_all(second),
                2 => first.intersect(second),
                _ => first.except(second),
            };
            sorted((combined, items))
        }
        2 => {
            let (select, items) = rows(&mut maker);
            sorted((select.distinct(), items))
        }
        _ => sorted(rows(&mut maker)),
    };
    match maker.random.below(4) {
        0 => query.limit(maker.random.below(5) as u64).offset(maker.random.below(3) as u64),
        1 => query.offset(maker.random.below(4) as u64),
        _ => query,
    }
}

/// The expressions that a statement selects.
type Items = (Expr<Option<i64>>, Expr<Option<Decimal>>, Expr<Option<String>>, Expr<Option<bool>>);

fn rows(maker: &mut Maker<'_>) -> (Select<Row>, Items) {
    let source = Sources::new(maker);
    let window_of_ids = window().order_by((maker.scope[0].id.clone(), maker.scope[maker.scope.len() - 1].id.clone()));
    let number = if maker.scope.len() <= 2 && maker.random.one_in(5) {
        row_number().over(window_of_ids).optional()
    } else {
        maker.integer(DEEP)
    };
    let items = (number, maker.decimal(DEEP - 1), maker.text(DEEP), flag(maker));
    let query = source.add_to(maker, select(items.clone()));
    (query, items)
}

fn groups(maker: &mut Maker<'_>) -> (Select<Row>, Items) {
    let source = Sources::new(maker);
    let (text, of_number, of_decimal) = (maker.text(1), maker.integer(1), maker.decimal(1));
    let number = match maker.random.below(5) {
        0 => as_option(count_rows()),
        1 => as_option(count(of_number)),
        2 => as_option(sum(of_number)),
        3 => as_option(max(of_number)),
        _ => as_option(count(of_decimal.clone()).distinct()),
    };
    let decimal = match maker.random.below(4) {
        0 => as_option(sum(of_decimal)),
        1 => as_option(avg(of_decimal)),
        2 => as_option(min(of_decimal)),
        _ => {
            let condition = maker.condition(1);
            as_option(sum(of_decimal).filter(condition))
        }
    };
    let items = (number, decimal, text.clone(), creole::query::val(Some(true)));
    let mut query = source.add_to(maker, select(items.clone())).group_by(text);
    if maker.random.one_in(3) {
        query = query.having(count_rows().gt(1));
    }
    (query, items)
}

/// The same, read as an `Option`.
fn as_option<B: SqlValue>(of: impl Expression<Type: SqlType<Base = B>>) -> Expr<Option<B>> {
    Expr::new(of.node())
}

fn flag(maker: &mut Maker<'_>) -> Expr<Option<bool>> {
    let condition = maker.condition(1);
    case(condition, true).otherwise(maker.scope[0].flag.clone())
}

/// A SELECT of one number, which may use the columns around it.
pub(super) fn numbers(maker: &mut Maker<'_>, depth: usize) -> Select<Option<i64>> {
    let outer = maker.scope.clone();
    let table = maker.random.pick(&tables::all());
    let name = name(maker);
    let own = (table.columns)(name);
    maker.scope = outer.iter().cloned().chain([own.clone(), own.clone()]).collect();
    let condition = maker.condition(depth.min(1));
    let query = (table.numbers_from)(select(own.number.clone()), name).filter(condition).order_by((own.number, own.id));
    maker.scope = outer;
    query
}

/// One table, or several that are joined.
struct Sources {
    from: (usize, &'static str),
    joined: Vec<(usize, &'static str, bool, Columns)>,
}

impl Sources {
    fn new(maker: &mut Maker<'_>) -> Sources {
        let all = tables::all();
        let from = (maker.random.below(all.len()), name(maker));
        let mut joined = Vec::new();
        maker.scope = vec![(all[from.0].columns)(from.1)];
        for _ in 0..maker.random.below(3) {
            let table = maker.random.below(all.len());
            let name = name(maker);
            let columns = (all[table].columns)(name);
            joined.push((table, name, maker.random.one_in(2), columns.clone()));
            maker.scope.push(columns);
        }
        Sources { from, joined }
    }

    fn add_to(self, maker: &mut Maker<'_>, query: Select<Row>) -> Select<Row> {
        let all = tables::all();
        let mut query = (all[self.from.0].rows_from)(query, self.from.1);
        let scope = maker.scope.clone();
        for (place, (table, name, is_outer, columns)) in self.joined.into_iter().enumerate() {
            // A condition of a join sees the tables before it, and its own.
            maker.scope = scope[..=place].iter().cloned().chain([columns.clone()]).collect();
            let before = maker.random.pick(&scope[..=place]);
            let mut condition = match maker.random.below(3) {
                0 => columns.id.eq(before.number),
                1 => columns.number.eq(before.number),
                _ => columns.id.eq(before.id),
            };
            if maker.random.one_in(2) {
                // No subquery: beside a window, MySQL 9.7 takes a row that such a join left out for one that is there.
                condition = condition.and(maker.condition(0));
            }
            let target = (all[table].on)(name, condition);
            query = if is_outer { query.left_join(target) } else { query.join(target) };
        }
        maker.scope = scope;
        if maker.random.one_in(4) { query } else { query.filter(maker.condition(DEEP)) }
    }
}

fn name(maker: &mut Maker<'_>) -> &'static str {
    maker.names += 1;
    NAMES[maker.names % NAMES.len()]
}
