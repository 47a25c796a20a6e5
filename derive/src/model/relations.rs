//! Relations: `has_many(orders = Order::user_id)` and its like on the struct, `belongs_to = user` on a field.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, Path, Token};

use super::ir::{Relation, RelationKind};
use super::{keys, references};
use crate::errors::Errors;

/// The words that a struct says its relations with, each with an example.
const WORDS: [(&str, &str); 3] = [
    ("has_many", "has_many(orders = Order::user_id)"),
    ("has_one", "has_one(profile = Profile::user_id)"),
    ("many_to_many", "many_to_many(tags: Tag = PostTag::post_id -> PostTag::tag_id)"),
];

/// `orders = Order::user_id`, `tags: Tag = PostTag::post_id -> PostTag::tag_id`
struct Said {
    name: Ident,
    model: Option<Path>,
    column: Path,
    other: Option<Path>,
}

/// How a word is used.
pub(super) fn example(word: &str) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == word).map_or("", |(_, example)| example)
}

/// The relations that the inside of the parentheses names, where `Self` is the model.
pub(super) fn relations((word, inside): (Ident, TokenStream), model: &Ident, errors: &mut Errors) -> Vec<Relation> {
    let inside = keys::without_self(inside, model);
    let Some(said) = errors.keep(Punctuated::<Said, Token![,]>::parse_terminated.parse2(inside)) else {
        return Vec::new();
    };
    said.into_iter().filter_map(|said| relation(&word, said, errors)).collect()
}

fn relation(word: &Ident, said: Said, errors: &mut Errors) -> Option<Relation> {
    let kind = word.to_string();
    let Said { name, model, column, other } = said;
    let column_model = references::model_of_column(&column, example(&kind), errors)?;
    let kind = match (kind.as_str(), model, other) {
        ("many_to_many", Some(to), Some(other)) => {
            RelationKind::ManyToMany { between: column_model, from: column, to, other }
        }
        ("has_many", None, None) => RelationKind::HasMany { model: column_model, column },
        ("has_one", None, None) => RelationKind::HasOne { model: column_model, column },
        (word, ..) => {
            errors.at(&name, format!("`{word}` is written like this: `{}`", example(word)));
            return None;
        }
    };
    Some(Relation { name, kind })
}

impl Parse for Said {
    fn parse(input: ParseStream<'_>) -> syn::Result<Said> {
        let name = input.parse()?;
        let model = if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        input.parse::<Token![=]>()?;
        let column = input.parse()?;
        let other = if input.peek(Token![->]) {
            input.parse::<Token![->]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        Ok(Said { name, model, column, other })
    }
}
