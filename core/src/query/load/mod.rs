//! Rows together with what belongs to them: `User::select().with(User::orders)`.
//!
//! A relation is one more statement, however many rows there are: it finds the related rows by the keys of those that were read, and
//! each is handed to every row that it belongs to.

mod each;
mod fetch;
mod keys;
mod load;
mod of_row;
mod parents;
mod related_rows;
mod rows_at_hand;
mod statement;
mod with;
mod with_clauses;
mod with_stream;

pub use each::{LoadEach, PushLoad};
pub use load::Load;
pub use related_rows::RelatedRows;
pub use rows_at_hand::{RowsAtHand, load};
pub use with::{RowsOf, With};
pub use with_stream::WithStream;
