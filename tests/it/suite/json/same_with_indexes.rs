//! An index over a value changes how a comparison is written, and not what it means: a table without indexes answers the same.

use creole::JsonValue;
use creole::prelude::*;
use creole::query::{Expr, JsonPath};

use super::{Row, documents, ids, write};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "with_indexes",
    json_index(doc.text: String),
    json_index(doc.bool: bool),
    json_index(doc.int: i64),
    json_index(doc.float: f64)
)]
struct Indexed {
    #[model(primary_key)]
    id: i32,
    doc: Option<JsonValue>,
}

const KEYS: [&str; 4] = ["text", "bool", "int", "float"];

fn values() -> Vec<JsonValue> {
    // MySQL's index has the first 191 characters of a text, quotes and escapes among them.
    let long = |characters: usize| JsonValue::from("ü".repeat(characters));
    let with_end = |end: &str| JsonValue::from(format!("{}{end}", "x".repeat(250)));
    let mut values = vec![json!(null), json!(true), json!(false), json!([]), json!(["a"]), json!({}), json!({"a": 1})];
    values.extend(
        ["", " ", "a", "A", "a ", "a  ", "ä", "true", "1", "1.0", "null", "\"", "\"a\"", "\\", "[]", "[\"a\"]"]
            .map(Into::into),
    );
    values.extend(["\u{1}", "\t", "\\t", "\u{7f}", "é", "e\u{301}", "🦀"].map(Into::into));
    values.extend([188, 189, 190, 191, 192].map(long));
    values.extend(["", " ", "a", "b"].map(with_end));
    values.extend(documents::numbers());
    values
}

/// Conditions about a value at a key.
fn conditions<M>(at: impl Fn(&str) -> JsonPath<M>, key: &str, value: &JsonValue, other: &JsonValue) -> Vec<Expr<bool>> {
    let equal = || at(key).eq(value);
    vec![
        equal(),
        not(equal()),
        at(key).ne(value),
        at(key).is_in([value, other]),
        equal().or(at("text").eq(other)),
        not(equal().or(at(key).eq(other))),
        equal().and(at("bool").eq(other).or(at("int").eq(value))),
        not(equal().and(at("float").eq(other))),
        case(equal(), true).otherwise(false),
    ]
}

#[creole::test]
async fn an_index_changes_no_answer(engine: Engine) -> creole::Result<()> {
    // It has no such indexes.
    if engine.dialect().name() == "mariadb" {
        return Ok(());
    }
    let values = values();
    let mut docs = vec![None, Some(json!(null)), Some(json!({})), Some(json!("text")), Some(json!([true]))];
    docs.extend(values.iter().map(|value| Some(KEYS.iter().map(|key| (*key, value.clone())).collect())));
    write(&engine, &docs).await?;
    engine.create_all(tables![Indexed]).await?;
    let rows: Vec<Indexed> = (0..).zip(&docs).map(|(id, doc)| Indexed { id, doc: doc.clone() }).collect();
    insert_all(&rows).exec(&engine).await?;
    for (value, other) in values.iter().zip(values.iter().cycle().skip(7)) {
        for key in KEYS {
            let plain = conditions(|key| Row::doc.at(key), key, value, other);
            let indexed = conditions(|key| Indexed::doc.at(key), key, value, other);
            for (plain, indexed) in plain.into_iter().zip(indexed) {
                let query = select(Indexed::id).filter(indexed).order_by(Indexed::id);
                let text = query.sql(engine.dialect())?;
                let found = query.all(&engine).await?;
                assert_eq!(found, ids(&engine, plain).await?, "{value} and {other}: {text}");
            }
        }
    }
    Ok(())
}
