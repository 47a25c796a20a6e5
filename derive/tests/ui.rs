//! What a newcomer reads who uses the derive or the typed columns wrongly: the compiler's whole text, checked in.
//!
//! `TRYBUILD=overwrite cargo test -p creole-derive --test ui` writes the texts anew.
#![allow(missing_docs)]

use std::io::Write as _;
use std::process::Command;

/// The texts are those of this release; others word and wrap them differently.
const RELEASE: &str = "rustc 1.95.";

/// How many lines a text about a query has at most.
const LONGEST: usize = 15;

#[test]
fn wrong_uses_get_the_texts_that_are_checked_in() {
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(compiler).arg("--version").output().unwrap();
    let version = String::from_utf8_lossy(&output.stdout);
    if !version.starts_with(RELEASE) {
        let reason = format!("ignored: the texts of tests/ui are those of {RELEASE}x, this is {version}");
        // The test harness shows what is written this way for tests that pass, too.
        std::io::stderr().write_all(reason.as_bytes()).unwrap();
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

/// What is wrong with a query is said on half a page.
#[test]
fn texts_about_queries_are_short() {
    for entry in std::fs::read_dir("tests/ui").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("query_") || !name.ends_with(".stderr") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for message in text.split("\n\n") {
            let lines = message.trim_end().lines().count();
            assert!(lines <= LONGEST, "{lines} lines in {name}:\n{message}");
        }
    }
}
