//! Paths into documents of a known shape that lead nowhere, and values that are not of a field's type.
use creole::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(JsonDoc, Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Settings {
    theme: String,
    ui: Ui,
    sizes: Vec<u8>,
}

#[derive(JsonDoc, Serialize, Deserialize, Debug, Clone, PartialEq)]
struct Ui {
    scale: f64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "configs")]
struct Config {
    #[model(primary_key)]
    id: i64,
    settings: Json<Settings>,
}

fn main() {
    let _ = Config::settings.field(Ui::scale);
    let _ = Config::id.field(Settings::theme);
    let _ = Config::settings.field(Settings::theme).field(Ui::scale);
    let _ = Config::settings.field(Settings::theme).eq(1);
    let _ = Config::settings.field(Settings::ui).field(Ui::scale).eq("large");
    let _ = Config::settings.field(Settings::theme).element(0);
    let _ = update::<Config>().set(Config::settings.field(Settings::theme), 7);
    let _ = update::<Config>().json_append(Config::settings.field(Settings::sizes), "x");
}
