//! The syntax of `#[model(…)]`: a list of `key`, `key = expression` and `key(…)`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Token, token};

use crate::errors::Errors;

/// One thing said in an attribute.
pub(crate) struct Entry {
    /// What it is about; keywords such as `crate` are allowed.
    pub(crate) key: Ident,
    /// What is said about it.
    pub(crate) value: Value,
}

/// What stands behind a key.
pub(crate) enum Value {
    /// Nothing.
    Flag,
    /// `= expression`
    Assigned(Box<Expr>),
    /// `(…)`
    List(TokenStream),
}

/// The entries of all `#[model(…)]` attributes, in their order. An attribute that can't be parsed is reported; the others
/// are taken all the same.
pub(crate) fn entries(attributes: &[Attribute], errors: &mut Errors) -> Vec<Entry> {
    let mut entries = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("model")) {
        let parsed = attribute.parse_args_with(Punctuated::<Entry, Token![,]>::parse_terminated);
        if let Some(parsed) = errors.keep(parsed) {
            entries.extend(parsed);
        }
    }
    entries
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Entry> {
        let key = input.call(Ident::parse_any)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Value::Assigned(Box::new(parse_value(input)?))
        } else if input.peek(token::Paren) {
            let content;
            syn::parenthesized!(content in input);
            Value::List(content.parse()?)
        } else {
            Value::Flag
        };
        Ok(Entry { key, value })
    }
}

/// An expression; where it is missing, the error names what is.
fn parse_value(input: ParseStream<'_>) -> syn::Result<Expr> {
    if input.is_empty() || input.peek(Token![,]) {
        return Err(input.error("a value is missing after `=`"));
    }
    input.parse()
}
