//! A primary key can be compared and hashed.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "measurements")]
struct Measurement {
    #[model(primary_key)]
    at: f64,
}

fn main() {}
