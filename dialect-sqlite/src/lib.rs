//! creole on SQLite, through rusqlite with the SQLite that it bundles.
//!
//! [`Sqlite`] is the dialect; [`open`] makes the driver of a URL such as `sqlite:app.db` or `sqlite::memory:`.
//!
//! Statements run on the task that function_calls, because handing a statement to another thread costs many times what the statement
//! costs. What takes long leaves the executor's other tasks alone all the same: on a multi-thread runtime the query tells
//! Tokio to move them to another thread (`executor`), and a loop of short statements yields as any async code does. On a
//! current-thread runtime, inside a `LocalSet` and where panics abort there is no such way out, and a long statement holds
//! the thread up; [`Connection::fetch_batches`](creole_core::driver::Connection::fetch_batches) runs on a thread of its own
//! everywhere.

mod dialect;
mod syntax;
mod ddl;
mod storage;
mod list;
mod arithmetic;
mod integers;
mod function_calls;
mod json;
mod types;
mod error;
mod sequence_end;
mod url;
mod driver;
mod memory;
mod setup;
mod connection;
mod handlers;
mod deadline;
mod executor;
mod statement;
mod batches;
mod bind;
mod row;
mod text;
mod float;
mod decimal_text;
mod functions;
mod collation;
mod catalog;
mod default;
mod definition;
mod native;
#[cfg(test)]
mod random;

pub use dialect::Sqlite;
pub use driver::open;
pub use url::SCHEMES;
