//! The hooks of a model: a constant that has them, and that the model declares them.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::super::ir::{Hook, Model};
use super::at;

/// The constant of `impl Model`, where the model has hooks.
pub(super) fn constant(model: &Model) -> TokenStream {
    if model.hooks.is_empty() {
        return TokenStream::new();
    }
    let krate = &model.krate;
    let calls = model.hooks.iter().map(|(_, word)| quote_spanned!(word.span()=> .#word()));
    quote!(const HOOKS: #krate::model::Hooks<Self> = #krate::model::Hooks::NONE #(#calls)*;)
}

/// A value that was just read, after its hook.
pub(super) fn loaded(model: &Model, value: TokenStream) -> TokenStream {
    let Some((_, word)) = model.hooks.iter().find(|(hook, _)| *hook == Hook::AfterLoad) else {
        return quote!(::core::result::Result::Ok(#value));
    };
    let krate = at(&model.krate, word.span());
    let call = quote_spanned!(word.span()=> #krate::model::loaded);
    quote!(#call(#value))
}

/// That the model declares its hooks: without it their traits are not implemented.
pub(super) fn declarations(model: &Model) -> TokenStream {
    let Model { ident, krate, .. } = model;
    let declared = model.hooks.iter().map(|(hook, word)| {
        let name = match hook {
            Hook::BeforeSave => "DeclaresBeforeSave",
            Hook::BeforeDelete => "DeclaresBeforeDelete",
            Hook::AfterLoad => "DeclaresAfterLoad",
        };
        let name = Ident::new(name, word.span());
        quote! {
            #[automatically_derived]
            impl #krate::model::#name for #ident {}
        }
    });
    quote!(#(#declared)*)
}
