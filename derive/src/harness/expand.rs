//! From the [`Test`] to a module with one test per backend.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::parse::Test;

/// The macro that keeps or drops code by creole's own features, which this crate can't see, and its backends.
const BACKENDS: [(&str, &[&str]); 3] =
    [("__if_sqlite", &["sqlite"]), ("__if_postgres", &["postgres"]), ("__if_mysql", &["mysql", "mariadb"])];

/// The function, and a module of the same name: functions and modules do not share their names.
pub(super) fn test(test: &Test) -> TokenStream {
    let Test { krate, function, conditions, for_tests } = test;
    let name = &function.sig.ident;
    let backends = BACKENDS.iter().map(|(condition, backends)| {
        let condition = format_ident!("{condition}");
        let tests = backends.iter().map(|backend| {
            let ident = format_ident!("{backend}");
            quote! {
                #[::core::prelude::v1::test]
                #(#for_tests)*
                fn #ident() {
                    #krate::testing::run(#backend, super::#name)
                }
            }
        });
        quote!(#krate::#condition! { #(#tests)* })
    });
    quote! {
        #(#conditions)*
        #[cfg(test)]
        #function

        #(#conditions)*
        #[cfg(test)]
        mod #name {
            #(#backends)*
        }
    }
}
