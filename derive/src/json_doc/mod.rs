//! `#[derive(JsonDoc)]`: the struct is parsed into plain data ([`ir`]), with what serde is told about it, and the data is expanded.

mod ir;
mod serde;
mod parse;
mod expand;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::errors::Errors;

/// The expansion of `#[derive(JsonDoc)]`. Where something is wrong, the errors come with as much of it as could be understood, so
/// that the statements that use the fields do not add errors of their own.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let parsed = parse::json_doc(input, &mut errors);
    let mut tokens = errors.into_tokens();
    if let Some(parsed) = parsed {
        tokens.extend(expand::json_doc(&parsed));
    }
    tokens
}
