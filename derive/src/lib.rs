//! The derives `Model`, `DbEnum`, `DbType`, `FromRow`, `JsonDoc` and `Projection`, `sql!` and `#[creole::test]`; creole itself
//! re-exports them.
//!
//! Each is parsed into plain data, which is then expanded. The expansions are data and thin accessors: the table as a
//! static, the columns as constants, and one short function per direction that a row can travel.

mod model;
mod db_enum;
mod db_type;
mod from_row;
mod json_doc;
mod projection;
mod sql;
mod harness;
mod attribute;
mod case;
mod value;
mod errors;
mod suggest;

use proc_macro::TokenStream;
use syn::parse_macro_input;

#[doc = include_str!("docs/model.md")]
#[proc_macro_derive(Model, attributes(model))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    model::derive(&parse_macro_input!(input)).into()
}

#[doc = include_str!("docs/db_enum.md")]
#[proc_macro_derive(DbEnum, attributes(db_enum))]
pub fn derive_db_enum(input: TokenStream) -> TokenStream {
    db_enum::derive(&parse_macro_input!(input)).into()
}

#[doc = include_str!("docs/db_type.md")]
#[proc_macro_derive(DbType, attributes(db_type))]
pub fn derive_db_type(input: TokenStream) -> TokenStream {
    db_type::derive(&parse_macro_input!(input)).into()
}

#[doc = include_str!("docs/from_row.md")]
#[proc_macro_derive(FromRow, attributes(from_row))]
pub fn derive_from_row(input: TokenStream) -> TokenStream {
    from_row::derive(&parse_macro_input!(input)).into()
}

#[doc = include_str!("docs/json_doc.md")]
#[proc_macro_derive(JsonDoc, attributes(json_doc))]
pub fn derive_json_doc(input: TokenStream) -> TokenStream {
    json_doc::derive(&parse_macro_input!(input)).into()
}

#[doc = include_str!("docs/projection.md")]
#[proc_macro_derive(Projection, attributes(projection))]
pub fn derive_projection(input: TokenStream) -> TokenStream {
    projection::derive(&parse_macro_input!(input)).into()
}

#[doc = include_str!("docs/sql.md")]
#[proc_macro]
pub fn sql(input: TokenStream) -> TokenStream {
    sql::expand(input.into()).into()
}

#[doc = include_str!("docs/test.md")]
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    harness::expand(arguments.into(), item.into()).into()
}
