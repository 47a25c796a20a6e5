//! Tables called as creole or a database calls something of its own, and names that a database would take for others.

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "excluded")]
struct Excluded {
    #[model(primary_key)]
    id: i64,
    value: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "others")]
struct Other {
    #[model(primary_key)]
    id: i64,
    value: i64,
}

/// What is done with a table of each name means what it means with any other.
macro_rules! used {
    ($engine:ident, $($name:literal),*) => {$({
        #[derive(Model, Debug, Clone, PartialEq)]
        #[model(table = $name, unique(place))]
        struct Row {
            #[model(primary_key)]
            id: i64,
            place: i64,
            value: i64,
        }
        let engine = &$engine;
        engine.create_all(tables![Row]).await?;
        let rows: Vec<Row> = (1..=4).map(|id| Row { id, place: id * 10, value: id }).collect();
        insert_all(&rows).exec(engine).await?;
        assert_eq!(Row::find(2, engine).await?.as_ref(), rows.get(1));
        let sorted = Row::select().filter(Row::place.gt(10)).order_by(Row::id).limit(2);
        assert_eq!(sorted.all(engine).await?, rows[1..3]);
        assert_eq!(select(Row::value).distinct().count(engine).await?, 4);
        let both = select(Row::id).filter(Row::id.lt(2)).union_all(select(Row::id).filter(Row::id.gt(3)));
        assert_eq!(both.order_by(Row::id).all(engine).await?, [1, 4]);
        let few = select(Row::id).order_by(Row::id).limit(2);
        assert_eq!(Row::select().filter(Row::id.is_in(few)).count(engine).await?, 2);
        let any = Row::select().filter(Row::value.ge(any_of(select(Row::value).filter(Row::id.gt(3)))));
        assert_eq!(any.count(engine).await?, 1);
        // Columns that change places.
        let exchanged = update::<Row>().filter(Row::id.eq(1)).set(Row::place, Row::value).set(Row::value, Row::place);
        assert_eq!(exchanged.exec(engine).await?, 1);
        assert_eq!(Row::find(1, engine).await?, Some(Row { id: 1, place: 1, value: 10 }));
        let changed: Vec<Row> = rows.iter().map(|row| Row { value: row.value * 100, ..row.clone() }).collect();
        assert_eq!(update_all(&changed).exec(engine).await?, 4);
        assert_eq!(Row::select().order_by(Row::id).all(engine).await?, changed);
        let removed = delete::<Row>().filter(Row::id.is_in(select(Row::id).filter(Row::value.gt(200))));
        assert_eq!(removed.exec(engine).await?, 2);
        // What is joined may be without a partner, which takes a source that always has a row.
        let r = alias::<Row>("r");
        let lonely = delete::<Row>().left_join(r.on(r.col(Row::id).eq(Row::value)));
        assert_eq!(lonely.filter(r.col(Row::id).is_null().and(Row::id.lt(0))).exec(engine).await?, 0);
        let again = Row { id: 1, place: 10, value: 5 };
        let upsert =
            insert(&again).on_conflict(Row::id).set(Row::value, Row::value + excluded(Row::value)).exec(engine).await;
        if $name.eq_ignore_ascii_case("excluded") {
            let error = upsert.unwrap_err();
            assert!(error.to_string().contains("an upsert calls the row that it would insert `excluded`"), "{error}");
            assert_eq!(Row::find(1, engine).await?.map(|row| row.value), Some(100));
        } else {
            upsert?;
            assert_eq!(Row::find(1, engine).await?.map(|row| row.value), Some(105));
        }
        let differences = engine.check(tables![Row]).await?;
        assert!(differences.is_empty(), "{differences}");
        engine.drop_all(tables![Row]).await?;
    })*};
}

#[creole::test]
async fn names_of_creoles_own(engine: Engine) -> creole::Result<()> {
    used!(
        engine,
        "excluded",
        "Excluded",
        "compound",
        "selected",
        "one",
        "many",
        "value",
        "old",
        "given",
        "counted",
        "limited",
        "kept",
        "m",
        "e",
        "OLD",
        "creole_one",
        "creole_compound"
    );
    Ok(())
}

/// Inside an upsert, a subquery may not call a source as the upsert calls its row.
#[creole::test]
async fn a_source_called_excluded_inside_an_upsert_is_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Other, Excluded]).await?;
    insert(&Excluded { id: 1, value: 7 }).exec(&engine).await?;
    let row = Other { id: 1, value: 3 };
    insert(&row).exec(&engine).await?;
    let largest = || select(max(Excluded::value)).value();
    let error = insert(&row)
        .on_conflict(Other::id)
        .set(Other::value, coalesce(largest(), 0) + excluded(Other::value))
        .exec(&engine)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    assert!(error.to_string().contains("give the source another name"), "{error}");
    // Anywhere else it is a name like others.
    update::<Other>().filter(Other::id.eq(1)).set(Other::value, coalesce(largest(), 0)).exec(&engine).await?;
    assert_eq!(Other::find(1, &engine).await?.map(|row| row.value), Some(7));
    Ok(())
}

mod smile {
    use creole::prelude::*;

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "t😀")]
    pub(super) struct Row {
        #[model(primary_key)]
        pub(super) id: i64,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "t🎉")]
    pub(super) struct Other {
        #[model(primary_key)]
        pub(super) id: i64,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "plain")]
    pub(super) struct Column {
        #[model(primary_key, column = "i😀")]
        pub(super) id: i64,
    }
}

/// MySQL would take names that differ in such characters for one.
#[creole::test]
async fn names_beyond_the_first_plane(engine: Engine) -> creole::Result<()> {
    use smile::{Column, Other, Row};
    if matches!(engine.dialect().name(), "sqlite" | "postgres") {
        engine.create_all(tables![Row, Other, Column]).await?;
        insert(&Row { id: 1 }).exec(&engine).await?;
        assert_eq!(delete::<Other>().all_rows().exec(&engine).await?, 0);
        assert_eq!(Row::select().count(&engine).await?, 1);
        return engine.drop_all(tables![Row, Other, Column]).await;
    }
    let refused = |error: creole::Error| {
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        assert!(error.to_string().contains("names have characters up to U+FFFF"), "{error}");
    };
    refused(engine.create_all(tables![Row]).await.unwrap_err());
    refused(engine.create_all(tables![Column]).await.unwrap_err());
    refused(engine.drop_all(tables![Other]).await.unwrap_err());
    refused(insert(&Row { id: 1 }).exec(&engine).await.unwrap_err());
    refused(Row::find(1, &engine).await.unwrap_err());
    refused(Row::select().count(&engine).await.unwrap_err());
    refused(Column::select().all(&engine).await.unwrap_err());
    refused(update::<Column>().filter(Column::id.eq(1)).set(Column::id, 2).exec(&engine).await.unwrap_err());
    refused(delete::<Other>().all_rows().exec(&engine).await.unwrap_err());
    assert_eq!(engine.inspect().tables().await?, []);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "documents")]
struct Document {
    #[model(primary_key)]
    id: i64,
    value: creole::JsonValue,
    #[model(name = key_)]
    key: creole::JsonValue,
    json: creole::JsonValue,
    v: creole::JsonValue,
    c1: creole::JsonValue,
}

/// SQLite's functions that yield rows have columns of these names.
#[creole::test]
async fn columns_called_as_those_of_a_function(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Document]).await?;
    let row = Document {
        id: 1,
        value: json!({"v": ["a", "b"]}),
        key: json!({"k": 1}),
        json: json!({"j": [1]}),
        v: json!({"a": [["b", "c"], 1]}),
        c1: json!({"d": [{"e": [1, 2]}]}),
    };
    insert(&row).exec(&engine).await?;
    let keys = select((Document::value.object_keys(), Document::key_.object_keys(), Document::json.object_keys()));
    let text = |key: &str| Some(Json([key.to_owned()].into()));
    assert_eq!(keys.one(&engine).await?, (text("v"), text("k"), text("j")));
    let found = Document::select().filter(Document::value.contains(json!({"v": ["b"]})));
    assert_eq!(found.filter(Document::json.at("j").array_len().eq(1)).count(&engine).await?, 1);
    for (part, count) in [(json!({"a": [["c"]]}), 1), (json!({"a": [["d"]]}), 0), (json!({"a": [1, ["b"]]}), 1)] {
        assert_eq!(Document::select().filter(Document::v.contains(part)).count(&engine).await?, count);
    }
    let nested = Document::select().filter(Document::c1.contains(json!({"d": [{"e": [2]}]})));
    assert_eq!(nested.count(&engine).await?, 1);
    let merged = update::<Document>().json_merge(Document::v, json!({"n": {"m": 1}})).filter(Document::id.eq(1));
    assert_eq!(merged.exec(&engine).await?, 1);
    assert_eq!(select(Document::v.at("n").at("m").as_i64()).one(&engine).await?, Some(1));
    let each = Document::value.at("v").each("each");
    assert_eq!(
        select(each.value().as_str())
            .from(table::<Document>())
            .join(&each)
            .order_by(each.index())
            .all(&engine)
            .await?
            .len(),
        2
    );
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "notes", default)]
struct Note {
    #[model(primary_key)]
    id: i64,
    other_id: i64,
    value: i64,
    doc: creole::JsonValue,
}

/// What comes of statements in which an alias, a subquery or a CTE has this name: rows, or of which kind the error is.
async fn outcomes(name: &'static str, engine: &Engine) -> creole::Result<Vec<String>> {
    let mut outcomes = Vec::new();
    macro_rules! outcome {
        ($run:expr) => {
            outcomes.push(match $run.await {
                Ok(found) => format!("{found:?}"),
                Err(error) => format!("{:?}", error.kind()),
            })
        };
    }
    let a = alias::<Note>(name);
    let (id, value) = (|| a.col(Note::id), || a.col(Note::value));
    outcome!(select(value()).from(a).distinct().order_by(value()).limit(2).all(engine));
    outcome!(select((value() + 1, count_rows())).from(a).group_by(value() + 1).order_by(value() + 1).all(engine));
    let ids = || select(Other::id).filter(Other::id.lt(4));
    let both = || select(id()).from(a).filter(value().gt(1)).union(ids());
    outcome!(both().order_by(id()).all(engine));
    outcome!(both().filter(id().gt(2)).order_by(id().desc()).all(engine));
    outcome!(both().count(engine));
    outcome!(ids().union(ids()).join(a.on(id().eq(2))).order_by(Other::id).all(engine));
    outcome!(select(Other::id).distinct().order_by(Other::id).join(a.on(value().eq(Other::id))).all(engine));
    outcome!(select(Other::id).join(a.on(value().eq(Other::id))).order_by(Other::id).limit(1).count(engine));
    outcome!(
        select(Other::id).filter(Other::value.ge(any_of(select(value()).from(a)))).order_by(Other::id).all(engine)
    );
    outcome!(select(id()).from(a).filter(value().lt(all_of(select(Other::value).filter(Other::id.gt(2))))).all(engine));
    outcome!(select(id()).from(a).filter(id().is_in(1..1_000)).order_by(id()).all(engine));
    outcome!(select(id()).from(a).filter(id().is_in(select(Other::id).order_by(Other::id).limit(2))).count(engine));
    let doc = || a.col(Note::doc);
    outcome!(select(id()).from(a).filter(doc().contains(json!({"tags": ["b"]}))).order_by(id()).all(engine));
    outcome!(select(id()).from(a).filter(doc().contains(json!({"tags": [["c"], "a"]}))).order_by(id()).all(engine));
    outcome!(select((id(), doc().object_keys())).from(a).order_by(id()).all(engine));
    let tags = doc().at("tags").each("tag");
    outcome!(select((id(), tags.value().as_str())).from(a).join(&tags).order_by((id(), tags.index())).all(engine));
    outcome!(
        select(Note::id).filter(Note::id.eq(select(max(id())).from(a).filter(value().lt(Note::value)))).all(engine)
    );

    let s = select((Note::id, Note::value)).filter(Note::value.gt(1)).subquery(name);
    let (id, value) = (|| s.col(Note::id), || s.col(Note::value));
    outcome!(select(id()).from(&s).order_by(id()).all(engine));
    outcome!(select(value()).from(&s).distinct().order_by(value()).all(engine));
    // It is spoken of by its columns, whatever it is called.
    outcome!(select(id()).from(&s).filter(Note::value.gt(2)).all(engine));
    outcome!(select(id()).from(&s).order_by(Note::value).all(engine));
    outcome!(select(id()).from(&s).filter(value().gt(2)).union(ids()).order_by(id()).all(engine));
    outcome!(ids().union(ids()).join(s.on(id().eq(2))).order_by(Other::id).all(engine));
    outcome!(select(Other::id).left_join(s.on(value().eq(Other::id))).filter(id().is_null()).count(engine));
    outcome!(select((value(), count_rows())).from(&s).group_by(value()).order_by(value()).all(engine));
    outcome!(delete::<Other>().left_join(s.on(value().eq(Other::id))).filter(id().eq(-1)).exec(engine));
    let twice = update::<Other>().join(s.on(id().eq(Other::id))).set(Other::value, value() + 0);
    outcome!(twice.exec(engine));
    let from_outer = update::<Other>().left_join(s.on(id().eq(Other::id)));
    outcome!(from_outer.set(Other::value, coalesce(value(), 5)).exec(engine));
    outcome!(select((Other::id, Other::value)).order_by(Other::id).all(engine));

    let c = select((Note::id, Note::value)).filter(Note::value.gt(1)).cte(name);
    let (id, value) = (|| c.col(Note::id), || c.col(Note::value));
    outcome!(select(value()).from(&c).with_cte(&c).distinct().order_by(value()).all(engine));
    outcome!(select(id()).from(&c).with_cte(&c).filter(Note::value.gt(2)).all(engine));
    outcome!(ids().union(ids()).with_cte(&c).join(c.on(id().eq(2))).order_by(Other::id).all(engine));
    let few = select(id()).from(&c).order_by(id()).limit(2);
    outcome!(select(Other::id).with_cte(&c).filter(Other::id.is_in(few)).order_by(Other::id).all(engine));
    let gone = select(id()).from(&c).filter(id().lt(0));
    outcome!(delete::<Other>().with_cte(&c).filter(Other::id.is_in(gone)).exec(engine));
    let joined = update::<Other>().with_cte(&c).join(c.on(id().eq(Other::id)));
    outcome!(joined.set(Other::value, value() + Other::id - Other::id).exec(engine));
    Ok(outcomes)
}

#[creole::test]
async fn aliases_subqueries_and_ctes_called_as_creole_calls_its_own(engine: Engine) -> creole::Result<()> {
    const NAMES: [&str; 33] = [
        "excluded",
        "compound",
        "selected",
        "one",
        "many",
        "value",
        "old",
        "old_row",
        "given",
        "given_rows",
        "counted",
        "limited",
        "kept",
        "listed",
        "proposed",
        "values first",
        "arm1",
        "arm2",
        "m",
        "e",
        "e1",
        "e2",
        "x",
        "v",
        "j",
        "c1",
        "json_each",
        "key",
        "creole_selected",
        "creole_one",
        "creole_one_row",
        "creole",
        "new",
    ];
    engine.create_all(tables![Note, Other]).await?;
    let note = |id: i64| Note {
        id,
        other_id: id,
        value: id % 4,
        doc: json!({"tags": ["a", if id % 2 == 0 { "b" } else { "x" }, ["c"]], "n": id}),
    };
    insert_all(&(1..=6).map(note).collect::<Vec<_>>()).exec(&engine).await?;
    insert_all(&(1..=5).map(|id| Other { id, value: id }).collect::<Vec<_>>()).exec(&engine).await?;
    // What is written twice is the same then.
    outcomes("plain", &engine).await?;
    let expected = outcomes("plain", &engine).await?;
    for name in NAMES {
        let found = outcomes(name, &engine).await?;
        for (place, (found, expected)) in found.iter().zip(&expected).enumerate() {
            assert_eq!(found, expected, "statement {place} with {name}");
        }
    }
    // No two sources of one statement have the same name, and this one is said.
    let a = alias::<Note>("creole_compound");
    let both = select(Other::id).union(select(Other::id)).join(a.on(a.col(Note::id).eq(2))).all(&engine).await;
    let error = both.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    assert!(error.to_string().contains("two sources of the statement are called creole_compound"), "{error}");
    Ok(())
}
