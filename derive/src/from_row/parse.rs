//! From the struct to the [`FromRow`].

use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields};

use super::ir::{Field, FromRow};
use crate::attribute::{self, Entry};
use crate::errors::Errors;
use crate::suggest;

/// What a field can say.
const KEYS: [&str; 1] = ["rename"];

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
                let message = format!("unknown attribute `{name}`\nthe struct can have `crate`, a field `rename`");
                errors.at(&entry.key, message);
            }
        }
    }
    for field in &named.named {
        let Some(ident) = field.ident.clone() else { continue };
        let mut column = ident.unraw().to_string();
        for entry in attribute::entries(&field.attrs, "from_row", errors) {
            column = renamed(&entry, errors).unwrap_or(column);
        }
        if let Some(other) = parsed.fields.iter().find(|other| other.column == column) {
            errors.at(&ident, format!("`{}` is read from the column `{column}` too: rename one of them", other.ident));
        }
        parsed.fields.push(Field { ident, ty: field.ty.clone(), column });
    }
    Some(parsed)
}

/// What `rename = "…"` says.
fn renamed(entry: &Entry, errors: &mut Errors) -> Option<String> {
    match entry.name().as_str() {
        "rename" => {
            let text = entry.text("rename = \"total\"", errors)?;
            if text.value().is_empty() {
                errors.at(&text, "a column has a name");
                return None;
            }
            Some(text.value())
        }
        name => {
            let (near, known) = (suggest::did_you_mean(name, KEYS), suggest::list(KEYS));
            errors.at(&entry.key, format!("unknown attribute `{name}`{near}\na field can have {known}"));
            None
        }
    }
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
