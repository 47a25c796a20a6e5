//! `#[derive(Model)]`: the struct is parsed into plain data ([`ir`]), and the data is expanded.

mod ir;
mod parse;
mod field;
mod on_update;
mod server_default;
mod keys;
mod hooks;
mod indexes;
mod json_index;
mod references;
mod relations;
mod table;
mod names;
mod expand;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::errors::Errors;

/// The expansion of `#[derive(Model)]`.
///
/// Where something is wrong, the errors come with as much of the expansion as could be understood, so that the code that
/// uses the model does not add errors of its own.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let model = parse::model(input, &mut errors);
    let mut tokens = errors.into_tokens();
    if let Some(model) = model {
        tokens.extend(expand::model(&model));
    }
    tokens
}
