//! JSON: documents as they are, and as types of the program's own.

use std::collections::BTreeMap;

use creole::JsonValue;
use creole::prelude::*;
use serde::{Deserialize, Serialize};

use crate::models::Settings;
use crate::random::{Random, seed};

#[derive(Model, Debug, Clone, PartialEq, Default)]
#[model(table = "configs")]
struct Config {
    #[model(primary_key)]
    id: i32,
    settings: Json<Settings>,
    limits: Option<Json<BTreeMap<String, f64>>>,
}

/// The same table with its documents as they are.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "configs")]
struct Raw {
    #[model(primary_key)]
    id: i32,
    settings: JsonValue,
    limits: Option<JsonValue>,
}

fn config(id: i32, theme: &str) -> Config {
    Config { id, settings: Json(Settings { theme: theme.into(), scale: 1.5, panels: vec![None] }), limits: None }
}

#[creole::test]
async fn a_typed_document_is_written_read_compared_and_updated(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Config]).await?;
    for row in [config(1, "dark"), config(2, "light")] {
        insert(&row).exec(&engine).await?;
    }
    let dark = Config::select().filter(Config::settings.eq(config(1, "dark").settings)).one(&engine).await?;
    assert_eq!((dark.id, dark.settings.theme.as_str()), (1, "dark"));
    let limits = Json(BTreeMap::from([("a".to_owned(), 0.1), ("b".to_owned(), 1e16)]));
    update::<Config>().set(Config::limits, limits.clone()).filter(Config::id.eq(2)).exec(&engine).await?;
    assert_eq!(Config::find(2, &engine).await?.unwrap().limits, Some(limits.clone()));
    assert_eq!(Config::select().filter(Config::limits.is_null()).count(&engine).await?, 1);
    // The session sees a change inside the document.
    let mut session = engine.session();
    let handle = session.get::<Config>(1).await?.unwrap();
    session[handle].settings.panels.push(Some(7));
    session.commit().await?;
    assert_eq!(Config::find(1, &engine).await?.unwrap().settings.panels, [None, Some(7)]);
    assert_eq!(
        Raw::find(1, &engine).await?.unwrap().settings,
        json!({"theme": "dark", "scale": 1.5, "panels": [null, 7]})
    );
    Ok(())
}

#[creole::test]
async fn a_document_of_another_shape_is_an_error_that_says_where(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Config]).await?;
    let wrong = [
        (json!({"theme": "canary", "scale": 1, "panels": [null, -7]}), "at `panels[1]`"),
        (json!({"theme": 7, "scale": 1, "panels": []}), "at `theme`"),
        (json!({"theme": "canary", "panels": []}), "without the field `scale`"),
        (json!("canary"), "json of another shape as"),
    ];
    for (id, (document, place)) in (0..).zip(wrong) {
        insert(&Raw { id, settings: document, limits: None }).exec(&engine).await?;
        for error in [
            Config::find(id, &engine).await.unwrap_err(),
            Config::select().filter(Config::id.eq(id)).stream(&engine).try_next().await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert_eq!((error.table(), error.columns().collect::<Vec<_>>()), (Some("configs"), vec!["settings"]));
            assert!(error.to_string().contains(place), "{error}");
            assert!(!error.to_string().contains("canary") && !error.to_string().contains('7'), "{error}");
        }
    }
    Ok(())
}

#[creole::test]
async fn what_json_has_no_form_for_is_refused_before_anything_is_sent(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Config]).await?;
    let number = |number: f64| Config {
        id: 1,
        limits: Some(Json(BTreeMap::from([("limit".to_owned(), number)]))),
        ..Default::default()
    };
    for refused in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let row = number(refused);
        for error in [
            insert(&row).exec(&engine).await.unwrap_err(),
            insert(&row).returning().one(&engine).await.unwrap_err(),
            update::<Config>().set(Config::limits, row.limits.clone()).all_rows().exec(&engine).await.unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
            assert_eq!((error.table(), error.columns().next()), (Some("configs"), Some("limits")), "{error}");
        }
        let found = Config::select().filter(Config::limits.eq(row.limits)).count(&engine).await;
        assert_eq!(found.unwrap_err().kind(), ErrorKind::InvalidValue);
    }
    let theme = Config { settings: Json(Settings { theme: "nul \0".into(), ..Default::default() }), ..number(1.0) };
    let error = insert(&theme).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.columns().next()), (ErrorKind::InvalidValue, Some("settings")), "{error}");
    assert_eq!(Config::select().count(&engine).await?, 0);
    Ok(())
}

/// Databases keep a document's numbers each in its own way; what is read is what was written on all of them.
#[creole::test]
async fn numbers_read_back_as_the_numbers_they_were(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Config]).await?;
    let mut numbers: Vec<f64> =
        vec![0.0, 1.0, -1.0, 1e15, 1e16, -1e16, 1e17, 1.8e19, 1.9e19, 1e20, 1e22, 1e23, 0.1, 1e-7];
    numbers.extend([f64::MAX, f64::MIN, 5e-324, f64::MIN_POSITIVE, 123_456_789.123_456_78, 9_007_199_254_740_993.0]);
    let mut random = Random(seed());
    while numbers.len() < 256 {
        let bits = random.next();
        numbers.extend(Some(f64::from_bits(bits)).filter(|number| number.is_finite()));
    }
    let integers = [0, 1, -1, i64::MAX, i64::MIN, (1 << 53) + 1];
    let document = json!({"floats": &numbers, "integers": integers, "unsigned": [u64::MAX, 1_u64 << 63]});
    let row = Raw { id: 1, settings: document, limits: None };
    insert(&row).exec(&engine).await?;
    assert_eq!(Raw::find(1, &engine).await?, Some(row));
    Ok(())
}

/// An enum with fields, and a map whose keys are no text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Circle { radius: f64 },
    Grid { cells: BTreeMap<i32, String> },
}

#[creole::test]
async fn any_type_of_serdes_will_do(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "drawings")]
    struct Drawing {
        #[model(primary_key)]
        id: i32,
        shapes: Json<Vec<Shape>>,
        size: Json<(u8, u8)>,
        title: Json<Option<String>>,
    }
    engine.create_all(tables![Drawing]).await?;
    let shapes = vec![
        Shape::Circle { radius: 2.0 },
        Shape::Grid { cells: BTreeMap::from([(-1, "a".to_owned()), (2, "\"b\"".to_owned())]) },
    ];
    for (id, title) in [(1, None), (2, Some("Title".to_owned()))] {
        let row = Drawing { id, shapes: Json(shapes.clone()), size: (3, 4).into(), title: Json(title) };
        insert(&row).exec(&engine).await?;
        assert_eq!(Drawing::find(id, &engine).await?, Some(row));
    }
    // JSON's null is a document and not SQL's NULL.
    assert_eq!(Drawing::select().filter(Drawing::title.is_null()).count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn a_document_that_nests_too_deeply_is_refused(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "trees")]
    struct Tree {
        #[model(primary_key)]
        id: i32,
        raw: JsonValue,
        typed: Json<JsonValue>,
    }
    let deep = |levels: i32| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    let deepest = match engine.dialect().name() {
        "mysql" => 100,
        "mariadb" => 31,
        _ => 127,
    };
    engine.create_all(tables![Tree]).await?;
    let row = Tree { id: 1, raw: deep(deepest), typed: Json(deep(deepest)) };
    insert(&row).exec(&engine).await?;
    assert_eq!(Tree::find(1, &engine).await?, Some(row.clone()));
    let too_deep = [
        ("raw", Tree { raw: deep(deepest + 1), ..row.clone() }),
        ("typed", Tree { typed: Json(deep(deepest + 1)), ..row.clone() }),
        ("raw", Tree { raw: deep(1_000), ..row }),
    ];
    for (column, row) in too_deep {
        let error = insert(&row).exec(&engine).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
        assert_eq!((error.table(), error.columns().next()), (Some("trees"), Some(column)), "{error}");
    }
    Ok(())
}
