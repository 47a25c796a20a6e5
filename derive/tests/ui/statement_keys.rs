//! A row is found by the model's own key.
use creole::prelude::*;

#[derive(Model)]
#[model(table = "users")]
struct User {
    #[model(primary_key)]
    id: i64,
    email: String,
}

async fn run(engine: Engine) -> creole::Result<()> {
    User::find("ada", &engine).await?;
    Ok(())
}

fn main() {}
