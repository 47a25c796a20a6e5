//! ORDER BY labels, COLLATE and DISTINCT.
//!
//! | case | test |
//! | --- | --- |
//! | 22, 23 | `what_is_selected_is_what_is_sorted_by`: nothing refers to a label, an expression is named by itself |
//! | 25 | the collation is the column's: `collation::*` in this suite |
//! | 26, 389 | `the_first_row_of_each_group`: refused where there is no DISTINCT ON, and never taken for DISTINCT |

use creole::prelude::*;
use creole::query::{row_number, window};

#[derive(Model, Debug, Clone)]
#[model(table = "some_table")]
struct Row {
    #[model(primary_key)]
    id: i32,
    x: i32,
    y: i32,
    #[model(length = 10)]
    q: String,
    #[model(length = 10)]
    p: String,
}

async fn table_of_three(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Row]).await?;
    for (id, x, y, q, p) in [(1, 1, 2, "q1", "p3"), (2, 2, 3, "q2", "p2"), (3, 3, 4, "q3", "p1")] {
        insert(&Row { id, x, y, q: q.into(), p: p.into() }).exec(engine).await?;
    }
    Ok(())
}

#[creole::test]
async fn what_is_selected_is_what_is_sorted_by(engine: Engine) -> creole::Result<()> {
    table_of_three(&engine).await?;
    let total = Row::x + Row::y;
    let sums = || select(total.clone().label("lx"));
    assert_eq!(sums().order_by(total.clone()).all(&engine).await?, [3, 5, 7]);
    assert_eq!(sums().order_by(total.clone().desc()).all(&engine).await?, [7, 5, 3]);
    let words = Row::q.lower().concat(Row::p);
    let both = select((total.clone().label("lx"), words.clone().label("ly")));
    let rows = both.order_by((total, words.desc())).all(&engine).await?;
    assert_eq!(rows, [(3, "q1p3"), (5, "q2p2"), (7, "q3p1")].map(|(sum, word)| (sum, word.to_string())));
    Ok(())
}

#[creole::test]
async fn the_first_row_of_each_group(engine: Engine) -> creole::Result<()> {
    table_of_three(&engine).await?;
    insert(&Row { id: 4, x: 1, y: 9, q: "q4".into(), p: "p4".into() }).exec(&engine).await?;
    let first = select((Row::x, Row::id)).distinct_on(Row::x).order_by((Row::x, Row::y.desc()));
    let expected = [(1, 4), (2, 2), (3, 3)];
    match first.clone().all(&engine).await {
        Ok(rows) => {
            assert_eq!(rows, expected);
            assert_eq!(first.clone().count(&engine).await?, 3);
            assert_eq!(first.clone().limit(1).all(&engine).await?, [(1, 4)]);
            let several = select(Row::id).distinct_on((Row::x, Row::p)).order_by((Row::p, Row::x)).count(&engine);
            assert_eq!(several.await?, 4);
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(error.to_string().contains("row_number"), "{error}");
        }
    }
    // The way out, the same everywhere.
    let place = row_number().over(window().partition_by(Row::x).order_by(Row::y.desc()));
    let numbered = select((Row::x, Row::id, place.clone())).subquery("numbered");
    let (x, id) = (numbered.col(Row::x), numbered.col(Row::id));
    let rows = select((x.clone(), id)).from(&numbered).filter(numbered.col(place).eq(1)).order_by(x);
    assert_eq!(rows.all(&engine).await?, expected);

    // Which row is the first must be said.
    for unsaid in [
        select(Row::id).distinct_on(Row::x),
        select(Row::id).distinct_on(Row::x).order_by((Row::y, Row::x)),
        select(Row::id).distinct_on((Row::x, Row::p)).order_by((Row::x, Row::y, Row::p)),
        select(Row::id).distinct().distinct_on(Row::id).order_by(Row::id),
    ] {
        assert_eq!(unsaid.all(&engine).await.unwrap_err().kind(), ErrorKind::Syntax);
    }
    Ok(())
}
