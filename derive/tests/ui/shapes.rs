//! What can't be a model at all.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "colours")]
enum Colour {
    Red,
}

#[derive(Model)]
#[model(table = "numbers")]
union Number {
    whole: i64,
}

#[derive(Model)]
#[model(table = "points")]
struct Point(i64, i64);

#[derive(Model)]
#[model(table = "nothings")]
struct Nothing;

#[derive(Model)]
#[model(table = "boxes")]
struct Boxed<T> {
    #[model(primary_key)]
    id: T,
}

#[derive(Model)]
#[model(table = "names")]
struct Name<'a> {
    #[model(primary_key)]
    id: &'a str,
}

fn main() {}
