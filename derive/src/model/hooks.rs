//! `hooks(…)` of the struct: which hooks the model has.

use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Ident, Token};

use super::ir::Hook;
use crate::errors::Errors;
use crate::suggest;

pub(super) const EXAMPLE: &str = "hooks(before_save, after_load)";

const NAMES: [&str; 3] = ["before_save", "before_delete", "after_load"];

/// Reads the inside of the parentheses.
pub(super) fn hooks(inside: TokenStream, errors: &mut Errors) -> Vec<(Hook, Ident)> {
    let words = errors.keep(Punctuated::<Ident, Token![,]>::parse_terminated.parse2(inside)).unwrap_or_default();
    let mut hooks: Vec<(Hook, Ident)> = Vec::new();
    for word in words {
        let Some(hook) = hook(&word, errors) else { continue };
        if hooks.iter().any(|(other, _)| *other == hook) {
            errors.at(&word, format!("`{word}` is listed twice"));
            continue;
        }
        hooks.push((hook, word));
    }
    hooks
}

fn hook(word: &Ident, errors: &mut Errors) -> Option<Hook> {
    let name = word.to_string();
    match name.as_str() {
        "before_save" => Some(Hook::BeforeSave),
        "before_delete" => Some(Hook::BeforeDelete),
        "after_load" => Some(Hook::AfterLoad),
        _ => {
            let (near, known) = (suggest::did_you_mean(&name, NAMES), suggest::list(NAMES));
            errors.at(word, format!("`{name}` is no such hook{near}\nthere are {known}"));
            None
        }
    }
}
