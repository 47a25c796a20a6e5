//! What of a text is quoted, or a comment: a value in braces there would not be one.
//!
//! Databases do not agree on all of it: a backslash escapes on some, comments nest on some. So a text is read in each way. A
//! reading in which something is never closed is not the one that was meant, unless all are like that.

use super::scan::Piece;

/// What a value in braces stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inside {
    /// `'…'`
    Text,
    /// `"…"` or `` `…` ``
    Identifier,
    /// `$tag$ … $tag$`
    Dollars,
    /// `-- …` or `/* … */`
    Comment,
}

/// For each piece of Rust, in their order, what it stands in.
pub(super) fn insides(pieces: &[Piece<'_>]) -> Vec<Option<Inside>> {
    let units = units(pieces);
    let readings = [
        (Backslash::IsText, Comments::Nest),
        (Backslash::IsText, Comments::EndAtFirst),
        (Backslash::Escapes, Comments::Nest),
        (Backslash::Escapes, Comments::EndAtFirst),
    ];
    let readings = readings.map(|(backslash, comments)| Reading::of(&units, backslash, comments));
    let is_any_closed = readings.iter().any(|reading| reading.is_closed);
    let mut meant = readings.into_iter().filter(|reading| reading.is_closed || !is_any_closed);
    let mut found = meant.next().map(|reading| reading.found).unwrap_or_default();
    for reading in meant {
        for (found, other) in found.iter_mut().zip(reading.found) {
            *found = found.or(other);
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Backslash {
    IsText,
    Escapes,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comments {
    Nest,
    EndAtFirst,
}

/// A sign of the text, or a value in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Sign(char),
    Value,
}

fn units(pieces: &[Piece<'_>]) -> Vec<Unit> {
    let mut units = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => units.extend(text.chars().map(Unit::Sign)),
            Piece::Brace(brace) => units.push(Unit::Sign(*brace)),
            Piece::Rust(_) => units.push(Unit::Value),
            Piece::Unclosed | Piece::Unopened => {}
        }
    }
    units
}

/// One way to read a text.
struct Reading<'u> {
    units: &'u [Unit],
    at: usize,
    found: Vec<Option<Inside>>,
    /// Whether all that was opened was closed.
    is_closed: bool,
}

impl Reading<'_> {
    fn of(units: &[Unit], backslash: Backslash, comments: Comments) -> Reading<'_> {
        let mut reading = Reading { units, at: 0, found: Vec::new(), is_closed: true };
        while let Some(sign) = reading.next(None) {
            match sign {
                '\'' if reading.is_escape_string() => reading.quoted('\'', Inside::Text, Backslash::Escapes),
                '\'' => reading.quoted('\'', Inside::Text, backslash),
                '"' => reading.quoted('"', Inside::Identifier, backslash),
                '`' => reading.quoted('`', Inside::Identifier, Backslash::IsText),
                '-' if reading.take("-") => reading.line(),
                '#' if reading.begins_a_line() => reading.line(),
                '/' if reading.take("*") => reading.comment(comments),
                '$' => reading.dollars(),
                _ => {}
            }
        }
        reading
    }

    /// The next sign; values before it are noted as standing inside of what is given.
    fn next(&mut self, inside: Option<Inside>) -> Option<char> {
        loop {
            let unit = *self.units.get(self.at)?;
            self.at += 1;
            match unit {
                Unit::Sign(sign) => return Some(sign),
                Unit::Value => self.found.push(inside),
            }
        }
    }

    /// Passes over `text`, if it comes next.
    fn take(&mut self, text: &str) -> bool {
        let length = text.chars().count();
        let is_next =
            text.chars().enumerate().all(|(index, sign)| self.units.get(self.at + index) == Some(&Unit::Sign(sign)));
        if is_next {
            self.at += length;
        }
        is_next
    }

    /// The signs before the one just read, from the nearest on.
    fn before(&self) -> impl Iterator<Item = Unit> {
        self.units.iter().take(self.at.saturating_sub(1)).rev().copied()
    }

    /// `E'…'`
    fn is_escape_string(&self) -> bool {
        let mut before = self.before();
        matches!(before.next(), Some(Unit::Sign('e' | 'E'))) && !before.next().is_some_and(is_word)
    }

    /// `# …`, which is an operator elsewhere.
    fn begins_a_line(&self) -> bool {
        let is_blank = |unit: &Unit| matches!(unit, Unit::Sign(' ' | '\t'));
        let is_first = matches!(self.before().find(|unit| !is_blank(unit)), None | Some(Unit::Sign('\n')));
        is_first && self.units.get(self.at).is_some_and(is_blank)
    }

    /// Up to the closing quote; one written twice is text, which reads as two quotes side by side.
    fn quoted(&mut self, quote: char, inside: Inside, backslash: Backslash) {
        while let Some(sign) = self.next(Some(inside)) {
            match sign {
                '\\' if backslash == Backslash::Escapes => _ = self.next(Some(inside)),
                sign if sign == quote => return,
                _ => {}
            }
        }
        self.is_closed = false;
    }

    fn line(&mut self) {
        while self.next(Some(Inside::Comment)).is_some_and(|sign| sign != '\n') {}
    }

    fn comment(&mut self, comments: Comments) {
        let mut depth = 1_usize;
        while let Some(sign) = self.next(Some(Inside::Comment)) {
            match sign {
                '*' if self.take("/") => depth -= 1,
                '/' if comments == Comments::Nest && self.take("*") => depth += 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
        self.is_closed = false;
    }

    /// Where the sign just read begins `$tag$`, up to its like.
    fn dollars(&mut self) {
        if self.before().next().is_some_and(is_word) {
            return;
        }
        let mut tag = String::from("$");
        for unit in self.units.iter().skip(self.at) {
            match *unit {
                Unit::Sign('$') => break,
                Unit::Sign(sign) if sign.is_alphabetic() || sign == '_' || (tag.len() > 1 && sign.is_ascii_digit()) => {
                    tag.push(sign);
                }
                _ => return,
            }
        }
        tag.push('$');
        // The first of its signs has been read.
        if !self.take(tag.get(1..).unwrap_or_default()) {
            return;
        }
        while let Some(sign) = self.next(Some(Inside::Dollars)) {
            if sign == '$' && self.take(tag.get(1..).unwrap_or_default()) {
                return;
            }
        }
        self.is_closed = false;
    }
}

fn is_word(unit: Unit) -> bool {
    matches!(unit, Unit::Sign(sign) if sign.is_alphanumeric() || matches!(sign, '_' | '$'))
}

#[cfg(test)]
mod tests {
    use super::super::scan::pieces;
    use super::*;

    #[test]
    fn quotes_and_comments_of_all_databases_are_found() {
        use Inside::{Comment, Dollars, Identifier, Text};
        let cases: [(&str, &[Option<Inside>]); 30] = [
            ("a = {x} and b = {y}", &[None, None]),
            ("a = '{x}'", &[Some(Text)]),
            ("a like '%{x}%' and b = {y}", &[Some(Text), None]),
            ("a = 'it''s' and b = {x}", &[None]),
            ("a = 'it''s {x}'", &[Some(Text)]),
            ("'{{\"a\": 1}}' = {x}", &[None]),
            ("\"a{x}\" = {y}", &[Some(Identifier), None]),
            ("`a{x}` = {y}", &[Some(Identifier), None]),
            ("1 -- it's {x}\n, {y}", &[Some(Comment), None]),
            ("1 -- {x}", &[Some(Comment)]),
            ("/* it's {x} */ {y}", &[Some(Comment), None]),
            ("/* a /* b */ {x} */ {y}", &[Some(Comment), None]),
            ("/* a /* b */ {x}", &[None]),
            ("a #>> '{{b}}' = {x}", &[None]),
            ("a # {x}", &[None]),
            ("  # it's {x}\n {y}", &[Some(Comment), None]),
            ("$$ it's {x} $$ {y}", &[Some(Dollars), None]),
            ("$tag$ $$ {x} $tag$ {y}", &[Some(Dollars), None]),
            ("a$b$c {x} $b$", &[None]),
            ("$1 {x} $2", &[None]),
            ("E'it\\'s' {x}", &[None]),
            ("E'it\\'s {x}'", &[Some(Text)]),
            // Of two readings that close all they open, neither may be the one in which a value is text.
            ("'it\\'s' {x}", &[None]),
            ("a like '!\\' escape '\\' and b = {x}", &[None]),
            ("'a\\' {x} \\''", &[Some(Text)]),
            ("'a\\\\' {x}", &[None]),
            ("a = '{x}", &[Some(Text)]),
            ("a[{x}] = {y}::text", &[None, None]),
            ("'a' {x} 'b' {y}", &[None, None]),
            ("5 - -{x} /* y */", &[None]),
        ];
        for (text, expected) in cases {
            assert_eq!(insides(&pieces(text)), expected, "{text}");
        }
    }
}
