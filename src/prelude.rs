//! What a program that uses creole needs, in one line: `use creole::prelude::*;`.
//!
//! It has, and nothing else:
//!
//! - what declares a model: the derives, and the types of its columns;
//! - the traits whose methods a program calls, which must be in scope;
//! - what statements run on, and what is asked of an error: [`Engine`], [`Session`], [`ErrorKind`];
//! - the functions with which a statement begins, and an expression that no column stands at the beginning of, where nearly every
//!   program has them: `select`, `count`, `case`. Windows, functions of numbers and the types of statements and expressions are in
//!   [`query`](crate::query).
//!
//! Some of these names are short, and others have them too. What a program defines or imports by name goes before what a `*`
//! brings, so `use axum::routing::delete;` beside the prelude is axum's, and creole's is `creole::query::delete`, where all functions of
//! the prelude are. No name here is one of another prelude that programs import with a `*`.
//!
//! With the feature `chrono`, which is on by default, the names of its types that columns hold are among it. Those of the
//! crate `time` are not, because `Date` and `Time` are names that programs like to have for themselves: with the feature of
//! that name they are in `creole::time`.

pub use crate::{Connect, Engine, ErrorKind};
pub use crate::{dec, tables};
#[cfg(feature = "chrono")]
pub use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
pub use creole_core::dialect::TxOptions;
pub use creole_core::model::{AfterLoad, BeforeDelete, BeforeSave, Save};
pub use creole_core::model::{Column, Model};
pub use creole_core::query::{Condition, Execute, Expression, Projection, Query};
pub use creole_core::query::{JsonPath, JsonType};
pub use creole_core::query::{Outcome, Upserted, excluded, insert_each, insert_from, insert_stream};
pub use creole_core::query::{RowValue, avg, count, count_rows, max, min, sum};
pub use creole_core::query::{alias, all_of, any_of, case, coalesce, exists, table};
pub use creole_core::query::{delete, delete_all, insert, insert_all, purge, purge_all};
pub use creole_core::query::{not, select, update, update_all};
pub use creole_core::session::{Executor, Session, Tracked};
pub use creole_core::tables::Tables;
pub use creole_core::types::Json;
pub use creole_derive::{DbEnum, DbType, FromRow, JsonDoc, Model, Projection, sql};
#[cfg(feature = "mysql")]
pub use creole_mysql::{MariaDb, MySql};
#[cfg(feature = "postgres")]
pub use creole_postgres::Postgres;
#[cfg(feature = "sqlite")]
pub use creole_sqlite::Sqlite;
pub use rust_decimal::Decimal;
pub use serde_json::json;
pub use uuid::Uuid;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// What the preludes of std and of crates that programs use beside creole bring, and everything of creole's that could be meant.
    const OF_OTHERS: &[&str] = &[
        // std::prelude
        "Copy",
        "Send",
        "Sized",
        "Sync",
        "Unpin",
        "Drop",
        "Fn",
        "FnMut",
        "FnOnce",
        "drop",
        "Box",
        "Clone",
        "PartialEq",
        "PartialOrd",
        "Eq",
        "Ord",
        "AsRef",
        "AsMut",
        "Into",
        "From",
        "Default",
        "Iterator",
        "Extend",
        "IntoIterator",
        "DoubleEndedIterator",
        "ExactSizeIterator",
        "Option",
        "Some",
        "None",
        "Result",
        "Ok",
        "Err",
        "String",
        "ToString",
        "Vec",
        "ToOwned",
        "TryFrom",
        "TryInto",
        "FromIterator",
        "Future",
        "IntoFuture",
        "AsyncFn",
        "AsyncFnMut",
        "AsyncFnOnce",
        // std::io::prelude
        "Read",
        "Write",
        "Seek",
        "BufRead",
        // futures::prelude
        "Stream",
        "TryStream",
        "Sink",
        "AsyncRead",
        "AsyncWrite",
        "AsyncBufRead",
        "AsyncSeek",
        "FutureExt",
        "TryFutureExt",
        "StreamExt",
        "TryStreamExt",
        "SinkExt",
        "AsyncReadExt",
        "AsyncWriteExt",
        "stream",
        "future",
        "sink",
        // rayon::prelude, tracing, tower and axum's extension traits
        "ParallelIterator",
        "IntoParallelIterator",
        "ParallelSlice",
        "Instrument",
        "Service",
        "ServiceExt",
        "IntoResponse",
    ];

    #[test]
    fn no_name_is_one_of_another_prelude() {
        let names = names();
        assert!(names.contains("select") && names.contains("Uuid"), "{names:?}");
        let others: BTreeSet<_> = OF_OTHERS.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(names.intersection(&others).collect::<Vec<_>>(), Vec::<&String>::new());
    }

    /// What is imported by name goes before the prelude's, and creole's has one short path.
    #[test]
    fn names_of_other_crates_may_stand_beside() {
        mod routing {
            pub(super) fn delete() -> &'static str {
                "a route"
            }
        }
        use crate::prelude::*;
        use routing::delete;
        use std::cmp::{max, min};
        fn count() -> i64 {
            max(1, min(2, 3))
        }
        assert_eq!((delete(), count()), ("a route", 2));
        let _ = (crate::query::count_rows(), count_rows());
    }

    macro_rules! in_query {
        ($($name:ident)*) => {{
            #[allow(unused_imports, reason = "that they are there is all")]
            use crate::query::{$($name),*};
            [$(stringify!($name)),*]
        }};
    }

    #[test]
    fn every_function_is_in_query_too() {
        let functions = in_query!(
            alias all_of any_of avg case coalesce count count_rows delete delete_all excluded exists insert insert_all insert_each
            insert_from insert_stream max min not purge purge_all select sum table update update_all
        );
        let macros = ["dec", "json", "sql", "tables"];
        let expected: BTreeSet<_> = functions.into_iter().chain(macros).map(str::to_owned).collect();
        let names: BTreeSet<_> = names().into_iter().filter(|name| name.starts_with(char::is_lowercase)).collect();
        assert_eq!(names, expected);
    }

    /// The names that the lines `pub use` of this file bring.
    fn names() -> BTreeSet<String> {
        let uses =
            include_str!("prelude.rs").lines().filter_map(|line| line.strip_prefix("pub use ")?.strip_suffix(';'));
        uses.flat_map(|path| {
            let last = path.split_once('{').map_or_else(|| path.rsplit("::").next().unwrap_or(path), |(_, list)| list);
            last.trim_end_matches('}').split(", ").map(str::to_owned)
        })
        .collect()
    }
}
