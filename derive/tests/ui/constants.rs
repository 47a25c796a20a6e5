//! Constants that would hide what every model has, or each other.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "settings", default)]
struct Setting {
    #[model(primary_key)]
    key: String,
    select: i64,
    default: i64,
    #[model(name = find)]
    found: i64,
    #[model(name = "quoted")]
    value: i64,
    other: i64,
    #[model(name = other)]
    third: i64,
}

fn main() {}
