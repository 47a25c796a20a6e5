//! The session: a unit of work over an identity map.
//!
//! A [`Session`] owns the entities it tracks and hands out [`Tracked`] handles. The identity map keeps one
//! entity per row; the unit of work writes what changed, in an order the foreign keys allow. What statements run on,
//! an engine or a session, is an [`Executor`].

mod executor;
mod session;
mod work;
mod merge;
mod upsert;
mod tracked;
mod transaction;
mod identity_map;
mod kept;
mod entity;
mod row_key;
mod undo;
mod writes;
mod unit_of_work;
mod follow;
mod taken_along;
mod verify;
mod overlaps;
mod order;
mod inserts;

pub use executor::{Executor, Handle};
pub use session::Session;
pub use tracked::Tracked;

pub(crate) use executor::Conn;
pub(crate) use kept::Loaded;
pub(crate) use merge::Merge;
pub(crate) use unit_of_work::is_zero;
