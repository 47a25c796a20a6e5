//! Looking into JSON documents, and changing parts of them.

mod path;
mod views;
mod shape;
mod column;
mod operand;
mod kind;
mod elements;
mod update;

pub use elements::JsonEach;
pub use kind::JsonType;
pub use operand::JsonOperand;
pub use path::JsonPath;
pub use update::UpdateTarget;
