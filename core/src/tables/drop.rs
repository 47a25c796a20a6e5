//! [`Engine::drop_all`].

use super::ddl::{Ddl, TableChange};
use crate::driver::Compiled;
use crate::error::{BrokenReference, Error, ErrorKind, Result};
use crate::exec::Engine;
use crate::pool::Access;
use crate::query::Collect;
use crate::schema::{Table, creation_order, each_once};
use crate::sql;
use crate::types::SqlType;

impl Engine {
    /// Drops the tables that exist, those that refer to others first.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// engine.drop_all(tables![User, Order]).await?;
    /// let error = User::select().count(&engine).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::UndefinedTable);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) if foreign keys form a circle; what the database answers, as when
    /// a table that is not in the list still refers to one that is.
    pub async fn drop_all(&self, tables: &[&'static Table]) -> Result<()> {
        let ordered = creation_order(tables)?;
        self.check_unreferred(&ordered).await?;
        let drop = |table: &'static Table, sql| Ddl { table, change: TableChange::Drop, sql };
        let mut statements = each_once(ordered.iter().rev())
            .into_iter()
            .map(|table| Ok(drop(table, sql::drop_table(self.dialect(), table)?)))
            .collect::<Result<Vec<Ddl>>>()?;
        for &table in &ordered {
            for sql in self.dialect().ddl().after_drop(table) {
                if !statements.iter().any(|other| other.sql == sql) {
                    statements.push(drop(table, sql));
                }
            }
        }
        self.run_ddl(&statements).await
    }

    /// Refuses to drop a table that one outside the list refers to, if the database itself would not refuse.
    async fn check_unreferred(&self, tables: &[&'static Table]) -> Result<()> {
        for table in tables {
            let Some(sql) = self.dialect().ddl().referring_tables(table) else { continue };
            let statement = Compiled::from_text(sql, Vec::new());
            let mut names = Collect::new(<String as SqlType>::decode);
            self.acquire(Access::Read).await?.fetch(&statement, &mut names).await?;
            let names = names.into_rows();
            if let Some(name) = names.iter().find(|name| !tables.iter().any(|dropped| dropped.name == name.as_str())) {
                let message = format!("the table {table} can't be dropped: {name} refers to it; drop that one as well");
                let error = Error::new(ErrorKind::ForeignKeyViolation, message).with_table(table.name);
                return Err(error.with_reference(BrokenReference::StillReferredTo));
            }
        }
        Ok(())
    }
}
