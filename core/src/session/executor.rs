//! A [`Session`] as what statements run on.

use futures_core::future::BoxFuture;

use super::no_autoflush::Autoflush;
use super::session::another_model;
use super::writes::Writer;
use super::{Session, unit_of_work};
use crate::error::Result;
use crate::exec::{Conn, Connected, Engine, Executor, Handle};
use crate::pool::Access;

impl Executor for &mut Session {
    #[track_caller]
    fn handle<'h>(self) -> Handle<'h>
    where
        Self: 'h,
    {
        Handle::on_session(self)
    }
}

impl Connected for Session {
    fn engine(&self) -> &Engine {
        &self.engine
    }

    fn unit(&self) -> u64 {
        self.unit
    }

    fn is_ready(&mut self, access: Access) -> Result<bool> {
        if self.lease.is_none() {
            return Ok(false);
        }
        self.check_usable()?;
        self.take_notes(Writer::Statement);
        Ok(!self.flushes_before(access) || !unit_of_work::is_pending(&mut self.map))
    }

    fn open(&mut self) -> Result<Conn<'_>> {
        match &mut self.lease {
            Some(lease) => Ok(Conn::Session(lease)),
            None => Err(another_model()),
        }
    }

    fn connection(&mut self, access: Access) -> BoxFuture<'_, Result<Conn<'_>>> {
        Box::pin(async move {
            if self.flushes_before(access) {
                self.flush().await?;
            }
            match self.take_connection(access).await? {
                Some(lease) => Ok(Conn::Leased(lease)),
                None => self.open(),
            }
        })
    }
}

impl Session {
    /// Whether a statement is preceded by a flush.
    fn flushes_before(&self, access: Access) -> bool {
        self.autoflush == Autoflush::On || access == Access::Write
    }
}
