//! The syntax of `#[model(…)]` and its like: a list of `key`, `key = expression` and `key(…)`.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Token, token};

use crate::errors::Errors;

/// One thing said in an attribute.
pub(crate) struct Entry {
    /// The attribute's name, for messages.
    pub(crate) attribute: &'static str,
    /// What it is about; keywords such as `crate` are allowed.
    pub(crate) key: Ident,
    /// What is said about it.
    pub(crate) value: Value,
}

/// What follows a key.
pub(crate) enum Value {
    /// Nothing.
    Flag,
    /// `= expression`
    Assigned(Box<Expr>),
    /// `(…)`
    List(TokenStream),
}

/// The entries of all attributes of this name, in their order. An attribute that can't be parsed is reported; the others
/// are taken all the same.
pub(crate) fn entries(attributes: &[Attribute], name: &'static str, errors: &mut Errors) -> Vec<Entry> {
    let mut entries = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        let parsed = attribute.parse_args_with(Punctuated::<Said, Token![,]>::parse_terminated);
        let said = errors.keep(parsed).into_iter().flatten();
        entries.extend(said.map(|Said(key, value)| Entry { attribute: name, key, value }));
    }
    entries
}

/// An entry of an attribute whose name it does not know.
struct Said(Ident, Value);

impl Parse for Said {
    fn parse(input: ParseStream<'_>) -> syn::Result<Said> {
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
        Ok(Said(key, value))
    }
}

/// An expression; where it is missing, the error names what is.
fn parse_value(input: ParseStream<'_>) -> syn::Result<Expr> {
    if input.is_empty() || input.peek(Token![,]) {
        return Err(input.error("a value is missing after `=`"));
    }
    input.parse()
}
