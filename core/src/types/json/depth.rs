//! How deeply a document nests: databases and parsers each have a limit.

use serde_json::Value as Tree;

/// How deeply a document may nest for `serde_json` to read it again.
pub(crate) const DEEPEST: usize = 127;

/// The depth of a tree, found without recursion; a text or a number alone has none.
pub(in crate::types) fn of_tree(tree: &Tree) -> usize {
    let mut deepest = 0;
    let mut open = vec![(tree, 0)];
    while let Some((node, depth)) = open.pop() {
        match node {
            Tree::Array(items) => {
                deepest = deepest.max(depth + 1);
                open.extend(items.iter().map(|item| (item, depth + 1)));
            }
            Tree::Object(entries) => {
                deepest = deepest.max(depth + 1);
                open.extend(entries.values().map(|value| (value, depth + 1)));
            }
            _ => {}
        }
    }
    deepest
}

/// The depth of brackets outside of strings, which is all that depth is.
pub(in crate::types) fn of_text(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_outside_of_strings() {
        assert_eq!(of_text(r#"{"a[[": ["\"[", {"b": 1}]}"#), 3);
        assert_eq!(of_tree(&serde_json::json!({"a[[": ["\"[", {"b": 1}]})), 3);
        assert_eq!(of_text("1"), 0);
    }

    #[test]
    fn what_is_as_deep_as_allowed_is_read_again() {
        let deep = |levels: usize| format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(of_text(&deep(DEEPEST)), DEEPEST);
        assert!(serde_json::from_str::<Tree>(&deep(DEEPEST)).is_ok());
        assert!(serde_json::from_str::<Tree>(&deep(DEEPEST + 1)).is_err());
    }
}
