//! An expression in normal form.

use std::fmt;

use rust_decimal::Decimal;

/// An expression in normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// A column.
    Column(String),
    /// A value, or a word that stands for one.
    Value(String),
    /// An operator or a function, and what it applies to.
    Call(String, Vec<Node>),
}

/// Comparisons, each with its opposite and with what it becomes when its sides are swapped.
const COMPARISONS: [(&str, &str, &str); 6] =
    [("=", "<>", "="), ("<>", "=", "<>"), ("<", ">=", ">"), (">=", "<", "<="), (">", "<=", "<"), ("<=", ">", ">=")];

/// Functions that have two names.
const SYNONYMS: [(&str, &str); 11] = [
    ("mod", "%"),
    ("lcase", "lower"),
    ("ucase", "upper"),
    ("ceil", "ceiling"),
    ("substring", "substr"),
    ("character_length", "char_length"),
    ("current_timestamp", "now"),
    ("localtimestamp", "now"),
    ("current_date", "curdate"),
    ("current_time", "curtime"),
    ("power", "pow"),
];

impl Node {
    /// A call of a function by its name.
    pub(super) fn function(name: &str, arguments: Vec<Node>) -> Node {
        let name = name.to_ascii_lowercase();
        let name = SYNONYMS.iter().find(|(synonym, _)| *synonym == name).map_or(name.as_str(), |(_, usual)| usual);
        Node::Call(name.into(), arguments)
    }

    /// A text. One that reads like a number is the number: some databases keep the one for the other.
    pub(super) fn text(text: &str) -> Node {
        let is_number = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
        if is_number && text.parse::<f64>().is_ok() {
            return Node::Value(number(text));
        }
        Node::Value(format!("'{}'", without_zeros(text)))
    }

    /// Two sides and a comparison between them; a value stands on the right.
    pub(super) fn comparison(op: &str, left: Node, right: Node) -> Node {
        if let (Node::Value(_), Node::Column(_) | Node::Call(..)) = (&left, &right)
            && let Some((_, _, turned)) = COMPARISONS.iter().find(|(comparison, _, _)| *comparison == op)
        {
            return Node::Call((*turned).into(), vec![right, left]);
        }
        Node::Call(op.into(), vec![left, right])
    }

    /// AND or OR; chains are flat, and a bare column stands for its being true.
    pub(super) fn chain(op: &str, left: Node, right: Node) -> Node {
        let mut parts = Vec::new();
        for side in [left, right] {
            match side {
                Node::Call(other, more) if other == op => parts.extend(more),
                other => parts.push(other.condition()),
            }
        }
        Node::Call(op.into(), parts)
    }

    /// An operator between two sides.
    pub(super) fn operation(sign: &str, left: Node, right: Node) -> Node {
        let like = |name: &str| Node::Call(name.into(), vec![left.clone(), right.clone()]);
        match (sign, &right) {
            ("=", Node::Call(any, list)) if any == "any" => Node::within(left.clone(), listed(list)),
            ("<>", Node::Call(all, list)) if all == "all" => Node::within(left.clone(), listed(list)).negated(),
            ("~~", _) => like("like"),
            ("!~~", _) => like("like").negated(),
            ("~~*", _) => like("ilike"),
            ("!~~*", _) => like("ilike").negated(),
            ("<=>", _) => like("distinct").negated(),
            ("!=", _) => Node::comparison("<>", left, right),
            ("==", _) => Node::comparison("=", left, right),
            ("=" | "<>" | "<" | "<=" | ">" | ">=", _) => Node::comparison(sign, left, right),
            _ => Node::Call(sign.into(), vec![left, right]),
        }
    }

    /// Stands in a list; of one, it is equal to that.
    pub(super) fn within(operand: Node, mut list: Vec<Node>) -> Node {
        match list.pop() {
            Some(only) if list.is_empty() => Node::comparison("=", operand, only),
            Some(last) => {
                list.insert(0, operand);
                list.push(last);
                Node::Call("in".into(), list)
            }
            None => Node::Call("in".into(), vec![operand]),
        }
    }

    /// The opposite, as far inwards as it goes.
    pub(super) fn negated(self) -> Node {
        let Node::Call(op, mut parts) = self else {
            return Node::Call("=".into(), vec![self, Node::Value("0".into())]);
        };
        if op == "not" && parts.len() == 1 {
            return parts.remove(0);
        }
        if op == "and" || op == "or" {
            let other = if op == "and" { "or" } else { "and" };
            return Node::Call(other.into(), parts.into_iter().map(Node::negated).collect());
        }
        match COMPARISONS.iter().find(|(comparison, _, _)| *comparison == op) {
            Some((_, opposite, _)) => Node::Call((*opposite).into(), parts),
            None => Node::Call("not".into(), vec![Node::Call(op, parts)]),
        }
    }

    /// The same as a condition: a bare column is true where it is not 0.
    pub(super) fn condition(self) -> Node {
        match self {
            Node::Column(_) => Node::Call("<>".into(), vec![self, Node::Value("0".into())]),
            other => other,
        }
    }
}

/// The items of `(ARRAY[…])`.
fn listed(parts: &[Node]) -> Vec<Node> {
    match parts {
        [Node::Call(name, items)] if name == "list" => items.clone(),
        other => other.to_vec(),
    }
}

/// A number in the one form that numbers of its value have.
pub(super) fn number(text: &str) -> String {
    let exact = text.parse::<Decimal>().or_else(|_| Decimal::from_scientific(text));
    match (exact, text.parse::<f64>()) {
        (Ok(number), _) => number.normalize().to_string(),
        (Err(_), Ok(number)) => format!("{number:e}"),
        (Err(_), Err(_)) => text.to_ascii_lowercase(),
    }
}

/// A time without the zeros at the end of its fraction; anything else as it is.
fn without_zeros(text: &str) -> String {
    let time = text.split_once(':').and_then(|_| text.split_once('.'));
    let Some((before, rest)) = time.filter(|_| text.starts_with(|first: char| first.is_ascii_digit())) else {
        return text.to_owned();
    };
    let digits = rest.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at(digits);
    match fraction.trim_end_matches('0') {
        "" => format!("{before}{zone}"),
        fraction => format!("{before}.{fraction}{zone}"),
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Column(name) => write!(f, "\"{name}\""),
            Node::Value(value) => f.write_str(value),
            Node::Call(name, parts) => {
                write!(f, "({name}")?;
                for part in parts {
                    write!(f, " {part}")?;
                }
                f.write_str(")")
            }
        }
    }
}
