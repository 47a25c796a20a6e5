//! From words to an expression. Everything is read that some database writes for what creole says; nothing is known of the
//! database.

use super::node::{Node, number};
use super::token::{Span, Token};

/// How deep an expression may nest.
const DEEPEST: usize = 200;

/// How many operators an expression may have: a chain of them nests, too.
const MOST_OPERATORS: usize = 1_000;

/// Words that are values.
const VALUES: [&str; 2] = ["null", "default"];

/// The expression that the words are; `None` if they are none.
pub(super) fn expression(tokens: &[Span<'_>]) -> Option<Node> {
    let mut parser = Parser { tokens, at: 0, depth: 0, operators: 0 };
    let node = parser.expr(0)?;
    (parser.at == tokens.len()).then_some(node)
}

/// How tightly operators bind.
mod tightness {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARISON: u8 = 4;
    pub(super) const OTHER: u8 = 5;
    pub(super) const SUM: u8 = 6;
    pub(super) const PRODUCT: u8 = 7;
    pub(super) const SIGN: u8 = 8;
}

struct Parser<'t, 'a> {
    tokens: &'t [Span<'a>],
    at: usize,
    depth: usize,
    operators: usize,
}

impl<'a> Parser<'_, 'a> {
    fn token(&self, ahead: usize) -> Option<&Token<'a>> {
        self.tokens.get(self.at + ahead).map(|span| &span.token)
    }

    /// Whether the word `ahead` words on is this keyword.
    fn is_word(&self, ahead: usize, keyword: &str) -> bool {
        matches!(self.token(ahead), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword))
    }

    fn is_sign(&self, ahead: usize, sign: &str) -> bool {
        matches!(self.token(ahead), Some(Token::Sign(other)) if *other == sign)
    }

    /// Takes these keywords, if they are what comes next.
    fn take_words(&mut self, keywords: &[&str]) -> bool {
        let is_next = keywords.iter().enumerate().all(|(ahead, keyword)| self.is_word(ahead, keyword));
        if is_next {
            self.at += keywords.len();
        }
        is_next
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let is_next = self.is_sign(0, sign);
        if is_next {
            self.at += 1;
        }
        is_next
    }

    fn expect_sign(&mut self, sign: &str) -> Option<()> {
        self.take_sign(sign).then_some(())
    }

    /// An expression of operators that bind at least this tightly.
    fn expr(&mut self, least: u8) -> Option<Node> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut left = self.prefix()?;
        while let Some(next) = self.infix(&left, least)? {
            left = next;
            self.operators += 1;
            if self.operators > MOST_OPERATORS {
                return None;
            }
        }
        self.depth -= 1;
        Some(left)
    }

    fn prefix(&mut self) -> Option<Node> {
        let node = if self.take_words(&["not"]) {
            return Some(self.expr(tightness::NOT)?.condition().negated());
        } else if self.take_sign("!") {
            return Some(self.expr(tightness::SIGN)?.condition().negated());
        } else if self.take_sign("-") {
            return Some(match self.expr(tightness::SIGN)? {
                Node::Value(value) if !value.starts_with(['-', '\'']) => Node::Value(number(&format!("-{value}"))),
                other => Node::Call("-".into(), vec![other]),
            });
        } else if self.take_sign("+") {
            return self.expr(tightness::SIGN);
        } else if self.take_sign("(") {
            let mut inside = self.list(")")?;
            if inside.len() == 1 { inside.remove(0) } else { Node::Call("row".into(), inside) }
        } else {
            self.atom()?
        };
        self.postfix(node)
    }

    /// Casts and collations, which say nothing about the value.
    fn postfix(&mut self, node: Node) -> Option<Node> {
        loop {
            if self.take_sign("::") {
                self.type_name()?;
            } else if self.take_words(&["collate"]) {
                self.at += 1;
                while self.take_sign(".") {
                    self.at += 1;
                }
            } else {
                return Some(node);
            }
        }
    }

    fn atom(&mut self) -> Option<Node> {
        let token = self.token(0)?.clone();
        self.at += 1;
        match token {
            Token::Number(text) => Some(Node::Value(number(text))),
            Token::Text(text) => Some(Node::text(&text)),
            Token::Bytes(digits) => Some(Node::Value(format!("x'{digits}'"))),
            Token::Name(name) => self.name(name),
            Token::Word(word) => self.word(word),
            Token::Sign(_) => None,
        }
    }

    /// A name in quotes: a column, perhaps with its table before it, or a function.
    fn name(&mut self, mut name: String) -> Option<Node> {
        while self.take_sign(".") {
            let Token::Name(last) = self.token(0)?.clone() else { return None };
            self.at += 1;
            name = last;
        }
        if self.take_sign("(") {
            return Some(Node::function(&name, self.list(")")?));
        }
        Some(Node::Column(name))
    }

    fn word(&mut self, word: &str) -> Option<Node> {
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "true" => return Some(Node::Value("1".into())),
            "false" => return Some(Node::Value("0".into())),
            "case" => return self.case(),
            "cast" if self.is_sign(0, "(") => {
                self.at += 1;
                let node = self.expr(0)?;
                if !self.take_words(&["as"]) {
                    return None;
                }
                self.type_name()?;
                self.expect_sign(")")?;
                return Some(node);
            }
            "array" if self.take_sign("[") => return Some(Node::Call("list".into(), self.list("]")?)),
            "date" | "time" | "timestamp" | "datetime" => {
                if let Some(Token::Text(text)) = self.token(0) {
                    let node = Node::text(text);
                    self.at += 1;
                    return Some(node);
                }
            }
            "interval" | "exists" | "select" => return None,
            _ => {}
        }
        if self.take_sign("(") {
            return Some(Node::function(&lower, self.list(")")?));
        }
        if self.take_sign(".") {
            return self.atom();
        }
        if VALUES.contains(&lower.as_str()) {
            return Some(Node::Value(lower));
        }
        if matches!(lower.as_str(), "current_timestamp" | "localtimestamp" | "current_date" | "current_time") {
            return Some(Node::function(&lower, Vec::new()));
        }
        Some(Node::Column(lower))
    }

    /// `CASE … WHEN … THEN … ELSE … END`, of which CASE was taken.
    fn case(&mut self) -> Option<Node> {
        let mut parts = Vec::new();
        if !self.is_word(0, "when") {
            parts.push(self.expr(0)?);
        }
        while self.take_words(&["when"]) {
            parts.push(self.expr(0)?);
            if !self.take_words(&["then"]) {
                return None;
            }
            parts.push(self.expr(0)?);
        }
        // Without ELSE it is NULL, which some databases write out.
        if self.take_words(&["else"]) {
            parts.extend(Some(self.expr(0)?).filter(|otherwise| *otherwise != Node::Value("null".into())));
        }
        self.take_words(&["end"]).then_some(Node::Call("case".into(), parts))
    }

    /// Expressions with commas between them, up to the closing sign.
    fn list(&mut self, close: &str) -> Option<Vec<Node>> {
        let mut items = Vec::new();
        if self.take_sign(close) {
            return Some(items);
        }
        loop {
            if self.take_sign("*") {
                items.push(Node::Value("*".into()));
            } else {
                self.take_words(&["distinct"]);
                items.push(self.expr(0)?);
            }
            if self.take_sign(close) {
                return Some(items);
            }
            self.expect_sign(",")?;
        }
    }

    /// A type: `character varying(20)`, `timestamp with time zone`, `text[]`, `decimal(8, 2)`.
    fn type_name(&mut self) -> Option<()> {
        let mut words = 0;
        loop {
            let is_more = match self.token(0)? {
                Token::Name(_) => words == 0,
                Token::Word(word) => {
                    words == 0
                        || [
                            "varying",
                            "precision",
                            "with",
                            "without",
                            "time",
                            "zone",
                            "unsigned",
                            "signed",
                            "set",
                            "charset",
                        ]
                        .iter()
                        .any(|more| word.eq_ignore_ascii_case(more))
                }
                _ => false,
            };
            if !is_more {
                break;
            }
            words += 1;
            self.at += 1;
            if self.at == self.tokens.len() {
                break;
            }
        }
        if words == 0 {
            return None;
        }
        if self.take_sign("(") {
            self.list(")")?;
        }
        // What follows the digits of `time(6) with time zone`.
        while ["with", "without", "time", "zone"].iter().any(|more| self.is_word(0, more)) {
            self.at += 1;
        }
        while self.take_sign("[") {
            self.expect_sign("]")?;
        }
        Some(())
    }

    /// What follows `left`, if it binds at least this tightly: `Some(None)` where nothing does.
    fn infix(&mut self, left: &Node, least: u8) -> Option<Option<Node>> {
        use tightness::{AND, COMPARISON, OR, OTHER, PRODUCT, SUM};
        let Some(token) = self.token(0).cloned() else { return Some(None) };
        let left = || left.clone();
        match token {
            Token::Word(word) => {
                let word = word.to_ascii_lowercase();
                match word.as_str() {
                    "or" if least <= OR => {
                        self.at += 1;
                        Some(Some(Node::chain("or", left(), self.expr(OR + 1)?)))
                    }
                    "and" if least <= AND => {
                        self.at += 1;
                        Some(Some(Node::chain("and", left(), self.expr(AND + 1)?)))
                    }
                    "is" | "in" | "like" | "ilike" | "between" | "not" | "glob" | "regexp" | "rlike"
                        if least <= COMPARISON =>
                    {
                        self.predicate(left()).map(Some)
                    }
                    "isnull" | "notnull" if least <= COMPARISON => {
                        self.at += 1;
                        let is_null = Node::Call("isnull".into(), vec![left()]);
                        Some(Some(if word == "isnull" { is_null } else { is_null.negated() }))
                    }
                    "div" | "mod" if least <= PRODUCT => {
                        self.at += 1;
                        Some(Some(Node::function(&word, vec![left(), self.expr(PRODUCT + 1)?])))
                    }
                    _ => Some(None),
                }
            }
            Token::Sign(sign) => {
                let tightness = match sign {
                    "=" | "==" | "<>" | "!=" | "<" | "<=" | ">" | ">=" | "<=>" | "~~" | "!~~" | "~~*" | "!~~*" => {
                        COMPARISON
                    }
                    "+" | "-" => SUM,
                    "*" | "/" | "%" => PRODUCT,
                    "||" | "->" | "->>" | "#>" | "#>>" | "@>" | "<@" | "|" | "&" | "<<" | ">>" | "~" | "~*" | "!~"
                    | "!~*" | "&&" | "@@" | "^@" | "?" | "?|" | "?&" | "#" => OTHER,
                    _ => return Some(None),
                };
                if tightness < least {
                    return Some(None);
                }
                self.at += 1;
                let right = self.expr(tightness + 1)?;
                Some(Some(Node::operation(sign, left(), right)))
            }
            _ => Some(None),
        }
    }

    /// `IS …`, `IN …`, `LIKE …`, `BETWEEN …`, each perhaps with NOT.
    fn predicate(&mut self, left: Node) -> Option<Node> {
        use tightness::OTHER;
        if self.take_words(&["is"]) {
            let is_not = self.take_words(&["not"]);
            if self.take_words(&["distinct", "from"]) {
                let distinct = Node::Call("distinct".into(), vec![left, self.expr(OTHER)?]);
                return Some(if is_not { distinct.negated() } else { distinct });
            }
            let node = match self.expr(OTHER)? {
                Node::Value(value) if value == "null" => Node::Call("isnull".into(), vec![left]),
                other => Node::Call("distinct".into(), vec![left, other]).negated(),
            };
            return Some(if is_not { node.negated() } else { node });
        }
        let is_not = self.take_words(&["not"]);
        let node = if self.take_words(&["in"]) {
            self.expect_sign("(")?;
            Node::within(left, self.list(")")?)
        } else if self.take_words(&["between"]) {
            let low = self.expr(OTHER)?;
            if !self.take_words(&["and"]) {
                return None;
            }
            let high = self.expr(OTHER)?;
            let low = Node::comparison(">=", left.clone(), low);
            Node::chain("and", low, Node::comparison("<=", left, high))
        } else {
            let Token::Word(word) = self.token(0)?.clone() else { return None };
            self.at += 1;
            let node = Node::Call(word.to_ascii_lowercase(), vec![left, self.expr(OTHER)?]);
            if self.take_words(&["escape"]) {
                self.expr(OTHER)?;
            }
            node
        };
        Some(if is_not { node.negated() } else { node })
    }
}
