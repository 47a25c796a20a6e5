//! What an established database toolkit checks of each database, case by case, said in creole's terms. Each file is a section, and
//! the head of the file ticks its cases off by their numbers: those that are tested in it, those that other tests cover, and
//! those that are about something that creole has not.

mod limits;
mod order;
mod lists;
mod like;
mod joins;
mod ctes;
mod types;
mod literals;
mod ddl;
mod reflection;
mod foreign_tables;
mod insert;
mod upsert;
mod names;
mod rows;

use creole::prelude::*;
use creole::query::Raw;

/// Runs statements of another program.
async fn run(engine: &Engine, statements: &[&'static str]) -> creole::Result<()> {
    for sql in statements {
        Raw::new().text(sql).exec(engine).await?;
    }
    Ok(())
}
