//! From the [`Projection`] to code: the fields while they are read, and from what each of them is.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::ir::{Field, Projection};
use crate::errors::place;

pub(super) fn projection(of: &Projection) -> TokenStream {
    let Projection { ident, visibility, model, krate, fields } = of;
    // Named after the projection, so that a field of the program's own `Slots` is of that.
    let holder = format_ident!("SlotsOf{ident}");
    let names: Vec<_> = (0..fields.len()).map(|index| format_ident!("field_{index}")).collect();
    let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
    let idents: Vec<_> = fields.iter().map(|field| &field.ident).collect();
    let slots = names.iter().zip(&types).enumerate().map(|(index, (name, ty))| {
        quote! {
            impl #krate::query::Slot<#index, #ty> for #holder {
                #[inline]
                fn fill(&mut self, value: #ty) {
                    self.#name = ::core::option::Option::Some(value);
                }
            }
        }
    });
    // Not the `list` of an expression that a field is read from.
    let list = Ident::new("list", Span::mixed_site());
    let sources = fields.iter().enumerate().map(|(index, field)| list_field(of, &list, index, field));
    quote! {
        const _: () = {
            #[doc(hidden)]
            #[allow(non_camel_case_types)]
            #visibility struct #holder {
                #(#names: ::core::option::Option<#types>),*
            }

            #(#slots)*

            #[automatically_derived]
            impl #krate::query::Projection for #ident {
                type Of = #model;
                type Slots = #holder;

                fn fields() -> #krate::query::Fields<Self> {
                    let #list = #krate::query::FieldList::<Self>::new();
                    #(#sources)*
                    #list.finish()
                }

                #[inline]
                fn no_slots() -> #holder {
                    #holder { #(#names: ::core::option::Option::None),* }
                }

                #[inline]
                fn build(slots: #holder) -> ::core::option::Option<Self> {
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
fn list_field(of: &Projection, list: &Ident, index: usize, field: &Field) -> TokenStream {
    let Projection { model, .. } = of;
    let Field { ident, ty, source } = field;
    match source {
        Some(source) => {
            let at = place(source);
            quote_spanned!(at=> let #list = #list.field::<#index, #ty, _>(#source);)
        }
        None => {
            let at = place(ident);
            let mut constant = ident.clone();
            constant.set_span(ident.span());
            quote_spanned!(at=> let #list = #list.field::<#index, #ty, _>(<#model>::#constant);)
        }
    }
}
