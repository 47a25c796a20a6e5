//! `unique(…)` and `check(…)` of the struct, and what they share with the other lists.

use proc_macro2::{Group, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, LitStr, Token};

use super::ir::{Check, Column, Key, Skipped};
use super::names;
use crate::errors::Errors;
use crate::suggest;

/// A part of `unique(…)`.
enum Part {
    /// `name = "…"`
    Name(LitStr),
    /// A field.
    Field(Ident),
}

/// The unique key that the inside of its parentheses describes.
pub(super) fn key(
    (word, inside): (Ident, TokenStream),
    columns: &[Column],
    skipped: &[Skipped],
    errors: &mut Errors,
) -> Option<Key> {
    let parts = errors.keep(Punctuated::<Part, Token![,]>::parse_terminated.parse2(inside))?;
    let mut key = Key { name: None, columns: Vec::new() };
    let mut is_whole = true;
    for part in parts {
        match part {
            Part::Name(text) if key.name.is_some() => errors.at(text, "the name is given twice"),
            Part::Name(text) => key.name = names::database_name(&text, &format!("this `{word}`"), errors),
            Part::Field(field) => match place(&field, columns, skipped, errors) {
                Some(place) if key.columns.contains(&place) => {
                    errors.at(&field, format!("`{field}` is in this `{word}` already"));
                }
                Some(place) => key.columns.push(place),
                None => is_whole = false,
            },
        }
    }
    if is_whole && key.columns.is_empty() {
        errors.at(&word, format!("`{word}` needs the fields it is over: `{word}(tenant, email)`"));
    }
    (is_whole && !key.columns.is_empty()).then_some(key)
}

/// Adds a key, unless there is one like it.
pub(super) fn add(keys: &mut Vec<Key>, key: Key, word: &Ident, errors: &mut Errors) {
    if keys.iter().any(|other| other.name == key.name && (key.name.is_some() || other.columns == key.columns)) {
        errors
            .at(word, format!("there is another `{word}` with this name; unnamed ones are named after their columns"));
        return;
    }
    keys.push(key);
}

/// The checks that the inside of `check(…)` describes, where `Self` is the model.
pub(super) fn checks((_, inside): (Ident, TokenStream), model: &Ident, errors: &mut Errors) -> Vec<Check> {
    let inside = without_self(inside, model);
    let parsed = errors.keep(Punctuated::<Check, Token![,]>::parse_terminated.parse2(inside));
    parsed.into_iter().flatten().collect()
}

/// The same tokens with the model's name for `Self`, which does not reach into the static that they will stand in.
pub(super) fn without_self(tokens: TokenStream, model: &Ident) -> TokenStream {
    let replace = |token| match token {
        TokenTree::Ident(ident) if ident == "Self" => {
            let mut model = model.clone();
            model.set_span(ident.span());
            TokenTree::Ident(model)
        }
        TokenTree::Group(group) => {
            let mut replaced = Group::new(group.delimiter(), without_self(group.stream(), model));
            replaced.set_span(group.span());
            TokenTree::Group(replaced)
        }
        other => other,
    };
    tokens.into_iter().map(replace).collect()
}

pub(super) fn place(field: &Ident, columns: &[Column], skipped: &[Skipped], errors: &mut Errors) -> Option<u16> {
    let place = columns.iter().position(|column| column.field.unraw() == field.unraw());
    if let Some(place) = place.and_then(|place| u16::try_from(place).ok()) {
        return Some(place);
    }
    if skipped.iter().any(|skipped| skipped.field.unraw() == field.unraw()) {
        errors.at(field, format!("`{field}` has `skip`, so it is not a column"));
        return None;
    }
    let known: Vec<String> = columns.iter().map(|column| column.field.unraw().to_string()).collect();
    let known = known.iter().map(String::as_str);
    let near = suggest::did_you_mean(&field.unraw().to_string(), known.clone());
    errors.at(field, format!("there is no field `{field}`{near}\nthe columns are {}", suggest::list(known)));
    None
}

impl Parse for Part {
    fn parse(input: ParseStream<'_>) -> syn::Result<Part> {
        let field = input.call(Ident::parse_any)?;
        if !input.peek(Token![=]) {
            return Ok(Part::Field(field));
        }
        if field == "expr" || field == "filter" {
            let message = format!("a unique key is over columns and all rows: `{field}` belongs in `unique_index(…)`");
            return Err(syn::Error::new_spanned(field, message));
        }
        if field != "name" {
            return Err(syn::Error::new_spanned(
                field,
                "only `name` takes a value here: `name = \"…\"`; columns are listed by their fields",
            ));
        }
        input.parse::<Token![=]>()?;
        Ok(Part::Name(input.parse()?))
    }
}

impl Parse for Check {
    fn parse(input: ParseStream<'_>) -> syn::Result<Check> {
        let name: Ident = input.call(Ident::parse_any)?;
        if !input.peek(Token![=]) {
            let message = "a check has a name and a condition: `check(price_not_negative = Product::price.ge(0))`";
            return Err(syn::Error::new_spanned(name, message));
        }
        input.parse::<Token![=]>()?;
        Ok(Check { name, condition: input.parse::<Expr>()? })
    }
}
