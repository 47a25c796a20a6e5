//! Two sources of one statement whose names not every database tells apart.

use creole::prelude::*;
use creole::query::Select;

use super::check::dialects;
use crate::models::{Order, User};

#[track_caller]
fn refused<R: Send + 'static>(select: Select<R>, names: &str) {
    for dialect in dialects() {
        let error = select.sql(dialect).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax);
        assert!(error.to_string().starts_with(&format!("two sources of the statement are called {names}")), "{error}");
        assert!(error.to_string().ends_with("give one another name by `alias`"), "{error}");
    }
}

#[test]
fn sources_side_by_side() {
    let (upper, lower) = (alias::<User>("U"), alias::<User>("u"));
    let both = select((upper.col(User::id), lower.col(User::id))).from(upper);
    refused(both.join(lower.on(upper.col(User::id).lt(lower.col(User::id)))), "U and u");
    let orders = alias::<Order>("USERS");
    refused(select(User::id).join(orders.on(orders.col(Order::user_id).eq(User::id))), "users and USERS");
    let subquery = select(User::id).subquery("Users");
    refused(select(User::id).join(subquery.on(subquery.col(User::id).eq(User::id))), "users and Users");
    let (one, other) = (select(User::id).cte("c"), select(Order::id).cte("C"));
    let both = select((one.col(User::id), other.col(Order::id))).with_cte(&one).with_cte(&other).from(&one);
    refused(both.join(other.cross()), "c and C");
}

#[test]
fn sources_that_hide_one_another() {
    let (upper, lower) = (alias::<User>("U"), alias::<Order>("u"));
    let within =
        exists(select(lower.col(Order::id)).from(lower).filter(lower.col(Order::user_id).eq(upper.col(User::id))));
    refused(select(upper.col(User::id)).from(upper).filter(within), "U and u");
    // One that speaks of nothing outside is as good as under another name.
    let apart = exists(select(lower.col(Order::id)).from(lower));
    for dialect in dialects() {
        select(upper.col(User::id)).from(upper).filter(apart.clone()).sql(dialect).unwrap();
    }
    let orders = alias::<Order>("users");
    let within = exists(select(orders.col(Order::id)).from(orders).filter(orders.col(Order::user_id).eq(User::id)));
    refused(select(User::id).filter(within), "users");
    let totals = select(User::id).subquery("T");
    let inner = alias::<Order>("t");
    let within = exists(select(inner.col(Order::id)).from(inner).filter(totals.col(User::id).eq(1)));
    refused(select(totals.col(User::id)).from(&totals).filter(within), "T and t");
}

#[test]
fn sources_of_what_is_written() {
    let orders = alias::<Order>("USERS");
    for dialect in dialects() {
        let joined = delete::<User>().join(orders.on(orders.col(Order::user_id).eq(User::id))).all_rows();
        let error = joined.sql(dialect).unwrap_err();
        assert!(error.to_string().starts_with("two sources of the statement are called users and USERS"), "{error}");
    }
}
