//! Merging patches into JSON documents.

use creole::prelude::*;
use creole::query::Update;

use super::check::{Expected, check, dialects};

#[derive(Model)]
#[model(table = "configs")]
struct Config {
    #[model(primary_key)]
    id: i64,
    settings: creole::JsonValue,
}

fn merged(patch: creole::JsonValue) -> Update<Config> {
    update().json_merge(Config::settings, patch).filter(Config::id.eq(1))
}

/// On MariaDB no patch takes a key out and does something else besides.
#[test]
fn keys_are_replaced_and_taken_out() {
    let statement = merged(json!({"theme": "dark", "n": [1], "old": null}));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"UPDATE "configs" SET "settings" = json_patch(coalesce("settings", '{}'), ?1) WHERE "id" = ?2"#,
            postgres: r#"UPDATE "configs" SET "settings" = (CASE jsonb_typeof("settings"::jsonb) WHEN 'object' THEN "settings"::jsonb - $1::text[] ELSE '{}' END || $2::jsonb) WHERE "id" = $3"#,
            mysql: "UPDATE `configs` SET `settings` = JSON_MERGE_PATCH(coalesce(`settings`, JSON_OBJECT()), CAST(?/*json*/ AS JSON)) WHERE `id` = ?",
            mariadb: "UPDATE `configs` SET `settings` = JSON_MERGE_PATCH(coalesce(`settings`, JSON_OBJECT()), ?/*json*/, ?/*json*/) WHERE `id` = ?",
        },
    );
}

/// PostgreSQL is told of each object in the patch, with the object that it is merged into under a name.
#[test]
fn objects_are_merged() {
    let statement = merged(json!({"ui": {"scale": 2, "font": {"size": null}}}));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"UPDATE "configs" SET "settings" = json_patch(coalesce("settings", '{}'), ?1) WHERE "id" = ?2"#,
            postgres: r#"UPDATE "configs" SET "settings" = (SELECT (CASE jsonb_typeof(m.v) WHEN 'object' THEN m.v ELSE '{}' END || jsonb_build_object($1::text, (SELECT (CASE jsonb_typeof(m.v) WHEN 'object' THEN m.v ELSE '{}' END || $2::jsonb || jsonb_build_object($3::text, (CASE jsonb_typeof((m.v -> $4::text)) WHEN 'object' THEN (m.v -> $5::text) - $6::text[] ELSE '{}' END))) FROM (SELECT (m.v -> $7::text) AS v) AS m))) FROM (SELECT "settings"::jsonb AS v) AS m) WHERE "id" = $8"#,
            mysql: "UPDATE `configs` SET `settings` = JSON_MERGE_PATCH(coalesce(`settings`, JSON_OBJECT()), CAST(?/*json*/ AS JSON)) WHERE `id` = ?",
            mariadb: "UPDATE `configs` SET `settings` = JSON_MERGE_PATCH(coalesce(`settings`, JSON_OBJECT()), ?/*json*/, ?/*json*/) WHERE `id` = ?",
        },
    );
}

/// A place is written as by `set`, with what comes of the merge.
#[test]
fn a_place_is_merged_into_beside_another_change() {
    let statement = update::<Config>()
        .json_merge(Config::settings.at("ui"), json!({"scale": 2}))
        .json_remove(Config::settings.at("old"))
        .filter(Config::id.eq(1));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"UPDATE "configs" SET "settings" = CASE WHEN json_type("settings", '$') NOT IN ('object', 'null') THEN creole_json_no_place("settings") ELSE json_remove(json_set(CASE coalesce(json_type("settings", '$'), 'null') WHEN 'null' THEN '{}' ELSE "settings" END, '$.ui', json_patch(coalesce(("settings" -> '$.ui'), '{}'), ?1)), '$.old') END WHERE "id" = ?2"#,
            postgres: r#"UPDATE "configs" SET "settings" = CASE WHEN jsonb_typeof("settings"::jsonb) NOT IN ('object', 'null') THEN ('creole: no place for a change in the document: ' || coalesce(jsonb_typeof("settings"::jsonb), ''))::jsonb ELSE (jsonb_set(coalesce(nullif("settings"::jsonb, 'null'), '{}'), ARRAY['ui'], (CASE jsonb_typeof(("settings"::jsonb -> 'ui')) WHEN 'object' THEN ("settings"::jsonb -> 'ui') ELSE '{}' END || $1::jsonb)) #- CASE WHEN ("settings"::jsonb -> 'old') IS NOT NULL THEN ARRAY['old'] ELSE ARRAY[]::text[] END) END WHERE "id" = $2"#,
            mysql: "UPDATE `configs` SET `settings` = CASE WHEN JSON_TYPE(`settings`) COLLATE utf8mb4_bin NOT IN ('OBJECT', 'NULL') THEN CAST(18446744073709551615 + (`settings` IS NULL) + (`settings` IS NOT NULL) AS JSON) ELSE JSON_REMOVE(JSON_SET(CASE coalesce(JSON_TYPE(`settings`) COLLATE utf8mb4_bin, 'NULL') WHEN 'NULL' THEN JSON_OBJECT() ELSE `settings` END, '$.ui', JSON_MERGE_PATCH(coalesce(JSON_EXTRACT(`settings`, '$.ui'), JSON_OBJECT()), CAST(?/*json*/ AS JSON))), '$.old') END WHERE `id` = ?",
            mariadb: "UPDATE `configs` SET `settings` = CASE WHEN JSON_TYPE(`settings`) NOT IN ('OBJECT', 'NULL') THEN 18446744073709551615 + (`settings` IS NULL) + (`settings` IS NOT NULL) ELSE JSON_REMOVE(JSON_SET(JSON_EXTRACT(CASE coalesce(JSON_TYPE(`settings`), 'NULL') WHEN 'NULL' THEN JSON_OBJECT() ELSE `settings` END, '$'), '$.ui', JSON_MERGE_PATCH(coalesce(JSON_EXTRACT(`settings`, '$.ui'), JSON_OBJECT()), ?/*json*/)), '$.old') END WHERE `id` = ?",
        },
    );
}

/// A patch that is no object is what the place becomes.
#[test]
fn what_is_no_object_is_set() {
    for patch in [json!(null), json!([{"a": null}]), json!("text"), json!(1), json!(true)] {
        for dialect in dialects() {
            let place = || Config::settings.at("a");
            let set = update::<Config>().set(place(), &patch).all_rows().sql(dialect).unwrap();
            assert_eq!(update::<Config>().json_merge(place(), &patch).all_rows().sql(dialect).unwrap(), set);
        }
    }
}

/// A patch ten times as large makes a statement at most ten times as long, in each direction.
#[test]
fn the_text_grows_with_the_patch() {
    let deep = |levels: usize| (0..levels).fold(json!({"z": null, "y": 1}), |inner, _| json!({"a": inner, "z": null}));
    let wide = |keys: usize| json!({"a": (0..keys).map(|key| (key.to_string(), json!({"z": null, "y": 1}))).collect::<JsonObject>()});
    for dialect in dialects() {
        let length = |patch| merged(patch).sql(dialect).unwrap().len();
        for (short, long) in [(deep(2), deep(20)), (wide(10), wide(100))] {
            let (short, long) = (length(short), length(long));
            assert!(long <= short * 10, "{short} and {long} on {}", dialect.name());
        }
    }
}

type JsonObject = serde_json::Map<String, creole::JsonValue>;
