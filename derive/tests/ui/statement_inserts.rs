//! Only models are inserted.
use creole::prelude::*;

struct Plain;

async fn run(engine: Engine) -> creole::Result<()> {
    insert(&Plain).exec(&engine).await?;
    Ok(())
}

fn main() {}
