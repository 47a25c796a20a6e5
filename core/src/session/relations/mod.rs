//! Relations in the session: what belongs to an entity, in memory.
//!
//! Nothing but the columns of entities says what belongs to what ([`index`]). What the session adds is whether it has all the rows that
//! refer to an entity ([`lists`]), and references to entities, until their keys are written ([`reference`]).

mod add;
mod relate;
mod link;
mod set;
mod join;
mod read;
mod load;
mod rows;
mod track;
mod entities;
mod to_one;
mod ends;
mod index;
mod lists;
mod reference;
mod between;
mod cascades;
mod owners;
mod decided;

pub use entities::Entities;
pub use to_one::LeadsToOne;
pub use track::{TrackEach, TrackLoad};

pub(super) use cascades::{StaleReferring, go_along, leave_deleted, stale_referring};
pub(super) use decided::Decided;
pub(super) use index::Indexes;
pub(super) use lists::Lists;
pub(super) use owners::{leave_owners, left};
pub(super) use reference::{References, Referred};
pub(super) use rows::read_again;
