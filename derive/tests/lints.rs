//! The expansions pass the lints that a strict crate turns on.
#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, unused_results, single_use_lifetimes)]
#![deny(missing_debug_implementations, let_underscore_drop, non_ascii_idents, unsafe_code, elided_lifetimes_in_paths)]
#![deny(clippy::all, clippy::pedantic, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use creole_derive::Model;

/// A model with every kind of expansion.
#[derive(Model, Debug)]
#[model(table = "strict", default, index(name), unique(id, name), check(named = Self::name.ne("")))]
pub struct Strict {
    /// The key.
    #[model(primary_key, auto)]
    pub id: i64,
    /// The name.
    #[model(length = 10, default = "x".into())]
    pub name: String,
    /// Nothing to see.
    #[model(references = Strict::id, on_delete = set_null)]
    pub parent_id: Option<i64>,
    /// Not a column.
    #[model(skip)]
    pub cache: Vec<u8>,
    undocumented: i32,
}

#[derive(Model, Debug)]
#[model(table = "unused", default)]
struct Unused {
    #[model(primary_key)]
    id: i64,
}

#[test]
fn nothing_is_to_be_said_against_the_expansions() {
    assert_eq!(Strict::default().undocumented, 0);
    assert_eq!(Unused::default().id, 0);
}
