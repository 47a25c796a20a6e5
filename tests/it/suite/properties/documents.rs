//! JSON: documents of every shape and types of serde's, bare and where they may be missing.

use std::collections::BTreeMap;

use creole::JsonValue;
use creole::prelude::*;

use proptest::collection::{btree_map, vec};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number};

use super::values::values;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "documents")]
struct Document {
    #[model(primary_key)]
    id: i32,
    value: JsonValue,
    maybe: Option<JsonValue>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "trees")]
struct Typed {
    #[model(primary_key)]
    id: i32,
    value: Json<Tree>,
    maybe: Option<Json<Tree>>,
}

/// Whatever serde makes of an enum, a struct, a map, a list, an `Option` and numbers of all kinds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tree {
    Nothing,
    Flag(bool),
    Number { whole: i64, natural: u64, float: f64 },
    Text(String, Option<char>),
    List(Vec<Tree>),
    Map(BTreeMap<String, Tree>),
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-cA-C \"\\\\/.$'%_]{0,6}",
        "[\u{1}-\u{7f}]{0,12}",
        "[\u{80}-\u{2fff}]{0,6}",
        "[\u{10000}-\u{10ffff}]{0,4}"
    ]
}

fn floats() -> impl Strategy<Value = f64> {
    any::<f64>().prop_filter("finite", |number| number.is_finite())
}

fn documents() -> impl Strategy<Value = JsonValue> {
    let leaf = prop_oneof![
        Just(JsonValue::Null),
        any::<bool>().prop_map(JsonValue::from),
        any::<i64>().prop_map(JsonValue::from),
        any::<u64>().prop_map(JsonValue::from),
        floats().prop_map(JsonValue::from),
        texts().prop_map(JsonValue::from),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(JsonValue::from),
            btree_map(texts(), inner, 0..6).prop_map(|map| JsonValue::Object(Map::from_iter(map))),
        ]
    })
}

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        Just(Tree::Nothing),
        any::<bool>().prop_map(Tree::Flag),
        (any::<i64>(), any::<u64>(), floats()).prop_map(|(whole, natural, float)| Tree::Number {
            whole,
            natural,
            float
        }),
        (texts(), any::<Option<char>>()).prop_map(|(text, letter)| Tree::Text(text, letter.filter(|&one| one != '\0'))),
    ];
    leaf.prop_recursive(5, 30, 5, |inner| {
        prop_oneof![vec(inner.clone(), 0..5).prop_map(Tree::List), btree_map(texts(), inner, 0..5).prop_map(Tree::Map),]
    })
}

fn ends() -> Vec<JsonValue> {
    let deep = (0..29).fold(json!(1), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({"a": inner}) });
    let keys = ["", " ", "\"", "\\", ".", "$", "$.a", "a.b", "[0]", "'", "é", "\u{1F600}", "null", "A", "a"];
    vec![
        JsonValue::Null,
        json!({}),
        json!([]),
        json!([[], {}, null]),
        json!(""),
        json!("null"),
        json!("1"),
        json!(1),
        json!(1.0),
        json!(0),
        json!(-0.0),
        json!(true),
        json!(false),
        json!([i64::MIN, i64::MAX, u64::MAX, EXACT - 1, EXACT, EXACT + 1]),
        json!([f64::MAX, f64::MIN_POSITIVE, 5e-324, 0.1, 1e15, 1e16, 1e21, 1e-7, 28.5, 1_234_567.89]),
        JsonValue::Object(keys.iter().map(|&key| (key.to_owned(), json!(key))).collect()),
        json!("\u{1F980}".repeat(1 << 18)),
        deep,
    ]
}

/// Up to here every integer is a float as well.
const EXACT: i64 = 1 << 53;

/// Every third row's second value is missing.
fn maybe<V: Clone>(all: &[V], place: usize) -> Option<V> {
    (place % 3 != 2).then(|| all[(place * 7 + 1) % all.len()].clone())
}

#[creole::test]
async fn documents_come_back_equal(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Document]).await?;
    let documents = values(ends(), documents());
    let rows: Vec<Document> = documents
        .iter()
        .enumerate()
        .map(|(place, value)| Document { id: place as i32, value: value.clone(), maybe: maybe(&documents, place) })
        .collect();
    write(&engine, &rows).await?;
    let found = Document::select().order_by(Document::id).all(&engine).await?;
    for (found, written) in found.iter().zip(&rows) {
        assert!(found == written, "{written:?} came back as {found:?}");
    }
    assert_eq!(found.len(), rows.len());
    // JSON's null is a document; a document that is missing is NULL.
    let missing = select(Document::id).filter(Document::maybe.is_null()).order_by(Document::id).all(&engine).await?;
    assert_eq!(missing, ids(&rows, |row| row.maybe.is_none()));
    let present = select((count(Document::value), count(Document::maybe))).one(&engine).await?;
    assert_eq!(present, (rows.len() as i64, (rows.len() - missing.len()) as i64));
    Ok(())
}

#[creole::test]
async fn documents_are_found_by_their_value(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Document]).await?;
    let documents = values(ends(), documents());
    let rows: Vec<Document> = documents
        .iter()
        .enumerate()
        .map(|(place, value)| Document { id: place as i32, value: value.clone(), maybe: maybe(&documents, place) })
        .collect();
    write(&engine, &rows).await?;
    let name = engine.dialect().name();
    for probe in documents.iter().take(60) {
        let found = select(Document::id).filter(Document::value.eq(probe)).order_by(Document::id).all(&engine).await?;
        // SQLite compares texts, in which a zero has its sign.
        let text = |document: &JsonValue| document.to_string();
        let is_same_text = |row: &Document| name != "sqlite" || text(&row.value) == text(probe);
        let same = ids(&rows, |row| row.value == *probe && is_same_text(row));
        assert!(same.iter().all(|id| found.contains(id)), "{probe:?}: {found:?}, but {same:?} are the same");
        // To a database 1 and 1.0 may be one number.
        let alike = ids(&rows, |row| by_value(&row.value) == by_value(probe));
        assert!(found.iter().all(|id| alike.contains(id)), "{probe:?}: {found:?}, but only {alike:?} are alike");
    }
    Ok(())
}

#[creole::test]
async fn typed_documents_come_back_equal(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Typed]).await?;
    let trees = values([Tree::Nothing, Tree::List(vec![]), Tree::Text(String::new(), None)], trees());
    let typed = |tree: &Tree| Json(tree.clone());
    let rows: Vec<Typed> = trees
        .iter()
        .enumerate()
        .map(|(place, tree)| Typed {
            id: place as i32,
            value: typed(tree),
            maybe: maybe(&trees, place).as_ref().map(typed),
        })
        .collect();
    write(&engine, &rows).await?;
    let found = Typed::select().order_by(Typed::id).all(&engine).await?;
    for (found, written) in found.iter().zip(&rows) {
        assert!(found == written, "{written:?} came back as {found:?}");
    }
    assert_eq!(found.len(), rows.len());
    for probe in rows.iter().take(20) {
        let found = select(Typed::id).filter(Typed::value.eq(&probe.value)).all(&engine).await?;
        assert!(found.contains(&probe.id), "{probe:?}: {found:?}");
    }
    Ok(())
}

async fn write<M: Model + Clone>(engine: &Engine, rows: &[M]) -> creole::Result<()> {
    let mut session = engine.session();
    for (place, row) in rows.iter().enumerate() {
        session.add(row.clone());
        // In several statements: some documents are long.
        if place % 50 == 49 {
            session.flush().await?;
        }
    }
    session.commit().await
}

fn ids(rows: &[Document], wanted: impl Fn(&Document) -> bool) -> Vec<i32> {
    rows.iter().filter(|row| wanted(row)).map(|row| row.id).collect()
}

/// The document with every number as a float.
fn by_value(document: &JsonValue) -> JsonValue {
    match document {
        JsonValue::Number(number) => {
            number.as_f64().and_then(Number::from_f64).map_or(JsonValue::Null, JsonValue::Number)
        }
        JsonValue::Array(items) => items.iter().map(by_value).collect(),
        JsonValue::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), by_value(value))).collect(),
        other => other.clone(),
    }
}
