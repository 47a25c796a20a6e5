//! Whose rows an engine's statements are about.

use std::sync::Arc;

use super::Engine;
use crate::sql::Tenants;
use crate::types::SqlValue;

impl Engine {
    /// The same engine for the rows of one tenant, of tables that keep those of several: `#[model(tenant)]`.
    ///
    /// Every statement on it, and in the sessions that it makes, finds, changes and deletes rows of this tenant alone, and its INSERTs
    /// write rows of this tenant. Making one is cheap: make it for each request. See the
    /// [guide](https://docs.rs/creole/latest/creole/guide/tenants/index.html).
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model, Debug, Clone, PartialEq)]
    /// #[model(table = "invoices", default)]
    /// struct Invoice {
    ///     #[model(primary_key, auto)]
    ///     id: i64,
    ///     #[model(tenant)]
    ///     account_id: i64,
    ///     total: i64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// let engine = Engine::connect("sqlite::memory:").await?;
    /// engine.create_all(tables![Invoice]).await?;
    /// let (ours, theirs) = (engine.scoped(1_i64), engine.scoped(2_i64));
    /// let invoice = insert(&Invoice { total: 250, ..Default::default() }).returning().one(&ours).await?;
    /// assert_eq!(invoice.account_id, 1); // Written by the INSERT.
    ///
    /// assert_eq!(Invoice::find(invoice.id, &theirs).await?, None);
    /// assert_eq!(update::<Invoice>().set(Invoice::total, 0).all_rows().exec(&theirs).await?, 0);
    /// assert_eq!(Invoice::select().count(&engine.all_tenants()).await?, 1);
    ///
    /// let error = Invoice::select().all(&engine).await.unwrap_err(); // Whose?
    /// assert_eq!(error.kind(), ErrorKind::Config);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "the engine itself stays as it is"]
    pub fn scoped<T: SqlValue>(&self, tenant: T) -> Engine {
        self.about(Tenants::One(Arc::new(tenant.bind().to_owned())))
    }

    /// The same engine for the rows of all tenants, of tables that keep those of several: for what is done across them, such as reports and
    /// moving rows. INSERTs write whose rows they are as the rows say it.
    ///
    /// ```
    /// use creole::prelude::*;
    ///
    /// #[derive(Model, Debug, Clone, PartialEq)]
    /// #[model(table = "invoices")]
    /// struct Invoice {
    ///     #[model(primary_key)]
    ///     id: i64,
    ///     #[model(tenant)]
    ///     account_id: i64,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// let engine = Engine::connect("sqlite::memory:").await?;
    /// engine.create_all(tables![Invoice]).await?;
    /// let invoices = [(1, 7), (2, 8)].map(|(id, account_id)| Invoice { id, account_id });
    /// insert_all(&invoices).exec(&engine.all_tenants()).await?;
    /// assert_eq!(Invoice::select().count(&engine.all_tenants()).await?, 2);
    /// assert_eq!(Invoice::select().count(&engine.scoped(7_i64)).await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "the engine itself stays as it is"]
    pub fn all_tenants(&self) -> Engine {
        self.about(Tenants::All)
    }
}
