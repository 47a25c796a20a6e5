//! What this shows: the patterns that programs are made of, one file for each group of them, with the answer that each
//! must give on every database. A wrong answer is reported and makes the program fail.
//!
//! How to run it:
//!
//! - `cargo run --example patterns` on SQLite in memory;
//! - `cargo run --example patterns --features postgres,mysql -- postgres://user:password@localhost/database` on a server;
//!   likewise with `mysql://…`, `mariadb://…` and `sqlite:file.db`.
//!
//! The tables are called `patterns_…`. They are dropped at the beginning and at the end.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod models;
mod report;

mod tables;

mod reading;
mod joining;
mod loading;
mod writing;
mod json;

mod session;
mod transactions;

mod errors;

use std::process::ExitCode;

use creole::prelude::*;
use report::Report;

#[tokio::main]
async fn main() -> ExitCode {
    let url = std::env::args().nth(1).unwrap_or_else(|| "sqlite::memory:".into());
    let mut report = Report::default();
    match patterns(&url, &mut report).await {
        Ok(()) => report.finish(),
        Err(error) => {
            eprintln!("\nThe patterns broke off: {error:?}");
            ExitCode::FAILURE
        }
    }
}

async fn patterns(url: &str, report: &mut Report) -> creole::Result<()> {
    let engine = Engine::connect(url).await?;
    println!("creole's patterns on {}", engine.dialect().name());
    let result = every_group(&engine, report).await;
    // What a group left behind goes even where one broke off.
    let dropped = engine.drop_all(models::TABLES).await;
    engine.close().await;
    result.and(dropped)
}

async fn every_group(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    tables::run(engine, report).await?;
    reading::run(engine, report).await?;
    joining::run(engine, report).await?;
    loading::run(engine, report).await?;
    writing::run(engine, report).await?;
    json::run(engine, report).await?;
    session::run(engine, report).await?;
    transactions::run(engine, report).await?;
    errors::run(engine, report).await
}
