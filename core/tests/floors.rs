//! The modules of this crate are floors: each knows those below it and none above, which a reader need not have read.
//!
//! The test reads what every file names. A new module must be given its floor here.

mod support;

use std::collections::BTreeSet;

use support::sources;

/// From the lowest to the highest. Modules of one floor may know each other.
const FLOORS: &[&[&str]] = &[
    &["tuples", "sealed", "error", "transaction"],
    &["types"],
    // A table's checks and indexes are expressions, and an expression's columns are a table's. A node is rendered by hooks of
    // the dialect, which are handed the writer and the node.
    &["schema", "sql", "catalog", "dialect"],
    &["driver"],
    &["observe"],
    &["pool"],
    &["exec"],
    // A model has `select()` and `find()`.
    &["model", "query"],
    &["session"],
    &["inspect", "tables"],
];

/// Files that know a module of a higher floor.
const EXCEPTIONS: &[(&str, &str)] = &[
    // The values of a long list cross to the driver as one value, and stay in the tree until then.
    ("types/value.rs", "sql"),
];

#[test]
fn no_module_knows_one_of_a_higher_floor() {
    let mut upwards = BTreeSet::new();
    for (file, source) in sources().unwrap() {
        if file == "lib.rs" {
            continue;
        }
        let own = floor(file.split(['/', '.']).next().unwrap());
        let known = modules_named_in(&source);
        upwards.extend(known.into_iter().filter(|module| floor(module) > own).map(|module| (file.clone(), module)));
    }
    let exceptions: BTreeSet<_> = EXCEPTIONS.iter().map(|(file, module)| ((*file).into(), (*module).into())).collect();
    assert_eq!(upwards, exceptions, "(file, module of a higher floor)");
}

#[test]
fn what_a_file_names_is_found() {
    let source = "use crate::sql::{Expr, tree};\nuse crate::{\n    pool::Link,\n    error,\n};\n// crate::none\n\
                  fn f() { crate::exec::run() }\n#[cfg(test)]\nmod tests { use crate::session::Session; }";
    assert_eq!(modules_named_in(source).into_iter().collect::<Vec<_>>(), ["error", "exec", "pool", "sql"]);
}

fn floor(module: &str) -> usize {
    let floor = FLOORS.iter().position(|floor| floor.contains(&module));
    floor.unwrap_or_else(|| panic!("the module {module} has no floor: give it one in FLOORS"))
}

/// The modules of this crate that a file names outside its comments and its tests.
fn modules_named_in(source: &str) -> BTreeSet<String> {
    let source = source.split_once("#[cfg(test)]\nmod ").map_or(source, |(before, _)| before);
    let code: Vec<_> = source.lines().map(|line| line.split_once("//").map_or(line, |(before, _)| before)).collect();
    let code = code.join("\n");
    let mut modules = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let names = match after.strip_prefix('{') {
            Some(group) => parts(group),
            None => vec![after],
        };
        let until_sign =
            |name: &str| name.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next().map(String::from);
        // Types at the root are re-exported there.
        modules.extend(names.into_iter().filter_map(until_sign).filter(|name| name.starts_with(char::is_lowercase)));
    }
    modules
}

/// The parts of a group of imports, from after its brace on.
fn parts(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (index, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                parts.push(group[start..index].trim());
                start = index + 1;
                if sign == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    parts
}
