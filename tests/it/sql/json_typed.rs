//! Paths by the fields of a struct: the same statements as by their keys.

use creole::prelude::*;
use serde::{Deserialize, Serialize};

use super::check::dialects;

#[derive(JsonDoc, Serialize, Deserialize, Debug, Clone, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Settings {
    font_size: u8,
    #[serde(rename = "odd key's")]
    odd: Option<String>,
    panels: Vec<Panel>,
    raw: serde_json::Value,
}

#[derive(JsonDoc, Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Panel {
    width: Option<u32>,
    inner: Option<Box<Panel>>,
}

#[derive(Model)]
#[model(table = "configs", index(name = "by_odd", expr = Config::settings.field(Settings::odd).text_key()))]
struct Config {
    #[model(primary_key)]
    id: i64,
    settings: Option<Json<Settings>>,
    any: serde_json::Value,
}

/// The text on each dialect, or the error.
fn texts(statement: &dyn Fn(&dyn creole::Dialect) -> creole::Result<String>) -> Vec<String> {
    dialects().into_iter().map(|dialect| statement(dialect).unwrap_or_else(|error| error.to_string())).collect()
}

macro_rules! same {
    ($typed:expr, $by_keys:expr) => {{
        let (typed, by_keys) = ($typed, $by_keys);
        assert_eq!(texts(&|dialect| typed.sql(dialect)), texts(&|dialect| by_keys.sql(dialect)));
    }};
}

#[test]
fn conditions_and_selections() {
    let filtered = |condition| select(Config::id).filter(condition);
    let size = || Config::settings.field(Settings::font_size);
    same!(filtered(size().eq(12)), filtered(Config::settings.at("fontSize").eq(12)));
    same!(filtered(size().ne(12)), filtered(Config::settings.at("fontSize").ne(12)));
    same!(filtered(size().is_in([1, 2])), filtered(Config::settings.at("fontSize").is_in([1, 2])));
    same!(filtered(size().as_i64().gt(1)), filtered(Config::settings.at("fontSize").as_i64().gt(1)));
    let odd = || Config::settings.field(Settings::odd);
    same!(filtered(odd().eq("x")), filtered(Config::settings.at("odd key's").eq("x")));
    let text = String::from("x");
    same!(filtered(odd().eq(&text)), filtered(Config::settings.at("odd key's").eq("x")));
    same!(filtered(odd().is_json_null()), filtered(Config::settings.at("odd key's").eq(json!(null))));
    let panel = || Config::settings.field(Settings::panels).element(-1);
    let by_keys = || Config::settings.at("panels").at(-1);
    same!(filtered(panel().field(Panel::width).eq(3)), filtered(by_keys().at("width").eq(3)));
    let inner = panel().field(Panel::inner).field(Panel::inner).field(Panel::width);
    same!(select(inner), select(by_keys().path(["inner", "inner", "width"])));
    let value = Panel { width: Some(1), inner: None };
    same!(filtered(panel().eq(&value)), filtered(by_keys().eq(json!({"width": 1, "inner": null}))));
    // What nobody knows the shape of goes on by keys, and the other way round.
    same!(
        select(Config::settings.field(Settings::raw).at("a").element(0)),
        select(Config::settings.at("raw").at("a").at(0))
    );
    same!(select(Config::any.field(Settings::font_size)), select(Config::any.at("fontSize")));
    same!(
        select(Config::settings.field(Settings::panels).array_len()),
        select(Config::settings.at("panels").array_len())
    );
    let other = creole::query::alias::<Config>("other");
    same!(
        select(other.col(Config::settings).field(Settings::font_size)).from(other),
        select(other.col(Config::settings).at("fontSize")).from(other)
    );
}

#[test]
fn elements_as_rows() {
    let typed = Config::settings.field(Settings::panels).each("panel");
    let by_keys = Config::settings.at("panels").each("panel");
    same!(
        select((Config::id, typed.value().field(Panel::width))).join(&typed),
        select((Config::id, by_keys.value().at("width"))).join(&by_keys)
    );
}

#[test]
fn changes() {
    let panel = Panel { width: None, inner: None };
    same!(
        update::<Config>()
            .set(Config::settings.field(Settings::font_size), 14)
            .json_append(Config::settings.field(Settings::panels), &panel)
            .json_insert(Config::settings.field(Settings::odd), "x")
            .json_remove(Config::settings.field(Settings::raw))
            .all_rows(),
        update::<Config>()
            .set(Config::settings.at("fontSize"), 14)
            .json_append(Config::settings.at("panels"), json!({"width": null, "inner": null}))
            .json_insert(Config::settings.at("odd key's"), "x")
            .json_remove(Config::settings.at("raw"))
            .all_rows()
    );
}

#[test]
fn an_index_by_a_field() {
    for dialect in dialects() {
        match Config::TABLE.ddl(dialect) {
            Ok(text) => assert!(text.contains("by_odd"), "{text}"),
            Err(error) => assert_eq!((error.kind(), dialect.name()), (ErrorKind::Unsupported, "mariadb")),
        }
    }
}

#[test]
fn what_json_has_no_form_for_is_refused() {
    #[derive(JsonDoc, Serialize, Deserialize, Debug, Clone)]
    struct Floats {
        float: f64,
        floats: Vec<f64>,
    }

    for dialect in dialects() {
        let floats = vec![f64::NAN];
        for condition in [Config::any.field(Floats::float).eq(f64::NAN), Config::any.field(Floats::floats).eq(&floats)]
        {
            let error = select(Config::id).filter(condition).sql(dialect).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
        }
    }
}
