//! The words of SQL.

/// A word of SQL, and where it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span<'a> {
    /// The word.
    pub token: Token<'a>,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
}

/// A word of SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token<'a> {
    /// A keyword or a name without quotes.
    Word(&'a str),
    /// A name in quotes, without them.
    Name(String),
    /// A text, without its quotes.
    Text(String),
    /// Bytes, as hexadecimal digits in lower case.
    Bytes(String),
    /// A number without a sign.
    Number(&'a str),
    /// An operator or a punctuation mark.
    Sign(&'a str),
}

/// How a quote is written within a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strings {
    /// Twice.
    Doubled,
    /// Twice, or after a backslash, which takes the next character literally.
    Backslash,
}

/// Signs of more than one character, the longer before those they begin with.
const SIGNS: [&str; 27] = [
    "!~~*", "!~*", "!~~", "!~", "~*", "&&", "@@", "^@", "?|", "?&", "<=>", "->>", "#>>", "~~*", "<=", ">=", "<>", "!=",
    "::", "||", "~~", "->", "#>", "@>", "<@", "<<", ">>",
];

/// The words of a text. Nothing is left out but blanks and comments; a quote that is not closed reaches to the end.
pub fn tokens(sql: &str, strings: Strings) -> Vec<Span<'_>> {
    let mut scanner = Scanner { sql, at: 0, strings };
    let mut spans = Vec::new();
    loop {
        scanner.skip_blanks();
        let start = scanner.at;
        let Some(token) = scanner.next() else { return spans };
        spans.push(Span { token, start, end: scanner.at });
    }
}

struct Scanner<'a> {
    sql: &'a str,
    at: usize,
    strings: Strings,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        self.sql.get(self.at..).unwrap_or_default()
    }

    /// Takes that many bytes, which end where a character does.
    fn take(&mut self, length: usize) -> &'a str {
        let taken = self.rest().get(..length).unwrap_or_default();
        self.at += length;
        taken
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        self.take(rest.find(|character| !belongs(character)).unwrap_or(rest.len()))
    }

    fn skip_blanks(&mut self) {
        loop {
            self.take_while(char::is_whitespace);
            let rest = self.rest();
            if rest.starts_with("--") {
                self.take_while(|character| character != '\n');
            } else if rest.starts_with("/*") {
                self.take(rest.find("*/").map_or(rest.len(), |end| end + 2));
            } else {
                return;
            }
        }
    }

    fn next(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        if first.is_ascii_digit() || is_fraction(rest) {
            return Some(self.number());
        }
        match first {
            '\'' => Some(Token::Text(self.quoted('\'', self.strings))),
            '"' | '`' => Some(Token::Name(self.quoted(first, Strings::Doubled))),
            _ if is_word(first) => Some(self.word()),
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                Some(Token::Sign(self.take(sign.map_or(first.len_utf8(), |sign| sign.len()))))
            }
        }
    }

    fn number(&mut self) -> Token<'a> {
        let rest = self.rest();
        if let Some(digits) = rest.strip_prefix("0x") {
            let length = digits.find(|digit: char| !digit.is_ascii_hexdigit()).unwrap_or(digits.len());
            let taken = self.take(2 + length);
            return Token::Bytes(taken.trim_start_matches("0x").to_ascii_lowercase());
        }
        let mut end = 0;
        let mut previous = ' ';
        for character in rest.chars() {
            let belongs = match character {
                '0'..='9' | '.' | 'e' | 'E' => true,
                '+' | '-' => matches!(previous, 'e' | 'E'),
                _ => false,
            };
            if !belongs {
                break;
            }
            previous = character;
            end += character.len_utf8();
        }
        Token::Number(self.take(end))
    }

    /// A word; or the text or the bytes whose kind it says.
    fn word(&mut self) -> Token<'a> {
        let word = self.take_while(|character| is_word(character) || character.is_ascii_digit() || character == '$');
        if !self.rest().starts_with('\'') {
            return Token::Word(word);
        }
        match word {
            "x" | "X" => Token::Bytes(self.quoted('\'', Strings::Doubled).to_ascii_lowercase()),
            "n" | "N" => Token::Text(self.quoted('\'', self.strings)),
            "e" | "E" => Token::Text(self.quoted('\'', Strings::Backslash)),
            // A character set: _utf8mb4'text'.
            _ if word.starts_with('_') => Token::Text(self.quoted('\'', self.strings)),
            _ => Token::Word(word),
        }
    }

    /// What stands between two quotes.
    fn quoted(&mut self, quote: char, strings: Strings) -> String {
        let mut text = String::new();
        let mut characters = self.rest().chars();
        let mut length = characters.next().map_or(0, char::len_utf8);
        while let Some(character) = characters.next() {
            length += character.len_utf8();
            if character == '\\' && strings == Strings::Backslash {
                if let Some(next) = characters.next() {
                    length += next.len_utf8();
                    text.push(unescaped(next));
                }
            } else if character != quote {
                text.push(character);
            } else if characters.as_str().starts_with(quote) {
                characters.next();
                length += quote.len_utf8();
                text.push(quote);
            } else {
                break;
            }
        }
        self.take(length);
        text
    }
}

fn is_fraction(text: &str) -> bool {
    text.strip_prefix('.').is_some_and(|digits| digits.starts_with(|digit: char| digit.is_ascii_digit()))
}

fn is_word(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

/// The character that a backslash and this one stand for.
fn unescaped(character: char) -> char {
    match character {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        'Z' => '\u{1a}',
        other => other,
    }
}
