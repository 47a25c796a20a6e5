//! DDL on its way to the database.

use super::ddl::Ddl;
use crate::dialect::{Support, TxOptions};
use crate::error::Result;
use crate::exec::Engine;
use crate::pool::{Access, Lease};

impl Engine {
    /// Runs statements on one connection, in one transaction if the database can roll DDL back.
    pub(super) async fn run_ddl(&self, statements: &[Ddl]) -> Result<()> {
        let mut lease = self.acquire(Access::Write).await?;
        if self.dialect().capabilities().transactional_ddl == Support::Absent {
            return run_each(&mut lease, statements).await;
        }
        lease.begin(&TxOptions::default()).await?;
        match run_each(&mut lease, statements).await {
            Ok(()) => lease.commit().await,
            Err(error) => {
                lease.rollback().await;
                Err(error)
            }
        }
    }
}

async fn run_each(lease: &mut Lease, statements: &[Ddl]) -> Result<()> {
    for statement in statements {
        lease.ddl(&statement.sql).await.map_err(|error| statement.explain(error))?;
    }
    Ok(())
}
