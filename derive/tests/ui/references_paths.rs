//! A foreign key names a model and its column.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "orders")]
struct Order {
    #[model(primary_key)]
    id: i64,
    #[model(references = "users(id)")]
    user_id: i64,
    #[model(references = users)]
    buyer_id: i64,
    #[model(references = Order::id, on_delete = casade)]
    parent_id: i64,
    #[model(on_delete = cascade, on_update = set_null)]
    other_id: i64,
}

fn main() {}
