//! LIKE and its relatives.
//!
//! | case | test |
//! | --- | --- |
//! | 44, 49, 53 | wildcards are `like`'s: `a_pattern_has_wildcards` |
//! | 46, 55 | the escape is `\` everywhere: `a_pattern_has_wildcards` |
//! | 47, 50, 52, 56 | `a_text_is_taken_literally` |
//! | 58, 59 | not offered: the databases have no expressions in common; `func` calls what one of them has |

use creole::prelude::*;

#[derive(Model, Debug, Clone)]
#[model(table = "some_table")]
struct Row {
    #[model(primary_key)]
    id: i32,
    #[model(length = 50)]
    data: Option<String>,
}

const DATA: [&str; 10] = [
    "abcdefg", "ab/cdefg", "ab%cdefg", "ab_cdefg", "abcde/fg", "abcde%fg", "ab#cdefg", "ab9cdefg", "abcde#fg",
    "abcd9fg",
];

async fn texts(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Row]).await?;
    for (id, data) in (1..).zip(DATA) {
        insert(&Row { id, data: Some(data.into()) }).exec(engine).await?;
    }
    insert(&Row { id: 11, data: None }).exec(engine).await?;
    Ok(())
}

async fn ids(engine: &Engine, condition: impl Condition) -> creole::Result<Vec<i32>> {
    select(Row::id).filter(condition).order_by(Row::id).all(engine).await
}

#[creole::test]
async fn a_pattern_has_wildcards(engine: Engine) -> creole::Result<()> {
    texts(&engine).await?;
    assert_eq!(ids(&engine, Row::data.like("ab%c%")).await?, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert_eq!(ids(&engine, Row::data.like("%e%fg")).await?, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(ids(&engine, Row::data.like("%b%cde%")).await?, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(ids(&engine, Row::data.like("ab_cd%")).await?, [2, 3, 4, 7, 8]);
    assert_eq!(ids(&engine, Row::data.like(r"ab\_c%")).await?, [4]);
    assert_eq!(ids(&engine, Row::data.like(r"%b\#cde%")).await?, [7]);
    assert_eq!(ids(&engine, not(Row::data.like("a%"))).await?, [0; 0]);
    assert_eq!(ids(&engine, not(Row::data.like("%#%"))).await?, [1, 2, 3, 4, 5, 6, 8, 10]);
    Ok(())
}

#[creole::test]
async fn a_text_is_taken_literally(engine: Engine) -> creole::Result<()> {
    texts(&engine).await?;
    let data = Row::data;
    for (text, starting) in [("ab%c", 3), ("ab#c", 7), ("ab_c", 4), ("ab/c", 2)] {
        assert_eq!(ids(&engine, data.starts_with(text)).await?, [starting], "{text}");
    }
    for (text, ending) in [("e%fg", 6), ("e#fg", 9), ("e/fg", 5)] {
        assert_eq!(ids(&engine, data.ends_with(text)).await?, [ending], "{text}");
    }
    for (text, holding) in [("b%cd", 3), ("b#cd", 7), ("b#cde", 7)] {
        assert_eq!(ids(&engine, data.contains(text)).await?, [holding], "{text}");
    }
    assert_eq!(ids(&engine, data.contains("")).await?.len(), 10);
    Ok(())
}
