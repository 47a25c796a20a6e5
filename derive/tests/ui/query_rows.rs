//! Rows are read as what is selected.
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

async fn read(engine: &Engine) -> creole::Result<()> {
    let _: Vec<(i64, i64)> = select((User::id, User::name)).all(engine).await?;
    let _: Vec<(User, Post)> = select((User::ALL, Post::ALL.optional())).left_join(User::posts).all(engine).await?;
    let _: Vec<User> = select(User::name).all(engine).await?;
    Ok(())
}

fn main() {}
