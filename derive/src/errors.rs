//! [`Errors`]: everything that is wrong with an input, reported at once.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;

/// Collects errors, so that one run of the compiler shows all of them.
#[derive(Default)]
pub(crate) struct Errors {
    combined: Option<syn::Error>,
}

impl Errors {
    /// Adds an error that points at `place`.
    pub(crate) fn at(&mut self, place: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(place, message));
    }

    /// Adds an error.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.combined {
            Some(combined) => combined.combine(error),
            None => self.combined = Some(error),
        }
    }

    /// The value, or nothing and one more error.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// What makes the compiler report them; nothing where all went well.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.combined.map_or_else(TokenStream::new, syn::Error::into_compile_error)
    }
}

/// Where a node stands, for what is written about it: errors point there, but names mean what they mean in the rest of what the
/// derive writes, also where the node comes out of a macro of the program's.
pub(crate) fn place(node: &impl Spanned) -> Span {
    Span::call_site().located_at(node.span())
}
