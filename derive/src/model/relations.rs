//! Relations: `has_many(orders = Order::user_id)` and its like on the struct, `belongs_to = user` on a field.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::token::Paren;
use syn::{Ident, Path, Token, parenthesized};

use super::ir::{Leaving, Referring, Relation, RelationKind};
use super::{keys, references};
use crate::errors::Errors;

/// The words that a struct says its relations with, each with an example.
const WORDS: [(&str, &str); 3] = [
    ("has_many", "has_many(orders = Order::user_id)"),
    ("has_one", "has_one(profile = Profile::user_id)"),
    ("many_to_many", "many_to_many(tags: Tag = PostTag::post_id -> PostTag::tag_id)"),
];

/// `orders = Order::user_id`, `lines = Line::order_id, owned`, `tags: Tag = PostTag::post_id -> PostTag::tag_id`
struct Said {
    name: Ident,
    model: Option<Path>,
    columns: Vec<Path>,
    other: Option<Vec<Path>>,
    owned: Option<Ident>,
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
    let Said { name, model, columns, other, owned } = said;
    let mut models = Vec::new();
    for column in columns.iter().chain(other.iter().flatten()) {
        models.push(references::model_of_column(column, example(&kind), errors)?);
    }
    if let (Some(owned), Some(_)) = (&owned, &other) {
        let message = "`owned` is for `has_many` and `has_one`: a row beyond a table between belongs to none alone";
        errors.at(owned, message.to_owned());
        return None;
    }
    let leaving = if owned.is_some() { Leaving::Deleted } else { Leaving::Kept };
    let referring = Referring { model: models.into_iter().next()?, columns };
    let kind = match (kind.as_str(), model, other) {
        ("many_to_many", Some(to), Some(other)) => RelationKind::ManyToMany { from: referring, to, other },
        ("has_many", None, None) => RelationKind::HasMany(referring),
        ("has_one", None, None) => RelationKind::HasOne(referring),
        (word, ..) => {
            errors.at(&name, format!("`{word}` is written like this: `{}`", example(word)));
            return None;
        }
    };
    Some(Relation { name, kind, leaving })
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
        let columns = column_list(input)?;
        let other = if input.peek(Token![->]) {
            input.parse::<Token![->]>()?;
            Some(column_list(input)?)
        } else {
            None
        };
        let owned = if is_owned(input) {
            input.parse::<Token![,]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        Ok(Said { name, model, columns, other, owned })
    }
}

/// Whether `, owned` comes next, and is no relation of that name.
fn is_owned(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let is_word = ahead.parse::<Token![,]>().is_ok() && ahead.parse::<Ident>().is_ok_and(|word| word == "owned");
    is_word && (ahead.is_empty() || ahead.peek(Token![,]))
}

/// `Order::user_id`, `(Line::year, Line::number)`
fn column_list(input: ParseStream<'_>) -> syn::Result<Vec<Path>> {
    if !input.peek(Paren) {
        return Ok(vec![input.parse()?]);
    }
    let inside;
    let parens = parenthesized!(inside in input);
    let paths = Punctuated::<Path, Token![,]>::parse_terminated(&inside)?;
    if paths.is_empty() {
        let message = "this lists the columns of a foreign key: `(Line::year, Line::number)`";
        return Err(syn::Error::new(parens.span.join(), message));
    }
    Ok(paths.into_iter().collect())
}
