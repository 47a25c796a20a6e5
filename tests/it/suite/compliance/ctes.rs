//! Common table expressions and windows.
//!
//! | case | test |
//! | --- | --- |
//! | 79, 80 | `expressions_are_named_and_repeated` |
//! | 82, 83 | expressions before an UPDATE or a DELETE: with the statements that write |
//! | 85, 86 | `windows_have_orders_and_ranges` |
//! | 88 | not offered: a range of days is PostgreSQL's alone, frames count in numbers |
//! | 89 | `frames_are_not_kept_with_the_text` |

use creole::prelude::*;
use creole::query::FrameBound::{CurrentRow, Following};
use creole::query::window;

#[derive(Model, Debug, Clone)]
#[model(table = "some_table")]
struct Row {
    #[model(primary_key)]
    id: i32,
    #[model(length = 10)]
    data: String,
    parent_id: Option<i32>,
}

#[derive(Model, Debug, Clone)]
#[model(table = "numbers")]
struct Number {
    #[model(primary_key)]
    id: i32,
    col1: i32,
    col2: i32,
}

async fn numbers(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Number]).await?;
    let mut session = engine.session();
    for id in 1..=49 {
        session.add(Number { id, col1: id, col2: 5 * id });
    }
    session.commit().await
}

#[creole::test]
async fn expressions_are_named_and_repeated(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Row]).await?;
    for (id, parent_id) in [(1, None), (2, Some(1)), (3, Some(1)), (4, Some(3)), (5, Some(3))] {
        insert(&Row { id, data: format!("d{id}"), parent_id }).exec(&engine).await?;
    }
    let named = select(Row::data).filter(Row::data.is_in(["d2", "d3", "d4"])).cte("named");
    let data = named.col(Row::data);
    let within = select(data.clone()).from(&named).with_cte(&named).filter(data.is_in(["d4", "d5"]));
    assert_eq!(within.all(&engine).await?, ["d4"]);

    let up = select((Row::id, Row::data, Row::parent_id)).filter(Row::data.is_in(["d2", "d3", "d4", "d5"]));
    let up = up.recursive("up", |up| {
        select((Row::id, Row::data, Row::parent_id)).join(up.on(Row::id.eq(up.col(Row::parent_id))))
    });
    let data = up.col(Row::data);
    let walked = select(data.clone()).from(&up).with_cte(&up).filter(data.clone().ne("d2")).order_by(data.desc());
    // Each of the four and its parents up to the root.
    assert_eq!(walked.all(&engine).await?, ["d5", "d4", "d3", "d3", "d3", "d1", "d1", "d1", "d1"]);
    Ok(())
}

#[creole::test]
async fn windows_have_orders_and_ranges(engine: Engine) -> creole::Result<()> {
    numbers(&engine).await?;
    let greatest = max(Number::col2).over(window().order_by(Number::col1.desc()));
    let found = select(greatest).filter(Number::col1.lt(20)).all(&engine).await?;
    assert_eq!(found, [Some(95); 19]);
    let range = window().partition_by(Number::col2).order_by(Number::col2).range(CurrentRow, Following(1));
    let found = select(max(Number::col1).over(range)).filter(Number::col1.lt(20)).order_by(Number::id);
    assert_eq!(found.all(&engine).await?, (1..=19).map(Some).collect::<Vec<_>>());
    Ok(())
}

#[creole::test]
async fn frames_are_not_kept_with_the_text(engine: Engine) -> creole::Result<()> {
    numbers(&engine).await?;
    for _ in 0..3 {
        for (from, to) in [(5, 20), (20, 30)] {
            let frame = window().order_by(Number::col1).rows(Following(from), Following(to));
            let found = select(max(Number::col2).over(frame)).order_by(Number::col1).all(&engine).await?;
            let expected = (1..=49_i32).map(|place| {
                let first = place + i32::try_from(from).unwrap();
                (first <= 49).then(|| 5 * 49.min(place + i32::try_from(to).unwrap()))
            });
            assert_eq!(found, expected.collect::<Vec<_>>(), "{from} to {to}");
        }
    }
    Ok(())
}
