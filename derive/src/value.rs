//! Reading the value of one entry, with an error that shows how it is written.

use syn::ext::IdentExt;
use syn::{Expr, ExprLit, ExprPath, Ident, Lit, LitInt, Path};

use crate::attribute::{Entry, Value};
use crate::errors::Errors;

impl Entry {
    /// The key as text.
    pub(crate) fn name(&self) -> String {
        self.key.unraw().to_string()
    }

    /// Reports a value after a key that takes none.
    pub(crate) fn flag(&self, errors: &mut Errors) {
        if !matches!(self.value, Value::Flag) {
            let message = format!("`{0}` takes no value: write `#[{1}({0})]`", self.name(), self.attribute);
            errors.at(&self.key, message);
        }
    }

    /// The expression after the `=`. `example` is how it is written: `length = 100`.
    pub(crate) fn expression(&self, example: &str, errors: &mut Errors) -> Option<&Expr> {
        if let Value::Assigned(value) = &self.value {
            return Some(ungrouped(value));
        }
        errors.at(&self.key, format!("`{}` needs a value: `{example}`", self.name()));
        None
    }

    /// The text after the `=`.
    pub(crate) fn text(&self, example: &str, errors: &mut Errors) -> Option<syn::LitStr> {
        match self.expression(example, errors)? {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
            other => {
                errors.at(other, format!("`{}` takes a text in quotes: `{example}`", self.name()));
                None
            }
        }
    }

    /// The whole number after the `=`, between two ends that are both allowed.
    pub(crate) fn number(&self, example: &str, low: u32, high: u32, errors: &mut Errors) -> Option<LitInt> {
        let value = self.expression(example, errors)?;
        let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = value else {
            errors.at(value, format!("`{}` takes a whole number: `{example}`", self.name()));
            return None;
        };
        if number.suffix().is_empty() && number.base10_parse::<u32>().is_ok_and(|n| (low..=high).contains(&n)) {
            return Some(number.clone());
        }
        errors.at(number, format!("`{}` takes a number from {low} to {high}", self.name()));
        None
    }

    /// The path after the `=`.
    pub(crate) fn path(&self, example: &str, errors: &mut Errors) -> Option<&Path> {
        match self.expression(example, errors)? {
            Expr::Path(ExprPath { qself: None, path, .. }) => Some(path),
            other => {
                errors.at(other, format!("`{}` takes a path: `{example}`", self.name()));
                None
            }
        }
    }

    /// The single word after the `=`.
    pub(crate) fn word(&self, example: &str, errors: &mut Errors) -> Option<Ident> {
        match self.expression(example, errors)? {
            Expr::Path(ExprPath { qself: None, path, .. }) if path.get_ident().is_some() => path.get_ident().cloned(),
            other => {
                errors.at(other, format!("`{}` takes one word without quotes: `{example}`", self.name()));
                None
            }
        }
    }
}

/// What a macro was given stands in an invisible group.
fn ungrouped(mut expression: &Expr) -> &Expr {
    while let Expr::Group(group) = expression {
        expression = &group.expr;
    }
    expression
}
