//! From the function to a [`Test`].

use proc_macro2::TokenStream;
use syn::{Attribute, Expr, ExprPath, ItemFn, Meta, Path};

use crate::errors::Errors;

/// A test function, as plain data.
pub(super) struct Test {
    /// Where creole is found: `::creole` unless the attribute says otherwise.
    pub(super) krate: Path,
    /// The function, without the attributes that belong on the tests.
    pub(super) function: ItemFn,
    /// The `#[cfg(…)]`s, which belong on both.
    pub(super) conditions: Vec<Attribute>,
    /// `#[ignore]`, `#[should_panic]` and what may become one of them, which belong on the tests.
    pub(super) for_tests: Vec<Attribute>,
}

/// The test that a function describes. Nothing where it is no function; in any case, what is wrong is reported.
pub(super) fn test(arguments: TokenStream, item: &TokenStream, errors: &mut Errors) -> Option<Test> {
    let krate = krate(arguments, errors);
    let mut function = match syn::parse2::<ItemFn>(item.clone()) {
        Ok(function) => function,
        Err(_) => {
            errors.at(item, "a test is a function: `async fn renames(engine: Engine) -> creole::Result<()> { … }`");
            return None;
        }
    };
    check(&function, errors);
    let is = |names: &'static [&str]| move |attribute: &mut Attribute| is_one_of(attribute, names);
    let for_tests = function.attrs.extract_if(.., is(&["ignore", "should_panic", "cfg_attr"])).collect();
    let conditions = function.attrs.extract_if(.., is(&["cfg"])).collect();
    Some(Test { krate, function, conditions, for_tests })
}

/// What `crate = …` says.
fn krate(arguments: TokenStream, errors: &mut Errors) -> Path {
    let default = syn::parse_quote!(::creole);
    if arguments.is_empty() {
        return default;
    }
    let message = "`#[creole::test]` takes nothing but `crate = path`, for a renamed dependency";
    let path = match syn::parse2::<Meta>(arguments.clone()) {
        Ok(Meta::NameValue(meta)) if meta.path.is_ident("crate") => match meta.value {
            Expr::Path(ExprPath { qself: None, path, .. }) => path,
            other => {
                errors.at(other, "`crate` takes a path: `crate = my_creole`");
                return default;
            }
        },
        _ => {
            errors.at(arguments, message);
            return default;
        }
    };
    let first = path.segments.first().map(|segment| segment.ident.to_string());
    if matches!(first.as_deref(), Some("self" | "super")) {
        errors
            .at(&path, "the tests stand in a module of their own: write this path from `crate::` or from a dependency");
    }
    path
}

fn check(function: &ItemFn, errors: &mut Errors) {
    let signature = &function.sig;
    if signature.asyncness.is_none() {
        errors.at(signature.fn_token, format!("a creole test is async: `async fn {}`", signature.ident));
    }
    if let Some(parameter) = signature.generics.params.first() {
        errors.at(parameter, "a test is run as it is, so it can't be generic");
    }
    if let Some(unsafety) = signature.unsafety {
        errors.at(unsafety, "a test can't be unsafe");
    }
    let example = format!("`async fn {}(engine: Engine)`", signature.ident);
    let mut inputs = signature.inputs.iter();
    match inputs.next() {
        None => errors.at(&signature.ident, format!("a test is given the engine to run on: {example}")),
        Some(syn::FnArg::Receiver(receiver)) => {
            errors.at(receiver, format!("a test is a function of its own, not a method: {example}"));
        }
        Some(syn::FnArg::Typed(_)) => {}
    }
    for more in inputs {
        errors.at(more, format!("a test is given the engine and nothing else: {example}"));
    }
    for attribute in &function.attrs {
        if attribute.path().segments.last().is_some_and(|last| last.ident == "test") {
            errors.at(attribute, "`#[creole::test]` makes the tests itself: leave this attribute out");
        }
    }
}

fn is_one_of(attribute: &Attribute, names: &[&str]) -> bool {
    names.iter().any(|name| attribute.path().is_ident(name))
}
