//! Names in backticks that error texts and notes of the compiler advise: each of them must be there to be used.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, iter};

/// Where texts of errors are written.
const SOURCES: [&str; 6] =
    ["core/src", "src", "dialect-sqlite/src", "dialect-postgres/src", "dialect-mysql/src", "derive/src"];

/// Words of Rust, names of other crates, and names that stand for any name.
const OTHERS: [&str; 28] = [
    "A",
    "B",
    "Database",
    "M",
    "None",
    "Option",
    "RawValue",
    "S",
    "Some",
    "String",
    "T",
    "Vec",
    "async",
    "await",
    "bool",
    "crate",
    "fn",
    "i64",
    "id",
    "impl",
    "map",
    "mut",
    "my_creole",
    "price_not_negative",
    "serde_json",
    "str",
    "struct",
    "tx",
];

#[test]
fn every_name_that_an_error_text_advises_exists() {
    let sources: Vec<(PathBuf, String)> = SOURCES.iter().flat_map(|folder| files(&root().join(folder))).collect();
    let mut advised = BTreeMap::new();
    for (path, source) in &sources {
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        for literal in literals(code).iter().filter(|literal| literal.contains(' ')) {
            for name in literal.split('`').skip(1).step_by(2).flat_map(names) {
                advised.entry(name).or_insert_with(|| format!("{}: {literal}", path.display()));
            }
        }
    }
    assert!(advised.len() > 100, "the texts were not found: {advised:?}");
    let is_defined =
        |name: &str| sources.iter().any(|(_, source)| lines_with(source, name).any(|line| defines(line, name)));
    advised.retain(|name, _| !OTHERS.contains(&name.as_str()) && !is_defined(name));
    assert!(advised.is_empty(), "{advised:#?}");
}

#[test]
fn the_test_can_fail() {
    let text = literals(
        r#"let a = 'x'; // "`no`"
        f("use `engine.nested(…)` or `Raw::trusted`, not \"`{value}`\"");"#,
    );
    let found: Vec<String> = text.iter().flat_map(|text| text.split('`').skip(1).step_by(2).flat_map(names)).collect();
    assert_eq!(found, ["engine", "nested", "Raw", "trusted"]);
    assert!(defines("    pub async fn nested(&mut self) {", "nested") && !defines("    self.nested();", "nested"));
    assert!(!defines("fn nested() {", "nested"), "a private function is no way out");
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if entry.is_dir() {
            found.extend(files(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&entry).unwrap();
            found.push((entry, source));
        }
    }
    found
}

/// The names in what stands between backticks, but for what is filled in or quoted there.
fn names(advice: &str) -> Vec<String> {
    let (mut found, mut name) = (Vec::new(), String::new());
    let (mut depth, mut is_quoted) = (0_usize, false);
    for sign in advice.chars().chain(iter::once(' ')) {
        let is_word = sign.is_ascii_alphanumeric() || sign == '_';
        if is_word && depth == 0 && !is_quoted {
            name.push(sign);
            continue;
        }
        if name.starts_with(|first: char| !first.is_ascii_digit()) {
            found.push(std::mem::take(&mut name));
        }
        name.clear();
        match sign {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '"' => is_quoted = !is_quoted,
            _ => {}
        }
    }
    found
}

/// The lines that a name stands in.
fn lines_with<'s>(source: &'s str, name: &str) -> impl Iterator<Item = &'s str> {
    let places: Vec<usize> = source.match_indices(name).map(|(at, _)| at).collect();
    places.into_iter().map(|at| {
        let start = source[..at].rfind('\n').map_or(0, |end| end + 1);
        source[start..].lines().next().unwrap_or_default()
    })
}

/// Whether a line defines a name that a program can use: an item, a method, a variant, or a word of an attribute.
fn defines(line: &str, name: &str) -> bool {
    let is_apart = |sign: Option<char>| !sign.is_some_and(|sign| sign.is_alphanumeric() || sign == '_');
    let is_indented = line.starts_with(' ');
    line.match_indices(name).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        if !is_apart(before.chars().next_back()) || !is_apart(after.chars().next()) {
            return false;
        }
        let before = before.trim_end();
        let is_item = ["fn", "struct", "enum", "trait", "type", "const", "mod", "static", "macro_rules!"]
            .iter()
            .any(|word| before.ends_with(word));
        let is_reachable = is_indented || line.starts_with("pub") || before.ends_with("macro_rules!");
        let is_variant =
            before.is_empty() && is_indented && name.starts_with(char::is_uppercase) && !after.starts_with("::");
        (is_item && is_reachable) || is_variant || (before.ends_with('"') && after.starts_with('"'))
    })
}

/// The string literals of a source, without what their escapes stand for.
fn literals(source: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), source);
    while let Some(sign) = rest.chars().next() {
        let mut passed = sign.len_utf8();
        if rest.starts_with("//") {
            passed = rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("r\"") || rest.starts_with("r#") {
            let hashes = rest[1..].chars().take_while(|&sign| sign == '#').count();
            let end = format!("\"{}", "#".repeat(hashes));
            if let Some(inside) = rest[1 + hashes..].strip_prefix('"') {
                let length = inside.find(&end).unwrap_or(inside.len());
                found.push(inside[..length].to_owned());
                passed = 1 + hashes + 1 + length + end.len();
            }
        } else if sign == '\'' {
            // A character; anything else is a lifetime.
            let mut signs = rest.chars().skip(1);
            let first = signs.next();
            if first == Some('\\') {
                passed = 2 + rest[3..].find('\'').map_or(0, |end| end + 2);
            } else if signs.next() == Some('\'') {
                passed = 2 + first.map_or(0, char::len_utf8);
            }
        } else if sign == '"' {
            let mut text = String::new();
            let mut signs = rest.char_indices().skip(1);
            while let Some((at, sign)) = signs.next() {
                passed = at + 1;
                match sign {
                    '"' => break,
                    '\\' => text.extend(signs.next().map(|(_, escaped)| escaped).filter(|escaped| *escaped != '\n')),
                    sign => text.push(sign),
                }
            }
            found.push(text);
        }
        rest = rest.get(passed..).unwrap_or_default();
    }
    found
}
