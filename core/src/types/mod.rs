//! Values: how a Rust type crosses the seam to a database and back.
//!
//! Every value crosses as one closed enum, [`ValueRef`], so a Rust type is taught once ([`SqlValue`]) and a driver maps a
//! dozen kinds of value once. `Option<T>` is `T` or NULL ([`SqlType`]).
//!
//! ```
//! use creole::JsonValue;
//! use creole::prelude::*;
//!
//! #[derive(DbEnum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
//! enum Size {
//!     Small,
//!     Large,
//! }
//!
//! #[derive(DbType, Debug, Clone, PartialEq, Eq, Hash)]
//! struct Sku(String);
//!
//! #[derive(Model, Debug, Clone, PartialEq)]
//! #[model(table = "products")]
//! struct Product {
//!     #[model(primary_key)]
//!     id: Uuid,
//!     #[model(length = 20)]
//!     sku: Sku,
//!     size: Size,
//!     name: Option<String>,
//!     in_stock: bool,
//!     sold: u32,
//!     weight: f64,
//!     #[model(precision = 12, scale = 2)]
//!     price: Decimal,
//!     picture: Vec<u8>,
//!     since: NaiveDate,
//!     opens: NaiveTime,
//!     checked: NaiveDateTime,
//!     changed: DateTime<Utc>,
//!     tags: Json<Vec<String>>,
//!     extra: JsonValue,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> creole::Result<()> {
//! # let engine = Engine::connect("sqlite::memory:").await?;
//! # engine.create_all(tables![Product]).await?;
//! let now = creole::types::now();
//! let product = Product {
//!     id: Uuid::now_v7(),
//!     sku: Sku("A-1".into()),
//!     size: Size::Large,
//!     name: None,
//!     in_stock: true,
//!     sold: 3,
//!     weight: 0.5,
//!     price: dec!(9.90),
//!     picture: vec![1, 2, 3],
//!     since: now.date_naive(),
//!     opens: now.time(),
//!     checked: now.naive_utc(),
//!     changed: now,
//!     tags: Json(vec!["new".into()]),
//!     extra: json!({"color": "red"}),
//! };
//! insert(&product).exec(&engine).await?;
//! assert_eq!(Product::find(product.id, &engine).await?, Some(product)); // What was written is read back, on every backend.
//! # Ok(())
//! # }
//! ```

mod value;
mod column_type;
mod type_family;
mod enum_type;
mod sql_type;
mod newtype;
mod array;
mod bind_source;
mod row;
mod moment;
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
pub use moment::{DeletionMark, Moment};
pub use newtype::{Newtype, read_checked};
pub use numeric::{Bits, Exact, Numeric, Ordered, Summable};
pub use row::{Row, RowReader};
pub use sql_type::{Fits, NotNull, Nullability, Nullable, SqlType, SqlValue};
pub use text::Text;
pub use type_family::TypeFamily;
pub use value::{CutTime, JsonRef, OtherValue, Value, ValueRef};

#[cfg(feature = "chrono")]
pub use chrono::now;

pub(crate) use check::{check, check_kept};
pub(crate) use json::{DEEPEST, tree_of};
