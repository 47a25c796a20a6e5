//! Statements run on a reference to the engine or the session.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
    email: String,
}

async fn run(engine: Engine) -> creole::Result<()> {
    User::select().all(engine).await?;
    Ok(())
}

fn main() {}
