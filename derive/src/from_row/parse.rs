//! From the struct to the [`FromRow`].

use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Ident};

use super::ir::{Field, FromRow, Source};
use crate::attribute::{self, Entry, Value};
use crate::errors::Errors;
use crate::suggest;

/// What a field can say.
const KEYS: [&str; 2] = ["rename", "nested"];

/// The struct as plain data. Nothing where it can't be read by names at all; in any case, what is wrong is reported.
pub(super) fn from_row(input: &DeriveInput, errors: &mut Errors) -> Option<FromRow> {
    let named = errors.keep(named_fields(input))?;
    let mut parsed = FromRow { ident: input.ident.clone(), krate: syn::parse_quote!(::creole), fields: Vec::new() };
    for entry in attribute::entries(&input.attrs, "from_row", errors) {
        match entry.name().as_str() {
            "crate" => {
                if let Some(path) = entry.path("crate = my_creole", errors) {
                    parsed.krate = path.clone();
                }
            }
            name => {
                let message =
                    format!("unknown attribute `{name}`\nthe struct can have `crate`, a field `rename` or `nested`");
                errors.at(&entry.key, message);
            }
        }
    }
    for field in &named.named {
        let Some(ident) = field.ident.clone() else { continue };
        let from = source(&ident, &attribute::entries(&field.attrs, "from_row", errors), errors);
        if let Source::Column(column) = &from {
            let is_alike = |other: &&Field| matches!(&other.from, Source::Column(other) if other == column);
            if let Some(other) = parsed.fields.iter().find(is_alike) {
                let message = format!("`{}` is read from the column `{column}` too: rename one of them", other.ident);
                errors.at(&ident, message);
            }
        }
        parsed.fields.push(Field { ident, ty: field.ty.clone(), from });
    }
    Some(parsed)
}

/// What a field is read from: the column of its name, where nothing is said.
fn source(ident: &Ident, entries: &[Entry], errors: &mut Errors) -> Source {
    let name = ident.unraw().to_string();
    if let [_, second, ..] = entries {
        errors.at(&second.key, "a field is either renamed or nested, and that once");
    }
    let Some(entry) = entries.first() else { return Source::Column(name) };
    match entry.name().as_str() {
        "rename" => Source::Column(renamed(entry, errors).unwrap_or(name)),
        "nested" => Source::Nested { prefix: prefix(entry, errors).unwrap_or_else(|| format!("{name}_")) },
        word => {
            let (near, known) = (suggest::did_you_mean(word, KEYS), suggest::list(KEYS));
            errors.at(&entry.key, format!("unknown attribute `{word}`{near}\na field can have {known}"));
            Source::Column(name)
        }
    }
}

/// What `rename = "…"` says.
fn renamed(entry: &Entry, errors: &mut Errors) -> Option<String> {
    let text = entry.text("rename = \"total\"", errors)?;
    if text.value().is_empty() {
        errors.at(&text, "a column has a name");
        return None;
    }
    Some(text.value())
}

/// What `nested = "…"` says; nothing where it is `nested` alone.
fn prefix(entry: &Entry, errors: &mut Errors) -> Option<String> {
    if let Value::Flag = entry.value {
        return None;
    }
    Some(entry.text("nested = \"user_\"", errors)?.value())
}

fn named_fields(input: &DeriveInput) -> syn::Result<&syn::FieldsNamed> {
    let message = "a struct that is read by the names of columns has fields with names; a tuple of columns is read by \
                   `.rows::<(A, B)>()`";
    if let Some(parameter) = input.generics.params.first() {
        let message = "a struct that is read by the names of columns can't be generic: write one for each type";
        return Err(syn::Error::new_spanned(parameter, message));
    }
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if !fields.named.is_empty() => Ok(fields),
            _ => Err(syn::Error::new_spanned(&input.ident, message)),
        },
        _ => Err(syn::Error::new_spanned(&input.ident, message)),
    }
}
