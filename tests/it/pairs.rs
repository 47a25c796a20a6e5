//! A builder and the node of the tree that it makes have one name, of which programs see the builder's.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names that `query` and `sql` both have.
const PAIRS: [&str; 15] = [
    "Aggregate",
    "Case",
    "Cte",
    "Delete",
    "Expr",
    "Ident",
    "Insert",
    "Quantified",
    "Raw",
    "Returning",
    "Select",
    "Several",
    "Update",
    "Values",
    "excluded",
];

/// The modules of the core that are for dialects alone, whose names may be those of what programs use.
const FOR_DIALECTS: [&str; 2] = ["sql", "driver"];

#[test]
fn builders_and_nodes_share_these_names() {
    let of = |file, is_own: fn(&Export) -> bool| -> BTreeSet<String> {
        exports(&read(file)).into_iter().filter(is_own).flat_map(|export| export.names).collect()
    };
    let builders = of("core/src/query/mod.rs", |export| export.path[0] != "crate");
    let nodes = of("core/src/sql/mod.rs", |export| export.path[0] != "crate");
    let both: Vec<&String> = builders.intersection(&nodes).collect();
    assert_eq!(both, PAIRS, "the decisions name them too");
}

#[test]
fn programs_see_the_builders_alone() {
    for file in ["src/lib.rs", "src/prelude.rs"] {
        let exports = exports(&read(file));
        let of_core: Vec<&Export> = exports.iter().filter(|export| export.path[0] == "creole_core").collect();
        assert!(of_core.len() > 3, "{file}: {exports:?}");
        for export in of_core {
            let modules = export.path.iter().chain(&export.names);
            let shown: Vec<_> = modules.filter(|name| FOR_DIALECTS.contains(&name.as_str())).collect();
            assert!(shown.is_empty(), "{file} shows {export:?}");
        }
    }
}

#[test]
fn exports_are_found() {
    let source = "pub use a::b::{C, d,\n    E as F};\n#[doc(hidden)]\npub use a::sql;\nuse a::x;\npub use g::H;\npub(crate) use i::J;\n";
    let found: Vec<_> = exports(source).into_iter().map(|export| (export.path.join("::"), export.names)).collect();
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    assert_eq!(found, [("a::b".into(), names(&["C", "d", "F"])), ("g".into(), names(&["H"]))]);
}

/// A line `pub use` that the documentation shows.
#[derive(Debug)]
struct Export {
    path: Vec<String>,
    names: Vec<String>,
}

fn exports(source: &str) -> Vec<Export> {
    let of_statement = |statement: &str| {
        let (attributes, import) = statement.split_once("pub use ")?;
        (!attributes.ends_with("#[doc(hidden)]\n")).then(|| Export::of(import))
    };
    source.split(";\n").filter_map(of_statement).collect()
}

impl Export {
    fn of(import: &str) -> Export {
        let (path, names) = import.split_once("::{").or_else(|| import.rsplit_once("::")).unwrap_or(("", import));
        let last_word = |name: &str| name.split_whitespace().last().map(str::to_owned);
        Export {
            path: path.split("::").map(str::to_owned).collect(),
            names: names.trim_end_matches('}').split(',').filter_map(last_word).collect(),
        }
    }
}

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}
