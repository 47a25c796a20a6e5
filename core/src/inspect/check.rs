//! [`Engine::inspect`] and [`Engine::check`].

use super::compare::{compare, compare_names};
use super::expected::expected;
use super::{Differences, Inspector, TableInfo, TableName};
use crate::error::Result;
use crate::exec::Engine;
use crate::schema::Table;

impl Engine {
    /// Asks the database what is in it: `engine.inspect().columns("users")`.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let users = engine.inspect().table("users").await?;
    /// assert_eq!(users.columns.len(), 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn inspect(&self) -> Inspector<'_> {
        Inspector::new(self)
    }

    /// Compares models with the database and lists every difference: tables, columns, keys, indexes and checks that only one
    /// of the two has, and those that both have but that differ. Tables that no model in the list describes are differences
    /// too, if they are where the models' tables are. Nothing is changed.
    ///
    /// ```
    /// # use creole::prelude::*;
    /// # #[derive(Model)]
    /// # #[model(table = "users")]
    /// # struct User {
    /// #     #[model(primary_key)]
    /// #     id: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = Engine::connect("sqlite::memory:").await?;
    /// engine.create_all(tables![User]).await?;
    /// let differences = engine.check(tables![User]).await?;
    /// assert!(differences.is_empty(), "{differences}");
    ///
    /// sql!("ALTER TABLE users ADD COLUMN age integer").exec(&engine).await?;
    /// assert_eq!(engine.check(tables![User]).await?.iter().count(), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if a table can't be had on this backend; what the database answers.
    pub async fn check(&self, tables: &[&'static Table]) -> Result<Differences> {
        let catalog = self.inspect().catalog()?;
        let mut differences = Differences::default();
        let (mut names, mut schemas) = (Vec::new(), Vec::new());
        for table in tables {
            let name = TableName::from(*table);
            if names.contains(&name) {
                continue;
            }
            let mut expected = expected(self.dialect(), catalog, table)?;
            self.leave_home_out(&mut expected).await?;
            let found = self.inspect().find(&name).await?;
            compare(&expected, found.as_ref(), catalog, &mut differences);
            if !schemas.contains(&table.schema) {
                schemas.push(table.schema);
            }
            names.push(name);
        }
        for schema in schemas {
            compare_names(&names, &self.inspect().list(schema).await?, &mut differences);
        }
        Ok(differences)
    }

    /// Leaves the namespace of a referenced table out where the connection would look for it there anyway, as what is found is
    /// described.
    async fn leave_home_out(&self, expected: &mut TableInfo) -> Result<()> {
        for key in &mut expected.foreign_keys {
            if key.table.schema.is_some() && self.inspect().home(&key.table.name).await? == key.table.schema {
                key.table.schema = None;
            }
        }
        Ok(())
    }
}
