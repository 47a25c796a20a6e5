//! What a program that uses creole needs, in one line: `use creole::prelude::*;`.
//!
//! With the feature `chrono`, which is on by default, the names of its types that columns hold are among it. Those of the
//! crate `time` are not, because `Date` and `Time` are names that programs like to have for themselves: with the feature of
//! that name they are in `creole::time`.

pub use crate::{Connect, Engine, ErrorKind};
pub use crate::{dec, tables};
#[cfg(feature = "chrono")]
pub use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
pub use creole_core::dialect::TxOptions;
pub use creole_core::model::{Column, Model};
pub use creole_core::query::{Condition, Execute, Expression, Query, delete, insert, insert_all, not, select, update};
pub use creole_core::query::{JsonPath, JsonType};
pub use creole_core::query::{Outcome, Upserted, excluded, insert_each, insert_from, insert_stream};
pub use creole_core::query::{RowValue, avg, count, count_rows, max, min, sum};
pub use creole_core::query::{alias, all_of, any_of, case, coalesce, exists, table};
pub use creole_core::query::{delete_all, update_all};
pub use creole_core::session::{Executor, Session, Tracked};
pub use creole_core::tables::Tables;
pub use creole_core::types::Json;
pub use creole_derive::{DbEnum, DbType, FromRow, JsonDoc, Model, sql};
#[cfg(feature = "mysql")]
pub use creole_mysql::{MariaDb, MySql};
#[cfg(feature = "postgres")]
pub use creole_postgres::Postgres;
#[cfg(feature = "sqlite")]
pub use creole_sqlite::Sqlite;
pub use rust_decimal::Decimal;
pub use serde_json::json;
pub use uuid::Uuid;
