//! Indexes over values in documents: what a comparison is written as is what the database finds the index by.

use creole::JsonValue;
use creole::driver::{Compiled, RowReader};
use creole::prelude::*;
use creole::query::Decode;
use creole::schema::Table;
use creole::sql::Destination;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "indexed",
    json_index(settings.theme: String),
    json_index(settings.ui.level: i64),
    json_index(settings.scale: f64),
    json_index(name = "by_beta", settings.beta: bool)
)]
struct Indexed {
    #[model(primary_key)]
    id: i32,
    settings: Option<JsonValue>,
}

/// What a database says of how it would run a query.
struct Explain<Q>(Q);

impl<Q: Query> Query for Explain<Q> {
    type Row = String;

    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> creole::Result<Compiled<'q>> {
        let to = to.into();
        let word = match to.dialect().name() {
            "sqlite" => "EXPLAIN QUERY PLAN",
            "mysql" => "EXPLAIN FORMAT=TREE",
            _ => "EXPLAIN",
        };
        let inner = self.0.compile(to)?;
        Ok(Compiled::from_text(format!("{word} {}", inner.sql), inner.binds))
    }

    fn decode(&self) -> Decode<String> {
        |row: &mut RowReader<'_>| {
            let before = row.len() - 1;
            row.skip(before);
            row.read()
        }
    }

    fn table(&self) -> Option<&'static Table> {
        None
    }
}

fn settings(id: i32) -> JsonValue {
    json!({"theme": format!("theme {id}"), "ui": {"level": id}, "scale": f64::from(id) / 2.0, "beta": id % 500 == 0})
}

#[creole::test]
async fn an_index_over_a_value_is_used_or_refused(engine: Engine) -> creole::Result<()> {
    let created = engine.create_all(tables![Indexed]).await;
    if engine.dialect().name() == "mariadb" {
        let error = created.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::Unsupported, Some("indexed")));
        assert!(error.to_string().contains("GENERATED ALWAYS AS"), "{error}");
        return Ok(());
    }
    created?;
    let mut session = engine.session();
    for id in 0..2_000 {
        session.add(Indexed { id, settings: Some(settings(id)) });
    }
    // What is of another type, missing, long, or equal to another one at its beginning.
    let long = "ü".repeat(400);
    // What JSON writes in another way.
    let odd_text: String = ('\u{1}'..' ').chain("\"\\/\u{7f}\u{80}\u{2028}\u{feff}🦀".chars()).collect();
    let odd = [
        None,
        Some(JsonValue::Null),
        Some(json!([1])),
        Some(json!({"theme": 7, "ui": {"level": "7"}, "scale": "0.5", "beta": 1})),
        Some(json!({"theme": null, "ui": 7})),
        Some(json!({"theme": "theme 7 ", "ui": {"level": 7.5}, "beta": "true"})),
        Some(json!({"theme": format!("{long}a"), "ui": {"level": 7.0}, "scale": 1000})),
        Some(json!({"theme": format!("{long}b"), "ui": {"level": u64::MAX}, "scale": 1e300})),
        Some(json!({ "theme": odd_text })),
        Some(json!({ "theme": format!("{odd_text} ") })),
        Some(json!({"theme": "7"})),
        Some(json!({"theme": "null"})),
    ];
    for (id, settings) in (2_000..).zip(odd) {
        session.add(Indexed { id, settings });
    }
    session.commit().await?;
    match engine.dialect().name() {
        "mysql" => drop(sql!("ANALYZE TABLE indexed").rows::<(String, String, String, String)>().all(&engine).await?),
        _ => drop(sql!("ANALYZE indexed").exec(&engine).await?),
    }
    let theme = || Indexed::settings.at("theme");
    let level = || Indexed::settings.at("ui").at("level");
    for (condition, index, expected) in [
        (theme().eq("theme 7"), "ix_indexed_settings_theme", vec![7]),
        (theme().eq(format!("{long}b")), "ix_indexed_settings_theme", vec![2_007]),
        (theme().eq("nothing"), "ix_indexed_settings_theme", vec![]),
        (theme().eq(odd_text.as_str()), "ix_indexed_settings_theme", vec![2_008]),
        (theme().eq("7"), "ix_indexed_settings_theme", vec![2_010]),
        (theme().eq("null"), "ix_indexed_settings_theme", vec![2_011]),
        (level().eq(7), "ix_indexed_settings_ui_level", vec![7, 2_006]),
        (level().as_i64().between(7, 9), "ix_indexed_settings_ui_level", vec![7, 8, 9, 2_006]),
        (Indexed::settings.at("scale").eq(0.5), "ix_indexed_settings_scale", vec![1]),
        (Indexed::settings.at("scale").as_f64().gt(999.5), "ix_indexed_settings_scale", vec![2_006, 2_007]),
        (Indexed::settings.at("beta").eq(true), "by_beta", vec![0, 500, 1_000, 1_500]),
    ] {
        let query = select(Indexed::id).filter(condition);
        let text = query.sql(engine.dialect())?;
        let plan = Explain(query.clone()).all(&engine).await?.join("\n");
        assert!(plan.contains(index), "{text}\n{plan}");
        let mut found = query.all(&engine).await?;
        found.sort_unstable();
        assert_eq!(found, expected, "{text}");
    }
    // A filter of several conditions finds what each of them means.
    let both = theme().eq("theme 7").and(level().eq(7));
    assert_eq!(select(Indexed::id).filter(both).all(&engine).await?, [7]);
    let either = theme().eq("theme 7").or(Indexed::settings.at("beta").eq(true)).or(theme().eq(format!("{long}a")));
    let found = select(Indexed::id).filter(either).order_by(Indexed::id).all(&engine).await?;
    assert_eq!(found, [0, 7, 500, 1_000, 1_500, 2_006]);
    let neither = not(theme().eq("theme 7").or(theme().eq("theme 8")));
    assert_eq!(select(Indexed::id).filter(neither).count(&engine).await?, 2_007);
    // What is false without an index is false with one, and not unknown.
    assert_eq!(select(Indexed::id).filter(not(theme().eq("theme 7"))).count(&engine).await?, 2_008);
    assert_eq!(select(Indexed::id).filter(theme().ne("theme 7")).count(&engine).await?, 2_011);
    assert_eq!(update::<Indexed>().set(Indexed::settings, None).filter(theme().eq("theme 8")).exec(&engine).await?, 1);
    assert_eq!(delete::<Indexed>().filter(theme().eq("theme 8")).exec(&engine).await?, 0);
    // A database compares what it has with what the model says.
    let differences = engine.check(tables![Indexed]).await?;
    assert!(differences.is_empty(), "{differences:?}");
    Ok(())
}
