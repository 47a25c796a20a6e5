//! Looking into JSON documents, and changing parts of them.

use creole::prelude::*;
use creole::query::{Expr, JsonPath};
use creole::sql::create_table;

use super::check::{Expected, check, dialects};

#[derive(Model)]
#[model(table = "configs", json_index(indexed.theme: String))]
struct Config {
    #[model(primary_key)]
    id: i64,
    settings: creole::JsonValue,
    indexed: Option<creole::JsonValue>,
}

fn theme() -> JsonPath<Config> {
    Config::settings.at("theme")
}

fn filtered(condition: Expr<bool>) -> impl Query {
    select(Config::id).filter(condition)
}

/// A string is compared as JSON where there is JSON, and else with its type.
#[test]
fn a_text_is_equal() {
    let statement = filtered(theme().eq("dark"));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "configs" WHERE json_extract("settings", '$.theme') = ?1 AND json_type("settings", '$.theme') = 'text'"#,
            postgres: r#"SELECT "id" FROM "configs" WHERE (("settings"::jsonb ->> 'theme') COLLATE "C") = $1::text AND jsonb_typeof(("settings"::jsonb -> 'theme')) = 'string'"#,
            mysql: "SELECT `id` FROM `configs` WHERE JSON_EXTRACT(`settings`, '$.theme') = CAST(?/*json*/ AS JSON)",
            mariadb: "SELECT `id` FROM `configs` WHERE JSON_VALUE(`settings`, '$.theme') COLLATE utf8mb4_nopad_bin = ?/*text*/ AND JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme')) = 'STRING'",
        },
    );
}

/// Numbers are compared with all their digits.
#[test]
fn a_number_is_equal() {
    let statement = filtered(Config::settings.at("n").eq(10));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "configs" WHERE ("settings" -> '$.n') COLLATE decimal = ?1"#,
            postgres: r#"SELECT "id" FROM "configs" WHERE ("settings"::jsonb -> 'n') = $1::jsonb"#,
            mysql: "SELECT `id` FROM `configs` WHERE JSON_EXTRACT(`settings`, '$.n') = CAST(?/*json*/ AS JSON)",
            mariadb: "SELECT `id` FROM `configs` WHERE JSON_NORMALIZE(CONCAT('[', JSON_EXTRACT(`settings`, '$.n'), ']' COLLATE utf8mb4_bin)) = JSON_NORMALIZE(CONCAT('[', ?/*json*/, ']' COLLATE utf8mb4_bin))",
        },
    );
}

/// MySQL has two forms of it, which it does not find equal.
#[test]
fn a_large_number_is_equal() {
    let statement = filtered(Config::settings.at("n").eq(1_u64 << 63));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "configs" WHERE ("settings" -> '$.n') COLLATE decimal = ?1"#,
            postgres: r#"SELECT "id" FROM "configs" WHERE ("settings"::jsonb -> 'n') = $1::jsonb"#,
            mysql: "SELECT `id` FROM `configs` WHERE (JSON_EXTRACT(`settings`, '$.n') = CAST(CAST(? AS UNSIGNED) AS JSON) OR JSON_EXTRACT(`settings`, '$.n') = CAST(CAST(? AS DOUBLE) AS JSON))",
            mariadb: "SELECT `id` FROM `configs` WHERE JSON_NORMALIZE(CONCAT('[', JSON_EXTRACT(`settings`, '$.n'), ']' COLLATE utf8mb4_bin)) = JSON_NORMALIZE(CONCAT('[', ?/*json*/, ']' COLLATE utf8mb4_bin))",
        },
    );
}

#[test]
fn a_document_is_equal() {
    let statement = filtered(theme().eq(json!([1])));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "configs" WHERE creole_json_equal(("settings" -> '$.theme'), ?1)"#,
            postgres: r#"SELECT "id" FROM "configs" WHERE ("settings"::jsonb -> 'theme') = $1::jsonb"#,
            mysql: "SELECT `id` FROM `configs` WHERE JSON_EXTRACT(`settings`, '$.theme') = CAST(?/*json*/ AS JSON)",
            mariadb: "SELECT `id` FROM `configs` WHERE JSON_NORMALIZE(JSON_EXTRACT(`settings`, '$.theme')) = JSON_NORMALIZE(?/*json*/)",
        },
    );
}

#[test]
fn what_is_not_equal_may_be_missing() {
    let statement = filtered(theme().ne("dark"));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "configs" WHERE (json_extract("settings", '$.theme') = ?1 AND json_type("settings", '$.theme') = 'text') IS NOT TRUE"#,
            postgres: r#"SELECT "id" FROM "configs" WHERE ("settings"::jsonb -> 'theme') IS DISTINCT FROM $1::jsonb"#,
            mysql: "SELECT `id` FROM `configs` WHERE (JSON_EXTRACT(`settings`, '$.theme') = CAST(?/*json*/ AS JSON)) IS NOT TRUE",
            mariadb: "SELECT `id` FROM `configs` WHERE (JSON_VALUE(`settings`, '$.theme') COLLATE utf8mb4_nopad_bin = ?/*text*/ AND JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme')) = 'STRING') IS NOT TRUE",
        },
    );
}

#[test]
fn there_is_a_value_or_none() {
    let statement = filtered(theme().exists().and(Config::indexed.at("a").is_missing()));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "configs" WHERE ("settings" -> '$.theme') IS NOT NULL AND "indexed" IS NOT NULL AND ("indexed" -> '$.a') IS NULL"#,
            postgres: r#"SELECT "id" FROM "configs" WHERE ("settings"::jsonb -> 'theme') IS NOT NULL AND "indexed" IS NOT NULL AND ("indexed"::jsonb -> 'a') IS NULL"#,
            mysql: "SELECT `id` FROM `configs` WHERE JSON_EXTRACT(`settings`, '$.theme') IS NOT NULL AND `indexed` IS NOT NULL AND JSON_EXTRACT(`indexed`, '$.a') IS NULL",
            mariadb: "SELECT `id` FROM `configs` WHERE JSON_EXTRACT(`settings`, '$.theme') IS NOT NULL AND `indexed` IS NOT NULL AND JSON_EXTRACT(`indexed`, '$.a') IS NULL",
        },
    );
}

#[test]
fn a_text_is_compared() {
    let statement = filtered(theme().as_str().gt("a"));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "configs" WHERE CASE json_type("settings", '$.theme') WHEN 'text' THEN json_extract("settings", '$.theme') END > ?1"#,
            postgres: r#"SELECT "id" FROM "configs" WHERE (CASE jsonb_typeof(("settings"::jsonb -> 'theme')) WHEN 'string' THEN ("settings"::jsonb ->> 'theme') END COLLATE "C") > $1::text"#,
            mysql: "SELECT `id` FROM `configs` WHERE (CASE JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme')) COLLATE utf8mb4_bin WHEN 'STRING' THEN JSON_UNQUOTE(JSON_EXTRACT(`settings`, '$.theme')) END COLLATE utf8mb4_0900_bin) > ?/*text*/",
            mariadb: "SELECT `id` FROM `configs` WHERE (CASE JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme')) WHEN 'STRING' THEN JSON_UNQUOTE(JSON_EXTRACT(`settings`, '$.theme')) END COLLATE utf8mb4_nopad_bin) > ?/*text*/",
        },
    );
}

/// On MySQL and MariaDB what is contained is taken apart.
#[test]
fn part_of_a_document() {
    let statement = filtered(theme().contains(json!({"a": ["x", null]})));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "configs" WHERE creole_json_contains(("settings" -> '$.theme'), ?1)"#,
            postgres: r#"SELECT "id" FROM "configs" WHERE ("settings"::jsonb -> 'theme') @> $1::jsonb"#,
            mysql: "SELECT `id` FROM `configs` WHERE CASE WHEN JSON_EXTRACT(`settings`, '$.theme') IS NOT NULL THEN (JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme')) COLLATE utf8mb4_bin = 'OBJECT' AND JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme.a')) COLLATE utf8mb4_bin = 'ARRAY' AND EXISTS (SELECT 1 FROM JSON_TABLE(JSON_EXTRACT(`settings`, '$.theme.a'), '$[*]' COLUMNS (v JSON PATH '$')) AS e1 WHERE e1.v = CAST(?/*json*/ AS JSON)) AND EXISTS (SELECT 1 FROM JSON_TABLE(JSON_EXTRACT(`settings`, '$.theme.a'), '$[*]' COLUMNS (v JSON PATH '$')) AS e2 WHERE e2.v IS NULL)) IS TRUE END",
            mariadb: "SELECT `id` FROM `configs` WHERE CASE WHEN JSON_EXTRACT(`settings`, '$.theme') IS NOT NULL THEN (JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme')) = 'OBJECT' AND JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme.a')) = 'ARRAY' AND EXISTS (SELECT 1 FROM JSON_TABLE(JSON_EXTRACT(`settings`, '$.theme.a'), '$[*]' COLUMNS (v JSON PATH '$')) AS e1 WHERE JSON_VALUE(e1.v, '$') COLLATE utf8mb4_nopad_bin = ?/*text*/ AND JSON_TYPE(e1.v) = 'STRING') AND EXISTS (SELECT 1 FROM JSON_TABLE(JSON_EXTRACT(`settings`, '$.theme.a'), '$[*]' COLUMNS (v JSON PATH '$')) AS e2 WHERE JSON_TYPE(e2.v) = 'NULL')) IS TRUE END",
        },
    );
}

/// A key that is no plain word is bound.
#[test]
fn keys() {
    let statement = filtered(Config::settings.has_any_key(["a", "b c"]));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "configs" WHERE ("settings" -> '$.a') IS NOT NULL OR ("settings" -> ('$.' || json_quote(?1) || '')) IS NOT NULL"#,
            postgres: r#"SELECT "id" FROM "configs" WHERE ("settings"::jsonb -> 'a') IS NOT NULL OR ("settings"::jsonb -> $1::text) IS NOT NULL"#,
            mysql: "SELECT `id` FROM `configs` WHERE JSON_EXTRACT(`settings`, '$.a') IS NOT NULL OR JSON_EXTRACT(`settings`, CONCAT('$.', JSON_QUOTE(?/*text*/) COLLATE utf8mb4_bin, '')) IS NOT NULL",
            mariadb: "SELECT `id` FROM `configs` WHERE JSON_EXTRACT(`settings`, '$.a') IS NOT NULL OR JSON_EXTRACT(`settings`, CONCAT('$.', JSON_QUOTE(?/*text*/) COLLATE utf8mb4_bin, '')) IS NOT NULL",
        },
    );
}

/// A filter leaves out what is unknown, so the index's own expression will do, among the parts of AND and OR too.
#[test]
fn a_text_in_an_index() {
    let statement = filtered(Config::indexed.at("theme").eq("dark"));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT "id" FROM "configs" WHERE CASE json_type("indexed", '$.theme') WHEN 'text' THEN json_extract("indexed", '$.theme') END = +?1"#,
            postgres: r#"SELECT "id" FROM "configs" WHERE (CASE jsonb_typeof(("indexed"::jsonb -> 'theme')) WHEN 'string' THEN ("indexed"::jsonb ->> 'theme') END COLLATE "C") = $1::text"#,
            mysql: "SELECT `id` FROM `configs` WHERE (LEFT(JSON_EXTRACT(`indexed`, '$.theme'), 191) COLLATE utf8mb4_0900_bin) = ?/*text*/",
            mariadb: "SELECT `id` FROM `configs` WHERE JSON_VALUE(`indexed`, '$.theme') COLLATE utf8mb4_nopad_bin = ?/*text*/ AND JSON_TYPE(JSON_EXTRACT(`indexed`, '$.theme')) = 'STRING'",
        },
    );
}

/// Anywhere else false is not unknown: the index's expression stands beside the whole comparison.
#[test]
fn a_text_in_an_index_where_unknown_is_seen() {
    let statement = select(Config::indexed.at("theme").eq("dark"));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT CASE json_type("indexed", '$.theme') WHEN 'text' THEN json_extract("indexed", '$.theme') END = +?1 AND json_type("indexed", '$.theme') = 'text' FROM "configs""#,
            postgres: r#"SELECT (CASE jsonb_typeof(("indexed"::jsonb -> 'theme')) WHEN 'string' THEN ("indexed"::jsonb ->> 'theme') END COLLATE "C") = $1::text AND jsonb_typeof(("indexed"::jsonb -> 'theme')) = 'string' FROM "configs""#,
            mysql: "SELECT (LEFT(JSON_EXTRACT(`indexed`, '$.theme'), 191) COLLATE utf8mb4_0900_bin) = LEFT(?/*text*/, 191) AND JSON_EXTRACT(`indexed`, '$.theme') = CAST(?/*json*/ AS JSON) FROM `configs`",
            mariadb: "SELECT JSON_VALUE(`indexed`, '$.theme') COLLATE utf8mb4_nopad_bin = ?/*text*/ AND JSON_TYPE(JSON_EXTRACT(`indexed`, '$.theme')) = 'STRING' FROM `configs`",
        },
    );
}

/// No database keeps it in a document, so none is asked for it.
#[test]
fn a_text_with_nul_is_refused_with_an_index_and_without() {
    for dialect in dialects() {
        for place in [Config::settings.at("theme"), Config::indexed.at("theme")] {
            let error = filtered(place.eq("a\0")).sql(dialect).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidValue, "{}", dialect.name());
        }
    }
}

/// MySQL's index has the first 191 characters: one that is as long may be the beginning of another.
#[test]
fn a_long_text_in_an_index() {
    let with_quotes = |characters: usize| characters - 2;
    for (characters, is_compared_whole) in [(190, false), (191, true), (400, true)] {
        let statement = filtered(Config::indexed.at("theme").eq("ü".repeat(with_quotes(characters))));
        for dialect in dialects() {
            let text = statement.sql(dialect).unwrap();
            let counts = dialect.name() == "mysql" && is_compared_whole;
            assert_eq!(text.contains("LEFT(?/*text*/, 191) AND"), counts, "{text}");
        }
    }
}

#[test]
fn a_path() {
    let statement = select(Config::settings.path(["ui", "list"]).at(2).at("x"));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT ("settings" -> '$.ui.list[2].x') FROM "configs""#,
            postgres: r#"SELECT ("settings"::jsonb -> 'ui' -> 'list' -> 2 -> 'x') FROM "configs""#,
            mysql: "SELECT JSON_EXTRACT(`settings`, '$.ui.list[2].x') FROM `configs`",
            mariadb: "SELECT JSON_EXTRACT(`settings`, '$.ui.list[2].x') FROM `configs`",
        },
    );
}

/// What is no array has no first element; MariaDB counts from the end wrong in all rows but the first.
#[test]
fn the_ends_of_arrays() {
    let statement = select((Config::settings.at(0), Config::settings.at("a").at(-2)));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT ("settings" -> '$[0]'), ("settings" -> '$.a[#-2]') FROM "configs""#,
            postgres: r#"SELECT CASE WHEN jsonb_typeof("settings"::jsonb) = 'array' THEN ("settings"::jsonb -> 0) END, ("settings"::jsonb -> 'a' -> -2) FROM "configs""#,
            mysql: "SELECT JSON_EXTRACT(`settings`, CASE WHEN JSON_TYPE(`settings`) COLLATE utf8mb4_bin = 'ARRAY' THEN '$[0]' END), JSON_EXTRACT(`settings`, '$.a[last-1]') FROM `configs`",
            mariadb: "SELECT JSON_EXTRACT(`settings`, CASE WHEN JSON_TYPE(`settings`) = 'ARRAY' THEN '$[0]' END), JSON_EXTRACT(`settings`, CASE WHEN JSON_TYPE(JSON_EXTRACT(`settings`, '$.a')) = 'ARRAY' AND JSON_LENGTH(JSON_EXTRACT(`settings`, '$.a')) >= 2 THEN CONCAT('$.a[', JSON_LENGTH(JSON_EXTRACT(`settings`, '$.a')) - 2, ']') END) FROM `configs`",
        },
    );
}

#[test]
fn a_key_is_data() {
    let statement = select(Config::settings.at("ui").at("it's \"odd\"").at(3));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT ("settings" -> ('$.ui.' || json_quote(?1) || '[3]')) FROM "configs""#,
            postgres: r#"SELECT ("settings"::jsonb -> 'ui' -> $1::text -> 3) FROM "configs""#,
            mysql: "SELECT JSON_EXTRACT(`settings`, CONCAT('$.ui.', JSON_QUOTE(?/*text*/) COLLATE utf8mb4_bin, '[3]')) FROM `configs`",
            mariadb: "SELECT JSON_EXTRACT(`settings`, CONCAT('$.ui.', JSON_QUOTE(?/*text*/) COLLATE utf8mb4_bin, '[3]')) FROM `configs`",
        },
    );
}

#[test]
fn the_type() {
    let statement = select(theme().json_type());
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT CASE json_type("settings", '$.theme') WHEN 'text' THEN 'string' WHEN 'integer' THEN 'number' WHEN 'real' THEN 'number' WHEN 'true' THEN 'boolean' WHEN 'false' THEN 'boolean' ELSE json_type("settings", '$.theme') END FROM "configs""#,
            postgres: r#"SELECT jsonb_typeof(("settings"::jsonb -> 'theme')) FROM "configs""#,
            mysql: "SELECT CASE JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme')) COLLATE utf8mb4_bin WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'STRING' THEN 'string' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' WHEN 'INTEGER' THEN 'number' WHEN 'UNSIGNED INTEGER' THEN 'number' WHEN 'DOUBLE' THEN 'number' WHEN 'DECIMAL' THEN 'number' END FROM `configs`",
            mariadb: "SELECT CASE JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme')) WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'STRING' THEN 'string' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' WHEN 'INTEGER' THEN 'number' WHEN 'UNSIGNED INTEGER' THEN 'number' WHEN 'DOUBLE' THEN 'number' WHEN 'DECIMAL' THEN 'number' END FROM `configs`",
        },
    );
}

#[test]
fn a_float_and_a_bool() {
    let statement = select(Config::settings.at("n").as_bool());
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT CASE json_type("settings", '$.n') WHEN 'true' THEN 1 WHEN 'false' THEN 0 END FROM "configs""#,
            postgres: r#"SELECT CASE jsonb_typeof(("settings"::jsonb -> 'n')) WHEN 'boolean' THEN ("settings"::jsonb -> 'n')::bool END FROM "configs""#,
            mysql: "SELECT CASE JSON_TYPE(JSON_EXTRACT(`settings`, '$.n')) COLLATE utf8mb4_bin WHEN 'BOOLEAN' THEN JSON_UNQUOTE(JSON_EXTRACT(`settings`, '$.n')) COLLATE utf8mb4_bin = 'true' END FROM `configs`",
            mariadb: "SELECT CASE JSON_TYPE(JSON_EXTRACT(`settings`, '$.n')) WHEN 'BOOLEAN' THEN JSON_UNQUOTE(JSON_EXTRACT(`settings`, '$.n')) COLLATE utf8mb4_bin = 'true' END FROM `configs`",
        },
    );
}

#[test]
fn a_length_and_keys() {
    let statement = select((theme().array_len(), theme().object_keys()));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT CASE json_type("settings", '$.theme') WHEN 'array' THEN json_array_length("settings", '$.theme') END, CASE json_type("settings", '$.theme') WHEN 'object' THEN (SELECT json_group_array(key) FROM json_each("configs"."settings", '$.theme')) END FROM "configs""#,
            postgres: r#"SELECT CASE jsonb_typeof(("settings"::jsonb -> 'theme')) WHEN 'array' THEN jsonb_array_length(("settings"::jsonb -> 'theme'))::int8 END, CASE jsonb_typeof(("settings"::jsonb -> 'theme')) WHEN 'object' THEN jsonb_path_query_array(("settings"::jsonb -> 'theme'), '$.keyvalue().key') END FROM "configs""#,
            mysql: "SELECT CASE JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme')) COLLATE utf8mb4_bin WHEN 'ARRAY' THEN JSON_LENGTH(JSON_EXTRACT(`settings`, '$.theme')) END, CASE JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme')) COLLATE utf8mb4_bin WHEN 'OBJECT' THEN JSON_KEYS(JSON_EXTRACT(`settings`, '$.theme')) END FROM `configs`",
            mariadb: "SELECT CASE JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme')) WHEN 'ARRAY' THEN JSON_LENGTH(JSON_EXTRACT(`settings`, '$.theme')) END, CASE JSON_TYPE(JSON_EXTRACT(`settings`, '$.theme')) WHEN 'OBJECT' THEN JSON_KEYS(JSON_EXTRACT(`settings`, '$.theme')) END FROM `configs`",
        },
    );
}

/// Where something else is in the way, the statement fails: each database in its own way.
#[test]
fn one_place_is_set() {
    let statement = update::<Config>().set(Config::settings.at("theme"), "dark").filter(Config::id.eq(1));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"UPDATE "configs" SET "settings" = CASE WHEN json_type("settings", '$') NOT IN ('object', 'null') THEN creole_json_no_place("settings") ELSE json_set(CASE coalesce(json_type("settings", '$'), 'null') WHEN 'null' THEN '{}' ELSE "settings" END, '$.theme', json(?1)) END WHERE "id" = ?2"#,
            postgres: r#"UPDATE "configs" SET "settings" = CASE WHEN jsonb_typeof("settings"::jsonb) NOT IN ('object', 'null') THEN ('creole: no place for a change in the document: ' || coalesce(jsonb_typeof("settings"::jsonb), ''))::jsonb ELSE jsonb_set(coalesce(nullif("settings"::jsonb, 'null'), '{}'), ARRAY['theme'], $1::jsonb) END WHERE "id" = $2"#,
            mysql: "UPDATE `configs` SET `settings` = CASE WHEN JSON_TYPE(`settings`) COLLATE utf8mb4_bin NOT IN ('OBJECT', 'NULL') THEN CAST(18446744073709551615 + (`settings` IS NULL) + (`settings` IS NOT NULL) AS JSON) ELSE JSON_SET(CASE coalesce(JSON_TYPE(`settings`) COLLATE utf8mb4_bin, 'NULL') WHEN 'NULL' THEN JSON_OBJECT() ELSE `settings` END, '$.theme', CAST(?/*json*/ AS JSON)) END WHERE `id` = ?",
            mariadb: "UPDATE `configs` SET `settings` = CASE WHEN JSON_TYPE(`settings`) NOT IN ('OBJECT', 'NULL') THEN 18446744073709551615 + (`settings` IS NULL) + (`settings` IS NOT NULL) ELSE JSON_SET(JSON_EXTRACT(CASE coalesce(JSON_TYPE(`settings`), 'NULL') WHEN 'NULL' THEN JSON_OBJECT() ELSE `settings` END, '$'), '$.theme', JSON_EXTRACT(?/*json*/, '$')) END WHERE `id` = ?",
        },
    );
}

#[test]
fn several_places_are_one_assignment() {
    let statement = update::<Config>()
        .set(Config::settings.at("ui").at("scale"), 2.0)
        .json_remove(Config::settings.at("old"))
        .filter(Config::id.eq(1));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"UPDATE "configs" SET "settings" = CASE WHEN json_type("settings", '$') NOT IN ('object', 'null') OR json_type("settings", '$.ui') NOT IN ('object', 'null') THEN creole_json_no_place("settings") ELSE json_remove(json_set(json_set(CASE coalesce(json_type("settings", '$'), 'null') WHEN 'null' THEN '{}' ELSE "settings" END, '$.ui', json(CASE coalesce(json_type("settings", '$.ui'), 'null') WHEN 'null' THEN '{}' ELSE ("settings" -> '$.ui') END)), '$.ui.scale', json(?1)), '$.old') END WHERE "id" = ?2"#,
            postgres: r#"UPDATE "configs" SET "settings" = CASE WHEN jsonb_typeof("settings"::jsonb) NOT IN ('object', 'null') OR jsonb_typeof(("settings"::jsonb -> 'ui')) NOT IN ('object', 'null') THEN ('creole: no place for a change in the document: ' || coalesce(jsonb_typeof("settings"::jsonb), ''))::jsonb ELSE (jsonb_set(jsonb_set(coalesce(nullif("settings"::jsonb, 'null'), '{}'), ARRAY['ui'], coalesce(nullif(("settings"::jsonb -> 'ui'), 'null'), '{}')), ARRAY['ui', 'scale'], $1::jsonb) #- CASE WHEN ("settings"::jsonb -> 'old') IS NOT NULL THEN ARRAY['old'] ELSE ARRAY[]::text[] END) END WHERE "id" = $2"#,
            mysql: "UPDATE `configs` SET `settings` = CASE WHEN JSON_TYPE(`settings`) COLLATE utf8mb4_bin NOT IN ('OBJECT', 'NULL') OR JSON_TYPE(JSON_EXTRACT(`settings`, '$.ui')) COLLATE utf8mb4_bin NOT IN ('OBJECT', 'NULL') THEN CAST(18446744073709551615 + (`settings` IS NULL) + (`settings` IS NOT NULL) AS JSON) ELSE JSON_REMOVE(JSON_SET(JSON_SET(CASE coalesce(JSON_TYPE(`settings`) COLLATE utf8mb4_bin, 'NULL') WHEN 'NULL' THEN JSON_OBJECT() ELSE `settings` END, '$.ui', CASE coalesce(JSON_TYPE(JSON_EXTRACT(`settings`, '$.ui')) COLLATE utf8mb4_bin, 'NULL') WHEN 'NULL' THEN JSON_OBJECT() ELSE JSON_EXTRACT(`settings`, '$.ui') END), '$.ui.scale', CAST(?/*json*/ AS JSON)), '$.old') END WHERE `id` = ?",
            mariadb: "UPDATE `configs` SET `settings` = CASE WHEN JSON_TYPE(`settings`) NOT IN ('OBJECT', 'NULL') OR JSON_TYPE(JSON_EXTRACT(`settings`, '$.ui')) NOT IN ('OBJECT', 'NULL') THEN 18446744073709551615 + (`settings` IS NULL) + (`settings` IS NOT NULL) ELSE JSON_REMOVE(JSON_SET(JSON_SET(JSON_EXTRACT(CASE coalesce(JSON_TYPE(`settings`), 'NULL') WHEN 'NULL' THEN JSON_OBJECT() ELSE `settings` END, '$'), '$.ui', JSON_EXTRACT(CASE coalesce(JSON_TYPE(JSON_EXTRACT(`settings`, '$.ui')), 'NULL') WHEN 'NULL' THEN JSON_OBJECT() ELSE JSON_EXTRACT(`settings`, '$.ui') END, '$')), '$.ui.scale', JSON_EXTRACT(?/*json*/, '$')), '$.old') END WHERE `id` = ?",
        },
    );
}

#[test]
fn an_element_is_appended_and_a_key_inserted() {
    let statement = update::<Config>()
        .json_append(Config::settings.at("tags"), true)
        .json_insert(Config::settings.at("n"), 1)
        .filter(Config::id.eq(1));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"UPDATE "configs" SET "settings" = CASE WHEN json_type("settings", '$.tags') NOT IN ('array', 'null') OR json_type("settings", '$') NOT IN ('object', 'null') THEN creole_json_no_place("settings") ELSE json_insert(json_set(CASE coalesce(json_type("settings", '$'), 'null') WHEN 'null' THEN '{}' ELSE "settings" END, '$.tags', json_insert(CASE coalesce(json_type("settings", '$.tags'), 'null') WHEN 'null' THEN '[]' ELSE ("settings" -> '$.tags') END, '$[#]', json('true'))), '$.n', json(?1)) END WHERE "id" = ?2"#,
            postgres: r#"UPDATE "configs" SET "settings" = CASE WHEN jsonb_typeof(("settings"::jsonb -> 'tags')) NOT IN ('array', 'null') OR jsonb_typeof("settings"::jsonb) NOT IN ('object', 'null') THEN ('creole: no place for a change in the document: ' || coalesce(jsonb_typeof("settings"::jsonb), ''))::jsonb ELSE jsonb_set(jsonb_set(coalesce(nullif("settings"::jsonb, 'null'), '{}'), ARRAY['tags'], (coalesce(nullif(("settings"::jsonb -> 'tags'), 'null'), '[]') || jsonb_build_array('true'::jsonb))), ARRAY['n'], coalesce(("settings"::jsonb -> 'n'), $1::jsonb)) END WHERE "id" = $2"#,
            mysql: "UPDATE `configs` SET `settings` = CASE WHEN JSON_TYPE(JSON_EXTRACT(`settings`, '$.tags')) COLLATE utf8mb4_bin NOT IN ('ARRAY', 'NULL') OR JSON_TYPE(`settings`) COLLATE utf8mb4_bin NOT IN ('OBJECT', 'NULL') THEN CAST(18446744073709551615 + (`settings` IS NULL) + (`settings` IS NOT NULL) AS JSON) ELSE JSON_INSERT(JSON_SET(CASE coalesce(JSON_TYPE(`settings`) COLLATE utf8mb4_bin, 'NULL') WHEN 'NULL' THEN JSON_OBJECT() ELSE `settings` END, '$.tags', JSON_ARRAY_APPEND(CASE coalesce(JSON_TYPE(JSON_EXTRACT(`settings`, '$.tags')) COLLATE utf8mb4_bin, 'NULL') WHEN 'NULL' THEN JSON_ARRAY() ELSE JSON_EXTRACT(`settings`, '$.tags') END, '$', CAST('true' AS JSON))), '$.n', CAST(?/*json*/ AS JSON)) END WHERE `id` = ?",
            mariadb: "UPDATE `configs` SET `settings` = CASE WHEN JSON_TYPE(JSON_EXTRACT(`settings`, '$.tags')) NOT IN ('ARRAY', 'NULL') OR JSON_TYPE(`settings`) NOT IN ('OBJECT', 'NULL') THEN 18446744073709551615 + (`settings` IS NULL) + (`settings` IS NOT NULL) ELSE JSON_INSERT(JSON_SET(JSON_EXTRACT(CASE coalesce(JSON_TYPE(`settings`), 'NULL') WHEN 'NULL' THEN JSON_OBJECT() ELSE `settings` END, '$'), '$.tags', JSON_ARRAY_APPEND(JSON_EXTRACT(CASE coalesce(JSON_TYPE(JSON_EXTRACT(`settings`, '$.tags')), 'NULL') WHEN 'NULL' THEN JSON_ARRAY() ELSE JSON_EXTRACT(`settings`, '$.tags') END, '$'), '$', JSON_EXTRACT('true', '$'))), '$.n', JSON_EXTRACT(?/*json*/, '$')) END WHERE `id` = ?",
        },
    );
}

#[test]
fn an_element_is_removed() {
    let statement = update::<Config>().json_remove(Config::settings.at("tags").at(0)).filter(Config::id.eq(1));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"UPDATE "configs" SET "settings" = json_remove("settings", '$.tags[0]') WHERE "id" = ?1"#,
            postgres: r#"UPDATE "configs" SET "settings" = CASE WHEN jsonb_typeof("settings"::jsonb) IN ('object', 'array') THEN ("settings"::jsonb #- CASE WHEN CASE WHEN jsonb_typeof(("settings"::jsonb -> 'tags')) = 'array' THEN ("settings"::jsonb -> 'tags' -> 0) END IS NOT NULL THEN ARRAY['tags', '0'] ELSE ARRAY[]::text[] END) ELSE "settings"::jsonb END WHERE "id" = $1"#,
            mysql: "UPDATE `configs` SET `settings` = JSON_REMOVE(`settings`, CASE WHEN JSON_TYPE(JSON_EXTRACT(`settings`, '$.tags')) COLLATE utf8mb4_bin = 'ARRAY' THEN '$.tags[0]' ELSE '$[2147483647]' END) WHERE `id` = ?",
            mariadb: "UPDATE `configs` SET `settings` = JSON_REMOVE(`settings`, CASE WHEN JSON_TYPE(JSON_EXTRACT(`settings`, '$.tags')) = 'ARRAY' THEN '$.tags[0]' ELSE '$[2147483647]' END) WHERE `id` = ?",
        },
    );
}

#[test]
fn elements_are_rows() {
    let tag = Config::settings.at("tags").each("tag");
    let statement = select((Config::id, tag.index())).join(&tag).filter(tag.value().eq("a"));
    check(
        |dialect| statement.sql(dialect),
        Expected {
            sqlite: r#"SELECT "configs"."id", "tag".key FROM "configs" JOIN json_each(CASE json_type("configs"."settings", '$.tags') WHEN 'array' THEN ("configs"."settings" -> '$.tags') END) AS "tag" ON 1 = 1 WHERE json_extract(("tag".json -> "tag".fullkey), '$') = ?1 AND json_type(("tag".json -> "tag".fullkey), '$') = 'text'"#,
            postgres: r#"SELECT "configs"."id", ("tag".c2 - 1) FROM "configs" JOIN jsonb_array_elements(CASE jsonb_typeof(("configs"."settings"::jsonb -> 'tags')) WHEN 'array' THEN ("configs"."settings"::jsonb -> 'tags') END) WITH ORDINALITY AS "tag"(c1, c2) ON 1 = 1 WHERE (("tag".c1 #>> '{}') COLLATE "C") = $1::text AND jsonb_typeof("tag".c1) = 'string'"#,
            mysql: "SELECT `configs`.`id`, (CAST(`tag`.c2 AS SIGNED) - 1) FROM `configs` JOIN JSON_TABLE(JSON_EXTRACT(`configs`.`settings`, '$.tags'), '$[*]' COLUMNS (c1 JSON PATH '$', c2 FOR ORDINALITY)) AS `tag` ON 1 = 1 WHERE CASE WHEN `tag`.c2 IS NOT NULL THEN coalesce(`tag`.c1, CAST('null' AS JSON)) END = CAST(?/*json*/ AS JSON)",
            mariadb: "SELECT `configs`.`id`, (CAST(`tag`.c2 AS SIGNED) - 1) FROM `configs` JOIN JSON_TABLE(JSON_EXTRACT(`configs`.`settings`, '$.tags'), '$[*]' COLUMNS (c1 JSON PATH '$', c2 FOR ORDINALITY)) AS `tag` ON 1 = 1 WHERE JSON_VALUE(`tag`.c1, '$') COLLATE utf8mb4_nopad_bin = ?/*text*/ AND JSON_TYPE(`tag`.c1) = 'STRING'",
        },
    );
}

#[test]
fn an_index_over_a_value() {
    for dialect in dialects() {
        let statements = match create_table(dialect, Config::table()) {
            Ok(statements) => statements.join("\n"),
            Err(error) => error.to_string(),
        };
        let expected = match dialect.name() {
            "sqlite" => {
                r#"ON "configs" ((CASE json_type("indexed", '$.theme') WHEN 'text' THEN json_extract("indexed", '$.theme') END))"#
            }
            "postgres" => {
                r#"ON "configs" (((CASE jsonb_typeof(("indexed"::jsonb -> 'theme')) WHEN 'string' THEN ("indexed"::jsonb ->> 'theme') END COLLATE "C")))"#
            }
            "mysql" => {
                "KEY `ix_configs_indexed_theme` (((LEFT(JSON_EXTRACT(`indexed`, '$.theme'), 191) COLLATE utf8mb4_0900_bin)))"
            }
            _ => {
                "the index ix_configs_indexed_theme of configs, which is over an expression, is not supported on mariadb"
            }
        };
        assert!(statements.contains(expected), "{statements}");
    }
}
