//! Derives of creole.

mod attribute;
mod errors;
mod harness;
mod model;
mod suggest;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Makes a struct a model.
#[proc_macro_derive(Model, attributes(model))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    model::derive(&parse_macro_input!(input)).into()
}

/// Runs a test on every backend.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    harness::expand(arguments.into(), item.into()).into()
}
