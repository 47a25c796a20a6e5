//! Keys and values of documents are data: whatever they are, the text of a statement is the same.

use creole::dialect::Dialect;
use creole::prelude::*;
use creole::query::JsonPath;

use super::check::dialects;

#[derive(Model)]
#[model(table = "configs", json_index(settings.theme: String))]
struct Config {
    #[model(primary_key)]
    id: i64,
    settings: creole::JsonValue,
}

/// What means something in SQL, in a path, or in a string of either.
const ATTEMPTS: [&str; 24] = [
    "",
    "'",
    "\"",
    "\\",
    "\\'",
    "'' OR 1=1 --",
    "' OR '1'='1",
    "'; DROP TABLE configs; --",
    "\"; DROP TABLE configs; --",
    "\\\"; DROP TABLE configs; --",
    "') OR TRUE OR ('",
    "}', '{a}') --",
    "$.theme",
    "$[0]",
    "*",
    "a.b",
    "a\"].b[\"",
    "\" || (SELECT 1) || \"",
    "/* */",
    "?",
    "$1",
    "`configs`",
    "a\nb\u{1}\u{2028}",
    "🦀 ключ",
];

/// Statements with a key and a value in every place where one can stand.
fn statements(key: &str, value: &str, dialect: &dyn Dialect) -> Vec<String> {
    let place = || -> JsonPath<Config> { Config::settings.at("ui").at(key).at(0).at(key) };
    let filtered = |condition| select(Config::id).filter(condition).sql(dialect);
    let document = || json!({ "a": [value, {"b": value}] });
    let patch = || json!({key: value, "gone": {key: null}, "deep": {key: {key: [value, null]}, "gone": null}});
    let each = place().each("each");
    let texts = vec![
        filtered(place().eq(value)),
        filtered(place().ne(value)),
        filtered(Config::settings.at("theme").eq(value)),
        filtered(place().eq(document())),
        filtered(place().is_in([value, value])),
        filtered(place().contains(document())),
        filtered(place().contains(value)),
        filtered(place().exists().and(place().is_missing()).and(place().is_json_null())),
        filtered(place().has_key(key)),
        filtered(place().has_any_key([key, "a"]).or(place().has_all_keys([key]))),
        filtered(place().as_str().eq(value).and(place().as_str().starts_with(value))),
        select((place(), place().as_i64(), place().as_f64(), place().as_decimal(), place().as_bool())).sql(dialect),
        select((place().json_type(), place().array_len(), place().object_keys()))
            .order_by(place().as_str())
            .sql(dialect),
        select((Config::id, each.value().at(key))).join(&each).filter(each.value().eq(value)).sql(dialect),
        update::<Config>().set(place(), value).all_rows().sql(dialect),
        update::<Config>().set(place(), document()).json_remove(Config::settings.at(key)).all_rows().sql(dialect),
        update::<Config>()
            .json_insert(place(), value)
            .json_append(Config::settings.at(key), value)
            .all_rows()
            .sql(dialect),
        update::<Config>().json_merge(Config::settings, patch()).all_rows().sql(dialect),
        update::<Config>().json_merge(place(), patch()).set(Config::settings.at(key), value).all_rows().sql(dialect),
    ];
    texts.into_iter().map(|text| text.unwrap()).collect()
}

#[test]
fn no_key_and_no_value_changes_the_text_of_a_statement() {
    for dialect in dialects() {
        let expected = statements("an odd key", "a value", dialect);
        for attempt in ATTEMPTS {
            let found = statements(attempt, attempt, dialect);
            assert_eq!(found, expected, "{attempt:?} on {}", dialect.name());
        }
        let long = "x".repeat(1_000);
        // MySQL's index does not hold all of such a value, so its text differs from that of short ones.
        let as_long = "' ".repeat(500);
        let expected = statements("an odd key", &as_long, dialect);
        assert_eq!(statements(&long, &long, dialect), expected, "a long key on {}", dialect.name());
    }
}

#[test]
fn keys_that_stand_in_a_text_are_plain_words() {
    for dialect in dialects() {
        for key in ["theme", "a_1", "_", "SELECT"] {
            let text = select(Config::settings.at(key)).sql(dialect).unwrap();
            assert!(text.contains(&format!("'{key}'")) || text.contains(&format!("'$.{key}'")), "{text}");
        }
        for key in ["1a", "a-b", "ä", &"x".repeat(65)] {
            let text = select(Config::settings.at(key)).sql(dialect).unwrap();
            assert!(!text.contains(key), "{text}");
        }
    }
}

#[test]
fn a_key_that_mariadb_does_not_find_is_refused() {
    for dialect in dialects() {
        for key in ["-", "-1", "-a"] {
            let text = select(Config::settings.at(key)).sql(dialect);
            match text {
                Ok(_) => assert_ne!(dialect.name(), "mariadb"),
                Err(error) => {
                    assert_eq!((error.kind(), dialect.name()), (ErrorKind::Unsupported, "mariadb"));
                    assert!(error.to_string().contains("begins with `-`"), "{error}");
                }
            }
        }
    }
}

#[test]
fn nothing_shows_a_key_or_a_value() {
    let place = Config::settings.at("canary key");
    let statements = [
        format!("{place:?}"),
        format!("{:?}", select(Config::id).filter(place.clone().eq("canary value"))),
        format!("{:?}", select(Config::id).filter(place.clone().contains(json!({"canary": "canary"})))),
        format!("{:?}", update::<Config>().set(place.clone(), json!({"canary": ["canary"]}))),
        format!("{:?}", update::<Config>().json_merge(place.clone(), json!({"canary": {"canary": 4_711}}))),
        format!("{:?}", update::<Config>().json_append(place, 4_711_u64)),
    ];
    for text in statements {
        assert!(!text.contains("canary") && !text.contains("4711"), "{text}");
    }
}
