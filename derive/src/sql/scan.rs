//! Where in a text the braces are, and where the Rust between them ends.

/// A piece of the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    /// Text as it stands.
    Text(&'t str),
    /// A doubled brace: one of them is text.
    Brace(char),
    /// What stands between braces.
    Rust(&'t str),
    /// An opening brace that nothing closes.
    Unclosed,
    /// A closing brace that nothing opened.
    Unopened,
}

/// The pieces of a text in their order. The scan ends at a brace that nothing closes.
pub(super) fn pieces(mut text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while let Some(at) = text.find(['{', '}']) {
        let (before, rest) = text.split_at(at);
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        if let Some(after) = rest.strip_prefix("{{") {
            pieces.push(Piece::Brace('{'));
            text = after;
        } else if let Some(after) = rest.strip_prefix("}}") {
            pieces.push(Piece::Brace('}'));
            text = after;
        } else if let Some(after) = rest.strip_prefix('}') {
            pieces.push(Piece::Unopened);
            text = after;
        } else {
            let inside = rest.strip_prefix('{').unwrap_or(rest);
            let Some(end) = closing_brace(inside) else {
                pieces.push(Piece::Unclosed);
                return pieces;
            };
            let (rust, after) = inside.split_at(end);
            pieces.push(Piece::Rust(rust));
            text = after.strip_prefix('}').unwrap_or(after);
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

/// Where the brace stands that closes the one before `rust`: not one of a block, and not one in a Rust literal.
fn closing_brace(rust: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(next) = rust.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = rust.get(at..)?;
        match next {
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            '{' => depth += 1,
            _ => {}
        }
        at += literal(rest).unwrap_or(next.len_utf8());
    }
    None
}

/// How long the literal is that a text begins with, if it begins with one that may hold braces.
fn literal(text: &str) -> Option<usize> {
    if let Some(inside) = text.strip_prefix('"') {
        return quoted(inside, '"').map(|length| length + 1);
    }
    if let Some(after) = text.strip_prefix('r') {
        let hashes = after.chars().take_while(|&letter| letter == '#').count();
        let inside = after.get(hashes..)?.strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        return inside.find(&end).map(|length| 1 + hashes + 1 + length + end.len());
    }
    // Anything else after a single quote is a lifetime.
    let inside = text.strip_prefix('\'')?;
    let first = inside.chars().next()?;
    let is_char = first == '\\' || inside.get(first.len_utf8()..)?.starts_with('\'');
    if is_char { quoted(inside, '\'').map(|length| length + 1) } else { None }
}

/// How many bytes there are up to the closing quote, and with it.
fn quoted(inside: &str, quote: char) -> Option<usize> {
    let mut is_escaped = false;
    for (at, letter) in inside.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            letter if letter == quote => return Some(at + letter.len_utf8()),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_paired_as_rust_pairs_them() {
        use Piece::{Brace, Rust, Text, Unclosed, Unopened};
        let cases: [(&str, &[Piece<'_>]); 10] = [
            ("select 1", &[Text("select 1")]),
            ("a {b} c", &[Text("a "), Rust("b"), Text(" c")]),
            ("{{{x}}}", &[Brace('{'), Rust("x"), Brace('}')]),
            ("{f(|x| { x })}", &[Rust("f(|x| { x })")]),
            (r#"{"}"}'{x}'"#, &[Rust(r#""}""#), Text("'"), Rust("x"), Text("'")]),
            ("{'}'}{'\\''}", &[Rust("'}'"), Rust("'\\''")]),
            ("{r#\"}\"#}", &[Rust("r#\"}\"#")]),
            ("{f::<'a>()}", &[Rust("f::<'a>()")]),
            ("a { b", &[Text("a "), Unclosed]),
            ("a } b", &[Text("a "), Unopened, Text(" b")]),
        ];
        for (text, expected) in cases {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }
}
