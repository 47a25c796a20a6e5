//! IN, empty lists and tuples.
//!
//! | case | test |
//! | --- | --- |
//! | 28, 29, 31, 32, 34, 35 | `nothing_stands_in_an_empty_list` |
//! | 37, 38, 43 | `tuples_stand_in_lists`; in raw text the values of a tuple are bound one by one |
//! | 40 | `texts_are_no_lists_of_letters` |
//! | 41 | not offered: values are bound, never written into a text |

use creole::prelude::*;
use creole::query::val;

#[derive(Model, Debug, Clone)]
#[model(table = "some_table")]
struct Row {
    #[model(primary_key)]
    id: i32,
    x: i32,
    y: i32,
    #[model(length = 10)]
    z: String,
}

async fn table_of_four(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Row]).await?;
    for id in 1..=4 {
        insert(&Row { id, x: id, y: id + 1, z: format!("z{id}") }).exec(engine).await?;
    }
    Ok(())
}

async fn ids(engine: &Engine, condition: impl Condition) -> creole::Result<Vec<i32>> {
    select(Row::id).filter(condition).order_by(Row::id).all(engine).await
}

const NONE: [i32; 0] = [];

#[creole::test]
async fn nothing_stands_in_an_empty_list(engine: Engine) -> creole::Result<()> {
    table_of_four(&engine).await?;
    let no_texts = Vec::<String>::new;
    assert_eq!(ids(&engine, Row::x.is_in(NONE)).await?, NONE);
    assert_eq!(ids(&engine, Row::x.not_in(NONE)).await?, [1, 2, 3, 4]);
    assert_eq!(ids(&engine, Row::z.is_in(no_texts())).await?, NONE);
    assert_eq!(ids(&engine, Row::z.not_in(no_texts())).await?, [1, 2, 3, 4]);
    assert_eq!(ids(&engine, Row::x.is_in(NONE).and(Row::y.is_in(NONE))).await?, NONE);
    assert_eq!(ids(&engine, Row::x.is_in(NONE).and(Row::id.not_in([2, 3]))).await?, NONE);
    assert_eq!(ids(&engine, Row::x.not_in(NONE).and(Row::id.not_in([2, 3]))).await?, [1, 4]);
    let is_false = case(val(None::<i32>).is_in(NONE), val(1_i64)).otherwise(0);
    assert_eq!(select(is_false).from(table::<Row>()).limit(1).one(&engine).await?, 0);
    let is_true = case(val(None::<i32>).not_in(NONE), val(1_i64)).otherwise(0);
    assert_eq!(select(is_true).from(table::<Row>()).limit(1).one(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn tuples_stand_in_lists(engine: Engine) -> creole::Result<()> {
    table_of_four(&engine).await?;
    let mixed = (Row::x, Row::z).is_in([(2, "z2"), (3, "z3"), (4, "z4"), (1, "z2")]);
    assert_eq!(ids(&engine, mixed).await?, [2, 3, 4]);
    let alike = |list: Vec<(i32, i32)>| (Row::x, Row::y).is_in(list);
    assert_eq!(ids(&engine, alike(vec![])).await?, NONE);
    assert_eq!(ids(&engine, alike(vec![(1, 2), (2, 3), (3, 4)])).await?, [1, 2, 3]);
    assert_eq!(ids(&engine, alike(vec![])).await?, NONE);
    assert_eq!(ids(&engine, alike(vec![(5, 10), (12, 18)])).await?, NONE);
    assert_eq!(ids(&engine, (Row::x, Row::z).not_in([(5, "z1"), (2, "z2")])).await?, [1, 3, 4]);
    Ok(())
}

#[creole::test]
async fn texts_are_no_lists_of_letters(engine: Engine) -> creole::Result<()> {
    table_of_four(&engine).await?;
    let wanted = vec!["z2", "z3", "z4"];
    let raw = sql!("SELECT {Row::id} FROM {table::<Row>()} WHERE {Row::z} IN ({..&wanted}) ORDER BY {Row::id}");
    assert_eq!(raw.scalars::<i32>().all(&engine).await?, [2, 3, 4]);
    assert_eq!(ids(&engine, Row::z.is_in(["z2"])).await?, [2]);
    Ok(())
}
