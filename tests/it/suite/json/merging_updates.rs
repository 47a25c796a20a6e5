//! UPDATEs that merge patches into documents: with other changes beside them, in several sessions, into typed columns.

use std::collections::BTreeMap;

use creole::prelude::*;
use creole::query::Update;

use super::reference::merge_patch;
use super::{Row, Typed, write};
use crate::models::Settings;

#[creole::test]
async fn a_merge_goes_with_other_changes(engine: Engine) -> creole::Result<()> {
    let doc =
        json!({"ui": {"scale": 1, "old": true}, "tags": ["a"], "n": 1, "legacy": 0, "rows": [{"a": 1}, {"b": 2}]});
    write(&engine, &[Some(doc.clone()), None, Some(json!(null)), Some(json!(5))]).await?;
    update::<Row>()
        .json_merge(Row::doc.at("ui"), json!({"old": null, "font": {"size": 12}}))
        .json_merge(Row::doc.at("rows").at(0), json!({"a": null, "c": 3}))
        .json_merge(Row::doc.path(["made", "here"]), json!({"x": {"y": null}}))
        .json_append(Row::doc.at("tags"), "b")
        .set(Row::doc.at("n"), 2)
        .json_insert(Row::doc.at("fresh"), json!({"z": null}))
        .json_remove(Row::doc.at("legacy"))
        .filter(Row::id.eq(0))
        .exec(&engine)
        .await?;
    let expected = json!({
        "ui": {"scale": 1, "font": {"size": 12}},
        "tags": ["a", "b"],
        "n": 2,
        "rows": [{"c": 3}, {"b": 2}],
        "made": {"here": {"x": {}}},
        "fresh": {"z": null},
    });
    assert_eq!(Row::find(0, &engine).await?.unwrap().doc, Some(expected));
    // Where there is no document, all of it is made.
    let place = || Row::doc.path(["a", "b"]);
    update::<Row>().json_merge(place(), json!({"c": 1, "d": null})).filter(Row::id.is_in([1, 2])).exec(&engine).await?;
    for id in [1, 2] {
        assert_eq!(Row::find(id, &engine).await?.unwrap().doc, Some(json!({"a": {"b": {"c": 1}}})));
    }
    // A number is in the way of a place, and is no object where it is the place.
    let error =
        update::<Row>().json_merge(place(), json!({"c": 1})).filter(Row::id.eq(3)).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::InvalidValue, Some("documents")), "{error:?}");
    update::<Row>().json_merge(Row::doc, json!({"c": 1})).filter(Row::id.eq(3)).exec(&engine).await?;
    assert_eq!(Row::find(3, &engine).await?.unwrap().doc, Some(json!({"c": 1})));
    // What the same statement sets the column to is merged into.
    for (set, expected) in [
        (Some(doc.clone()), merge_patch(Some(doc), &json!({"n": null, "ui": {"scale": 2}}))),
        (None, json!({"ui": {"scale": 2}})),
    ] {
        let update = update::<Row>().set(Row::doc, set).json_merge(Row::doc, json!({"n": null, "ui": {"scale": 2}}));
        let row = update.filter(Row::id.eq(3)).exec(&engine).await.map(|_| Row::find(3, &engine))?.await?;
        assert_eq!(row.unwrap().doc, Some(expected));
    }
    // A later change that does not look at the place takes the place of the merge.
    let update = update::<Row>().json_merge(Row::doc.at("ui"), json!({"x": 1})).set(Row::doc.at("ui"), 7);
    update.filter(Row::id.eq(3)).exec(&engine).await?;
    assert_eq!(Row::find(3, &engine).await?.unwrap().doc, Some(json!({"ui": 7})));
    Ok(())
}

/// Two merges of one place are not one patch, so neither is dropped.
#[creole::test]
async fn a_merge_that_would_be_lost_is_refused(engine: Engine) -> creole::Result<()> {
    let doc = Some(json!({"a": {"b": 1}}));
    write(&engine, std::slice::from_ref(&doc)).await?;
    let (a, patch) = (|| Row::doc.at("a"), || json!({"x": null, "y": 1}));
    let refused: [Update<Row>; 10] = [
        update().json_merge(Row::doc, patch()).json_merge(Row::doc, patch()),
        update().json_merge(a(), patch()).json_merge(a(), json!({"z": 1})),
        update().json_merge(a(), patch()).json_merge(Row::doc, patch()),
        update().json_merge(Row::doc, patch()).set(Row::doc.at("other"), 1),
        update().json_merge(a(), patch()).json_remove(a().at("b")),
        update().set(a(), json!({})).json_merge(a(), patch()),
        update().json_insert(a(), json!({})).json_merge(a(), patch()),
        update().json_merge(a(), patch()).json_append(a(), 1),
        update().json_merge(a(), json!({"nul \0": null})),
        update().json_merge(a(), json!({"nul": {"nul \0": {"a": "\0"}}})),
    ];
    for update in refused {
        let error = update.filter(Row::id.eq(0)).exec(&engine).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error:?}");
    }
    let twice =
        update::<Row>().json_merge(a(), patch()).json_merge(a(), patch()).all_rows().exec(&engine).await.unwrap_err();
    assert!(twice.to_string().contains("write them in two statements"), "{twice}");
    assert!(twice.to_string().contains("a merge beside another change"), "{twice}");
    assert_eq!(Row::find(0, &engine).await?.unwrap().doc, doc);
    Ok(())
}

/// Each session merges a key of its own, at two depths: none loses another's.
#[creole::test]
async fn sessions_merge_their_keys_into_one_document(engine: Engine) -> creole::Result<()> {
    write(&engine, &[Some(json!({"old a": 1, "old b": 1, "in": {"old a": 1, "old b": 1}}))]).await?;
    let change = async |key: &'static str| {
        for round in 1..=20 {
            let patch = json!({key: round, (format!("old {key}")): null});
            let patch = if round % 2 == 0 { json!({"in": patch}) } else { patch };
            let mut session = engine.session();
            update::<Row>().json_merge(Row::doc, patch).filter(Row::id.eq(0)).exec(&mut session).await?;
            session.commit().await?;
        }
        Ok::<_, creole::Error>(())
    };
    tokio::try_join!(change("a"), change("b"), change("c"))?;
    let expected = json!({"a": 19, "b": 19, "c": 19, "in": {"a": 20, "b": 20, "c": 20}});
    assert_eq!(Row::find(0, &engine).await?.unwrap().doc, Some(expected));
    Ok(())
}

/// A second update that waits for the first one sees what that has written, also where the statement looks at the document
/// through a subquery.
#[creole::test]
async fn a_merge_that_waited_sees_the_other(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        // There a second writer waits before it begins.
        return Ok(());
    }
    write(&engine, &[Some(json!({"in": {"x": 1}}))]).await?;
    let mut first = engine.session();
    let merge =
        |key: &str| update::<Row>().json_merge(Row::doc, json!({"in": {key: {"deep": key}}})).filter(Row::id.eq(0));
    merge("a").exec(&mut first).await?;
    let second = async {
        let mut session = engine.session();
        merge("b").exec(&mut session).await?;
        session.commit().await
    };
    let commit = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        first.commit().await
    };
    tokio::try_join!(second, commit)?;
    let expected = json!({"in": {"x": 1, "a": {"deep": "a"}, "b": {"deep": "b"}}});
    assert_eq!(Row::find(0, &engine).await?.unwrap().doc, Some(expected));
    Ok(())
}

#[creole::test]
async fn typed_documents_are_merged_into(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Typed]).await?;
    let settings = Settings { theme: "dark".into(), scale: 1.0, panels: vec![Some(1)] };
    insert(&Typed { id: 1, settings: Json(settings.clone()), limits: None }).exec(&engine).await?;
    update::<Typed>()
        .json_merge(Typed::settings, json!({"theme": "light", "panels": [null, 2]}))
        .json_merge(Typed::limits, Json(BTreeMap::from([("a".to_owned(), Some(0.5)), ("b".to_owned(), None)])))
        .all_rows()
        .exec(&engine)
        .await?;
    let row = Typed::find(1, &engine).await?.unwrap();
    assert_eq!(*row.settings, Settings { theme: "light".into(), panels: vec![None, Some(2)], ..settings });
    assert_eq!(row.limits, Some(Json(BTreeMap::from([("a".to_owned(), 0.5)]))));
    Ok(())
}
