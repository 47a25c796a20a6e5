//! What foreign keys refer to: `references = User::id` of a field, and `foreign_key(…)` of the struct.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, LitStr, Path, Token};

use super::ir::{Column, ForeignKey, Generated, Skipped};
use super::{field, keys, names};
use crate::errors::Errors;

const EXAMPLE: &str = "foreign_key(warehouse, item, references = (Stock::warehouse, Stock::item))";

/// How many columns a relation leads by at most, see `column_list` in the core.
pub(super) const LONGEST_LIST: usize = 8;

/// A part of `foreign_key(…)`.
enum Part {
    /// `name = "…"`
    Name(LitStr),
    /// `references = (Stock::warehouse, Stock::item)`
    References(Ident, Vec<Path>),
    /// `on_delete = cascade`, `on_update = cascade`
    Action(Ident, Ident),
    /// `belongs_to = stock`
    BelongsTo(Ident, Ident),
    /// A field.
    Field(Ident),
}

/// The foreign key that the inside of the parentheses describes, where `Self` is the model.
pub(super) fn foreign_key(
    (word, inside): (Ident, TokenStream),
    model: &Ident,
    columns: &[Column],
    skipped: &[Skipped],
    errors: &mut Errors,
) -> Option<ForeignKey> {
    let inside = keys::without_self(inside, model);
    let parts = errors.keep(Punctuated::<Part, Token![,]>::parse_terminated.parse2(inside))?;
    let (mut name, mut on_delete, mut on_update) = (None, None, None);
    let (mut references, mut belongs_to) = (None, None);
    let mut places = Vec::new();
    let mut is_whole = true;
    for part in parts {
        match part {
            Part::Name(text) if name.is_some() => errors.at(text, "the name is given twice"),
            Part::Name(text) => name = names::database_name(&text, "this `foreign_key`", errors),
            Part::References(key, _) if references.is_some() => errors.at(key, "`references` is given twice"),
            Part::References(_, paths) => references = Some(paths),
            Part::Action(key, action) => {
                let slot = if key == "on_delete" { &mut on_delete } else { &mut on_update };
                if slot.is_some() {
                    errors.at(&key, format!("`{key}` is given twice"));
                }
                *slot = field::known_action(&action, errors).then_some(action);
            }
            Part::BelongsTo(key, _) if belongs_to.is_some() => errors.at(key, "`belongs_to` is given twice"),
            Part::BelongsTo(_, relation) => belongs_to = Some(relation),
            Part::Field(field) => match keys::place(&field, columns, skipped, errors) {
                Some(place) if places.contains(&place) => {
                    errors.at(&field, format!("`{field}` is in this `foreign_key` already"));
                }
                Some(place) => places.push(place),
                None => is_whole = false,
            },
        }
    }
    let Some(references) = references.filter(|_| is_whole && !places.is_empty()) else {
        if is_whole {
            errors.at(&word, format!("`foreign_key` needs its fields and what they refer to: `{EXAMPLE}`"));
        }
        return None;
    };
    if references.len() != places.len() {
        let (own, others) = (places.len(), references.len());
        errors.at(&word, format!("this `foreign_key` has {own} fields and refers to {others} columns"));
        return None;
    }
    let own = places.iter().filter_map(|&place| columns.get(usize::from(place)));
    let has_defaults = own.into_iter().all(|column| matches!(column.generated, Generated::ServerDefault(_)));
    for action in [&on_delete, &on_update].into_iter().flatten() {
        if action == "set_default" && !has_defaults {
            errors.at(action, "`set_default` needs defaults in the database: add `server_default` to the fields");
        }
    }
    if let Some(relation) = belongs_to.take_if(|_| places.len() > LONGEST_LIST) {
        let message = format!("relations lead by at most {LONGEST_LIST} columns: join on a condition instead");
        errors.at(relation, message);
    }
    let model = one_model(&references, errors)?;
    Some(ForeignKey { name, columns: places, model, references, on_delete, on_update, belongs_to })
}

/// Adds a foreign key, unless there is one of the same fields to the same model: relations could not tell which is meant.
pub(super) fn add(keys: &mut Vec<ForeignKey>, key: ForeignKey, word: &Ident, columns: &[Column], errors: &mut Errors) {
    let name = |model: &Path| model.to_token_stream().to_string();
    let of_field = match key.columns.as_slice() {
        [only] => columns.get(usize::from(*only)).and_then(|column| column.references.as_ref()),
        _ => None,
    };
    let is_same = |other: &ForeignKey| other.columns == key.columns && name(&other.model) == name(&key.model);
    if keys.iter().any(is_same) || of_field.is_some_and(|other| name(&other.model) == name(&key.model)) {
        errors.at(word, format!("there is another foreign key of these fields to `{}`", name(&key.model)));
        return;
    }
    keys.push(key);
}

/// The model of `User::id`.
pub(super) fn model_of(column: &Path, errors: &mut Errors) -> Option<Path> {
    model_of_column(column, "references = User::id", errors)
}

/// The model of `Order::user_id`, where a column is asked for as in the example.
pub(super) fn model_of_column(column: &Path, example: &str, errors: &mut Errors) -> Option<Path> {
    let mut model = column.clone();
    model.segments.pop();
    // What is left ends in the `::` before the column.
    model.segments.pop_punct();
    if model.segments.is_empty() {
        errors.at(column, format!("this names a model and its column: `{example}`"));
        return None;
    }
    Some(model)
}

/// The model that all of the paths are columns of.
fn one_model(references: &[Path], errors: &mut Errors) -> Option<Path> {
    let mut model: Option<Path> = None;
    for path in references {
        let other = model_of(path, errors)?;
        match &model {
            Some(first) if first.to_token_stream().to_string() != other.to_token_stream().to_string() => {
                errors.at(path, "a foreign key refers to columns of one model, and this is another's");
                return None;
            }
            _ => model = Some(other),
        }
    }
    model
}

impl Parse for Part {
    fn parse(input: ParseStream<'_>) -> syn::Result<Part> {
        let field = input.call(Ident::parse_any)?;
        if !input.peek(Token![=]) {
            return Ok(Part::Field(field));
        }
        input.parse::<Token![=]>()?;
        match field.to_string().as_str() {
            "name" => Ok(Part::Name(input.parse()?)),
            "belongs_to" => Ok(Part::BelongsTo(field, input.parse()?)),
            "on_delete" | "on_update" => Ok(Part::Action(field, input.parse()?)),
            "references" => Ok(Part::References(field, paths(input.parse()?)?)),
            _ => {
                let message = format!(
                    "only `references`, `belongs_to`, `on_delete`, `on_update` and `name` take a value here: `{EXAMPLE}`"
                );
                Err(syn::Error::new_spanned(field, message))
            }
        }
    }
}

/// `User::id`, `(Stock::warehouse, Stock::item)`
fn paths(expr: Expr) -> syn::Result<Vec<Path>> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => Ok(vec![path.path]),
        Expr::Paren(inside) => paths(*inside.expr),
        Expr::Group(inside) => paths(*inside.expr),
        Expr::Tuple(tuple) => {
            let mut all = Vec::with_capacity(tuple.elems.len());
            for element in tuple.elems {
                all.extend(paths(element)?);
            }
            Ok(all)
        }
        other => {
            let message = format!("`references` takes columns of another model: `{EXAMPLE}`");
            Err(syn::Error::new_spanned(other, message))
        }
    }
}
