//! The session: a unit of work over an identity map.
//!
//! A [`Session`] owns the entities it tracks and hands out [`Tracked`] handles. The identity map keeps one
//! entity per row; the unit of work writes what changed, in an order the foreign keys allow. What statements run on,
//! an engine or a session, is an [`Executor`].

mod engine;
mod executor;
mod session;
mod get;
mod track;
mod work;
mod merge;
mod upsert;
mod upsert_track;
mod tracked;
mod transaction;
mod identity_map;
mod kept;
mod entity;
mod keys;
mod undo;
mod writes;
mod unit_of_work;
mod follow;
mod taken_along;
mod verify;
mod overlaps;
mod order;
mod groups;

pub use crate::exec::{Executor, Handle};
pub use session::Session;
pub use tracked::Tracked;

use kept::Loaded;
use merge::Merge;
