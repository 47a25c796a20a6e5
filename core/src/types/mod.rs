//! Values: how a Rust type crosses the seam to a database and back.
//!
//! Every value crosses as one closed enum, [`ValueRef`], so a Rust type is taught once ([`SqlValue`]) and a driver maps a
//! dozen kinds of value once. `Option<T>` is `T` or NULL ([`SqlType`]).

mod bool;
mod bytes;
mod check;
#[cfg(feature = "chrono")]
mod chrono;
pub mod civil;
mod column_type;
mod decimal;
mod float;
mod int;
mod json;
mod sql_type;
mod text;
#[cfg(feature = "time")]
mod time;
mod uuid;
mod value;

pub use column_type::ColumnType;
pub use sql_type::{Fits, NotNull, Nullability, Nullable, SqlType, SqlValue};
pub use text::Text;
pub use value::{JsonRef, OtherValue, Value, ValueRef};

#[cfg(feature = "chrono")]
pub use chrono::now;

pub(crate) use check::{check, check_kept};
