//! JSON documents read without loss: numbers keep their digits.

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::decimal_text;

/// How deeply a document may nest; SQLite itself reads documents to a depth of a thousand.
const DEEPEST: usize = 1_000;

/// A document.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node<'a> {
    Null,
    Bool(bool),
    /// The digits, as they are written.
    Number(&'a str),
    Text(Cow<'a, str>),
    Array(Vec<Node<'a>>),
    /// Of a key that is there several times only the first, which is the one that SQLite finds.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// Reads a document; `None` where the text is none.
    pub(super) fn parse(text: &'a str) -> Option<Node<'a>> {
        let mut reader = Reader { rest: text };
        let node = reader.node(0)?;
        reader.blanks();
        reader.rest.is_empty().then_some(node)
    }

    /// Whether two documents are equal, by type and value.
    pub(super) fn is_equal(&self, other: &Node<'_>) -> bool {
        match (self, other) {
            (Node::Null, Node::Null) => true,
            (Node::Bool(a), Node::Bool(b)) => a == b,
            (Node::Number(a), Node::Number(b)) => decimal_text::compare(a, b) == Ordering::Equal,
            (Node::Text(a), Node::Text(b)) => a == b,
            (Node::Array(a), Node::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.is_equal(b)),
            (Node::Object(a), Node::Object(b)) => {
                a.len() == b.len() && b.iter().all(|(key, b)| self.get(key).is_some_and(|a| a.is_equal(b)))
            }
            _ => false,
        }
    }

    /// Whether the other document is part of this one, as PostgreSQL's `@>` has it.
    pub(super) fn contains(&self, part: &Node<'_>) -> bool {
        match (self, part) {
            (Node::Array(items), Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_)) => {
                items.iter().any(|item| item.is_equal(part))
            }
            _ => self.holds(part),
        }
    }

    /// The same, but an array holds no single value: only the outermost one does.
    fn holds(&self, part: &Node<'_>) -> bool {
        match (self, part) {
            (Node::Array(items), Node::Array(parts)) => {
                parts.iter().all(|part| items.iter().any(|item| item.holds(part)))
            }
            (Node::Object(_), Node::Object(parts)) => {
                parts.iter().all(|(key, part)| self.get(key).is_some_and(|value| value.holds(part)))
            }
            _ => self.is_equal(part),
        }
    }

    fn get(&self, key: &str) -> Option<&Node<'a>> {
        let Node::Object(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn node(&mut self, depth: usize) -> Option<Node<'a>> {
        self.blanks();
        if depth > DEEPEST {
            return None;
        }
        match self.rest.as_bytes().first()? {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => self.text().map(Node::Text),
            b't' => self.take("true").map(|()| Node::Bool(true)),
            b'f' => self.take("false").map(|()| Node::Bool(false)),
            b'n' => self.take("null").map(|()| Node::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Node<'a>> {
        self.take("{")?;
        let mut entries: Vec<(Cow<'a, str>, Node<'a>)> = Vec::new();
        self.blanks();
        if self.take("}").is_some() {
            return Some(Node::Object(entries));
        }
        loop {
            self.blanks();
            let key = self.text()?;
            self.blanks();
            self.take(":")?;
            let value = self.node(depth + 1)?;
            if entries.iter().all(|(other, _)| *other != key) {
                entries.push((key, value));
            }
            self.blanks();
            if self.take(",").is_none() {
                self.take("}")?;
                return Some(Node::Object(entries));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Node<'a>> {
        self.take("[")?;
        let mut items = Vec::new();
        self.blanks();
        if self.take("]").is_some() {
            return Some(Node::Array(items));
        }
        loop {
            items.push(self.node(depth + 1)?);
            self.blanks();
            if self.take(",").is_none() {
                self.take("]")?;
                return Some(Node::Array(items));
            }
        }
    }

    /// A string without its quotes and escapes.
    fn text(&mut self) -> Option<Cow<'a, str>> {
        self.take("\"")?;
        let end = self.rest.find(['"', '\\'])?;
        let (plain, rest) = self.rest.split_at_checked(end)?;
        if rest.starts_with('"') {
            self.rest = rest;
            self.take("\"")?;
            return Some(Cow::Borrowed(plain));
        }
        self.rest = rest;
        let mut text = plain.to_owned();
        loop {
            let mut letters = self.rest.chars();
            let letter = letters.next()?;
            self.rest = letters.as_str();
            match letter {
                '"' => return Some(Cow::Owned(text)),
                '\\' => text.push(self.escaped()?),
                letter => text.push(letter),
            }
        }
    }

    /// The character that an escape stands for, after the backslash.
    fn escaped(&mut self) -> Option<char> {
        let mut letters = self.rest.chars();
        let letter = letters.next()?;
        self.rest = letters.as_str();
        Some(match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = self.four_digits()?;
                let Some(letter) = char::from_u32(first) else {
                    self.take("\\u")?;
                    let pair = [u16::try_from(first).ok()?, u16::try_from(self.four_digits()?).ok()?];
                    return char::decode_utf16(pair).next()?.ok();
                };
                letter
            }
            _ => return None,
        })
    }

    fn four_digits(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(4)?;
        self.rest = rest;
        u32::from_str_radix(digits, 16).ok()
    }

    fn number(&mut self) -> Option<Node<'a>> {
        let is_part = |letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '+' | '.' | 'e' | 'E');
        let end = self.rest.find(|letter| !is_part(letter)).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        decimal_text::Number::parse(digits).map(|_| Node::Number(digits))
    }

    fn take(&mut self, text: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(text)?;
        Some(())
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(text: &str) -> Node<'_> {
        Node::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn equal_documents_are_equal_however_they_are_written() {
        for (a, b) in [
            (r#"{"a": 1, "b": [true, null]}"#, r#"{"b":[true,null],"a":1.0}"#),
            (r#""é😀\n""#, r#""\u00e9\ud83d\ude00\u000a""#),
            ("1e2", "100"),
            (r#"{"\u0061":1,"a":2}"#, r#"{"a":1}"#),
        ] {
            assert!(node(a).is_equal(&node(b)), "{a} {b}");
        }
        for (a, b) in [
            ("1", "\"1\""),
            ("18446744073709551615", "18446744073709551614"),
            ("true", "1"),
            ("[1,2]", "[2,1]"),
            ("{}", "[]"),
            (r#"{"a":null}"#, "{}"),
        ] {
            assert!(!node(a).is_equal(&node(b)), "{a} {b}");
        }
    }

    #[test]
    fn what_postgres_holds_is_held() {
        for (whole, part, held) in [
            ("[1,2]", "1", true),
            ("[[1,2]]", "[[1]]", true),
            (r#"{"a":[1,2]}"#, r#"{"a":1}"#, false),
            (r#"{"a":[1,2]}"#, r#"{"a":[1]}"#, true),
            (r#""A""#, r#""a""#, false),
            ("1.0", "1", true),
            (r#"[{"a":1,"b":2}]"#, r#"[{"a":1}]"#, true),
            (r#"{"a":{"b":1,"c":2}}"#, r#"{"a":{"b":1}}"#, true),
            ("[1]", "[1,1]", true),
            ("[[1]]", "1", false),
            ("1", "[1]", false),
            ("[1]", "[]", true),
            ("1", "[]", false),
        ] {
            assert_eq!(node(whole).contains(&node(part)), held, "{whole} {part}");
        }
    }

    #[test]
    fn what_is_no_document_is_not_read() {
        for text in ["", "{", "[1,]", "{\"a\"}", "\"a", "\"\\x\"", "\"\\ud800\"", "1 2", "tru", "-"] {
            assert_eq!(Node::parse(text), None, "{text}");
        }
        assert_eq!(Node::parse(&"[".repeat(100_000)), None);
    }
}
