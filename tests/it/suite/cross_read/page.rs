//! The tables in `docs/types.md`.

use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

/// What came of reading a column as some type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Each value came back as it was.
    Exact,
    /// What fits the type came back as it was, the rest was refused.
    InRange,
    Refused,
}

/// The columns of the tables, shorter than the types' names.
const TYPES: &str = "| column | bool | i8 | i16 | i32 | i64 | u8 | u16 | u32 | u64 | f32 | f64 | Decimal | String | bytes | Uuid | Date | Time | DateTime | Instant | JSON |";

/// One test at a time writes the page.
static PAGE: Mutex<()> = Mutex::new(());

/// Compares a table with the page, or writes it there.
pub(super) fn check(backend: &str, matrix: &[(&str, Vec<Verdict>)]) {
    let _one = PAGE.lock().unwrap_or_else(PoisonError::into_inner);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/types.md");
    let page = std::fs::read_to_string(path).expect("docs/types.md");
    let (begin, end) = (format!("<!-- read on {backend} -->\n"), format!("<!-- end of {backend} -->"));
    let (before, rest) = page.split_once(&begin).expect("the place where the table begins");
    let (present, after) = rest.split_once(&end).expect("the place where the table ends");
    let found = table(matrix);
    if present == found {
        return;
    }
    if std::env::var_os("CREOLE_WRITE_DOCS").is_some() {
        std::fs::write(path, format!("{before}{begin}{found}{end}{after}")).expect("docs/types.md can be written");
        return;
    }
    panic!("docs/types.md says otherwise for {backend}; run this test with CREOLE_WRITE_DOCS=1:\n{found}");
}

fn table(matrix: &[(&str, Vec<Verdict>)]) -> String {
    let columns = TYPES.matches('|').count() - 1;
    let mut table = format!("{TYPES}\n|{}\n", " --- |".repeat(columns));
    for (column, verdicts) in matrix {
        let _ = write!(table, "| {column} |");
        for verdict in verdicts {
            table.push_str(match verdict {
                Verdict::Exact => " = |",
                Verdict::InRange => " ≤ |",
                Verdict::Refused => "  |",
            });
        }
        table.push('\n');
    }
    table
}
