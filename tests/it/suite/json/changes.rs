//! Changing parts of documents by an UPDATE, and whole ones by a session.

use std::collections::BTreeMap;

use creole::JsonValue;
use creole::prelude::*;
use creole::query::Update;

use super::{Row, Typed, write};
use crate::models::Settings;

/// What becomes of a document.
async fn after(
    engine: &Engine,
    doc: Option<JsonValue>,
    change: impl FnOnce(Update<Row>) -> Update<Row>,
) -> creole::Result<Option<JsonValue>> {
    let mut session = engine.session();
    update::<Row>().set(Row::doc, doc).filter(Row::id.eq(0)).exec(&mut session).await?;
    let changed = change(update::<Row>()).filter(Row::id.eq(0)).exec(&mut session).await?;
    assert_eq!(changed, 1);
    let row = Row::select().filter(Row::id.eq(0)).one(&mut session).await?;
    session.rollback().await?;
    Ok(row.doc)
}

#[creole::test]
async fn one_statement_changes_several_places(engine: Engine) -> creole::Result<()> {
    write(&engine, &[None]).await?;
    let doc = json!({"ui": {"scale": 1, "old": true}, "tags": ["a"], "legacy": [1, 2, 3], "keep": 1.50});
    let changed = after(&engine, Some(doc), |update| {
        update
            .set(Row::doc.at("ui").at("scale"), 2.0)
            .set(Row::doc.path(["ui", "new", "deep"]), json!({"x": [null]}))
            .json_remove(Row::doc.at("ui").at("old"))
            .json_append(Row::doc.at("tags"), "b")
            .json_append(Row::doc.at("more"), dec!(9.99))
            .json_insert(Row::doc.at("keep"), 7)
            .json_insert(Row::doc.at("fresh"), u64::MAX)
            .json_remove(Row::doc.at("legacy").at(1))
            .json_remove(Row::doc.at("nothing").at("there"))
    });
    let expected = json!({
        "ui": {"scale": 2.0, "new": {"deep": {"x": [null]}}},
        "tags": ["a", "b"],
        "more": [9.99],
        "legacy": [1, 3],
        "keep": 1.5,
        "fresh": u64::MAX,
    });
    assert_eq!(changed.await?, Some(expected));
    // Where there is nothing, all of it is made.
    let changed = after(&engine, None, |update| {
        update
            .set(Row::doc.path(["a", "b"]), true)
            .set(Row::doc.path(["a", "c"]), json!(null))
            .json_append(Row::doc.at("d"), 1)
    });
    assert_eq!(changed.await?, Some(json!({"a": {"b": true, "c": null}, "d": [1]})));
    let changed = after(&engine, Some(json!(null)), |update| update.set(Row::doc.at(0).at("a"), "x"));
    assert_eq!(changed.await?, Some(json!([{"a": "x"}])));
    let changed = after(&engine, None, |update| update.json_remove(Row::doc.at("a")));
    assert_eq!(changed.await?, None);
    let changed = after(&engine, Some(json!({"a": [1, 2]})), |update| {
        update.set(Row::doc.at("a").at(0), 7).set(Row::doc.at("a").at(2), 9)
    });
    assert_eq!(changed.await?, Some(json!({"a": [7, 2, 9]})));
    // The same place again: the last one counts. A document that is set as a whole is changed further.
    let changed =
        after(&engine, Some(json!({"a": 1})), |update| update.set(Row::doc.at("a"), 2).set(Row::doc.at("a"), 3));
    assert_eq!(changed.await?, Some(json!({"a": 3})));
    let changed = after(&engine, Some(json!({"z": 1})), |update| {
        update
            .set(Row::doc, json!({"a": {"b": 1}}))
            .set(Row::doc.path(["a", "c"]), 2)
            .json_remove(Row::doc.path(["a", "b"]))
    });
    assert_eq!(changed.await?, Some(json!({"a": {"c": 2}})));
    let changed =
        after(&engine, Some(json!({"z": 1})), |update| update.set(Row::doc.at("a"), 1).set(Row::doc, json!(2)));
    assert_eq!(changed.await?, Some(json!(2)));
    // The whole document, by an empty path.
    let whole = || Row::doc.path::<&str>([]);
    assert_eq!(
        after(&engine, Some(json!([1])), |update| update.json_append(whole(), "x")).await?,
        Some(json!([1, "x"]))
    );
    assert_eq!(after(&engine, None, |update| update.json_append(whole(), "x")).await?, Some(json!(["x"])));
    assert_eq!(after(&engine, Some(json!(1)), |update| update.json_insert(whole(), "x")).await?, Some(json!(1)));
    assert_eq!(after(&engine, None, |update| update.json_insert(whole(), "x")).await?, Some(json!("x")));
    assert_eq!(after(&engine, None, |update| update.set(whole(), false)).await?, Some(json!(false)));
    Ok(())
}

#[creole::test]
async fn what_can_t_be_changed_is_an_error_and_changes_nothing(engine: Engine) -> creole::Result<()> {
    let documents = [Some(json!({"a": 5, "list": [1], "text": "x"})), Some(json!("text")), None];
    write(&engine, &documents).await?;
    // Something else stands in the way: an error of the database.
    let in_the_way: [(i32, Update<Row>); 7] = [
        (0, update().set(Row::doc.at("a").at("b"), 1)),
        (0, update().set(Row::doc.at("list").at("b"), 1)),
        (0, update().set(Row::doc.at("list").at(3), 1)),
        (0, update().set(Row::doc.at("list").at(-2), 1)),
        (0, update().json_append(Row::doc.at("text"), 1)),
        (1, update().json_insert(Row::doc.at("a"), 1)),
        (2, update().set(Row::doc.at(1), 1)),
    ];
    for (id, update) in in_the_way {
        let error = update.filter(Row::id.eq(id)).exec(&engine).await.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::InvalidValue, Some("documents")), "{error:?}");
    }
    // What makes no sense is refused before anything is sent.
    let deep = (0..130).fold(Row::doc.at("a"), |place, _| place.at("a"));
    let refused: [Update<Row>; 9] = [
        update().set(Row::doc.at("a"), 1).set(Row::doc.at("a").at("b"), 2),
        update().set(Row::doc.at("a").at("b"), 1).json_remove(Row::doc.at("a")),
        update().set(Row::doc.at("a").at("b"), 1).set(Row::doc.at("a").at(0), 2),
        update().set(Row::doc.at("list").at(0), 1).json_remove(Row::doc.at("list").at(1)),
        update().set(Row::doc.at("list").at(0), 1).set(Row::doc.at("list").at(-1), 1),
        update().json_remove(Row::doc.path::<&str>([])),
        update().set(Row::doc.at("a"), f64::NAN),
        update().set(Row::doc.at("a"), "nul \0"),
        update().set(deep, 1),
    ];
    for update in refused {
        let error = update.filter(Row::id.eq(0)).exec(&engine).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error:?}");
    }
    let rows = Row::select().order_by(Row::id).all(&engine).await?;
    assert_eq!(rows.into_iter().map(|row| row.doc).collect::<Vec<_>>(), documents);
    Ok(())
}

/// Two sessions at once, each with a key of its own in the same document: neither loses the other's.
#[creole::test]
async fn two_sessions_change_two_keys_of_one_document(engine: Engine) -> creole::Result<()> {
    write(&engine, &[Some(json!({"a": 0, "b": 0}))]).await?;
    let change = async |key: &'static str| {
        for round in 1..=20 {
            let mut session = engine.session();
            update::<Row>().set(Row::doc.at(key), round).filter(Row::id.eq(0)).exec(&mut session).await?;
            session.commit().await?;
        }
        Ok::<_, creole::Error>(())
    };
    tokio::try_join!(change("a"), change("b"), change("c"))?;
    assert_eq!(Row::find(0, &engine).await?.unwrap().doc, Some(json!({"a": 20, "b": 20, "c": 20})));
    Ok(())
}

#[creole::test]
async fn typed_documents_are_changed_like_others(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Typed]).await?;
    let settings = Json(Settings { theme: "dark".into(), scale: 1.0, panels: vec![Some(1)] });
    insert(&Typed { id: 1, settings, limits: None }).exec(&engine).await?;
    let changed = update::<Typed>()
        .set(Typed::settings.at("theme"), "light")
        .json_append(Typed::settings.at("panels"), json!(null))
        .set(Typed::limits.at("it's \"odd\""), 0.5)
        .filter(Typed::settings.at("theme").eq("dark"))
        .exec(&engine)
        .await?;
    assert_eq!(changed, 1);
    let row = Typed::find(1, &engine).await?.unwrap();
    assert_eq!(*row.settings, Settings { theme: "light".into(), scale: 1.0, panels: vec![Some(1), None] });
    assert_eq!(row.limits, Some(Json(BTreeMap::from([("it's \"odd\"".to_owned(), 0.5)]))));
    // A session sees a change inside a document, and the changes of the statements before it.
    let mut session = engine.session();
    let handle = session.get::<Typed>(1).await?.unwrap();
    session[handle].settings.panels.clear();
    session[handle].limits.as_mut().unwrap().insert("b".into(), 2.0);
    session.flush().await?;
    update::<Typed>().set(Typed::settings.at("scale"), 3.5).all_rows().exec(&mut session).await?;
    session.commit().await?;
    let row = Typed::find(1, &engine).await?.unwrap();
    assert_eq!(*row.settings, Settings { theme: "light".into(), scale: 3.5, panels: vec![] });
    assert_eq!(row.limits.unwrap().len(), 2);
    // What serde can't read any more is an error that says where.
    update::<Typed>().set(Typed::settings.path(["panels"]).at(0), "canary").all_rows().exec(&engine).await?;
    let error = Typed::find(1, &engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Decode, Some("typed")));
    assert_eq!(error.columns().collect::<Vec<_>>(), ["settings"]);
    assert!(error.to_string().contains("at `panels[0]`") && !error.to_string().contains("canary"), "{error}");
    Ok(())
}
