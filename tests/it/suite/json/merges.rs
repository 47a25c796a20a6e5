//! Merging patches into documents (RFC 7396), beside the RFC's own examples and its pseudo code in Rust.

use creole::JsonValue;
use creole::prelude::*;
use creole::query::{JsonPath, Update};

use super::documents::{KEYS, numbers};
use super::reference::merge_patch;
use super::{Row, write};
use crate::random::{self, Random};

type Object = serde_json::Map<String, JsonValue>;

/// A document whose keys stand in the opposite order where it is a text, as another program or MariaDB's own functions may
/// have left it: what MariaDB's merge makes of a document depends on that.
struct Backwards<'a>(&'a JsonValue);

impl serde::Serialize for Backwards<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            JsonValue::Object(entries) => {
                serializer.collect_map(entries.iter().rev().map(|(key, value)| (key, Backwards(value))))
            }
            JsonValue::Array(items) => serializer.collect_seq(items.iter().map(Backwards)),
            other => other.serialize(serializer),
        }
    }
}

/// Which way the keys of a document stand in its text.
#[derive(Debug, Clone, Copy)]
enum Order {
    Forwards,
    Backwards,
}

/// What becomes of documents, each by a patch of its own.
async fn merged(
    engine: &Engine,
    pairs: &[(Option<JsonValue>, JsonValue)],
    order: Order,
    place: impl Fn() -> JsonPath<Row>,
) -> creole::Result<Vec<Option<JsonValue>>> {
    let mut session = engine.session();
    let mut results = Vec::new();
    for (target, patch) in pairs {
        let written = match order {
            Order::Forwards => update::<Row>().set(Row::doc, target.clone()).all_rows().exec(&mut session).await?,
            Order::Backwards => {
                let text = target.as_ref().map(|target| serde_json::to_string(&Backwards(target)).unwrap());
                sql!("UPDATE documents SET doc = {text}").exec(&mut session).await?
            }
        };
        assert_eq!(written, 1);
        let changed = update::<Row>().json_merge(place(), patch).filter(Row::id.eq(0)).exec(&mut session).await?;
        assert_eq!(changed, 1);
        results.push(Row::select().filter(Row::id.eq(0)).one(&mut session).await?.doc);
    }
    session.rollback().await?;
    Ok(results)
}

/// Merges each pair into a whole document, and into a place in one. Where documents are texts, in whichever order their keys
/// stand.
async fn check(engine: &Engine, pairs: Vec<(Option<JsonValue>, JsonValue)>) -> creole::Result<()> {
    if ["sqlite", "mariadb"].contains(&engine.dialect().name()) {
        check_in(engine, &pairs, Order::Backwards).await?;
    }
    check_in(engine, &pairs, Order::Forwards).await
}

async fn check_in(engine: &Engine, pairs: &[(Option<JsonValue>, JsonValue)], order: Order) -> creole::Result<()> {
    let expected = |target: &Option<JsonValue>, patch: &JsonValue| merge_patch(target.clone(), patch);
    let found = merged(engine, pairs, order, || Row::doc.path::<&str>([])).await?;
    for ((target, patch), found) in pairs.iter().zip(found) {
        assert_eq!(found, Some(expected(target, patch)), "{patch} merged into {target:?}, {order:?}");
    }
    let inside = |target: &Option<JsonValue>| match target {
        Some(target) => json!({"keep": {"x": null}, "list": [0, {"in": target}]}),
        None => json!({"keep": {"x": null}, "list": [0, {}]}),
    };
    let placed: Vec<_> = pairs.iter().map(|(target, patch)| (Some(inside(target)), patch.clone())).collect();
    let found = merged(engine, &placed, order, || Row::doc.at("list").at(1).at("in")).await?;
    for ((target, patch), found) in pairs.iter().zip(found) {
        assert_eq!(
            found,
            Some(inside(&Some(expected(target, patch)))),
            "{patch} merged into {target:?} at a place, {order:?}"
        );
    }
    Ok(())
}

/// Appendix A of the RFC.
fn examples() -> [(JsonValue, JsonValue, JsonValue); 15] {
    [
        (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
        (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
        (json!({"a": "b"}), json!({"a": null}), json!({})),
        (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
        (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
        (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
        (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
        (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
        (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
        (json!({"a": "b"}), json!(["c"]), json!(["c"])),
        (json!({"a": "foo"}), json!(null), json!(null)),
        (json!({"a": "foo"}), json!("bar"), json!("bar")),
        (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
        (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
        (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
    ]
}

#[creole::test]
async fn a_merge_is_what_the_rfc_says(engine: Engine) -> creole::Result<()> {
    write(&engine, &[None]).await?;
    let pairs = examples().map(|(target, patch, _)| (Some(target), patch));
    let found = merged(&engine, &pairs, Order::Forwards, || Row::doc.path::<&str>([])).await?;
    for ((target, patch, expected), found) in examples().into_iter().zip(found) {
        assert_eq!(merge_patch(Some(target.clone()), &patch), expected);
        assert_eq!(found, Some(expected), "{patch} merged into {target}");
    }
    check(&engine, pairs.to_vec()).await
}

/// What is no object counts as an empty one, and only where the patch is an object.
#[creole::test]
async fn what_is_no_object_becomes_one(engine: Engine) -> creole::Result<()> {
    write(&engine, &[None]).await?;
    let others = [json!(null), json!("text"), json!(""), json!(1), json!(true), json!([]), json!([{"a": 1}])];
    let targets: Vec<_> = std::iter::once(None).chain(others.iter().cloned().map(Some)).collect();
    let objects = [json!({}), json!({"a": null}), json!({"a": {"b": null}}), json!({"a": {"b": {"c": [null]}}})];
    let patches = || others.iter().chain(&objects).cloned();
    let pairs = targets.iter().flat_map(|target| patches().map(|patch| (target.clone(), patch)));
    check(&engine, pairs.collect()).await?;
    // The same one level further in.
    let inner = targets.iter().flatten().flat_map(|target| {
        let target = json!({"a": target, "b": target, "z": 1});
        patches().map(move |patch| (Some(target.clone()), json!({"a": patch, "c": patch})))
    });
    check(&engine, inner.collect()).await
}

/// MariaDB's own merge loses keys in all of these, in one order of the document's keys or the other.
#[creole::test]
async fn no_key_is_lost(engine: Engine) -> creole::Result<()> {
    write(&engine, &[None]).await?;
    let pairs = [
        (json!({"a": 1, "o": {"x": 1}, "list": [1]}), json!({"o": {"y": 2}, "a": null})),
        (json!({"b": {"c": ["", "\\"], "a": {}}, "c": 1}), json!({"c": {}, "a": true, "b": null})),
        (json!({"c": "", "b": "x"}), json!({"b": {"b": "x", "c": {"c": 1, "b": null}, "a": null}, "c": null})),
        (json!({"c": null, "b": -5}), json!({"a": {"a": 1e300, "c": 0}, "b": [{"c": "\""}, [1]], "c": null})),
        (json!({"a": {"c": [], "a": "x"}, "b": false}), json!({"b": null, "a": null})),
        (json!({"b": {}, "a": {"a": 1.5}, "c": 1.5}), json!({"a": null, "b": null})),
    ];
    check(&engine, pairs.map(|(target, patch)| (Some(target), patch)).to_vec()).await
}

/// Random patches of random documents.
#[creole::test]
async fn a_merge_is_what_it_is_in_rust(engine: Engine) -> creole::Result<()> {
    write(&engine, &[None]).await?;
    let mut random = Random(random::seed());
    let pair = |_| {
        let target = random.document(3);
        let patch = random.patch(&target);
        (Some(target), patch)
    };
    check(&engine, (0..80).map(pair).collect()).await
}

/// Whatever a key is, on which side of a merge it stands and how deep; numbers keep their digits.
#[creole::test]
async fn odd_keys_and_numbers(engine: Engine) -> creole::Result<()> {
    write(&engine, &[None]).await?;
    let object = |keys: &[&str], value: &dyn Fn(usize) -> JsonValue| -> JsonValue {
        keys.iter().enumerate().map(|(place, key)| ((*key).to_owned(), value(place))).collect()
    };
    let target = object(&KEYS, &|place| json!({"at": place, "old": [place]}));
    let half = object(&KEYS, &|place| if place % 2 == 0 { json!(null) } else { json!({"old": null, "new": place}) });
    let mut pairs = vec![(target.clone(), half.clone()), (json!({}), half.clone()), (json!({"in": target}), half)];
    for key in KEYS {
        pairs.push((target.clone(), json!({key: null})));
        pairs.push((
            json!({key: {key: {key: 1, "b": 2}}}),
            json!({key: {key: {key: null, "c": key}}, "d": {key: {key: null}}}),
        ));
    }
    let numbers: Object =
        numbers().into_iter().enumerate().map(|(place, number)| (place.to_string(), number)).collect();
    pairs.push((json!({"in": numbers, "a": 1}), json!({"a": null, "in": {"0": 1}})));
    pairs.push((json!({"a": 1}), json!({"in": numbers, "list": [numbers], "a": null})));
    check(&engine, pairs.into_iter().map(|(target, patch)| (Some(target), patch)).collect()).await
}

/// More keys of each kind than one function of PostgreSQL takes.
#[creole::test]
async fn patches_with_many_keys(engine: Engine) -> creole::Result<()> {
    write(&engine, &[None]).await?;
    let object = |count: usize, value: &dyn Fn(usize) -> JsonValue| -> JsonValue {
        (0..count).map(|key| (format!("k{key}"), value(key))).collect()
    };
    let target = object(400, &|key| if key % 2 == 0 { json!({"x": key, "y": key}) } else { json!(key) });
    let patch = object(380, &|key| match key % 3 {
        0 => json!(null),
        1 => json!({"x": null, "z": [null]}),
        _ => json!("new"),
    });
    check(&engine, vec![(Some(target), patch)]).await
}

/// As deep as the database keeps documents, and no deeper.
#[creole::test]
async fn patches_that_nest_deeply(engine: Engine) -> creole::Result<()> {
    write(&engine, &[None]).await?;
    let deepest = match engine.dialect().name() {
        "mariadb" => 31,
        "mysql" => 100,
        _ => 127,
    };
    let deep = |levels: usize, inner: JsonValue| (1..levels).fold(inner, |inner, _| json!({"a": inner, "b": null}));
    let target = deep(deepest, json!({"x": 1, "y": 2}));
    let patch = deep(deepest, json!({"x": null, "z": 3}));
    let whole = [(Some(target), patch.clone()), (None, patch.clone())];
    let found = merged(&engine, &whole, Order::Forwards, || Row::doc.path::<&str>([])).await?;
    for ((target, patch), found) in whole.iter().zip(found) {
        assert!(found == Some(merge_patch(target.clone(), patch)));
    }
    let refused: [Update<Row>; 3] = [
        update().json_merge(Row::doc, deep(deepest + 1, json!({"x": null}))),
        update().json_merge(Row::doc.at("a"), patch.clone()),
        update().json_merge(Row::doc, deep(200, json!({}))),
    ];
    for update in refused {
        let error = update.filter(Row::id.eq(0)).exec(&engine).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error:?}");
    }
    Ok(())
}

/// Documents that other programs wrote: a key with escapes is the key that it stands for, and of two equal ones, of which the
/// first is found, the first is taken out.
#[creole::test]
async fn keys_as_other_programs_write_them(engine: Engine) -> creole::Result<()> {
    write(&engine, &[None]).await?;
    if !["sqlite", "mariadb"].contains(&engine.dialect().name()) {
        // Documents are no texts there.
        return Ok(());
    }
    let merge = async |text: &str, patch: JsonValue| {
        sql!("UPDATE documents SET doc = {text}").exec(&engine).await?;
        update::<Row>().json_merge(Row::doc, patch).all_rows().exec(&engine).await
    };
    let escaped = r#"{"\u0061": {"\u00fc": 1, "x": 1}, "b": "\u00e9"}"#;
    for patch in [json!({"a": {"ü": null}}), json!({"a": {"x": null, "ü": 2}, "b": null}), json!({"a": null, "c": 1})]
    {
        merge(escaped, patch.clone()).await?;
        let expected = merge_patch(serde_json::from_str(escaped).unwrap(), &patch);
        assert_eq!(Row::find(0, &engine).await?.unwrap().doc, Some(expected), "{patch}");
    }
    for (patch, expected) in [(json!({"a": null}), 2), (json!({"a": 3}), 3)] {
        merge(r#"{"a": 1, "a": 2}"#, patch).await?;
        assert_eq!(select(Row::doc.at("a").as_i64()).one(&engine).await?, Some(expected));
    }
    Ok(())
}
