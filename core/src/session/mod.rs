//! The session: a unit of work over an identity map.
//!
//! A [`Session`] owns the entities it tracks and hands out [`Tracked`] handles. The identity map keeps one
//! entity per row; the unit of work writes what changed, in an order the foreign keys allow. What statements run on,
//! an engine or a session, is an [`Executor`].

mod engine;
mod executor;
mod session;
mod get;
mod get_or;
mod get_many;
mod get_locked;
mod attach;
mod merge_model;
mod let_go;
mod expire;
mod unwritten;
mod no_autoflush;
mod track;
mod track_written;
mod track_raw;
mod work;
mod merge;
mod upsert;
mod upsert_track;
mod tracked;
mod transaction;
mod identity_map;
mod slots;
mod kept;
mod entity;
mod keys;
mod undo;
mod writes;
mod unit_of_work;
mod blame;
mod follow;
mod taken_along;
mod verify;
mod versions;
mod hooks;
mod on_commit;
mod overlaps;
mod same_row;
mod replace;
mod order;
mod groups;
mod relations;
mod tenant;

pub use crate::exec::{Executor, Handle};
pub use no_autoflush::NoAutoflush;
pub use relations::{Entities, LeadsToOne, TrackEach, TrackLoad};
pub use session::Session;
pub use tracked::Tracked;
pub use unwritten::Change;

use kept::Loaded;
use merge::Merge;
