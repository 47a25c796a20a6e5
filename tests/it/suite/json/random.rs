//! Random paths, comparisons and changes of random documents, beside the same in Rust. A statement is about all documents
//! at once, so that thousands of pairs take a few hundred statements.

use creole::JsonValue;
use creole::prelude::*;
use creole::query::{Expr, JsonPath, JsonType};

use super::reference::{self, Change, Step, at};
use super::{Row, ids, write};
use crate::random::{self, Random};

/// How many documents there are.
const DOCUMENTS: usize = 80;

/// How many operations each test tries on them. More are tried where `JSON_OPERATIONS` says so.
fn operations() -> usize {
    std::env::var("JSON_OPERATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(60)
}

/// What a condition says of a document, in Rust.
type Holds<'a> = dyn Fn(Option<&JsonValue>) -> Option<bool> + 'a;

fn random() -> Random {
    Random(random::seed())
}

fn documents(random: &mut Random) -> Vec<Option<JsonValue>> {
    let mut documents = vec![None, Some(JsonValue::Null), Some(json!({})), Some(json!([])), Some(json!("text"))];
    // Every odd key is there, and every number.
    documents.push(Some(super::documents::KEYS.iter().map(|key| (*key, random.single())).collect()));
    documents.push(Some(json!(super::documents::numbers())));
    documents.push(Some(json!({"a": super::documents::numbers()})));
    while documents.len() < DOCUMENTS {
        documents.push(Some(random.document(3)));
    }
    documents
}

fn path_of(path: &[Step]) -> JsonPath<Row> {
    Row::doc.path(path.iter().cloned())
}

/// Whether a database can't find one of these keys, and says so.
fn is_refused(engine: &Engine, keys: &[&str]) -> bool {
    engine.dialect().name() == "mariadb" && keys.iter().any(|key| key.starts_with('-'))
}

fn keys_of(path: &[Step]) -> Vec<&str> {
    let keys = path.iter().filter_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None });
    keys.collect()
}

fn keys_in(value: &JsonValue) -> Vec<&str> {
    match value {
        JsonValue::Object(entries) => {
            entries.iter().flat_map(|(key, value)| std::iter::once(key.as_str()).chain(keys_in(value))).collect()
        }
        JsonValue::Array(items) => items.iter().flat_map(keys_in).collect(),
        _ => Vec::new(),
    }
}

/// The rows for which a condition is true, and those for which it is false; for the others it is unknown.
async fn both(engine: &Engine, condition: Expr<bool>, what: &str) -> [Vec<i32>; 2] {
    let mut found = [Vec::new(), Vec::new()];
    for (place, condition) in [condition.clone(), not(condition)].into_iter().enumerate() {
        let sql = select(Row::id).filter(condition.clone()).sql(engine.dialect());
        found[place] = match ids(engine, condition).await {
            Ok(ids) => ids,
            Err(error) => panic!("{what}: {error}: {:?}\n{sql:?}", error.server_message()),
        };
    }
    found
}

/// The same of the documents in Rust.
fn expected(documents: &[Option<JsonValue>], holds: impl Fn(Option<&JsonValue>) -> Option<bool>) -> [Vec<i32>; 2] {
    [true, false].map(|wanted| {
        let ids = (0..).zip(documents).filter(|(_, doc)| holds(doc.as_ref()) == Some(wanted));
        ids.map(|(id, _)| id).collect()
    })
}

fn show(documents: &[Option<JsonValue>], found: &[Vec<i32>; 2], expected: &[Vec<i32>; 2], path: &[Step]) -> String {
    let differing = |place: usize| {
        let mut ids = 0..documents.len() as i32;
        ids.find(|id| found[place].contains(id) != expected[place].contains(id))
    };
    let id = differing(0).or(differing(1)).unwrap_or(0) as usize;
    format!("document {id}: {:?} at the path: {:?}", documents[id], documents[id].as_ref().map(|doc| at(doc, path)))
}

#[creole::test]
async fn comparing_means_what_it_means_in_rust(engine: Engine) -> creole::Result<()> {
    let mut random = random();
    let documents = documents(&mut random);
    write(&engine, &documents).await?;
    let mut held = 0;
    for _ in 0..operations() {
        let path = random.path(&documents);
        let other = random.likely(&documents, &path);
        let value = |doc: Option<&JsonValue>| doc.and_then(|doc| at(doc, &path)).cloned();
        let key = random.pick(&super::documents::KEYS);
        let second = random.pick(&super::documents::KEYS);
        let has = |doc: Option<&JsonValue>, key: &str| value(doc).is_some_and(|value| value.get(key).is_some());
        let here = || path_of(&path);
        let number = random.below(12);
        let (condition, holds): (Expr<bool>, Box<Holds<'_>>) = match number {
            0..3 => (here().eq(&other), Box::new(|doc| value(doc).map(|value| reference::equal(&value, &other)))),
            3 => (
                here().ne(&other),
                Box::new(|doc| Some(!value(doc).is_some_and(|value| reference::equal(&value, &other)))),
            ),
            4 => (here().exists(), Box::new(|doc| Some(value(doc).is_some()))),
            5 => (here().is_null(), Box::new(|doc| Some(value(doc).is_none()))),
            6 => (here().is_missing(), Box::new(|doc| Some(doc.is_some() && value(doc).is_none()))),
            7 => (here().is_json_null(), Box::new(|doc| value(doc).map(|value| value.is_null()))),
            8 => (here().has_key(key), Box::new(|doc| Some(has(doc, key)))),
            9 => (here().has_any_key([key, second]), Box::new(|doc| Some(has(doc, key) || has(doc, second)))),
            10 => (here().has_all_keys([key, second]), Box::new(|doc| Some(has(doc, key) && has(doc, second)))),
            _ => (
                here().is_in([other.clone(), json!(1)]),
                Box::new(|doc| {
                    value(doc).map(|value| [&other, &json!(1)].iter().any(|one| reference::equal(&value, one)))
                }),
            ),
        };
        let mut keys = keys_of(&path);
        let asked = if number == 8 { 1 } else { 2 * usize::from((9..11).contains(&number)) };
        keys.extend([key, second].into_iter().take(asked));
        let what = format!("operation {number} at {path:?} with {other:?}, {key:?}, {second:?}");
        if is_refused(&engine, &keys) {
            assert_eq!(ids(&engine, condition).await.unwrap_err().kind(), ErrorKind::Unsupported, "{what}");
            continue;
        }
        let (found, expected) = (both(&engine, condition, &what).await, expected(&documents, holds));
        held += found[0].len();
        assert_eq!(found, expected, "{what}: {}", show(&documents, &found, &expected, &path));
    }
    assert!(held > operations(), "only {held} conditions held");
    Ok(())
}

#[creole::test]
async fn containing_means_what_it_means_in_rust(engine: Engine) -> creole::Result<()> {
    let mut random = random();
    let documents = documents(&mut random);
    write(&engine, &documents).await?;
    for _ in 0..operations() {
        let path = if random.one_in(3) { Vec::new() } else { random.path(&documents) };
        let mut part = random.likely(&documents, &path);
        // Part of what is there.
        match &mut part {
            JsonValue::Object(entries) if !entries.is_empty() && random.one_in(2) => {
                let key = entries.keys().nth(random.below(entries.len())).unwrap().clone();
                entries.remove(&key);
            }
            JsonValue::Array(items) if !items.is_empty() => match random.below(3) {
                0 => drop(items.remove(random.below(items.len()))),
                1 => items.reverse(),
                _ => part = random.pick(items),
            },
            _ => {}
        }
        let condition = path_of(&path).contains(part.clone());
        let what = format!("{path:?} holds {part}");
        let holds =
            |doc: Option<&JsonValue>| doc.and_then(|doc| at(doc, &path)).map(|value| reference::contains(value, &part));
        if is_refused(&engine, &[keys_of(&path), keys_in(&part)].concat()) {
            assert_eq!(ids(&engine, condition).await.unwrap_err().kind(), ErrorKind::Unsupported, "{what}");
            continue;
        }
        let (found, expected) = (both(&engine, condition, &what).await, expected(&documents, holds));
        assert_eq!(found, expected, "{what}: {}", show(&documents, &found, &expected, &path));
    }
    Ok(())
}

/// What is read of a value.
type Views = (i32, Option<JsonValue>, Option<String>, Option<i64>, Option<f64>, Option<Decimal>, Option<bool>);

#[creole::test]
async fn views_are_what_they_are_in_rust(engine: Engine) -> creole::Result<()> {
    let mut random = random();
    let documents = documents(&mut random);
    write(&engine, &documents).await?;
    let mut paths: Vec<Vec<Step>> = (0..operations()).map(|_| random.path(&documents)).collect();
    // Every number, and every odd key.
    paths.extend((0..super::documents::numbers().len() as i32).map(|place| vec![Step::Index(place)]));
    paths.extend(super::documents::KEYS.map(|key| vec![Step::Key(key.into())]));
    for path in paths {
        let here = || path_of(&path);
        let views =
            (Row::id, here(), here().as_str(), here().as_i64(), here().as_f64(), here().as_decimal(), here().as_bool());
        let shape = (here().json_type(), here().array_len(), here().object_keys());
        if is_refused(&engine, &keys_of(&path)) {
            let error = select(views).all(&engine).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            continue;
        }
        let query = select(views).order_by(Row::id);
        let rows: Vec<Views> = match query.clone().all(&engine).await {
            Ok(rows) => rows,
            Err(error) => panic!("{path:?}: {error}: {:?}\n{:?}", error.server_message(), query.sql(engine.dialect())),
        };
        let shapes = select(shape).order_by(Row::id).all(&engine).await?;
        for ((doc, row), shape) in documents.iter().zip(rows).zip(shapes) {
            let value = doc.as_ref().and_then(|doc| at(doc, &path));
            let what = format!("{path:?} in {doc:?}");
            let expected: Views = (
                row.0,
                value.cloned(),
                value.and_then(JsonValue::as_str).map(Into::into),
                value.and_then(reference::as_i64),
                value.and_then(JsonValue::as_f64),
                value.and_then(reference::as_decimal),
                value.and_then(JsonValue::as_bool),
            );
            assert_eq!(row, expected, "{what}");
            let keys = value.and_then(JsonValue::as_object).map(|entries| entries.keys().cloned().collect());
            let (kind, length, found): (Option<JsonType>, _, _) = shape;
            assert_eq!(kind, value.map(reference::json_type), "{what}");
            assert_eq!(length, value.and_then(JsonValue::as_array).map(|items| items.len() as i64), "{what}");
            assert_eq!(found.map(Json::into_inner), keys, "{what}");
        }
    }
    Ok(())
}

#[creole::test]
async fn changing_means_what_it_means_in_rust(engine: Engine) -> creole::Result<()> {
    let mut random = random();
    let documents = documents(&mut random);
    write(&engine, &documents).await?;
    let (mut made, mut refused) = (0, 0);
    for _ in 0..operations() {
        let mut path = random.path(&documents);
        if random.one_in(2) {
            path.push(Step::Key("a".into()));
        }
        let value = random.document(1);
        let change = match random.below(8) {
            0 => Change::Insert(value),
            1 => Change::Append(value),
            2 => Change::Remove,
            3..6 => {
                // Of the whole document too.
                path.truncate(if random.one_in(3) { 0 } else { path.len() });
                let target = random.likely(&documents, &path);
                Change::Merge(random.patch(&target))
            }
            _ => Change::Set(value),
        };
        let statement = |ids: &[i32]| {
            let (update, place) = (update::<Row>().filter(Row::id.is_in(ids.to_vec())), path_of(&path));
            match &change {
                Change::Set(value) => update.set(place, value),
                Change::Insert(value) => update.json_insert(place, value),
                Change::Append(value) => update.json_append(place, value),
                Change::Merge(patch) => update.json_merge(place, patch),
                Change::Remove => update.json_remove(place),
            }
        };
        if is_refused(&engine, &keys_of(&path)) {
            let error = statement(&[0]).exec(&engine).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            continue;
        }
        let expected: Vec<_> = documents.iter().map(|doc| reference::changed(doc, &path, &change)).collect();
        let (fine, bad): (Vec<i32>, Vec<i32>) =
            (0..documents.len() as i32).partition(|id| expected[*id as usize].is_ok());
        let what = format!("{change:?} at {path:?}");
        let mut session = engine.session();
        if let Err(error) = statement(&fine).exec(&mut session).await {
            let sql = statement(&fine).sql(engine.dialect());
            panic!("{what}: {error}: {:?}\n{sql:?}", error.server_message());
        }
        for row in Row::select().order_by(Row::id).all(&mut session).await? {
            let place = row.id as usize;
            let after = expected[place].as_ref().unwrap_or(&documents[place]);
            assert_eq!(row.doc, *after, "{what} in {:?}", documents[place]);
            made += usize::from(row.doc != documents[place]);
        }
        session.rollback().await?;
        for id in bad.iter().take(3) {
            let result = statement(&[*id]).exec(&engine).await;
            let error = result.map(|_| panic!("{what} in {:?} was made", documents[*id as usize])).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error:?} {:?}", error.server_message());
            refused += 1;
        }
    }
    assert!(made > operations() && refused > operations() / 4, "{made} changes made, {refused} refused");
    Ok(())
}
