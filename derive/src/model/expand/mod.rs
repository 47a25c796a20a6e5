//! From the [`Model`] to code: data and thin accessors, no logic.

mod constants;
mod defaults;
mod hooks;
mod relations;
mod row;
mod table;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Path;

use super::ir::Model;

/// Everything the derive writes for a model.
pub(super) fn model(model: &Model) -> TokenStream {
    let mut tokens = constants::expand(model);
    // Without a key the struct is no model; the error about it was reported.
    if !model.primary_key.is_empty() {
        tokens.extend(row::expand(model));
        tokens.extend(hooks::declarations(model));
    }
    tokens.extend(defaults::expand(model));
    tokens.extend(relations::checks(model));
    tokens
}

/// The path with another span, so that an error about a call shows the one place in the user's code that it is about.
fn at(path: &Path, span: Span) -> TokenStream {
    let respan = |mut token: TokenTree| {
        token.set_span(span);
        token
    };
    path.to_token_stream().into_iter().map(respan).collect()
}
