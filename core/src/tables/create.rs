//! [`Engine::create_all`] and [`Engine::create_table`].

use super::ddl::statements;
use crate::catalog::TableName;
use crate::error::{Error, ErrorKind, Result};
use crate::exec::Engine;
use crate::model::Model;
use crate::schema::Table;

impl Engine {
    /// Creates the tables that do not exist, with their keys, checks and indexes; those that are referred to first.
    /// Existing tables are left alone, even if somebody else creates them at the same time. If several
    /// models describe one table, the first of them says what it is.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use creole::prelude::*;
    ///
    /// #[derive(Model)]
    /// #[model(table = "books")]
    /// struct Book {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     #[model(unique)]
    ///     title: String,
    /// }
    ///
    /// let engine = Engine::connect("sqlite::memory:").await?;
    /// engine.create_all(tables![Book]).await?;
    /// engine.create_all(tables![Book]).await?; // It is there: nothing happens.
    /// assert_eq!(Book::select().count(&engine).await?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported), before anything is created, where a table can't be had on this
    /// backend, foreign keys form a circle, the first model of a table lacks a column of another one, or the name of an index is
    /// another table's;
    /// [`UndefinedTable`](crate::ErrorKind::UndefinedTable), likewise, where one refers to a table that is neither in the list
    /// nor in the database; what the database answers, in its own words.
    pub async fn create_all(&self, tables: &[&'static Table]) -> Result<()> {
        let home = self.home(tables).await?;
        // What the backend can't do is refused before anything is created.
        let all = statements(self.dialect(), tables, home.as_deref())?;
        if self.dialect().catalog().is_none() {
            return self.run_ddl(&all).await;
        }
        let mut missing = self.missing(tables).await?;
        loop {
            self.check_referred(&missing, tables).await?;
            let Err(error) = self.run_ddl(&statements(self.dialect(), &missing, home.as_deref())?).await else {
                return Ok(());
            };
            // Somebody else who creates the same tables may have come first, which databases report in many ways.
            let still_missing = self.missing(tables).await?;
            if still_missing.len() >= missing.len() {
                return Err(error);
            }
            missing = still_missing;
        }
    }

    /// Creates the table of one model, as [`create_all`](Engine::create_all) does for a list. Tables that it refers to must
    /// exist.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// use creole::prelude::*;
    ///
    /// #[derive(Model)]
    /// #[model(table = "books")]
    /// struct Book {
    ///     #[model(primary_key)]
    ///     id: i64,
    /// }
    ///
    /// let engine = Engine::connect("sqlite::memory:").await?;
    /// engine.create_table::<Book>().await?;
    /// assert_eq!(Book::select().count(&engine).await?, 0);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As those of `create_all`.
    pub async fn create_table<M: Model>(&self) -> Result<()> {
        self.create_all(&[M::table()]).await
    }

    /// The tables that do not exist. Refuses those whose indexes would be left out, because their names are taken.
    async fn missing(&self, tables: &[&'static Table]) -> Result<Vec<&'static Table>> {
        let (mut schemas, mut taken, mut there) = (Vec::new(), Vec::new(), Vec::new());
        for table in tables {
            if !schemas.contains(&table.schema) {
                schemas.push(table.schema);
                // Asked before the tables: who creates the same at the same time has both, or neither.
                let names = self.inspect().index_names(table.schema).await?;
                taken.extend(names.into_iter().map(|name| (table.schema, name.to_lowercase())));
                there.extend(self.inspect().list(table.schema).await?);
            }
        }
        let missing: Vec<_> =
            tables.iter().copied().filter(|table| !there.contains(&TableName::from(*table))).collect();
        for table in &missing {
            let names = table.indexes.iter().map(|index| index.name(table));
            for name in names {
                if taken.contains(&(table.schema, name.to_lowercase())) {
                    let message =
                        format!("{table} can't be created: another table has an index called {name}; rename one");
                    let error = Error::new(ErrorKind::Unsupported, message).on(self.dialect().name());
                    return Err(error.with_table(table.name).with_constraint(name));
                }
            }
        }
        Ok(missing)
    }

    /// The namespace of tables that name none, asked for where a foreign key leads there from a table that names one.
    async fn home(&self, tables: &[&'static Table]) -> Result<Option<String>> {
        let with_schema = tables.iter().filter(|table| table.schema.is_some());
        let mut targets = with_schema.flat_map(|table| table.foreign_keys.iter().map(|key| (key.table)()));
        match targets.find(|target| target.schema.is_none()) {
            Some(target) if self.dialect().catalog().is_some() => self.inspect().home(target.name).await,
            _ => Ok(None),
        }
    }

    /// Refuses tables that refer to one that is neither in the list nor in the database.
    async fn check_referred(&self, missing: &[&'static Table], tables: &[&'static Table]) -> Result<()> {
        for table in missing {
            for key in table.foreign_keys {
                let target = (key.table)();
                if tables.iter().any(|table| table.is_same_table(target))
                    || self.inspect().find(&target.into()).await?.is_some()
                {
                    continue;
                }
                let message = format!(
                    "{table} refers to {target}, which is neither in the list nor in the database: add it to the list"
                );
                let error = Error::new(ErrorKind::UndefinedTable, message).on(self.dialect().name());
                return Err(error.with_table(target.name));
            }
        }
        Ok(())
    }
}
