//! Indexes over values in documents that are none.
use creole_derive::Model;

#[derive(Model)]
#[model(
    table = "configs",
    json_index(settings.theme),
    json_index(settings: String),
    json_index(setings.theme: String),
    json_index(settings.theme: u8),
    json_index(name = "only_a_name"),
    json_index(name = "one", name = "two", settings.theme: String),
    json_index(nmae = "one", settings.theme: String),
    json_index(settings.n: i64),
    json_index(settings.n: f64),
    json_index = settings
)]
struct Config {
    #[model(primary_key)]
    id: i64,
    settings: i32,
}

#[derive(Model)]
#[model(table = "a_table_with_a_long_name", json_index(settings.a_key_with_a_long_name.and_another: String))]
struct Long {
    #[model(primary_key)]
    id: i64,
    settings: i32,
}

fn main() {}
