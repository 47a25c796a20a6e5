//! Reads one user many times from a server, for `valgrind --tool=callgrind`, as `reads` does from SQLite:
//! `servers postgres engine 500` and `servers postgres engine 4500`; `mysql` or `mariadb` instead of `postgres`, and
//! `session` or `sqlx` instead of `engine`. Counted is what the program does, not what the server does. Both are pinned to
//! one core, because it costs instructions too to ask for an answer that is not there yet.

use std::hint::black_box;

use creole::prelude::*;
use creole_bench::mysql::Server;
use creole_bench::users::{Keys, MANY, User, fill};
use creole_bench::{Failure, mysql, pin, postgres};
use sqlx::{Connection as _, MySqlConnection, PgConnection};
use tokio::runtime::Builder;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let server = arguments.next().unwrap_or_default();
    let case = arguments.next().unwrap_or_default();
    let times: u32 = arguments.next().unwrap_or_default().parse()?;
    let url = std::env::var(format!("CREOLE_TEST_{}", server.to_uppercase()))?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    pin::pin_self();
    if server == "postgres" {
        return postgres::with_own_database(&runtime, &url, |url| {
            runtime.block_on(async {
                let engine = open(url).await?;
                let mut bare = PgConnection::connect(url).await?;
                postgres::pin_backends(&mut bare).await?;
                let mut keys = Keys::default();
                for _ in 0..if case == "sqlx" { times } else { 0 } {
                    black_box(postgres::find(&mut bare, keys.draw()).await?);
                }
                read(&engine, &case, times).await
            })
        });
    }
    let kind = if server == "mysql" { Server::MySql } else { Server::MariaDb };
    mysql::with_own_database(&runtime, &url, |[own, peer]| {
        runtime.block_on(async {
            let engine = open(own).await?;
            let mut bare = MySqlConnection::connect(peer).await?;
            let _pinned = mysql::pin_server(&mut bare, kind).await?;
            let mut keys = Keys::default();
            for _ in 0..if case == "sqlx" { times } else { 0 } {
                black_box(mysql::find(&mut bare, keys.draw()).await?);
            }
            read(&engine, &case, times).await
        })
    })
}

/// An engine on a table of users.
async fn open(url: &str) -> Result<Engine, Failure> {
    let engine = Engine::builder(url).max_connections(2).min_connections(2).connect().await?;
    engine.create_all(tables![User]).await?;
    fill(&engine, MANY).await?;
    Ok(engine)
}

/// Reads by creole; nothing where it is sqlx's turn.
async fn read(engine: &Engine, case: &str, times: u32) -> Result<(), Failure> {
    let mut session = engine.session();
    let mut keys = Keys::default();
    for _ in 0..times {
        match case {
            "engine" => drop(black_box(User::find(keys.draw(), engine).await?)),
            "session" => drop(black_box(User::find(keys.draw(), &mut session).await?)),
            "sqlx" => return Ok(()),
            _ => return Err("the case is engine, session or sqlx".into()),
        }
    }
    Ok(())
}
