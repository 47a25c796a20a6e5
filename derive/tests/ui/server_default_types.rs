//! Defaults of the database that are no values of the field's type.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "table_0")]
struct Model0 {
    #[model(primary_key)]
    id: i64,
    #[model(server_default = now)]
    field: String,
}

#[derive(Model)]
#[model(table = "table_1")]
struct Model1 {
    #[model(primary_key)]
    id: i64,
    #[model(server_default = uuid)]
    field: i64,
}

#[derive(Model)]
#[model(table = "table_2")]
struct Model2 {
    #[model(primary_key)]
    id: i64,
    #[model(server_default = true)]
    field: Option<i32>,
}

#[derive(Model)]
#[model(table = "table_3")]
struct Model3 {
    #[model(primary_key)]
    id: i64,
    #[model(server_default = 1.5)]
    field: i32,
}

#[derive(Model)]
#[model(table = "table_4")]
struct Model4 {
    #[model(primary_key)]
    id: i64,
    #[model(server_default = 300)]
    field: i8,
}

#[derive(Model)]
#[model(table = "table_5")]
struct Model5 {
    #[model(primary_key)]
    id: i64,
    #[model(server_default = text("a"))]
    field: bool,
}

#[derive(Model)]
#[model(table = "table_6")]
struct Model6 {
    #[model(primary_key)]
    id: i64,
    #[model(server_default = text("1"))]
    field: i64,
}

#[derive(Model)]
#[model(table = "table_7")]
struct Model7 {
    #[model(primary_key)]
    id: i64,
    #[model(server_default = 1)]
    field: Option<String>,
}

fn main() {}
