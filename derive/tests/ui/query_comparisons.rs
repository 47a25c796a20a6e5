//! A column is compared with what its type can hold.
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
    let _ = User::select().filter(User::name.eq(7));
    let _ = User::select().filter(User::id.eq(User::name));
    let _ = User::select().filter(User::id.is_in(["one", "two"]));
}
