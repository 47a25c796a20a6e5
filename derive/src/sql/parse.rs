//! From the literal to a [`Text`].

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, LitStr, Path, Token};

use super::ir::{Part, Text};
use super::scan::{Piece, pieces};
use crate::errors::Errors;

/// The raw text that the macro was given; what is wrong with it is reported.
pub(super) fn text(input: TokenStream, errors: &mut Errors) -> Text {
    let mut krate = syn::parse_quote!(::creole);
    let mut parts = Vec::new();
    if let Some((path, literal)) = errors.keep(arguments.parse2(input)) {
        krate = path.unwrap_or(krate);
        let value = literal.value();
        for piece in pieces(&value) {
            if let Some(part) = errors.keep(part(piece, &literal)).flatten() {
                push(&mut parts, part);
            }
        }
    }
    Text { krate, parts }
}

/// `"text"`, or `crate = path, "text"`.
fn arguments(input: ParseStream<'_>) -> syn::Result<(Option<Path>, LitStr)> {
    let mut path = None;
    if input.peek(Token![crate]) && input.peek2(Token![=]) {
        input.parse::<Token![crate]>()?;
        input.parse::<Token![=]>()?;
        path = Some(input.parse()?);
        input.parse::<Token![,]>()?;
    }
    let message = "`sql!` takes its text as a literal: `sql!(\"select … where id = {id}\")`; what varies stands in braces \
                   and is bound";
    if !input.peek(LitStr) {
        return Err(input.error(message));
    }
    let literal: LitStr = input.parse()?;
    input.parse::<Option<Token![,]>>()?;
    if !input.is_empty() {
        return Err(input.error("`sql!` takes one text and nothing behind it: values stand in its braces, `{value}`"));
    }
    Ok((path, literal))
}

fn part(piece: Piece<'_>, literal: &LitStr) -> syn::Result<Option<Part>> {
    let refuse = |message: String| Err(syn::Error::new(literal.span(), message));
    match piece {
        Piece::Text(text) => Ok(Some(Part::Text(text.to_owned()))),
        Piece::Brace(brace) => Ok(Some(Part::Text(brace.to_string()))),
        Piece::Unclosed => refuse("a `{` is never closed; a brace that is text is written twice: `{{`".into()),
        Piece::Unopened => refuse("a `}` has no `{` before it; a brace that is text is written twice: `}}`".into()),
        Piece::Rust(rust) => {
            let trimmed = rust.trim();
            let (rust, is_list) = match trimmed.strip_prefix("..") {
                Some(list) => (list, true),
                None => (trimmed, false),
            };
            if rust.trim().is_empty() {
                return refuse(format!(
                    "`{{{trimmed}}}` names no value: write `{{value}}` for one, `{{..values}}` for several, and `{{{{}}}}` \
                     for braces that are text"
                ));
            }
            let parsed = LitStr::new(rust, literal.span()).parse::<Expr>();
            let Ok(expression) = parsed else {
                return refuse(format!(
                    "`{{{trimmed}}}` holds no Rust expression; a brace that is text is written twice: `{{{{`"
                ));
            };
            Ok(Some(if is_list { Part::List(Box::new(expression)) } else { Part::One(Box::new(expression)) }))
        }
    }
}

/// Adds a part; texts side by side are one.
fn push(parts: &mut Vec<Part>, part: Part) {
    match (parts.last_mut(), part) {
        (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
        (_, part) => parts.push(part),
    }
}
