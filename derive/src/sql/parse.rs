//! From the literal to a [`Text`].

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, LitStr, Path, Token};

use super::ir::{Part, Text};
use super::quotes::{Inside, insides};
use super::scan::{Piece, pieces};
use crate::errors::Errors;

/// The raw text that the macro was given; what is wrong with it is reported.
pub(super) fn text(input: TokenStream, errors: &mut Errors) -> Text {
    let mut krate = syn::parse_quote!(::creole);
    let mut parts = Vec::new();
    if let Some((path, literal)) = errors.keep(arguments.parse2(input)) {
        krate = path.unwrap_or(krate);
        let value = literal.value();
        let pieces = pieces(&value);
        let mut insides = insides(&pieces).into_iter();
        for piece in pieces {
            let inside =
                if let Piece::Rust(rust) = &piece { insides.next().flatten().map(|at| (at, *rust)) } else { None };
            if let Some((inside, rust)) = inside {
                errors.push(syn::Error::new(literal.span(), not_a_value(inside, rust)));
            } else if let Some(part) = errors.keep(part(piece, &literal)).flatten() {
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
        return Err(input.error("`sql!` takes one text and nothing after it: values stand in its braces, `{value}`"));
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

/// What is said of a value that would be none.
fn not_a_value(inside: Inside, rust: &str) -> String {
    let braced = format!("`{{{}}}`", rust.trim());
    let text = format!("a brace that is text is written twice: `{{{{{}}}}}`", rust.trim());
    match inside {
        Inside::Text => format!(
            "{braced} stands between quotes, where it would be text and no value: leave the quotes off; a pattern is put \
             together in Rust, `like {{format!(\"%{{pattern}}%\")}}`; {text}"
        ),
        Inside::Identifier => format!(
            "{braced} stands between the quotes of a name, where it would be a part of that name: leave the quotes off; a \
             name that varies is an `Ident`, which is quoted by itself; {text}"
        ),
        Inside::Dollars => format!(
            "{braced} stands between dollar quotes, where it would be text and no value: values can't be bound there; {text}"
        ),
        Inside::Comment => {
            format!("{braced} stands in a comment of the SQL, where it would be no value: take it out; {text}")
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
