//! What is refused before a statement is sent.

pub(in crate::sql) mod collation;
mod column_value;
mod depth;
pub(in crate::sql) mod group_by;
mod list_place;
mod lock;
mod one_row_per_join;
pub(crate) mod raw_text;
mod select;

pub(crate) use collation::of_column as column_collation;
pub(crate) use column_value::no_such_column;
pub(in crate::sql) use column_value::{check_fit, check_rewritten, check_stored, check_type, to_store};
pub(in crate::sql) use depth::{DEEPEST, too_deep};
pub(in crate::sql) use list_place::ListPlace;
pub(in crate::sql) use select::SelectUse;
