//! [`Engine::sync_sequences`].

use crate::driver::Compiled;
use crate::error::Result;
use crate::exec::Engine;
use crate::pool::Access;
use crate::query::Collect;
use crate::schema::Table;

impl Engine {
    /// Advances the numbers that the database gives out past the largest one in these tables. To be called after rows were
    /// inserted with explicit numbers, as by an import, if the database counts apart from what is in the table, as PostgreSQL
    /// does: its next number would be taken already. The others look at the rows themselves, and this does nothing on them.
    /// Numbers never go back, and tables without a numbered column are skipped.
    ///
    /// Rows with explicit numbers that are being inserted at the same time may be missed.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// // Rows that came with numbers of their own.
    /// let order = Order { id: 100, user_id: 3, item: "sofa".into(), ..Default::default() };
    /// insert(&order).exec(&engine).await?;
    /// engine.sync_sequences(tables![User, Order]).await?;
    ///
    /// let next = Order { id: 0, ..order };
    /// assert_eq!(insert(&next).returning().one(&engine).await?.id, 101);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the database answers.
    pub async fn sync_sequences(&self, tables: &[&'static Table]) -> Result<()> {
        for table in tables {
            let Some(sql) = self.dialect().ddl().sync_sequence(table) else { continue };
            let statement = Compiled::from_text(sql, Vec::new());
            let mut ignored = Collect::new(|_| Ok(()));
            self.acquire(Access::Write).await?.fetch(&statement, &mut ignored).await?;
        }
        Ok(())
    }
}
