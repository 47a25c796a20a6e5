//! Names: those the database allows, and those a constant may have.

use syn::Ident;
use syn::ext::IdentExt;

use super::ir::Defaults;
use crate::attribute::Entry;
use crate::errors::Errors;

/// PostgreSQL cuts longer names without a word.
const LONGEST: usize = 63;

/// The names of `Model`'s own functions and constants, which a constant of the same name would hide.
const TAKEN: [&str; 10] = ["select", "find", "table", "key", "bind", "assign", "decode", "on_update", "ALL", "TABLE"];

/// The text, if every backend takes it as a name. `what` says what it names: "the table".
pub(super) fn database_name(text: &syn::LitStr, what: &str, errors: &mut Errors) -> Option<String> {
    let name = text.value();
    match refusal(&name) {
        Some(reason) => {
            errors.at(text, format!("the name of {what} {reason}"));
            None
        }
        None => Some(name),
    }
}

/// Why a database can't have this name.
pub(super) fn refusal(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("is empty".into());
    }
    if name.len() > LONGEST {
        return Some(format!("has {} bytes; PostgreSQL keeps {LONGEST} of them, so give it a shorter one", name.len()));
    }
    if name.contains('\0') || name.ends_with(' ') {
        return Some("has a NUL character or ends in a space, which databases refuse".into());
    }
    None
}

/// The longest comment on a column, in characters, that MySQL keeps.
const LONGEST_COMMENT: usize = 1_024;

/// The text of `comment = "…"`, if every backend that keeps comments takes it.
pub(super) fn comment(entry: &Entry, errors: &mut Errors) -> Option<String> {
    let text = entry.text("comment = \"What it is for\"", errors)?;
    let comment = text.value();
    let length = comment.chars().count();
    let reason = if comment.is_empty() {
        "`comment` is empty".into()
    } else if comment.contains('\0') {
        "the comment has a NUL character, which databases refuse".into()
    } else if length > LONGEST_COMMENT {
        format!("the comment has {length} characters, and MySQL keeps {LONGEST_COMMENT}")
    } else {
        return Some(comment);
    };
    errors.at(&text, reason);
    None
}

/// The name of a column's constant, unless it would hide something of `Model`'s.
pub(super) fn constant(constant: Ident, renamed: bool, defaults: Defaults, errors: &mut Errors) -> Option<Ident> {
    let name = constant.unraw().to_string();
    let is_taken = TAKEN.contains(&name.as_str()) || (defaults == Defaults::Derived && name == "default");
    if !is_taken {
        return Some(constant);
    }
    let way_out = if renamed {
        "choose another name".into()
    } else {
        format!("rename the constant: #[model(name = {name}_)]; the field and the column keep their names")
    };
    errors.at(&constant, format!("a column constant called `{name}` would hide the model's own `{name}`: {way_out}"));
    None
}

/// `LineItem` → `line_items`: what a table is likely to be called, for messages.
pub(super) fn likely_table(model: &Ident) -> String {
    let mut name = String::new();
    let mut previous_is_small = false;
    for character in model.unraw().to_string().chars() {
        if character.is_uppercase() && previous_is_small {
            name.push('_');
        }
        previous_is_small = !character.is_uppercase();
        name.extend(character.to_lowercase());
    }
    name.push('s');
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_likely_table_is_the_plural_in_snake_case() {
        let likely = |name: &str| likely_table(&syn::parse_str(name).unwrap());
        assert_eq!(likely("Product"), "products");
        assert_eq!(likely("LineItem"), "line_items");
        assert_eq!(likely("HTTPLog"), "httplogs");
        assert_eq!(likely("r#Type"), "types");
    }

    #[test]
    fn names_that_a_database_would_cut_or_refuse_are_refused() {
        assert!(refusal(&"a".repeat(63)).is_none());
        assert!(refusal(&"a".repeat(64)).is_some());
        assert!(refusal(&"ä".repeat(32)).is_some());
        assert!(refusal("").is_some() && refusal("a ").is_some() && refusal("a\0b").is_some());
        assert!(refusal("a b").is_none());
    }
}
