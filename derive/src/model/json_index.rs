//! `json_index(…)` of the struct: an index over values inside documents.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Ident, LitStr, Token, Type};

use super::ir::{Column, Index, IndexPart, Skipped};
use super::{keys, names};
use crate::errors::Errors;

/// How many bytes of a name every database keeps.
const LONGEST_NAME: usize = 63;

/// The types of values that an index can be over, with the view that it is made of.
const VIEWS: [(&str, &str); 4] = [("String", "text_key"), ("i64", "as_i64"), ("f64", "as_f64"), ("bool", "as_bool")];

/// A part of the list.
enum Part {
    /// `name = "…"`
    Name(LitStr),
    /// `settings.theme: String`
    Value { field: Ident, keys: Vec<Ident>, ty: Box<Type> },
}

/// The index that the inside of the parentheses describes.
pub(super) fn json_index(
    (word, inside): (Ident, TokenStream),
    model: &Ident,
    table: &str,
    columns: &[Column],
    skipped: &[Skipped],
    errors: &mut Errors,
) -> Option<Index> {
    let parts = errors.keep(Punctuated::<Part, Token![,]>::parse_terminated.parse2(inside))?;
    let mut index = Index { name: None, unique: false, parts: Vec::new(), filter: None };
    let mut words = vec!["ix".to_owned(), table.to_owned()];
    let mut is_whole = true;
    for part in parts {
        match part {
            Part::Name(text) if index.name.is_some() => errors.at(text, "the name is given twice"),
            Part::Name(text) => index.name = names::database_name(&text, "this `json_index`", errors),
            Part::Value { field, keys, ty } => {
                is_whole &= keys::place(&field, columns, skipped, errors).is_some();
                words.extend(std::iter::once(&field).chain(&keys).map(|word| word.unraw().to_string()));
                match view(&ty) {
                    Some(view) => index.parts.push(IndexPart::Expr(expression(model, &field, &keys, view, ty.span()))),
                    None => {
                        is_whole = false;
                        errors.at(&ty, "an index over values in documents is of `String`, `i64`, `f64` or `bool`");
                    }
                }
            }
        }
    }
    if is_whole && index.parts.is_empty() {
        errors.at(&word, "`json_index` needs the values that it is over: `json_index(settings.theme: String)`");
        return None;
    }
    let name = words.join("_");
    if index.name.is_none() && name.len() > LONGEST_NAME {
        errors.at(&word, "this index needs a shorter name: `json_index(name = \"…\", settings.theme: String)`");
        return None;
    }
    index.name.get_or_insert(name);
    is_whole.then_some(index)
}

/// The name of the view that an index over values of this type is made of.
fn view(ty: &Type) -> Option<&'static str> {
    let Type::Path(path) = ty else { return None };
    let name = &path.path.segments.last()?.ident;
    VIEWS.into_iter().find(|(ty, _)| name == ty).map(|(_, view)| view)
}

/// `Config::settings.at("theme").text_key()`
fn expression(model: &Ident, field: &Ident, keys: &[Ident], view: &str, span: proc_macro2::Span) -> syn::Expr {
    let mut model = model.clone();
    model.set_span(field.span());
    let keys = keys.iter().map(|key| LitStr::new(&key.unraw().to_string(), key.span()));
    let view = Ident::new(view, span);
    let path = quote_spanned!(field.span()=> #model::#field #(.at(#keys))*);
    syn::Expr::Verbatim(quote_spanned!(span=> #path.#view()))
}

impl Parse for Part {
    fn parse(input: ParseStream<'_>) -> syn::Result<Part> {
        let field = input.call(Ident::parse_any)?;
        if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            if field != "name" {
                return Err(syn::Error::new_spanned(field, "only `name` takes a value here: `name = \"…\"`"));
            }
            return Ok(Part::Name(input.parse()?));
        }
        let mut keys = Vec::new();
        while input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            keys.push(input.call(Ident::parse_any)?);
        }
        if keys.is_empty() || !input.peek(Token![:]) {
            let message = "a value in a document is said with its type: `settings.theme: String`";
            return Err(syn::Error::new_spanned(field, message));
        }
        input.parse::<Token![:]>()?;
        Ok(Part::Value { field, keys, ty: Box::new(input.parse()?) })
    }
}
