//! `#[derive(DbEnum)]`: the enum is parsed into plain data ([`ir`]), and the data is expanded.

mod ir;
mod parse;
mod expand;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::errors::Errors;

/// The expansion of `#[derive(DbEnum)]`. Where something is wrong, the errors come with as much of it as could be
/// understood, so that the models that use the enum do not add errors of their own.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let parsed = parse::db_enum(input, &mut errors);
    let mut tokens = errors.into_tokens();
    if let Some(parsed) = parsed {
        tokens.extend(expand::db_enum(&parsed));
    }
    tokens
}
