//! `sql!`: the text is parsed into its parts, and the parts are expanded.

mod ir;
mod scan;
mod quotes;
mod parse;
mod expand;

use proc_macro2::TokenStream;

use crate::errors::Errors;

/// The expansion of `sql!`. Where something is wrong, an empty text stands beside the errors, so that what follows it does
/// not add errors of its own.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let parsed = parse::text(input, &mut errors);
    let errors = errors.into_tokens();
    let text = expand::text(&parsed);
    if errors.is_empty() { text } else { quote::quote!({ #errors #text }) }
}
