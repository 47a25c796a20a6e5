//! `String`, and what is text.

use super::sql_type::mismatch;
use super::{ColumnType, SqlValue, ValueRef};
use crate::error::Result;

/// A type whose columns hold text, which `like` and the other operators on text need.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// use creole::prelude::*;
///
/// #[derive(DbType, Debug, Clone, PartialEq, Eq, Hash)]
/// struct Title(String);
///
/// #[derive(Model)]
/// #[model(table = "books")]
/// struct Book {
///     #[model(primary_key)]
///     id: i64,
///     title: Title,
/// }
///
/// let engine = Engine::connect("sqlite::memory:").await?;
/// engine.create_all(tables![Book]).await?;
/// insert(&Book { id: 1, title: Title("Emma".into()) }).exec(&engine).await?;
/// assert!(Book::select().filter(Book::title.like("E%")).exists(&engine).await?);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not text",
    label = "this operator needs a text column, and this one holds `{Self}`"
)]
pub trait Text: SqlValue {}

impl Text for String {}

impl SqlValue for String {
    const TYPE: ColumnType = ColumnType::TEXT;

    #[inline]
    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Text(self)
    }

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<String> {
        match value {
            ValueRef::Text(text) => Ok(text.to_owned()),
            other => Err(mismatch::<String>(other)),
        }
    }
}
