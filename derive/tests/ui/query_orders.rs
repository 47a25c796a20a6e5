//! Rows are sorted by columns and expressions, and grouped by them.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "users", has_many(posts = Post::user_id))]
struct User {
    #[model(primary_key)]
    id: i64,
    name: String,
}

#[derive(Model)]
#[model(table = "posts")]
struct Post {
    #[model(primary_key)]
    id: i64,
    #[model(references = User::id, belongs_to = user)]
    user_id: i64,
    title: String,
}

fn main() {
    let _ = User::select().order_by("name");
    let _ = User::select().order_by(User::ALL);
    let _ = select(count_rows()).from(table::<User>()).group_by(User::posts);
    let _ = select(User::posts);
}
