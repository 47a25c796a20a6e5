//! `#[derive(Projection)]`: the struct is parsed into plain data ([`ir`]), and the data is expanded.

mod ir;
mod parse;
mod expand;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::errors::Errors;

/// The expansion of `#[derive(Projection)]`. Where something is wrong, the errors come with as much of it as could be
/// understood, so that the statements that use the struct do not add errors of their own.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let parsed = parse::projection(input, &mut errors);
    let mut tokens = errors.into_tokens();
    if let Some(parsed) = parsed {
        tokens.extend(expand::projection(&parsed));
    }
    tokens
}
