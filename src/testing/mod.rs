//! One test body on every backend: what [`#[creole::test]`](crate::test) runs.
//!
//! ```
//! use creole::prelude::*;
//!
//! #[derive(Model, Debug, Clone, PartialEq)]
//! #[model(table = "notes", default)]
//! struct Note {
//!     #[model(primary_key, auto)]
//!     id: i64,
//!     text: String,
//! }
//!
//! #[creole::test]
//! async fn a_note_is_kept(engine: Engine) -> creole::Result<()> {
//!     engine.create_all(tables![Note]).await?;
//!     let note = insert(&Note { text: "hello".into(), ..Default::default() }).returning().one(&engine).await?;
//!     assert_eq!(Note::find(note.id, &engine).await?, Some(note));
//!     Ok(())
//! }
//! ```
//!
//! gives one test per backend that is compiled in: `a_note_is_kept::sqlite`, `::postgres`, `::mysql`, `::mariadb`. Each
//! runs in a database of its own, which is dropped afterwards, on a panic too. SQLite needs nothing. A server is named by
//! an environment variable, and a test whose server is not named says on stderr that it was ignored:
//!
//! | variable | holds |
//! | --- | --- |
//! | `CREOLE_TEST_POSTGRES` | `postgres://…`, a user who may create databases; several with blanks between |
//! | `CREOLE_TEST_MYSQL` | `mysql://…`, likewise |
//! | `CREOLE_TEST_MARIADB` | `mariadb://…`, likewise |
//! | `CREOLE_TEST_REQUIRE` | backends that must not be ignored: `sqlite,postgres,mysql,mariadb` |
//!
//! The engine warns by `tracing` where one text reads rows more than a hundred times, unless it is built without debug assertions; see
//! [Finding N + 1](crate::guide::relations#finding-n--1).
//!
//! Where a variable names several servers, such as two versions of one, a test runs on each of them, one after the other,
//! and fails where it fails on any: the output says on which, as `postgres@127.0.0.1:5433`.

#![allow(clippy::expect_used, clippy::panic, reason = "a test harness reports by panicking")]

mod backend;
mod database;
mod run;

pub use database::url;
pub use run::{TestResult, run};
