//! From the [`Projection`] to code: the fields while they are read, and from what each of them is.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::ir::{Field, Projection};
use crate::errors::place;

pub(super) fn projection(of: &Projection) -> TokenStream {
    let Projection { ident, visibility, model, krate, fields } = of;
    let names: Vec<_> = (0..fields.len()).map(|index| format_ident!("field_{index}")).collect();
    let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
    let idents: Vec<_> = fields.iter().map(|field| &field.ident).collect();
    let slots = names.iter().zip(&types).enumerate().map(|(index, (name, ty))| {
        quote! {
            impl #krate::query::Slot<#index, #ty> for Slots {
                #[inline]
                fn fill(&mut self, value: #ty) {
                    self.#name = ::core::option::Option::Some(value);
                }
            }
        }
    });
    let sources = fields.iter().enumerate().map(|(index, field)| list_field(of, index, field));
    quote! {
        const _: () = {
            #[doc(hidden)]
            #visibility struct Slots {
                #(#names: ::core::option::Option<#types>),*
            }

            #(#slots)*

            #[automatically_derived]
            impl #krate::query::Projection for #ident {
                type Of = #model;
                type Slots = Slots;

                fn fields() -> #krate::query::Fields<Self> {
                    let list = #krate::query::FieldList::<Self>::new();
                    #(#sources)*
                    list.finish()
                }

                #[inline]
                fn no_slots() -> Slots {
                    Slots { #(#names: ::core::option::Option::None),* }
                }

                #[inline]
                fn build(slots: Slots) -> ::core::option::Option<Self> {
                    ::core::option::Option::Some(#ident { #(#idents: slots.#names?),* })
                }
            }

            #[automatically_derived]
            impl #krate::query::ReadAs<#model> for #ident {
                type Row = #krate::query::Unbuilt<Self>;
                type Each = #krate::query::Parts<Self>;

                fn read_as(
                    rows: #krate::query::Select<#model>,
                ) -> (#krate::query::Select<#krate::query::Unbuilt<Self>>, #krate::query::Parts<Self>) {
                    #krate::query::project(rows)
                }
            }
        };
    }
}

/// `let list = list.field::<0, i64, _>(User::id);`, of which errors point at what is said of the field.
fn list_field(of: &Projection, index: usize, field: &Field) -> TokenStream {
    let Projection { model, .. } = of;
    let Field { ident, ty, source } = field;
    match source {
        Some(source) => {
            let at = place(source);
            quote_spanned!(at=> let list = list.field::<#index, #ty, _>(#source);)
        }
        None => {
            let at = place(ident);
            let mut constant = ident.clone();
            constant.set_span(ident.span());
            quote_spanned!(at=> let list = list.field::<#index, #ty, _>(<#model>::#constant);)
        }
    }
}
