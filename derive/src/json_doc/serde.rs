//! What serde is told about a struct and its fields, as far as it says how they are written.
//!
//! serde checks its own attributes, so what can't be understood here is left to it.

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Token};

/// All of `#[serde(…)]`.
pub(super) struct Said(Vec<Meta>);

impl Said {
    /// What these attributes say.
    pub(super) fn of(attributes: &[Attribute]) -> Said {
        let attributes = attributes.iter().filter(|attribute| attribute.path().is_ident("serde"));
        Said(attributes.flat_map(|attribute| list(attribute.parse_args_with(Punctuated::parse_terminated))).collect())
    }

    /// What is said by this word.
    pub(super) fn find(&self, word: &str) -> Option<&Meta> {
        self.0.iter().find(|meta| meta.path().is_ident(word))
    }

    /// Whether one of these words is said.
    pub(super) fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.find(word).is_some())
    }

    /// The text after this word, which is how it is written: `rename = "a"`, or that of `rename(serialize = "a")`.
    pub(super) fn text(&self, word: &str) -> Option<LitStr> {
        match self.find(word)? {
            Meta::List(nested) => Said(list(nested.parse_args_with(Punctuated::parse_terminated))).text("serialize"),
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.clone()),
                _ => None,
            },
            Meta::Path(_) => None,
        }
    }
}

fn list(parsed: syn::Result<Punctuated<Meta, Token![,]>>) -> Vec<Meta> {
    parsed.map(|metas| metas.into_iter().collect()).unwrap_or_default()
}
