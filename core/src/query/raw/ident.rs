//! [`Ident`]: a name that the program computes, for the braces of a raw text.

use super::interpolate::{Interpolate, Node};
use crate::sealed::Seal;
use crate::sql::RawPart;

/// The name of a table, column, schema or the like that is known only when the program runs: a partition, a tenant's schema. In
/// the braces of `sql!` it is quoted as the database quotes names, so that whatever it holds is only a name.
///
/// Quoted names are taken as they are: on PostgreSQL `Users` is another table than `users`. A name that is empty, longer than
/// 63 bytes, ends with a blank, or holds NUL or a character beyond U+FFFF is refused before anything is sent.
///
/// ```
/// use creole::prelude::*;
/// use creole::query::{Ident, Raw};
///
/// fn rows_of(tenant: &str, year: i32) -> Raw {
///     let events = Ident::new(format!("events_{year}")).in_schema(tenant);
///     sql!("select count(*) from {events} where year = {year}")
/// }
/// # let _ = rows_of("acme", 2026);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[must_use = "a name does nothing until it stands in a text"]
pub struct Ident {
    schema: Option<String>,
    name: String,
}

impl Ident {
    /// A name.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::Ident;
    ///
    /// let table = Ident::new("users");
    /// assert_eq!(sql!("select count(*) from {table}").scalars::<i64>().one(&engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(name: impl Into<String>) -> Ident {
        Ident { schema: None, name: name.into() }
    }

    /// The same with a schema before it; on MySQL and MariaDB that is a database.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// use creole::query::Ident;
    ///
    /// let table = Ident::new("users").in_schema("main");
    /// assert_eq!(sql!("select count(*) from {table}").scalars::<i64>().one(&engine).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn in_schema(mut self, schema: impl Into<String>) -> Ident {
        self.schema = Some(schema.into());
        self
    }
}

impl Interpolate<Node> for Ident {
    fn seal(_: Seal) {}

    fn part(&self) -> RawPart {
        RawPart::Name { schema: self.schema.clone(), name: self.name.clone() }
    }
}
