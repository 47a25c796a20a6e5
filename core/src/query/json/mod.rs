//! Looking into JSON documents, and changing parts of them.

mod path;
mod field;
mod part;
mod views;
mod text_key;
mod shape;
mod column;
mod operand;
mod kind;
mod elements;
mod update;

pub use elements::JsonEach;
pub use field::{JsonArray, JsonDoc, JsonField, JsonFields};
pub use kind::JsonType;
pub use operand::JsonOperand;
pub use path::JsonPath;
pub use text_key::JsonTextKey;
pub use update::{MergeTarget, UpdateTarget};
