//! LIMIT, OFFSET and FETCH.
//!
//! | case | test |
//! | --- | --- |
//! | 1, 2, 4, 7, 8 | `limits_and_offsets_are_not_kept_with_the_text` |
//! | 5 | `a_limited_subquery_stands_in_both_arms` |
//! | 10, 11, 13, 14, 20 | not offered: a limit and an offset are numbers of the program |
//! | 16, 19 | FETCH is `limit`: `limits_and_offsets_are_not_kept_with_the_text` |
//! | 17 | WITH TIES is not offered: `rank()` says the same everywhere, `rows_that_tie_come_by_rank` |

use creole::prelude::*;
use creole::query::{rank, window};

#[derive(Model, Debug, Clone)]
#[model(table = "some_table")]
struct Row {
    #[model(primary_key)]
    id: i32,
    x: i32,
    y: i32,
}

async fn table_of_five(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Row]).await?;
    for (id, x, y) in [(1, 1, 2), (2, 2, 3), (3, 3, 4), (4, 4, 5), (5, 4, 6)] {
        insert(&Row { id, x, y }).exec(engine).await?;
    }
    Ok(())
}

#[creole::test]
async fn limits_and_offsets_are_not_kept_with_the_text(engine: Engine) -> creole::Result<()> {
    table_of_five(&engine).await?;
    let ids = || select(Row::id).order_by(Row::id);
    for limit in [2, 3, 10, 0] {
        let expected: Vec<i32> = (1..=5).take(limit as usize).collect();
        assert_eq!(ids().limit(limit).all(&engine).await?, expected);
    }
    for offset in [2, 3, 1, 9] {
        assert_eq!(ids().offset(offset).all(&engine).await?, (1..=5).skip(offset as usize).collect::<Vec<_>>());
    }
    let mut session = engine.session();
    for (limit, offset) in [(2, 0), (2, 1), (3, 2), (2, 1), (2, 0), (3, 2), (3, 1), (2, 1), (3, 1), (3, 3)] {
        let page: Vec<i32> = (1..=5).skip(offset).take(limit).collect();
        let found = ids().limit(limit as u64).offset(offset as u64).all(&mut session).await?;
        assert_eq!(found, page, "limit {limit} offset {offset}");
    }
    let unordered = select(Row::id).limit(10).all(&engine).await?;
    assert_eq!(unordered.len(), 5);
    Ok(())
}

#[creole::test]
async fn a_limited_subquery_stands_in_both_arms(engine: Engine) -> creole::Result<()> {
    table_of_five(&engine).await?;
    let first = select(Row::id).order_by(Row::id).limit(1);
    let arm = || select(first.clone().value()).from(table::<Row>()).limit(1);
    assert_eq!(arm().union(arm()).all(&engine).await?, [Some(1)]);
    Ok(())
}

#[creole::test]
async fn rows_that_tie_come_by_rank(engine: Engine) -> creole::Result<()> {
    table_of_five(&engine).await?;
    let place = rank().over(window().order_by(Row::x.desc()));
    let ranked = select((Row::id, place.clone())).subquery("ranked");
    let within = |most: i64| {
        let id = ranked.col(Row::id);
        select(id.clone()).from(&ranked).filter(ranked.col(place.clone()).le(most)).order_by(id)
    };
    assert_eq!(within(1).all(&engine).await?, [4, 5]);
    assert_eq!(within(3).all(&engine).await?, [3, 4, 5]);
    Ok(())
}
