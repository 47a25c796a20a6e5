//! `server_default` of a field: a value that means the same on every database, or SQL.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprCall, ExprLit, ExprPath, ExprUnary, Ident, Lit, LitStr, Path, Token, UnOp};

use crate::attribute::{Entry, Value};
use crate::errors::Errors;
use crate::suggest;

/// The databases that creole knows. A dialect from elsewhere may have another name.
const BACKENDS: [&str; 4] = ["sqlite", "postgres", "mysql", "mariadb"];

/// What `server_default` says, and where, for errors of type.
pub(super) struct ServerDefault {
    span: Span,
    said: Said,
}

enum Said {
    /// `"lower('A')"`
    Sql(String),
    /// `(postgres = "…", sqlite = "…")`
    SqlOf(Vec<(String, String)>),
    /// `now`
    Now,
    /// `uuid`
    Uuid,
    /// `true`
    Bool(bool),
    /// `-1.50`
    Number(String),
    /// `text("…")`
    Text(String),
}

impl ServerDefault {
    pub(super) fn read(entry: &Entry, errors: &mut Errors) -> Option<ServerDefault> {
        match &entry.value {
            Value::List(list) => read_list(entry, list, errors),
            Value::Assigned(value) => read_value(value, errors),
            Value::Flag => {
                errors.at(&entry.key, "`server_default` says what the default is: `server_default = now`");
                None
            }
        }
    }

    /// Whether it is one SQL for every database.
    pub(super) fn is_sql(&self) -> bool {
        matches!(self.said, Said::Sql(_))
    }

    pub(super) fn span(&self) -> Span {
        self.span
    }

    /// The default as data.
    pub(super) fn expand(&self, krate: &Path) -> TokenStream {
        let said = match &self.said {
            Said::Sql(sql) => quote!(Sql(#sql)),
            Said::SqlOf(list) => {
                let list = list.iter().map(|(backend, sql)| quote!((#backend, #sql)));
                quote!(SqlOf(&[#(#list),*]))
            }
            Said::Now => quote!(Now),
            Said::Uuid => quote!(Uuid),
            Said::Bool(flag) => quote!(Bool(#flag)),
            Said::Number(number) => quote!(Number(#number)),
            Said::Text(text) => quote!(Text(#text)),
        };
        quote!(#krate::schema::ServerDefault::#said)
    }
}

fn read_value(value: &Expr, errors: &mut Errors) -> Option<ServerDefault> {
    let said = match value {
        Expr::Lit(ExprLit { lit: Lit::Str(sql), .. }) => {
            if sql.value().trim().is_empty() {
                errors.at(sql, "`server_default` in quotes is SQL, and this is empty; a text is `text(\"\")`");
            }
            Some(Said::Sql(sql.value()))
        }
        Expr::Lit(ExprLit { lit: Lit::Bool(flag), .. }) => Some(Said::Bool(flag.value)),
        Expr::Lit(ExprLit { lit, .. }) => number(lit).map(Said::Number),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match &**expr {
            Expr::Lit(ExprLit { lit, .. }) => number(lit).map(|number| Said::Number(format!("-{number}"))),
            _ => None,
        },
        Expr::Path(ExprPath { qself: None, path, .. }) if path.is_ident("now") => Some(Said::Now),
        Expr::Path(ExprPath { qself: None, path, .. }) if path.is_ident("uuid") => Some(Said::Uuid),
        Expr::Call(ExprCall { func, args, .. }) => text(func, args).map(Said::Text),
        _ => None,
    };
    if said.is_none() {
        errors.at(
            value,
            "`server_default` is `now`, `uuid`, `true`, a number or `text(\"…\")`, which mean the same on every backend; or SQL \
             in quotes, for all of them or for each: `server_default(postgres = \"…\", sqlite = \"…\")`",
        );
    }
    Some(ServerDefault { span: value.span(), said: said? })
}

/// The digits of a number without a suffix.
fn number(literal: &Lit) -> Option<String> {
    match literal {
        Lit::Int(number) if number.suffix().is_empty() => Some(number.base10_digits().to_owned()),
        Lit::Float(number) if number.suffix().is_empty() => Some(number.base10_digits().to_owned()),
        _ => None,
    }
}

/// The text of `text("…")`.
fn text(function: &Expr, arguments: &Punctuated<Expr, Token![,]>) -> Option<String> {
    let Expr::Path(ExprPath { qself: None, path, .. }) = function else { return None };
    let mut arguments = arguments.iter();
    match (path.is_ident("text"), arguments.next(), arguments.next()) {
        (true, Some(Expr::Lit(ExprLit { lit: Lit::Str(text), .. })), None) => Some(text.value()),
        _ => None,
    }
}

/// `postgres = "…"`
struct SqlFor(Ident, LitStr);

impl Parse for SqlFor {
    fn parse(input: ParseStream<'_>) -> syn::Result<SqlFor> {
        let backend = input.parse().map_err(|error| {
            let said = "`server_default` names an SQL for each database: `server_default(postgres = \"…\", …)`";
            syn::Error::new(error.span(), said)
        })?;
        input.parse::<Token![=]>()?;
        Ok(SqlFor(backend, input.parse()?))
    }
}

fn read_list(entry: &Entry, list: &TokenStream, errors: &mut Errors) -> Option<ServerDefault> {
    let parsed = Punctuated::<SqlFor, Token![,]>::parse_terminated.parse2(list.clone());
    let mut texts: Vec<(String, String)> = Vec::new();
    for SqlFor(backend, sql) in errors.keep(parsed)? {
        let name = backend.to_string();
        let is_known = BACKENDS.contains(&name.as_str());
        if let Some(near) = suggest::nearest(&name, BACKENDS).filter(|_| !is_known) {
            errors.at(&backend, format!("`{name}` is no database that creole knows; did you mean `{near}`?"));
        }
        if sql.value().trim().is_empty() {
            errors.at(&sql, "`server_default` is SQL here, and this is empty");
        }
        if texts.iter().any(|(other, _)| *other == name) {
            errors.at(&backend, format!("`{name}` is given twice for this default"));
            continue;
        }
        texts.push((name, sql.value()));
    }
    if texts.is_empty() {
        errors.at(&entry.key, "`server_default` names an SQL for each database: `server_default(postgres = \"…\", …)`");
        return None;
    }
    Some(ServerDefault { span: entry.key.span(), said: Said::SqlOf(texts) })
}
