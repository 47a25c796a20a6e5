//! What nests too deeply is refused before it is sent, and whatever is done with it until then needs little of the stack.

use creole::prelude::*;
use creole::query::{Aggregate, Expr, Raw, Select, all_of, any_of, case, coalesce, func, val, window};

use super::check::dialects;
use crate::models::{Order, User};

/// Far more levels than there may be, and than a stack has room for.
const FAR: usize = 3_000;

/// What is built from something by putting it into something else again and again.
fn nested<T>(levels: usize, first: T, around: impl FnMut(T, usize) -> T) -> T {
    (0..levels).fold(first, around)
}

fn conditions(levels: usize) -> Vec<(&'static str, Expr<bool>)> {
    let first = || User::id.gt(1);
    let numbers = |around: fn(Expr<i64>) -> Expr<i64>| nested(levels, val(1_i64), |inner, _| around(inner)).eq(2);
    vec![
        (
            "and and or",
            nested(levels, first(), |inner, level| match level % 2 {
                0 => inner.and(User::id.lt(9)),
                _ => inner.or(User::id.ne(5)),
            }),
        ),
        (
            "or and and",
            nested(levels, first(), |inner, level| match level % 2 {
                0 => User::id.lt(9).or(inner),
                _ => User::id.ne(5).and(inner),
            }),
        ),
        ("not", nested(levels, first(), |inner, _| not(inner))),
        ("plus", numbers(|inner| inner + User::id)),
        ("minus", numbers(|inner| User::id - inner)),
        ("coalesce", numbers(|inner| coalesce(User::id, inner))),
        ("case", numbers(|inner| case(inner.gt(1), val(1_i64)).otherwise(val(2_i64)))),
        ("func", numbers(|inner| func("abs", (inner,)))),
        ("concat", nested(levels, val("a"), |inner, _| inner.concat("b")).eq("ab")),
        ("exists", nested(levels, first(), |inner, _| exists(select(Order::id).filter(inner)))),
        ("is_in", nested(levels, first(), |inner, _| User::id.is_in(select(Order::id).filter(inner)))),
        ("between", numbers(|inner| case(User::id.between(inner, 9), val(1_i64)).otherwise(val(2_i64)))),
        ("a list", numbers(|inner| case(User::id.is_in([inner]), val(1_i64)).otherwise(val(2_i64)))),
        ("any_of", nested(levels, first(), |inner, _| User::id.eq(any_of(select(Order::id).filter(inner))))),
        ("all_of", nested(levels, first(), |inner, _| User::id.gt(all_of(select(Order::id).filter(inner))))),
        ("raw", nested(levels, first(), |inner, _| sql!("1 = 1 and {inner}").expr::<bool>())),
        ("text in text", {
            let text: Raw = nested(levels, sql!("1 = 1"), |inner, _| sql!("(1 = 1 and {inner})"));
            text.expr::<bool>()
        }),
    ]
}

fn selects(levels: usize) -> Vec<(&'static str, Select<i64>)> {
    let first = || select(User::id);
    // Each level selects the column of the one inside.
    let from = || {
        let column: Expr<i64> = User::id.not_null();
        let (select, _) = nested(levels, (select(column.clone()), column), |(inner, column), _| {
            let inner = inner.filter(column.clone().gt(0)).subquery("s");
            let column = inner.col(column);
            (select(column.clone()).from(&inner), column)
        });
        select
    };
    vec![
        ("a value", nested(levels, first(), |inner, _| select(inner.value().not_null()).from(table::<User>()))),
        (
            "a windowed value",
            nested(levels, first(), |inner, _| {
                select(max(inner.value().not_null()).over(window()).not_null()).from(table::<User>())
            }),
        ),
        (
            "union and except",
            nested(levels, first(), |inner, level| match level % 2 {
                0 => inner.union(first()),
                _ => inner.except(first().filter(User::id.lt(0))),
            }),
        ),
        ("a filtered union", nested(levels, first(), |inner, _| inner.union_all(first()).filter(User::id.gt(0)))),
        ("from", from()),
        ("exists", nested(levels, first(), |inner, _| first().filter(exists(inner)))),
        ("a text", nested(levels, first(), |inner, _| first().filter(sql!("1 in ({inner})").expr::<bool>()))),
    ]
}

/// Copies it, shows it, drops it and renders it for each dialect.
fn walked<R: Send + 'static>(what: &str, select: Select<R>) -> Vec<creole::Result<String>> {
    let copy = select.clone();
    assert!(!format!("{copy:?}").is_empty(), "{what}");
    drop(copy);
    dialects().into_iter().map(|dialect| select.sql(dialect)).collect()
}

#[test]
fn what_nests_too_deeply_is_refused() {
    for (what, condition) in conditions(FAR) {
        assert!(!format!("{condition:?}").is_empty());
        refused(what, User::select().filter(condition.clone()));
        refused(what, select(User::id).having(condition.clone()).group_by(User::id));
        refused(what, select((User::id, condition)));
    }
    for (what, select) in selects(FAR) {
        refused(what, select.clone());
        refused(what, User::select().filter(User::id.is_in(select.clone())));
        let named = select.cte("named");
        let step = User::select().with_cte(&named).join(named.on(User::id.gt(1)));
        refused(what, step);
    }
    let aggregate: Aggregate<Option<i64>> = nested(FAR, sum(User::id), |inner, _| sum(inner));
    assert!(!format!("{:?}", aggregate.clone()).is_empty());
    refused("an aggregate", select(aggregate));
}

#[test]
fn what_nests_less_is_not_refused() {
    for levels in [0, 1, 30] {
        for (what, condition) in conditions(levels) {
            rendered(what, levels, select(User::id).filter(condition));
        }
        for (what, select) in selects(levels) {
            rendered(what, levels, select);
        }
    }
}

/// As deep as it may be, each level is a call of the renderer and of each walk: the stack must have room for it.
#[test]
fn the_deepest_that_is_not_refused_needs_no_more_stack_than_there_is() {
    for levels in [64, 127, 128, 255, 256] {
        for (what, condition) in conditions(levels) {
            walked(what, User::select().filter(condition));
        }
        for (what, select) in selects(levels) {
            walked(what, select);
        }
    }
}

#[test]
fn a_long_chain_is_not_a_deep_one() {
    let ids = || (0..10_000).map(|id| User::id.eq(id));
    let any = ids().reduce(|any, id| any.or(id)).unwrap();
    let all = ids().reduce(|all, id| id.and(all)).unwrap();
    rendered("a chain", 10_000, select(User::id).filter(any));
    rendered("a chain", 10_000, select(User::id).filter(all));
}

#[track_caller]
fn refused<R: Send + 'static>(what: &str, select: Select<R>) {
    for outcome in walked(what, select) {
        let error = outcome.expect_err(what);
        assert_eq!(error.kind(), ErrorKind::Limit, "{what}: {error}");
        let text = "an expression nests more than 256 levels deep, subqueries included; build it flatter";
        assert_eq!(error.to_string(), text, "{what}");
    }
}

#[track_caller]
fn rendered(what: &str, levels: usize, select: Select<i64>) {
    for outcome in walked(what, select) {
        if let Err(error) = outcome {
            panic!("{what} of {levels} levels: {error}");
        }
    }
}
