//! What is said in the documentation, case by case.

use std::collections::BTreeSet;

use creole::JsonValue;
use creole::prelude::*;
use creole::query::Expr;
use serde::{Deserialize, Serialize};

use super::{Row, ids, write};
use crate::models::Settings;

/// A document, JSON's null and SQL's, and what each condition says of the place `a` in them: true, false or unknown.
#[creole::test]
async fn missing_json_null_and_sql_null_are_three_things(engine: Engine) -> creole::Result<()> {
    let documents = [
        None,
        Some(JsonValue::Null),
        Some(json!({})),
        Some(json!({"a": null})),
        Some(json!({"a": 1})),
        Some(json!({"a": "null"})),
        Some(json!([1])),
        Some(json!("a")),
    ];
    write(&engine, &documents).await?;
    let place = || Row::doc.at("a");
    // + is true, - is false, ? is unknown.
    let table: [(&str, Expr<bool>); 15] = [
        ("--------", place().exists().and(not(place().exists()))),
        ("---+++--", place().exists()),
        ("+++---++", place().is_null()),
        ("-++---++", place().is_missing()),
        ("???+--??", place().is_json_null()),
        ("???+--??", place().eq(json!(null))),
        ("+++-++++", place().ne(json!(null))),
        ("???-+-??", place().eq(1)),
        ("++++-+++", place().ne(1)),
        ("???--+??", place().eq("null")),
        ("?+------", Row::doc.is_json_null()),
        ("+-------", Row::doc.is_null()),
        ("---+++--", Row::doc.has_key("a")),
        ("????+???", place().as_i64().eq(1)),
        ("?????+??", place().as_str().eq("null")),
    ];
    for (place, (expected, condition)) in table.into_iter().enumerate() {
        let (holds, fails) = (ids(&engine, condition.clone()).await?, ids(&engine, not(condition)).await?);
        let sign = |id| {
            if holds.contains(&id) {
                '+'
            } else if fails.contains(&id) {
                '-'
            } else {
                '?'
            }
        };
        let found: String = (0..documents.len() as i32).map(sign).collect();
        assert_eq!(found, expected, "line {place}");
    }
    let read = select(place()).order_by(Row::id).all(&engine).await?;
    let expected = [None, None, None, Some(json!(null)), Some(json!(1)), Some(json!("null")), None, None];
    assert_eq!(read, expected);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "configs", default)]
struct Config {
    #[model(primary_key, auto)]
    id: i64,
    settings: Json<Settings>,
    extra: JsonValue,
}

fn config(id: i64, theme: &str, scale: f64, extra: JsonValue) -> Config {
    Config { id, settings: Json(Settings { theme: theme.into(), scale, panels: vec![None, Some(7)] }), extra }
}

async fn configs(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Config]).await?;
    let mut session = engine.session();
    session.add(config(1, "dark", 1.5, json!({"tags": ["beta", "new"], "n": 10, "price": 9.99, "on": true})));
    session.add(config(2, "light", 2.0, json!({"tags": ["old"], "n": 9, "price": 100, "on": false})));
    session.add(config(3, "dark", 0.5, json!({"tags": [], "n": "10", "ui": {"scale": 2}})));
    session.add(config(4, "Dark", 3.0, json!({"n": 2, "tags": "beta"})));
    session.commit().await
}

#[creole::test]
async fn the_tour_holds(engine: Engine) -> creole::Result<()> {
    configs(&engine).await?;
    let found =
        async |condition: Expr<bool>| select(Config::id).filter(condition).order_by(Config::id).all(&engine).await;
    assert_eq!(found(Config::settings.at("theme").eq("dark")).await?, [1, 3]);
    assert_eq!(found(Config::settings.at("scale").as_f64().ge(1.5)).await?, [1, 2, 4]);
    assert_eq!(found(Config::extra.at("tags").contains(json!(["beta"]))).await?, [1]);
    assert_eq!(found(Config::extra.contains(json!({"n": 10}))).await?, [1]);
    assert_eq!(found(Config::extra.has_any_key(["ui", "on"])).await?, [1, 2, 3]);
    assert_eq!(found(Config::extra.has_all_keys(["price", "on"])).await?, [1, 2]);
    assert_eq!(found(Config::extra.at("n").eq(10)).await?, [1]);
    assert_eq!(found(Config::extra.at("n").eq("10")).await?, [3]);
    assert_eq!(found(Config::extra.at("price").eq(dec!(9.99))).await?, [1]);
    assert_eq!(found(Config::extra.at("price").eq(100.0)).await?, [2]);
    assert_eq!(found(Config::extra.at("on").eq(true)).await?, [1]);
    assert_eq!(found(Config::extra.at("on").as_bool().eq(false)).await?, [2]);
    assert_eq!(found(Config::extra.at("tags").at(0).eq("beta")).await?, [1]);
    assert_eq!(found(Config::extra.at("tags").at(-1).eq("new")).await?, [1]);
    assert_eq!(found(Config::extra.path(["ui", "scale"]).eq(2)).await?, [3]);
    assert_eq!(found(Config::extra.at("ui").eq(json!({"scale": 2.0}))).await?, [3]);
    assert_eq!(found(Config::extra.at("n").is_in([json!(2), json!("10")])).await?, [3, 4]);
    assert_eq!(found(Config::settings.at("theme").as_str().starts_with("d")).await?, [1, 3]);
    assert_eq!(found(Config::settings.at("panels").at(1).as_i64().between(7, 8)).await?, [1, 2, 3, 4]);
    assert_eq!(found(Config::extra.at("price").as_decimal().is_in([dec!(9.990), dec!(1)])).await?, [1]);
    assert_eq!(found(Config::extra.json_type().eq(JsonType::Object)).await?, [1, 2, 3, 4]);
    assert_eq!(found(Config::extra.at("tags").json_type().ne(JsonType::Array)).await?, [4]);
    assert_eq!(found(Config::extra.at("tags").array_len().gt(0)).await?, [1, 2]);
    let keys = select(Config::settings.object_keys()).filter(Config::id.eq(1)).one(&engine).await?;
    assert_eq!(keys.map(Json::into_inner), Some(BTreeSet::from(["theme", "scale", "panels"].map(Into::into))));
    // Through another name of the table.
    let other = alias::<Config>("other");
    let theme = other.col(Config::settings).at("theme");
    let pairs = select((Config::id, other.col(Config::id)))
        .join(
            other
                .on(theme.as_str().eq(Config::settings.at("theme").as_str()).and(other.col(Config::id).gt(Config::id))),
        )
        .all(&engine)
        .await?;
    assert_eq!(pairs, [(1, 3)]);
    Ok(())
}

#[creole::test]
async fn rows_are_sorted_and_grouped_by_values_in_documents(engine: Engine) -> creole::Result<()> {
    configs(&engine).await?;
    let number = || Config::extra.at("n").as_i64();
    // Numbers as numbers, and what is none last.
    assert_eq!(select(Config::id).order_by((number(), Config::id)).all(&engine).await?, [4, 2, 1, 3]);
    assert_eq!(select(Config::id).order_by((number().desc(), Config::id)).all(&engine).await?, [3, 1, 2, 4]);
    let theme = || Config::settings.at("theme").as_str();
    let groups = select((theme(), count_rows(), max(Config::settings.at("scale").as_f64())))
        .group_by(theme())
        .order_by(theme())
        .all(&engine)
        .await?;
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(groups, [(text("Dark"), 1, Some(3.0)), (text("dark"), 2, Some(1.5)), (text("light"), 1, Some(2.0))]);
    // By a key that is bound.
    let odd = || Config::extra.at("n'\"").as_str();
    assert_eq!(select((odd(), count_rows())).group_by(odd()).all(&engine).await?, [(None, 4)]);
    assert_eq!(select(sum(number())).one(&engine).await?, Some(21));
    Ok(())
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Ui {
    scale: f64,
}

#[creole::test]
async fn a_part_is_read_as_a_document_or_as_a_type(engine: Engine) -> creole::Result<()> {
    configs(&engine).await?;
    let ui = || Config::extra.at("ui");
    let read = select((Config::id, ui(), ui().as_type::<Ui>())).filter(ui().exists()).one(&engine).await?;
    assert_eq!(read, (3, Some(json!({"scale": 2})), Some(Json(Ui { scale: 2.0 }))));
    let error = select(Config::extra.at("tags").as_type::<Vec<u8>>()).filter(Config::id.eq(1)).one(&engine).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.table(), Some("configs"));
    assert!(error.to_string().contains("at `[0]`") && !error.to_string().contains("beta"), "{error}");
    // Parts are compared as documents are.
    let same = Config::extra.at("tags").as_json().eq(json!(["beta", "new"]));
    assert_eq!(select(Config::id).filter(same).all(&engine).await?, [1]);
    let same = Config::extra.at("n").as_json().is_same(Config::extra.at("n").as_json());
    assert_eq!(Config::select().filter(same).count(&engine).await?, 4);
    let other = Config::extra.at("tags").as_json().ne(json!([]));
    assert_eq!(select(Config::id).filter(other).order_by(Config::id).all(&engine).await?, [1, 2, 4]);
    Ok(())
}

#[creole::test]
async fn the_elements_of_an_array_are_rows(engine: Engine) -> creole::Result<()> {
    let documents = [
        None,
        Some(json!({"tags": ["a", "b"]})),
        Some(json!({"tags": []})),
        Some(json!({"tags": {"a": 1}})),
        Some(json!({"tags": "a"})),
        Some(json!({"tags": [null, 1.5, {"name": "x", "list": [1, 2]}, ["a"], u64::MAX]})),
        Some(json!({"o'd d\"": [1]})),
    ];
    write(&engine, &documents).await?;
    let tag = Row::doc.at("tags").each("tag");
    let rows =
        select((Row::id, tag.index(), tag.value())).join(&tag).order_by((Row::id, tag.index())).all(&engine).await?;
    let expected = [
        (1, 0, json!("a")),
        (1, 1, json!("b")),
        (5, 0, json!(null)),
        (5, 1, json!(1.5)),
        (5, 2, json!({"name": "x", "list": [1, 2]})),
        (5, 3, json!(["a"])),
        (5, 4, json!(u64::MAX)),
    ];
    assert_eq!(rows, expected.map(|(id, place, value)| (id, place, Some(value))));
    let found = select(Row::id).join(&tag).filter(tag.value().eq("a")).all(&engine).await?;
    assert_eq!(found, [1]);
    let found = select((Row::id, tag.index())).join(&tag).filter(tag.value().is_json_null()).all(&engine).await?;
    assert_eq!(found, [(5, 0)]);
    let found = select(tag.value().at("name").as_str())
        .from(table::<Row>())
        .join(&tag)
        .filter(tag.value().has_key("name"))
        .all(&engine)
        .await?;
    assert_eq!(found, [Some("x".to_owned())]);
    let counts =
        select((Row::id, count(tag.index()))).join(&tag).group_by(Row::id).order_by(Row::id).all(&engine).await?;
    assert_eq!(counts, [(1, 2), (5, 5)]);
    // Elements of elements, and rows without any.
    let inner = tag.value().at("list").each("inner");
    let found = select(inner.value().as_i64())
        .from(table::<Row>())
        .join(&tag)
        .join(&inner)
        .order_by(inner.index())
        .all(&engine)
        .await?;
    assert_eq!(found, [Some(1), Some(2)]);
    let kept = select((Row::id, tag.value().as_str())).left_join(tag.on(tag.value().json_type().eq(JsonType::String)));
    let kept = kept.filter(Row::id.lt(4)).order_by((Row::id, tag.value().as_str())).all(&engine).await?;
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(kept, [(0, None), (1, text("a")), (1, text("b")), (2, None), (3, None)]);
    let odd = Row::doc.at("o'd d\"").each("odd");
    assert_eq!(select((Row::id, odd.value())).join(&odd).all(&engine).await?, [(6, Some(json!(1)))]);
    let error = select(Row::id).right_join(&tag).all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    let error = select(tag.value()).from(table::<Row>()).all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UndefinedColumn);
    Ok(())
}
