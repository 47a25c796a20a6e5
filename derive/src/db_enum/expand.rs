//! From the [`DbEnum`] to code: the labels as data, and a match each way.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::ir::DbEnum;

pub(super) fn db_enum(of: &DbEnum) -> TokenStream {
    let DbEnum { ident, krate, variants, native } = of;
    let name = ident.unraw().to_string();
    let idents = || variants.iter().map(|variant| &variant.ident);
    let labels = || variants.iter().map(|variant| &variant.label);
    let (written, read) = (labels().zip(idents()), labels().zip(idents()));
    let written = written.map(|(label, variant)| quote!(#ident::#variant => #label));
    let read = read.map(|(label, variant)| quote!(#label => ::core::result::Result::Ok(#ident::#variant)));
    let labels = labels();
    let made_native = native.as_ref().map(|native| {
        let schema = match &native.schema {
            Some(schema) => quote!(::core::option::Option::Some(#schema)),
            None => quote!(::core::option::Option::None),
        };
        let name = &native.name;
        quote!(.native(#schema, #name))
    });
    // Of types of the database's own, not every database finds the smallest by their order, and arrays of them have a
    // number that the database alone knows.
    let as_text = native.is_none().then(|| {
        quote! {
            #[automatically_derived]
            impl #krate::types::Element for #ident {}

            #[automatically_derived]
            impl #krate::types::Ordered for #ident {}
        }
    });
    quote! {
        const _: () = {
            static ENUM: #krate::types::EnumType = #krate::types::EnumType::new(#name, &[#(#labels),*])#made_native;

            #[automatically_derived]
            impl #krate::types::SqlValue for #ident {
                const TYPE: #krate::types::ColumnType = #krate::types::ColumnType::Enum(&ENUM);

                fn bind(&self) -> #krate::types::ValueRef<'_> {
                    #krate::types::ValueRef::Text(match *self { #(#written,)* })
                }

                // Where two labels are the same, the error about it was reported.
                #[allow(unreachable_patterns)]
                fn from_value(value: #krate::types::ValueRef<'_>) -> #krate::Result<Self> {
                    match ENUM.label(value)? {
                        #(#read,)*
                        _ => ::core::result::Result::Err(ENUM.unknown_label()),
                    }
                }
            }

            #as_text
        };
    }
}
