//! What is joined is a relation, a table or a subquery; a relation leads to many rows or to one.
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
    let _ = select(User::id).join(Post::user_id);
    let _ = select(User::id).join(Post::ALL);
    let _ = select(User::id).join(User::posts.id);
    let _ = Post::select().filter(Post::user.any(User::posts));
}
