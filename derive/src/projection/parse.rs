//! From the struct to the [`Projection`].

use syn::{Attribute, Data, DeriveInput, Expr, Fields, FieldsNamed};

use super::ir::{Field, Projection};
use crate::attribute;
use crate::errors::Errors;

/// The struct as plain data. Nothing where it can't be a projection at all; in any case, what is wrong is reported.
pub(super) fn projection(input: &DeriveInput, errors: &mut Errors) -> Option<Projection> {
    let named = errors.keep(named_fields(input));
    let mut krate = syn::parse_quote!(::creole);
    let mut model = None;
    for entry in attribute::entries(&input.attrs, "projection", errors) {
        match entry.name().as_str() {
            "of" => model = entry.path("of = User", errors).cloned(),
            "crate" => {
                if let Some(path) = entry.path("crate = my_creole", errors) {
                    krate = path.clone();
                }
            }
            name => {
                let message = format!(
                    "unknown attribute `{name}`\nthe struct can have `of` and `crate`; what a field is read from is said at the field"
                );
                errors.at(&entry.key, message);
            }
        }
    }
    let Some(model) = model else {
        let message = "a projection is of a model: add `#[projection(of = User)]` with its name";
        errors.at(&input.ident, message);
        return None;
    };
    let mut fields = Vec::new();
    for field in &named?.named {
        let Some(ident) = field.ident.clone() else { continue };
        fields.push(Field { ident, ty: field.ty.clone(), source: source(&field.attrs, errors) });
    }
    Some(Projection { ident: input.ident.clone(), visibility: input.vis.clone(), model, krate, fields })
}

/// What `#[projection(User::email.lower())]` says.
fn source(attributes: &[Attribute], errors: &mut Errors) -> Option<Expr> {
    let mut said = attributes.iter().filter(|attribute| attribute.path().is_ident("projection"));
    let first = said.next()?;
    if let Some(second) = said.next() {
        errors.at(second, "a field is read from one thing: leave one of them out");
    }
    let source: Expr = errors.keep(first.parse_args().map_err(explained))?;
    if let Expr::Assign(assign) = &source {
        let message = "a field names a column, an expression or a relation: `#[projection(User::email.lower())]`";
        errors.at(assign, message);
        return None;
    }
    Some(source)
}

fn explained(error: syn::Error) -> syn::Error {
    let message =
        format!("{error}\na field names a column, an expression or a relation: `#[projection(User::email.lower())]`");
    syn::Error::new(error.span(), message)
}

fn named_fields(input: &DeriveInput) -> syn::Result<&FieldsNamed> {
    if let Some(parameter) = input.generics.params.first() {
        let message = "a projection can't be generic: write one for each type";
        return Err(syn::Error::new_spanned(parameter, message));
    }
    if let Data::Struct(data) = &input.data
        && let Fields::Named(fields) = &data.fields
        && !fields.named.is_empty()
    {
        return Ok(fields);
    }
    let message = "a projection is a struct that has fields with names; columns without a struct are read by \
                   `select((User::id, User::name))`";
    Err(syn::Error::new_spanned(&input.ident, message))
}
