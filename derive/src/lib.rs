//! `#[derive(Model)]` and `#[creole::test]`; creole itself re-exports both.
//!
//! Each is parsed into plain data, which is then expanded. The expansions are data and thin accessors: the table as a
//! static, the columns as constants, and one short function per direction that a row can travel.

mod model;
mod harness;
mod attribute;
mod errors;
mod suggest;

use proc_macro::TokenStream;
use syn::parse_macro_input;

#[doc = include_str!("docs/model.md")]
#[proc_macro_derive(Model, attributes(model))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    model::derive(&parse_macro_input!(input)).into()
}

#[doc = include_str!("docs/test.md")]
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    harness::expand(arguments.into(), item.into()).into()
}
