//! Values: how a Rust type crosses the seam to a database and back.
//!
//! Every value crosses as one closed enum, [`ValueRef`], so a Rust type is taught once ([`SqlValue`]) and a driver maps a
//! dozen kinds of value once. `Option<T>` is `T` or NULL ([`SqlType`]).

mod value;
mod column_type;
mod enum_type;
mod sql_type;
mod newtype;
mod array;
mod bind_source;
mod row;
mod check;
pub mod civil;
mod bool;
mod int;
mod float;
mod text;
mod bytes;
mod decimal;
mod uuid;
mod json;
mod numeric;
#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "time")]
mod time;

pub use array::{ArrayRef, Element, Elements, Visitor};
pub use bind_source::BindSource;
pub use column_type::ColumnType;
pub use enum_type::{EnumType, NativeEnum};
pub use json::{Document, Json, JsonSource};
pub use newtype::{Newtype, read_checked};
pub use numeric::{Bits, Exact, Numeric, Ordered, Summable};
pub use row::{Row, RowReader};
pub use sql_type::{Fits, NotNull, Nullability, Nullable, SqlType, SqlValue};
pub use text::Text;
pub use value::{CutTime, JsonRef, OtherValue, Value, ValueRef};

#[cfg(feature = "chrono")]
pub use chrono::now;

pub(crate) use check::{check, check_kept};
pub(crate) use json::{DEEPEST, tree_of};
