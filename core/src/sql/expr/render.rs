//! How an expression is written.

use super::{Case, DerivedRef, Expr};
use crate::error::{Error, ErrorKind, Result};
use crate::sql::check::too_deep;
use crate::sql::expr::{Precedence, WindowFunction, any_all};
use crate::sql::render::{SqlWriter, write_sql};
use crate::sql::tree::Select;

/// How many conditions stand side by side without parentheses.
const LONGEST_FLAT_CHAIN: usize = 100;

/// A list of more values than these is filled up to a power of two, so that lists of all lengths have few texts.
const LONGEST_EXACT_LIST: usize = 8;

impl Expr {
    /// How tightly it binds.
    pub fn precedence(&self) -> Precedence {
        match self {
            Expr::Unary { op, .. } => op.precedence(),
            Expr::Binary { op, .. } => op.precedence(),
            Expr::All(parts) => chain_precedence(parts, Precedence::And),
            Expr::Any(parts) => chain_precedence(parts, Precedence::Or),
            Expr::Between { .. } | Expr::InList { .. } | Expr::InSelect { .. } => Precedence::Comparison,
            Expr::Json(json) => json.precedence(),
            _ => Precedence::Atom,
        }
    }

    /// Writes the expression without parentheses of its own; [`SqlWriter::expr`] adds them.
    pub(in crate::sql) fn render<'a>(&'a self, w: &mut SqlWriter<'a>) -> Result<()> {
        match self {
            Expr::Column(column) => w.syntax().column(w, *column),
            Expr::Derived(column) => {
                render_derived(w, column)?;
                self.by_value(w)
            }
            Expr::Bind { value, ty, typing } => w.bind(value.as_ref(), *ty, *typing),
            Expr::Unary { op, operand } => w.syntax().unary(w, *op, operand),
            Expr::Binary { op, left, right } => match &**right {
                Expr::Quantified(values) => values.render(w, *op, left),
                _ => w.syntax().binary(w, *op, left, right),
            },
            Expr::Quantified(_) => Err(any_all::misplaced()),
            Expr::All(parts) => Chain::AND.render(w, parts, Expr::render_part),
            Expr::Any(parts) => Chain::OR.render(w, parts, Expr::render_part),
            Expr::Between { operand, low, high } => w.syntax().between(w, operand, low, high),
            Expr::InList { membership, operand, list } => w.syntax().in_list(w, *membership, operand, list),
            Expr::InSelect { membership, operand, select } => {
                w.expr(operand, Precedence::Operand)?;
                w.push(" ").push(membership.sql()).push(" ");
                w.syntax().in_select(w, operand, select)
            }
            Expr::Row(values) => {
                write_sql!(w, "(", w.commas(values, |w, value| w.write(value)), ")")
            }
            Expr::Exists(select) => write_sql!(w, "EXISTS (", select.render_any(w), ")"),
            Expr::Subquery(select) => {
                render_select(w, select)?;
                self.by_value(w)
            }
            Expr::Case(case) => {
                render_case(w, case)?;
                self.by_value(w)
            }
            Expr::Cast { operand, ty } => w.syntax().cast(w, operand, *ty),
            Expr::Call { function, arguments } => w.syntax().call(w, *function, arguments),
            Expr::Rounded { operand, digits } => w.syntax().rounded(w, operand, *digits),
            Expr::Custom { name, arguments, .. } => {
                w.note_own_text();
                render_custom(w, name, arguments)?;
                self.by_value(w)
            }
            // Nobody knows which operators the text has.
            Expr::Raw { raw, .. } => write_sql!(w, "(", raw.render(w), ")", self.by_value(w)),
            Expr::Aggregate(aggregate) => w.syntax().aggregate(w, aggregate),
            Expr::Window(window) => {
                window.render(w)?;
                match window.function {
                    // Its dialect has said so already.
                    WindowFunction::Aggregate(_) => Ok(()),
                    _ => self.by_value(w),
                }
            }
            Expr::Element(element) => element.render(w),
            Expr::Json(json) => {
                json.render(w)?;
                self.by_value(w)
            }
            Expr::TooDeep => Err(too_deep()),
        }
    }
}

impl Expr {
    /// Writes a condition of which only matters whether it is true: a filter leaves out rows of which it is unknown as well as
    /// those of which it is false. That holds for the parts of AND and OR too.
    pub(in crate::sql) fn render_condition<'a>(
        &'a self,
        w: &mut SqlWriter<'a>,
        surroundings: Precedence,
    ) -> Result<()> {
        match self {
            Expr::All(parts) => w.nested(self, surroundings, |w| Chain::AND.render(w, parts, Expr::render_condition)),
            Expr::Any(parts) => w.nested(self, surroundings, |w| Chain::OR.render(w, parts, Expr::render_condition)),
            Expr::Json(json) => w.nested(self, surroundings, |w| w.syntax().json_condition(w, json)),
            _ => w.expr(self, surroundings),
        }
    }

    /// As [`SqlWriter::expr`].
    fn render_part<'a>(&'a self, w: &mut SqlWriter<'a>, surroundings: Precedence) -> Result<()> {
        w.expr(self, surroundings)
    }

    fn by_value(&self, w: &mut SqlWriter<'_>) -> Result<()> {
        w.syntax().by_value(w, self);
        Ok(())
    }
}

/// `"totals"."c1"`
fn render_derived(w: &mut SqlWriter<'_>, column: &DerivedRef) -> Result<()> {
    let Some(place) = column.place else {
        let message = format!("{} does not select this column or expression: add it to its selection", column.source);
        return Err(Error::new(ErrorKind::UndefinedColumn, message));
    };
    w.derived(column.source)?;
    w.push(".").ident(&format!("c{}", u32::from(place) + 1));
    Ok(())
}

/// `(SELECT …)`
pub(in crate::sql) fn render_select<'a>(w: &mut SqlWriter<'a>, select: &'a Select) -> Result<()> {
    write_sql!(w, "(", select.render_value(w), ")")
}

/// How many times the last value of a list is repeated to make its length a power of two, where there is room for it.
pub(in crate::sql) fn filled(list: &[Expr], room: usize) -> usize {
    let values = |item: &Expr| match item {
        Expr::Bind { .. } => Some(1),
        Expr::Row(values) if values.iter().all(|value| matches!(value, Expr::Bind { .. })) => Some(values.len()),
        _ => None,
    };
    let Some(width) = list.first().and_then(values) else { return 0 };
    let length = list.len().next_power_of_two();
    if list.len() <= LONGEST_EXACT_LIST
        || length.saturating_mul(width) > room
        || !list.iter().all(|item| values(item) == Some(width))
    {
        return 0;
    }
    length - list.len()
}

fn render_case<'a>(w: &mut SqlWriter<'a>, case: &'a Case) -> Result<()> {
    w.push("CASE");
    for (condition, value) in &case.branches {
        w.push(" WHEN ");
        w.expr(condition, Precedence::Lowest)?;
        w.push(" THEN ");
        w.expr(value, Precedence::Lowest)?;
    }
    if let Some(otherwise) = &case.otherwise {
        w.push(" ELSE ");
        w.expr(otherwise, Precedence::Lowest)?;
    }
    w.push(" END");
    Ok(())
}

/// A function of the database's own: its name is part of the program, and only a name gets into the text.
fn render_custom<'a>(w: &mut SqlWriter<'a>, name: &str, arguments: &'a [Expr]) -> Result<()> {
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|letter| letter == '_' || letter.is_ascii_alphanumeric());
    if !name.split('.').all(is_word) {
        let message = format!("{name:?} is no function's name: letters, digits, _ and a point between schema and name");
        return Err(Error::new(ErrorKind::Syntax, message));
    }
    write_sql!(w, name, "(", w.commas(arguments, |w, argument| w.write(argument)), ")")
}

fn chain_precedence(parts: &[Expr], of_several: Precedence) -> Precedence {
    match parts {
        [] => Precedence::Comparison,
        [only] => only.precedence(),
        _ => of_several,
    }
}

/// Conditions that must all hold; no text where there are none.
pub(in crate::sql) fn render_conditions<'a>(w: &mut SqlWriter<'a>, conditions: &[&'a Expr]) -> Result<()> {
    Chain::AND.render_parts(w, conditions, Expr::render_condition)
}

/// How conditions are joined to one.
struct Chain {
    word: &'static str,
    /// The condition of no conditions.
    empty: &'static str,
    precedence: Precedence,
}

/// How one of them is written.
type Part<'a> = fn(&'a Expr, &mut SqlWriter<'a>, Precedence) -> Result<()>;

impl Chain {
    const AND: Chain = Chain { word: " AND ", empty: "1 = 1", precedence: Precedence::And };
    const OR: Chain = Chain { word: " OR ", empty: "1 = 0", precedence: Precedence::Or };

    fn render<'a>(&self, w: &mut SqlWriter<'a>, parts: &'a [Expr], part: Part<'a>) -> Result<()> {
        match parts {
            [] => {
                w.push(self.empty);
                Ok(())
            }
            [only] => part(only, w, Precedence::Lowest),
            _ => self.render_parts(w, &parts.iter().collect::<Vec<_>>(), part),
        }
    }

    /// Writes a long chain as a balanced tree of parentheses: databases parse `a AND b AND c` as deep as it is long, and have a
    /// limit to the depth.
    fn render_parts<'a>(&self, w: &mut SqlWriter<'a>, parts: &[&'a Expr], part: Part<'a>) -> Result<()> {
        if parts.len() > LONGEST_FLAT_CHAIN {
            let (first, second) = parts.split_at(parts.len() / 2);
            write_sql!(
                w,
                "(",
                self.render_parts(w, first, part),
                ")",
                self.word,
                "(",
                self.render_parts(w, second, part),
                ")"
            )?;
            return Ok(());
        }
        for (place, condition) in parts.iter().enumerate() {
            if place > 0 {
                w.push(self.word);
            }
            part(condition, w, self.precedence)?;
        }
        Ok(())
    }
}
