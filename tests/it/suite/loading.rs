//! Rows together with what belongs to them: `with`, `load` and `related`, and how many statements they take.

mod answers;
mod joined;
mod keys;
mod kinds;
mod many;
mod projections;
mod random;
mod refused;
mod repeats;
mod shapes;
mod shared;
mod statements;
mod texts;

use creole::prelude::*;

/// A user has orders and perhaps a profile, and follows other users.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "users",
    default,
    has_many(orders = Order::user_id),
    has_one(profile = Profile::user_id),
    has_many(reviewed = Order::reviewer_id),
    many_to_many(following: User = Follow::follower_id -> Follow::followed_id),
    many_to_many(followers: User = Follow::followed_id -> Follow::follower_id)
)]
struct User {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 40)]
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "profiles", default)]
struct Profile {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique, references = User::id, belongs_to = user)]
    user_id: i64,
    #[model(length = 40)]
    motto: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "follows")]
struct Follow {
    #[model(primary_key, references = User::id)]
    follower_id: i64,
    #[model(primary_key, references = User::id)]
    followed_id: i64,
}

/// An order is of one user, and perhaps reviewed by another.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "orders", default, has_many(lines = Line::order_id))]
struct Order {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = User::id, belongs_to = user)]
    user_id: i64,
    #[model(references = User::id, belongs_to = reviewer)]
    reviewer_id: Option<i64>,
    total: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "lines", default)]
struct Line {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Order::id, belongs_to = order)]
    order_id: i64,
    #[model(length = 40)]
    item: String,
}

/// Three users. Ada (1) has orders 1 and 2, with two lines and none; Bob (2) has order 3 with one line, which Ada has reviewed; Cleo (3) has
/// none. Ada has a profile. Ada follows Bob and Cleo, Bob follows Ada.
async fn shop(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Profile, Follow, Order, Line]).await?;
    let users = ["Ada", "Bob", "Cleo"].map(|name| User { name: name.into(), ..Default::default() });
    insert_all(&users).exec(engine).await?;
    insert(&Profile { user_id: 1, motto: "first".into(), ..Default::default() }).exec(engine).await?;
    let follows = [(1, 2), (1, 3), (2, 1)].map(|(follower_id, followed_id)| Follow { follower_id, followed_id });
    insert_all(&follows).exec(engine).await?;
    let orders = [(1, None, 30), (1, Some(2), 10), (2, Some(1), 20)];
    let orders = orders.map(|(user_id, reviewer_id, total)| Order { user_id, reviewer_id, total, id: 0 });
    insert_all(&orders).exec(engine).await?;
    let lines = [(1, "lamp"), (1, "bulb"), (3, "desk")];
    insert_all(&lines.map(|(order_id, item)| Line { id: 0, order_id, item: item.into() })).exec(engine).await?;
    Ok(())
}

fn ids(orders: &[Order]) -> Vec<i64> {
    orders.iter().map(|order| order.id).collect()
}
