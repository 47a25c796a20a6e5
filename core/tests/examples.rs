//! What a program can name has an example in its documentation.
//!
//! The test reads the sources. What implementers answer, methods of a trait without a body, and what only the derive or a macro calls
//! need none.

mod support;

use std::collections::BTreeSet;

use support::sources;

/// The modules and files that programs use. `sql`, `dialect`, `driver` and `catalog` are for dialects.
const USED: &[&str] = &[
    "error",
    "exec",
    "inspect",
    "model",
    "pool/options.rs",
    "query",
    "schema",
    "session",
    "tables",
    "transaction.rs",
    "types",
];

/// Items without an example, by file, with the reason.
const EXCEPTIONS: &[(&str, &[&str])] = &[
    // Dialects make these out of what a server reports.
    (
        "error/server.rs",
        &["Diagnosis", "Names", "RawError", "new", "out_of_numbers", "with_effect", "with_guessed_names", "with_key"],
    ),
    ("error/server.rs", &["with_columns", "with_constraint", "with_reference", "with_table", "with_words_about_text"]),
    // Marker types, and traits that only say of a type what it can: the example is at the function that asks for it.
    ("model/key.rs", &["RefersTo"]),
    ("schema/link.rs", &["Through"]),
    ("model/cardinality.rs", &["Cardinality", "Decoded", "HandOut", "Misfit", "Owners", "ToOne"]),
    ("query/expr/functions.rs", &["Argument", "Fixed", "HasDay", "HasTime"]),
    ("query/expr/any_all.rs", &["Several"]),
    ("query/expr/index_term.rs", &["IndexTerm"]),
    ("query/expr/row_value.rs", &["RowOperand"]),
    ("query/json/field.rs", &["JsonArray", "JsonFields"]),
    ("query/json/update.rs", &["MergeTarget"]),
    ("query/raw/interpolate.rs", &["Bound", "Node"]),
    ("query/load/each.rs", &["LoadEach", "Ninth", "PushLoad", "hides_keys"]),
    ("query/load/load.rs", &["LoadOn", "check"]),
    ("query/load/gather.rs", &["Gather", "GatheredKeys"]),
    ("query/load/joined.rs", &["GatheredRows"]),
    ("query/load/keys.rs", &["KeyColumns", "Keys"]),
    ("query/load/rows_at_hand.rs", &["ModelOf"]),
    ("query/load/rows_of.rs", &["NoModel", "OneRowEach", "RowsOf"]),
    // What the derive of a projection makes is used by `Projection`, `Projected` and `project`, which have the examples.
    ("query/projection/field.rs", &["AndThen", "Field", "ReadSlots", "SomeRelations"]),
    ("query/projection/field_list.rs", &["Fields", "field", "finish", "new"]),
    ("query/projection/parts.rs", &["GatheredParts", "Parts", "Unbuilt"]),
    ("query/projection/read_as.rs", &["ReadAs"]),
    // The examples are at the clauses of `Select`.
    (
        "query/load/with_clauses.rs",
        &[
            "count",
            "cursor",
            "cursor_from",
            "distinct",
            "exists",
            "filter",
            "filter_some",
            "first_page",
            "for_share",
            "for_update",
            "join",
            "limit",
            "offset",
            "only_deleted",
            "order_by",
            "page_after",
            "timeout",
            "with_deleted",
        ],
    ),
    ("query/select/selection.rs", &["Presence", "of"]),
    ("query/select/values.rs", &["Cell", "ValuesRow"]),
    ("query/write/insert/from_select.rs", &["InsertColumns"]),
    ("query/write/insert/mod.rs", &["Listed", "ManyRows", "OneRow", "Selected"]),
    ("query/write/upsert/target.rs", &["ColumnList"]),
    ("types/sql_type.rs", &["Fits"]),
    // What crosses the seam, and what reads it there.
    ("query/run/query.rs", &["access", "at_most", "columns", "run"]),
    ("query/run/row_reading.rs", &["Columns"]),
    ("query/select/selection.rs", &["presence"]),
    ("types/array.rs", &["Elements"]),
    ("types/json/text.rs", &["JsonSource"]),
    ("types/row.rs", &["Row", "is_empty"]),
    ("types/sql_type.rs", &["assign", "decode"]),
    // Tables and their parts are made by the derive and read by dialects.
    ("model/all.rs", &["new"]),
    ("model/model.rs", &["on_update"]),
    ("query/expr/typed.rs", &["new"]),
    (
        "schema/column.rs",
        &[
            "auto",
            "collated",
            "comment",
            "exact_time",
            "kept_as",
            "new",
            "nullable",
            "nullable_as",
            "on_update",
            "server_default",
            "written_once",
        ],
    ),
    ("schema/soft_delete.rs", &["is_deleted", "new", "value"]),
    ("schema/column.rs", &["sql", "value"]),
    (
        "schema/index.rs",
        &["IndexPart", "column", "column_place", "columns", "filter", "name", "named", "new", "unique"],
    ),
    ("schema/key.rs", &["name", "named", "new", "on_delete", "on_update", "sql"]),
    ("schema/table.rs", &["is_numbered", "on_update", "place_of", "update_defaults"]),
    (
        "schema/table.rs",
        &[
            "checks",
            "comment",
            "foreign_keys",
            "indexes",
            "primary_key",
            "relations",
            "schema",
            "soft_delete",
            "uniques",
            "version",
        ],
    ),
    // The example is where the macro is used, for each statement its own.
    ("query/write/target.rs", &["join", "left_join"]),
];

#[test]
fn what_programs_use_has_an_example() {
    let mut without = BTreeSet::new();
    for (file, source) in sources().unwrap() {
        if USED.iter().any(|used| file.starts_with(used)) {
            without.extend(items_without_example(&source).into_iter().map(|item| (file.clone(), item)));
        }
    }
    let exceptions: BTreeSet<_> = EXCEPTIONS
        .iter()
        .flat_map(|(file, items)| items.iter().map(|item| (file.to_string(), item.to_string())))
        .collect();
    let missing: Vec<_> = without.difference(&exceptions).collect();
    assert!(missing.is_empty(), "give these an example: {missing:#?}");
    let needless: Vec<_> = exceptions.difference(&without).collect();
    assert!(needless.is_empty(), "these are no exceptions: {needless:#?}");
}

#[test]
fn items_are_found_with_their_documentation() {
    let source = "/// Has one.\n/// ```\n/// ```\npub struct A;\n/// Has none.\n#[must_use]\npub fn b() {}\npub trait C {\n    /// Is \
                  answered.\n    fn d(\n        self,\n    );\n    /// Has a body.\n    fn e(self) {\n    }\n}\n/// The derive writes \
                  calls to it.\npub const fn f() {}\n";
    assert_eq!(items_without_example(source), ["b", "C", "e"]);
}

/// The public items of a file whose documentation has no example.
fn items_without_example(source: &str) -> Vec<String> {
    let lines: Vec<&str> = source.lines().take_while(|line| *line != "#[cfg(test)]").collect();
    let (mut without, mut docs, mut in_trait) = (Vec::new(), String::new(), false);
    for (index, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        if let Some(text) = code.strip_prefix("///") {
            docs += text;
            continue;
        }
        let is_public = code.starts_with("pub ");
        in_trait = (in_trait && *line != "}") || (line.starts_with("pub trait ") && !line.ends_with("{}"));
        let is_answered = in_trait && !is_public && has_no_body(lines.iter().skip(index));
        let needs_none =
            ["```", "derive writes", "macro `sql!` writes", " See [`"].iter().any(|sign| docs.contains(sign));
        if let Some(name) = name_of_item(code)
            && (is_public || (in_trait && line.starts_with("    fn ")))
            && !needs_none
            && !is_answered
        {
            without.push(name.to_owned());
        }
        // Attributes, also those of several lines, stand between an item and its documentation.
        let is_attribute =
            code.starts_with("#[") || code.starts_with("//") || code.starts_with(")]") || code.contains(" = \"");
        if !is_attribute {
            docs.clear();
        }
    }
    without
}

fn name_of_item(code: &str) -> Option<&str> {
    let code = ["pub ", "const ", "async "].iter().fold(code, |code, word| code.strip_prefix(word).unwrap_or(code));
    let kinds = ["fn ", "struct ", "enum ", "trait "];
    let name = kinds.iter().find_map(|kind| code.strip_prefix(kind))?;
    name.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next()
}

/// Whether the signature that begins here ends without a body.
fn has_no_body<'l>(mut lines: impl Iterator<Item = &'l &'l str>) -> bool {
    lines.find(|line| line.ends_with(['{', ';', '}'])).is_some_and(|line| line.ends_with(';'))
}
