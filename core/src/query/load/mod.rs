//! Rows together with what belongs to them: `User::select().with(User::orders)`.
//!
//! A relation is one more statement, however many rows there are: it finds the related rows by the keys of those that were read, and
//! each is handed to every row that it belongs to.

mod batch;
mod each;
mod fetch;
mod gather;
mod joined;
mod keys;
mod load;
mod noting;
mod of_row;
mod page;
mod parents;
mod related_rows;
mod rows_at_hand;
mod rows_of;
mod seconds;
mod shared;
mod sorting;
mod statement;
mod with;
mod with_clauses;
mod with_stream;

pub use each::{LoadEach, PushLoad};
pub(crate) use fetch::{WithoutRow, misfit_of};
pub(in crate::query) use gather::Gather;
pub use joined::Joined;
pub(in crate::query) use keys::KeyColumns;
pub use load::Load;
pub(in crate::query) use load::LoadOn;
pub use page::Page;
pub use related_rows::RelatedRows;
pub use rows_at_hand::{ModelOf, RowsAtHand, load};
pub(crate) use rows_at_hand::{keys_at_hand, load_by_keys};
pub use rows_of::{OneRowEach, RowsOf};
pub use with::With;
pub use with_stream::WithStream;
