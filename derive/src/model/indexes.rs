//! `index(…)` and `unique_index(…)` of the struct.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, LitStr, Token, token};

use super::ir::{Column, Direction, Index, IndexPart, Skipped};
use super::{keys, names};
use crate::errors::Errors;

/// A part of the list.
enum Part {
    /// `name = "…"`
    Name(LitStr),
    /// `filter = condition`
    Filter(Ident, Expr),
    /// `expr = expression`
    Expr(Expr),
    /// `field`, `field.desc()`
    Field(Ident, Direction),
}

/// The index that the inside of the parentheses describes, where `Self` is the model.
pub(super) fn index(
    (word, inside): (Ident, TokenStream),
    model: &Ident,
    columns: &[Column],
    skipped: &[Skipped],
    errors: &mut Errors,
) -> Option<Index> {
    let inside = keys::without_self(inside, model);
    let parts = errors.keep(Punctuated::<Part, Token![,]>::parse_terminated.parse2(inside))?;
    let mut index = Index { name: None, unique: word == "unique_index", parts: Vec::new(), filter: None };
    let mut is_whole = true;
    for part in parts {
        match part {
            Part::Name(text) if index.name.is_some() => errors.at(text, "the name is given twice"),
            Part::Name(text) => index.name = names::database_name(&text, &format!("this `{word}`"), errors),
            Part::Filter(key, _) if index.filter.is_some() => {
                errors.at(key, "the filter is given twice: combine the conditions with `.and(…)`");
            }
            Part::Filter(_, condition) => index.filter = Some(condition),
            Part::Expr(expr) => index.parts.push(IndexPart::Expr(expr)),
            Part::Field(field, direction) => match keys::place(&field, columns, skipped, errors) {
                Some(place) if index.places().any(|other| other == place) => {
                    errors.at(&field, format!("`{field}` is in this `{word}` already"));
                }
                Some(place) => index.parts.push(IndexPart::Column(place, direction)),
                None => is_whole = false,
            },
        }
    }
    if is_whole && index.parts.is_empty() {
        errors.at(&word, format!("`{word}` needs the fields it is over: `{word}(category, price)`"));
    }
    if is_whole && index.name.is_none() && index.places().count() < index.parts.len() {
        errors.at(&word, format!("an index over an expression needs a name: `{word}(name = \"…\", expr = …)`"));
    }
    (is_whole && !index.parts.is_empty()).then_some(index)
}

/// Adds an index, unless there is one like it.
pub(super) fn add(indexes: &mut Vec<Index>, index: Index, word: &Ident, errors: &mut Errors) {
    let is_like = |other: &Index| {
        other.name == index.name
            && (index.name.is_some() || (other.unique == index.unique && other.places().eq(index.places())))
    };
    if indexes.iter().any(is_like) {
        errors
            .at(word, format!("there is another `{word}` with this name; unnamed ones are named after their columns"));
        return;
    }
    indexes.push(index);
}

impl Index {
    /// An index over one column that is not unique.
    pub(super) fn single(place: u16) -> Index {
        Index { name: None, unique: false, parts: vec![IndexPart::Column(place, Direction::Ascending)], filter: None }
    }

    fn places(&self) -> impl Iterator<Item = u16> + '_ {
        self.parts.iter().filter_map(|part| match part {
            IndexPart::Column(place, _) => Some(*place),
            IndexPart::Expr(_) => None,
        })
    }
}

impl Parse for Part {
    fn parse(input: ParseStream<'_>) -> syn::Result<Part> {
        let field = input.call(Ident::parse_any)?;
        if input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            return Ok(Part::Field(field, direction(input)?));
        }
        if !input.peek(Token![=]) {
            return Ok(Part::Field(field, Direction::Ascending));
        }
        input.parse::<Token![=]>()?;
        match field.to_string().as_str() {
            "name" => Ok(Part::Name(input.parse()?)),
            "filter" => Ok(Part::Filter(field, input.parse()?)),
            "expr" => Ok(Part::Expr(input.parse()?)),
            _ => Err(syn::Error::new_spanned(
                field,
                "only `name`, `expr` and `filter` take a value here: `name = \"…\"`; columns are listed by their fields",
            )),
        }
    }
}

/// What follows the point of `field.desc()`.
fn direction(input: ParseStream<'_>) -> syn::Result<Direction> {
    let word = input.call(Ident::parse_any)?;
    let direction = match word.to_string().as_str() {
        "asc" => Direction::Ascending,
        "desc" => Direction::Descending,
        _ => {
            let message =
                "a field can be followed by `.desc()`; anything else is an expression: `expr = Model::field…`";
            return Err(syn::Error::new_spanned(word, message));
        }
    };
    if !input.peek(token::Paren) {
        return Err(syn::Error::new_spanned(&word, format!("write `.{word}()`")));
    }
    let inside;
    syn::parenthesized!(inside in input);
    if inside.is_empty() { Ok(direction) } else { Err(inside.error(format!("`{word}` takes nothing"))) }
}
