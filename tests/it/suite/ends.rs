//! Every end of a SELECT, whatever its clauses: each is about the rows that the SELECT yields.

use creole::prelude::*;
use creole::query::{Expr, Select};

use super::queries::shop;
use crate::models::Order;

/// The clauses that a bit each says are there, with the column that they are about.
fn with(mut query: Select<i64>, id: &Expr<i64>, bits: u32) -> Select<i64> {
    let has = |place: u32| bits & (1 << place) != 0;
    if has(0) {
        query = query.filter(id.clone().gt(1));
    }
    if has(1) {
        query = query.distinct();
    }
    if has(2) {
        query = query.group_by(id.clone());
    }
    if has(3) {
        query = query.having(id.clone().lt(4));
    }
    if has(4) {
        query = query.order_by(id.clone());
    }
    if has(5) {
        query = query.limit(2);
    }
    if has(6) {
        query = query.offset(1);
    }
    query
}

#[creole::test]
async fn every_end_is_about_the_rows(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let of_all = select(Order::id).subquery("of_all");
    let own = table::<Order>().col(Order::id);
    let bodies = [
        (select(Order::id), own.clone()),
        (select(Order::id).union_all(select(Order::user_id)), own.clone()),
        (select(of_all.col(Order::id)).from(&of_all), of_all.col(Order::id)),
    ];
    let mut run = 0;
    for (place, (body, id)) in bodies.iter().enumerate() {
        for bits in 0..1 << 7 {
            let query = with(body.clone(), id, bits);
            let rows = match query.clone().all(&engine).await {
                Ok(rows) => rows,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Syntax, "{place} {bits:b}: {error}");
                    assert!(query.clone().count(&engine).await.is_err(), "{place} {bits:b}");
                    assert!(query.exists(&engine).await.is_err(), "{place} {bits:b}");
                    continue;
                }
            };
            run += 1;
            let named = format!("body {place}, clauses {bits:b}: {}", query.sql(engine.dialect())?);
            assert_eq!(query.clone().count(&engine).await?, rows.len() as u64, "{named}");
            assert_eq!(query.clone().exists(&engine).await?, !rows.is_empty(), "{named}");
            let inner = query.clone().subquery("inner");
            let outer = select((count_rows(), max(inner.col(id.clone())))).from(&inner);
            let counted = outer.one(&engine).await?;
            assert_eq!(counted.0, rows.len() as i64, "{named}");
            if bits & (1 << 4) == 0 && bits & (0b11 << 5) != 0 {
                // Which rows they are, nobody has said.
                continue;
            }
            assert_eq!(counted.1, rows.iter().max().copied(), "{named}");
            let mut twice = query.clone().union_all(query.clone()).all(&engine).await?;
            let mut expected = [rows.clone(), rows.clone()].concat();
            twice.sort_unstable();
            expected.sort_unstable();
            assert_eq!(twice, expected, "{named}");
            let among =
                select(Order::id).filter(Order::id.is_in(query.clone())).order_by(Order::id).all(&engine).await?;
            let held: Vec<i64> = (1..=4).filter(|id| rows.contains(id)).collect();
            assert_eq!(among, held, "{named}");
            if bits & (1 << 4) != 0 {
                assert_eq!(query.first(&engine).await?, rows.first().copied(), "{named}");
            }
        }
    }
    assert!(run >= 200, "{run}");
    Ok(())
}

#[creole::test]
async fn what_is_sorted_from_outside_keeps_its_columns(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let pairs = || select((Order::user_id, Order::id)).filter(Order::id.ge(3));
    let sorted = [
        pairs().distinct().order_by(Order::id.desc()),
        pairs().union(pairs()).order_by(Order::id.desc()),
        pairs().union_all(pairs()).limit(4),
        pairs().union(pairs()).distinct().order_by(Order::id),
        pairs().union(pairs()).order_by(Order::id).union(pairs()).order_by(Order::user_id),
    ];
    for (place, query) in sorted.into_iter().enumerate() {
        let named = query.clone().cte("named");
        let inner = query.subquery("inner");
        let rows = select((inner.col(Order::id), inner.col(Order::user_id))).from(&inner).distinct();
        let rows = rows.order_by(inner.col(Order::id)).all(&engine).await?;
        assert_eq!(rows, [(3, 1), (4, 2)], "{place}");
        let query = select(max(named.col(Order::user_id))).from(&named).with_cte(&named);
        assert_eq!(query.one(&engine).await?, Some(2), "{place}");
    }
    Ok(())
}
