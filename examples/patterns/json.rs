//! JSON columns: rows found by what is inside a document, and documents changed in one place.

use creole::JsonValue;
use creole::prelude::*;

use crate::models::{Config, TABLES};
use crate::report::Report;

pub(crate) async fn run(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    report.group("JSON columns");
    engine.drop_all(TABLES).await?;
    engine.create_all(TABLES).await?;
    for settings in [
        json!({"theme": "dark", "ui": {"scale": 1.5}, "tags": ["beta", "new"], "n": 10}),
        json!({"theme": "light", "ui": {"scale": 1}, "tags": ["old"], "n": 9}),
        json!({"theme": null, "n": "10"}),
        json!({"tags": []}),
    ] {
        insert(&Config { settings, ..Default::default() }).exec(engine).await?;
    }
    finding(engine, report).await?;
    reading(engine, report).await?;
    changing(engine, report).await
}

async fn finding(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let count = async |condition| Config::select().filter(condition).count(engine).await;
    let theme = || Config::settings.at("theme");
    report.check("configs whose theme is dark", count(theme().eq("dark")).await?, 1);
    report.check("whose theme is another, or missing", count(theme().ne("dark")).await?, 3);
    report.check("whose theme is missing", count(theme().is_missing()).await?, 1);
    report.check("whose theme is JSON's null", count(theme().is_json_null()).await?, 1);
    report.check("deep inside, as a number", count(Config::settings.at("ui").at("scale").as_f64().ge(1.5)).await?, 1);
    report.check("by JSON's type: a number", count(Config::settings.at("n").eq(10)).await?, 1);
    report.check("and a text", count(Config::settings.at("n").eq("10")).await?, 1);
    report.check("that hold a tag", count(Config::settings.at("tags").contains(json!(["beta"]))).await?, 1);
    report.check("whose last tag is new", count(Config::settings.at("tags").at(-1).eq("new")).await?, 1);
    report.check("that have a key", count(Config::settings.has_key("ui")).await?, 2);
    report.check("with tags at all", count(Config::settings.at("tags").array_len().gt(0)).await?, 2);
    Ok(())
}

async fn reading(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let number = Config::settings.at("n").as_i64();
    let sorted = select(number.clone()).order_by(number).all(engine).await?;
    report.check("sorted as numbers, the others last", sorted, [Some(9), Some(10), None, None]);
    let scale = select(Config::settings.at("ui")).filter(Config::settings.at("theme").eq("dark")).one(engine).await?;
    report.check("a part of a document", scale, Some(json!({"scale": 1.5})));
    let tag = Config::settings.at("tags").each("tag");
    let tags = select((Config::id, tag.value().as_str())).join(&tag).order_by(tag.value().as_str()).all(engine).await?;
    let tags: Vec<_> = tags.into_iter().filter_map(|(_, tag)| tag).collect();
    report.check("the elements of arrays as rows", tags, ["beta", "new", "old"]);
    Ok(())
}

async fn changing(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let dark = Config::settings.at("theme").eq("dark");
    let changed = update::<Config>()
        .set(Config::settings.at("ui").at("scale"), 2.0)
        .set(Config::settings.at("ui").at("font").at("size"), 12)
        .json_append(Config::settings.at("tags"), "big")
        .json_insert(Config::settings.at("n"), 0)
        .json_remove(Config::settings.at("legacy"))
        .filter(dark.clone())
        .exec(engine)
        .await?;
    report.check("several places in one statement", changed, 1);
    let settings: JsonValue = select(Config::settings).filter(dark.clone()).one(engine).await?;
    let expected = json!({
        "theme": "dark", "ui": {"scale": 2.0, "font": {"size": 12}}, "tags": ["beta", "new", "big"], "n": 10
    });
    report.check("and nothing else", settings, expected);
    let patch = json!({"n": null, "ui": {"scale": null, "font": {"bold": true}}});
    update::<Config>().json_merge(Config::settings, patch).filter(dark.clone()).exec(engine).await?;
    let settings: JsonValue = select(Config::settings).filter(dark).one(engine).await?;
    let expected = json!({"theme": "dark", "ui": {"font": {"size": 12, "bold": true}}, "tags": ["beta", "new", "big"]});
    report.check("a patch merged into a document", settings, expected);
    let in_the_way = update::<Config>().set(Config::settings.at("n").at("deep"), 1).all_rows().exec(engine).await;
    let kind = in_the_way.map_err(|error| error.kind());
    report.check("what is no object takes no key", kind, Err::<u64, _>(ErrorKind::InvalidValue));

    let mut session = engine.session();
    let light = select(Config::id).filter(Config::settings.at("theme").eq("light")).one(&mut session).await?;
    if let Some(config) = session.get::<Config>(light).await?
        && let Some(theme) = session[config].settings.get_mut("theme")
    {
        *theme = json!("dim");
    }
    session.commit().await?;
    let dim = Config::select().filter(Config::settings.at("theme").eq("dim")).count(engine).await?;
    report.check("a session sees what changed inside", dim, 1);
    Ok(())
}
