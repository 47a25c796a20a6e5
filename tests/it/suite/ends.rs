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
    if has(7) {
        query = query.with_cte(&select(Order::id).cte("named"));
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
        for bits in 0..1 << 8 {
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
            let mut stream = query.clone().stream(&engine);
            let mut streamed = Vec::new();
            while let Some(row) = stream.try_next().await? {
                streamed.push(row);
            }
            assert_eq!(streamed.len(), rows.len(), "{named}");
            if bits & (1 << 4) != 0 {
                assert_eq!(streamed, rows, "{named}");
            }
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
    assert!(run >= 400, "{run}");
    Ok(())
}

#[creole::test]
async fn a_lock_is_taken_or_refused_at_every_end(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let own = table::<Order>().col(Order::id);
    let (mut taken, mut refused) = (0, 0);
    for body in [select(Order::id), select(Order::id).union_all(select(Order::user_id))] {
        for bits in 0..1 << 8 {
            let query = with(body.clone(), &own, bits).for_update();
            let named = format!("clauses {bits:b}");
            let mut session = engine.session();
            match query.clone().all(&mut session).await {
                Ok(_) => taken += 1,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Syntax, "{named}: {error}");
                    refused += 1;
                }
            }
            session.rollback().await?;
            // Where there is no row, there is nothing to lock: a number, a part of another statement.
            let ends = [
                query.clone().count(&engine).await.err(),
                query.clone().exists(&engine).await.err(),
                select(count_rows()).from(&query.clone().subquery("inner")).all(&engine).await.err(),
                select(Order::id).filter(Order::id.is_in(query.clone())).all(&engine).await.err(),
                query.clone().union_all(query).all(&engine).await.err(),
            ];
            for (end, error) in ends.into_iter().enumerate() {
                assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::Syntax), "{named}, end {end}");
            }
        }
    }
    assert!(taken >= 32 && refused >= 256, "{taken} taken, {refused} refused");
    Ok(())
}

#[creole::test]
async fn a_page_is_about_the_rows_too(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let all = Order::select().order_by(Order::user_id.desc()).first_page().all(&engine).await?;
    let first = all.first().cloned().expect("an order");
    for bits in 0..1_u32 << 4 {
        let has = |place: u32| bits & (1 << place) != 0;
        let mut query = Order::select();
        if has(0) {
            query = query.filter(Order::id.gt(1));
        }
        if has(1) {
            query = query.with_cte(&select(Order::id).cte("named"));
        }
        if has(2) {
            query = query.union_all(Order::select().filter(Order::id.lt(0)));
        }
        let query = query.order_by(Order::user_id.desc());
        let place = query.cursor(&first)?;
        let query = if has(3) { query.page_after(&place) } else { query.first_page() };
        let expected: Vec<_> = all
            .iter()
            .filter(|order| (!has(0) || order.id > 1) && (!has(3) || order.id != first.id))
            .cloned()
            .collect();
        assert_eq!(query.clone().all(&engine).await?, expected, "{bits:b}");
        assert_eq!(query.clone().count(&engine).await?, expected.len() as u64, "{bits:b}");
        assert_eq!(query.clone().exists(&engine).await?, !expected.is_empty(), "{bits:b}");
        assert_eq!(query.limit(1).all(&engine).await?.first(), expected.first(), "{bits:b}");
    }
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
