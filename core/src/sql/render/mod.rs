//! How a statement becomes text and values.

mod bind;
mod binds;
mod compiled;
mod ddl;
mod destination;
mod fragment;
mod known_texts;
mod scope;
mod tenants;
mod write_scope;
mod writer;

pub use bind::Bind;
pub(crate) use bind::compared;
pub use binds::Binds;
pub(crate) use compiled::Selected;
pub use compiled::{Compiled, Verb};
pub(crate) use ddl::{check_condition, create_table_from};
pub use ddl::{create_table, drop_table};
pub use destination::Destination;
pub(in crate::sql) use fragment::write_sql;
pub use fragment::{Fragment, Ident};
pub(crate) use known_texts::KnownTexts;
pub(in crate::sql) use scope::called_alike;
pub(crate) use tenants::{Tenants, is_left_out, of_another, tenant_bind};
pub use writer::{SqlWriter, Typing};
