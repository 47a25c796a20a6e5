//! Projections whose fields nothing fits, and structs that can be none.

use creole::prelude::*;

#[derive(Model)]
#[model(table = "users", has_many(orders = Order::user_id), has_one(profile = Profile::user_id))]
struct User {
    #[model(primary_key)]
    id: i64,
    name: String,
}

#[derive(Model)]
#[model(table = "orders")]
struct Order {
    #[model(primary_key)]
    id: i64,
    #[model(references = User::id, belongs_to = user)]
    user_id: i64,
}

#[derive(Model)]
#[model(table = "profiles")]
struct Profile {
    #[model(primary_key, references = User::id)]
    user_id: i64,
}

#[derive(Projection)]
#[projection(of = Order)]
struct OrderCard {
    id: i64,
}

#[derive(Projection)]
#[projection(of = User)]
struct NoSuchField {
    nick: String,
}

#[derive(Projection)]
#[projection(of = User)]
struct WrongType {
    id: String,
}

#[derive(Projection)]
#[projection(of = User)]
struct WrongExpression {
    #[projection(User::name.lower())]
    name: Option<i32>,
}

#[derive(Projection)]
#[projection(of = User)]
struct ManyAsOne {
    orders: OrderCard,
}

#[derive(Projection)]
#[projection(of = User)]
struct MayBeMissing {
    profile: Profile,
}

#[derive(Projection)]
#[projection(of = User)]
struct ProjectionOfAnother {
    profile: Option<OrderCard>,
}

#[derive(Projection)]
#[projection(of = Order)]
struct RelationOfAnother {
    #[projection(User::orders)]
    orders: Vec<Order>,
}

struct Plain {
    id: i64,
}

#[derive(Projection)]
#[projection(of = User)]
struct OfPlain {
    orders: Vec<Plain>,
}

#[derive(Projection)]
struct OfNothing {
    id: i64,
}

#[derive(Projection)]
#[projection(of = User, rename = "x")]
struct UnknownWord {
    id: i64,
}

#[derive(Projection)]
#[projection(of = User)]
struct Generic<T> {
    id: T,
}

#[derive(Projection)]
#[projection(of = User)]
struct Tuple(i64);

#[derive(Projection)]
#[projection(of = User)]
enum Enum {
    A,
}

#[derive(Projection)]
#[projection(of = User)]
struct Assigned {
    #[projection(column = User::id)]
    id: i64,
    #[projection()]
    name: String,
    #[projection(User::id)]
    #[projection(User::id)]
    twice: i64,
}

fn main() {
    let _ = Plain::select();
    let _ = User::select().project::<OrderCard>();
    let _ = User::orders.project::<Plain>();
    let _ = OrderCard::select().with(Order::user);
}
