//! Where a list of values stands in a text of the program's own.

/// Where a list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sql) enum ListPlace {
    /// It is the whole of `IN (…)`.
    WholeOfIn,
    /// It stands in `IN (…)` beside other values.
    PartOfIn,
    /// It stands elsewhere, as among the arguments of a function.
    Elsewhere,
}

/// The signs that begin a comment which ends with the line.
#[derive(Clone, Copy)]
enum LineComments {
    Dashes,
    /// `#` too, which is an operator on some databases.
    DashesAndHash,
}

impl ListPlace {
    /// Looks at the text before a list and at that after it. What one reading of `#` takes for `IN (` is taken for it: a list that
    /// is thought to stand elsewhere might be another list than it says, one that is thought to stand there is an error at most.
    pub(in crate::sql) fn of(before: &str, after: &str) -> ListPlace {
        let readings = [LineComments::Dashes, LineComments::DashesAndHash];
        let opened = readings.into_iter().filter_map(|comments| within_in(before, comments)).max();
        let is_last = || readings.into_iter().any(|comments| blank_end(after, comments).starts_with(')'));
        match opened {
            None => ListPlace::Elsewhere,
            Some(Opened::Now) if is_last() => ListPlace::WholeOfIn,
            Some(_) => ListPlace::PartOfIn,
        }
    }
}

/// How long ago a parenthesis was opened.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Opened {
    Before,
    /// Nothing but blanks and comments follow it.
    Now,
}

/// How the innermost open parenthesis was opened, if it is that of an IN.
fn within_in(text: &str, comments: LineComments) -> Option<Opened> {
    let mut open: Vec<(bool, usize)> = Vec::new();
    let mut last_word = "";
    let mut rest = text;
    let mut last_sign = 0;
    loop {
        rest = blank_end(rest, comments);
        let position = text.len() - rest.len();
        let Some(letter) = rest.chars().next() else { break };
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
        let (token, after) = match letter {
            '\'' | '"' | '`' => rest.split_at(quoted(rest, letter)),
            letter if is_part(letter) => rest.split_at(rest.find(|letter| !is_part(letter)).unwrap_or(rest.len())),
            _ => rest.split_at(letter.len_utf8()),
        };
        match token {
            "(" => open.push((last_word.eq_ignore_ascii_case("in"), position)),
            ")" => _ = open.pop(),
            _ => {}
        }
        last_word = token;
        last_sign = position;
        rest = after;
    }
    match open.last() {
        Some((true, position)) if *position == last_sign => Some(Opened::Now),
        Some((true, _)) => Some(Opened::Before),
        _ => None,
    }
}

/// The text without the blanks and comments that it begins with.
fn blank_end(mut text: &str, comments: LineComments) -> &str {
    loop {
        text = text.trim_start();
        let is_line =
            text.starts_with("--") || (matches!(comments, LineComments::DashesAndHash) && text.starts_with('#'));
        text = if is_line {
            text.split_once('\n').map_or("", |(_, after)| after)
        } else if let Some(comment) = text.strip_prefix("/*") {
            comment.split_once("*/").map_or("", |(_, after)| after)
        } else {
            return text;
        };
    }
}

/// The length of what stands between quotes, with them; a quote in it is written twice.
fn quoted(text: &str, quote: char) -> usize {
    let mut inner = text.char_indices().skip(1).filter(|(_, letter)| *letter == quote).map(|(position, _)| position);
    while let Some(end) = inner.next() {
        if !text.get(end + 1..).is_some_and(|after| after.starts_with(quote)) {
            return end + 1;
        }
        inner.next();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_of_an_in_is_found_after_comments_too() {
        for before in [
            "id in (",
            "id NOT IN(",
            "id\nIn\n(\n",
            "in (",
            "id in ( -- the ids\n",
            "id in /* all */ ( /* of them */ ",
            "id in -- (\n(",
            "id in ( # it's\n",
            "a #> '{b}' in (",
            "f('(', \"it's\", ')') in (",
            "name in ('a)', 'b') and id in (",
            "'it''s (' = a and id in (",
        ] {
            for after in [")", " ) ", "-- the end\n)", "/* all */)"] {
                assert_eq!(ListPlace::of(before, after), ListPlace::WholeOfIn, "{before}…{after}");
            }
            assert_eq!(ListPlace::of(before, ", 1)"), ListPlace::PartOfIn, "{before}");
        }
    }

    #[test]
    fn a_list_beside_others_is_told_from_one_elsewhere() {
        for before in ["id in (1, ", "id in (1, -- in (\n", "id in (coalesce(1, 2), "] {
            assert_eq!(ListPlace::of(before, ")"), ListPlace::PartOfIn, "{before}");
        }
        for before in
            ["min(", "coalesce (", "in", "_in (", "id in (coalesce(", "'in (", "-- in (", "(in) (", "\"in\" (", ""]
        {
            assert_eq!(ListPlace::of(before, ")"), ListPlace::Elsewhere, "{before}");
        }
    }
}
