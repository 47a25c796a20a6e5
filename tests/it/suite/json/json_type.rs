//! Tables of others, on PostgreSQL: a column of type `json`, which PostgreSQL itself does not compare.

use creole::JsonValue;
use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "others", default)]
struct Other {
    #[model(primary_key)]
    id: i32,
    doc: Option<JsonValue>,
}

async fn others(engine: &Engine) -> creole::Result<bool> {
    if engine.dialect().name() != "postgres" {
        return Ok(false);
    }
    sql!("CREATE TABLE others (id integer PRIMARY KEY, doc json)").exec(engine).await?;
    let doc = |id| json!({"theme": "dark", "n": id, "tags": ["a", "b"], "ui": {"scale": 1.5}});
    let mut rows: Vec<Other> = (1..=3).map(|id| Other { id, doc: Some(doc(id)) }).collect();
    rows.push(Other { id: 4, doc: Some(json!({"theme": "light"})) });
    rows.push(Other { id: 5, doc: Some(JsonValue::Null) });
    rows.push(Other { id: 6, doc: None });
    insert_all(&rows[1..]).exec(engine).await?;
    assert_eq!(insert(&rows[0]).returning().one(engine).await?, rows[0]);
    assert_eq!(Other::select().order_by(Other::id).all(engine).await?, rows);
    Ok(true)
}

#[creole::test]
async fn documents_are_looked_into(engine: Engine) -> creole::Result<()> {
    if !others(&engine).await? {
        return Ok(());
    }
    let doc = || Other::doc;
    for (condition, expected) in [
        (doc().at("theme").eq("dark"), &[1, 2, 3][..]),
        (doc().at("theme").ne("dark"), &[4, 5, 6]),
        (doc().at("n").eq(2.0), &[2]),
        (doc().at("n").as_i64().gt(1), &[2, 3]),
        (doc().at("ui").eq(json!({"scale": 1.5})), &[1, 2, 3]),
        (doc().eq(json!({"theme": "light"})), &[4]),
        (doc().is_json_null(), &[5]),
        (doc().is_null(), &[6]),
        (doc().at("n").is_missing(), &[4, 5]),
        (doc().at("tags").at(-1).eq("b"), &[1, 2, 3]),
        (doc().at("tags").contains(json!(["b"])), &[1, 2, 3]),
        (doc().has_all_keys(["n", "tags"]), &[1, 2, 3]),
        (doc().at("tags").array_len().eq(2), &[1, 2, 3]),
    ] {
        let found = select(Other::id).filter(condition).order_by(Other::id).all(&engine).await?;
        assert_eq!(found, expected);
    }
    let theme = Other::doc.at("theme").as_str();
    let counts = select((theme.clone(), count_rows())).group_by(theme.clone()).order_by(theme).all(&engine).await?;
    assert_eq!(counts, [(Some("dark".into()), 3), (Some("light".into()), 1), (None, 2)]);
    let tag = Other::doc.at("tags").each("tag");
    let tags = select((Other::id, tag.value())).join(&tag).filter(tag.index().eq(1)).order_by(Other::id);
    let b = Some(json!("b"));
    assert_eq!(tags.all(&engine).await?, [(1, b.clone()), (2, b.clone()), (3, b)]);
    // Through a subquery.
    let inner = select((Other::id, Other::doc)).filter(Other::id.lt(5)).subquery("t");
    let light = inner.col(Other::doc).at("theme").eq("light");
    assert_eq!(select(inner.col(Other::id)).from(&inner).filter(light).all(&engine).await?, [4]);
    Ok(())
}

#[creole::test]
async fn documents_are_changed(engine: Engine) -> creole::Result<()> {
    if !others(&engine).await? {
        return Ok(());
    }
    update::<Other>()
        .set(Other::doc.at("ui").at("scale"), 2)
        .json_append(Other::doc.at("tags"), "c")
        .json_insert(Other::doc.at("fresh"), true)
        .json_remove(Other::doc.at("n"))
        .filter(Other::id.eq(1))
        .exec(&engine)
        .await?;
    let doc = Other::find(1, &engine).await?.unwrap().doc;
    let expected = json!({"theme": "dark", "tags": ["a", "b", "c"], "ui": {"scale": 2}, "fresh": true});
    assert_eq!(doc, Some(expected));
    update::<Other>()
        .json_merge(Other::doc, json!({"ui": {"scale": null, "x": 1}}))
        .filter(Other::id.eq(2))
        .exec(&engine)
        .await?;
    assert_eq!(Other::find(2, &engine).await?.unwrap().doc.unwrap()["ui"], json!({"x": 1}));
    update_all(&[Other { id: 3, doc: Some(json!([1])) }, Other { id: 4, doc: None }]).exec(&engine).await?;
    let changed = Other { id: 5, doc: Some(json!({"a": 1})) };
    insert_all(&[changed.clone(), Other { id: 7, doc: None }])
        .on_conflict(Other::id)
        .update_all()
        .exec(&engine)
        .await?;
    let rows = [Other { id: 5, doc: Some(json!({"a": 2})) }, Other { id: 7, doc: Some(json!([7])) }];
    let upsert = insert_all(&rows).on_conflict(Other::id).update_all().filter(excluded(Other::doc).ne(Other::doc));
    upsert.filter(excluded(Other::doc).at("a").eq(3)).exec(&engine).await?;
    let mut session = engine.session();
    let row = Other::select().filter(Other::id.eq(6)).track(&mut session).await?.remove(0);
    session[row].doc = Some(json!("changed"));
    session.commit().await?;
    let rows = Other::select().filter(Other::id.gt(2)).order_by(Other::id).all(&engine).await?;
    let docs: Vec<Option<JsonValue>> = rows.into_iter().map(|row| row.doc).collect();
    assert_eq!(docs, [Some(json!([1])), None, changed.doc, Some(json!("changed")), None]);
    Ok(())
}
