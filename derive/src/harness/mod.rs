//! `#[creole::test]`: the function is parsed into plain data, and the data is expanded.

mod expand;
mod parse;

use proc_macro2::TokenStream;

use crate::errors::Errors;

/// The expansion of `#[creole::test]`. Where something is wrong, the function stays, beside the errors.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let parsed = parse::test(arguments, &item, &mut errors);
    let errors = errors.into_tokens();
    match parsed {
        Some(test) if errors.is_empty() => expand::test(&test),
        _ => quote::quote!(#errors #[allow(unused)] #item),
    }
}
