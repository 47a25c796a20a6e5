//! The tests that docs/parity.md names: each of them must be there.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_test_that_parity_names_exists() {
    let page = fs::read_to_string(root().join("docs/parity.md")).unwrap();
    let named: Vec<&str> = page.split('`').skip(1).step_by(2).filter(|name| is_test(name)).collect();
    assert!(named.len() > 30, "the names were not found: {named:?}");
    let missing: Vec<&str> = named.into_iter().filter(|name| !exists(name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// What is said to be there has a test, or is a matter of what is not there.
#[test]
fn what_parity_calls_the_same_has_a_test() {
    let page = fs::read_to_string(root().join("docs/parity.md")).unwrap();
    let rows: Vec<Vec<&str>> = page.lines().filter_map(cells).collect();
    assert!(rows.len() > 30, "the rows were not found");
    for row in rows {
        let [feature, _, status, tests] = row.as_slice() else { panic!("four cells: {row:?}") };
        assert!(["same", "otherwise", "in part", "not yet"].contains(status), "{feature}: {status}");
        let must_have_one = matches!(*status, "same" | "in part");
        assert!(!must_have_one || !tests.is_empty(), "{feature}: no test");
    }
}

#[test]
fn a_name_of_no_test_is_found_out() {
    assert!(exists("suite::session::one_row_is_one_entity"));
    assert!(!exists("suite::session::one_row_is_two_entities"));
    assert!(!exists("suite::nowhere::one_row_is_one_entity"));
    assert!(exists("derive/tests/ui/with.rs") && !exists("derive/tests/ui/without.rs"));
}

/// The cells of a row of a table, but not of its head.
fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.strip_prefix("| ")?.strip_suffix('|')?;
    let is_head = row.starts_with("---") || row.starts_with("SQLAlchemy |");
    (!is_head).then(|| row.split('|').map(str::trim).collect())
}

fn is_test(name: &str) -> bool {
    ["suite::", "sql::", "derive/tests/"].iter().any(|start| name.starts_with(start))
}

fn exists(name: &str) -> bool {
    let Some((module, function)) = name.rsplit_once("::") else { return root().join(name).exists() };
    let file = root().join("tests/it").join(module.replace("::", "/")).with_extension("rs");
    let source = fs::read_to_string(file).unwrap_or_default();
    let starts = [format!("async fn {function}("), format!("fn {function}(")];
    let mut lines = source.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let follows = lines.peek().is_some_and(|next| starts.iter().any(|start| next.starts_with(start.as_str())));
        if follows && (line == "#[creole::test]" || line == "#[test]") {
            return true;
        }
    }
    false
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}
