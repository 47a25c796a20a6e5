//! A [`Session`] as what statements run on.

use futures_core::future::BoxFuture;

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

    fn is_ready(&mut self) -> Result<bool> {
        if self.lease.is_none() {
            return Ok(false);
        }
        self.check_usable()?;
        self.take_notes(Writer::Statement);
        Ok(!unit_of_work::is_pending(&mut self.map))
    }

    fn open(&mut self) -> Result<Conn<'_>> {
        match &mut self.lease {
            Some(lease) => Ok(Conn::Session(lease)),
            None => Err(another_model()),
        }
    }

    fn connection(&mut self, access: Access) -> BoxFuture<'_, Result<Conn<'_>>> {
        Box::pin(async move {
            self.flush().await?;
            match self.take_connection(access).await? {
                Some(lease) => Ok(Conn::Leased(lease)),
                None => self.open(),
            }
        })
    }
}
