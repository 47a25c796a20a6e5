//! WITH: subqueries that a statement names before it uses them.

use super::compound::{Compound, SetOp};
use super::select::Select;
use crate::error::{Error, ErrorKind, Result};
use crate::sql::expr::Repeats;
use crate::sql::render::{Ident, SqlWriter, called_alike, write_sql};

/// A common table expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Cte {
    /// Its name in the statement.
    pub name: &'static str,
    /// What it selects.
    pub select: Select,
    /// What is selected from it again and again, until that yields no rows.
    pub step: Option<Step>,
}

/// The recursive part of a common table expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What is selected, from the rows that the last step selected.
    pub select: Select,
    /// Whether rows that were there before count again.
    pub repeats: Repeats,
}

/// `WITH "a" ("c1", "c2") AS (SELECT …) `
pub(in crate::sql) fn render<'a>(w: &mut SqlWriter<'a>, ctes: &'a [Cte]) -> Result<()> {
    if ctes.is_empty() {
        return Ok(());
    }
    for (index, cte) in ctes.iter().enumerate() {
        let mut earlier = ctes.iter().take(index).map(|earlier| earlier.name);
        if let Some(other) = earlier.find(|other| other.eq_ignore_ascii_case(cte.name)) {
            return Err(Error::new(ErrorKind::Syntax, called_alike(other, cte.name)));
        }
    }
    let is_recursive = ctes.iter().any(|cte| cte.step.is_some());
    w.push(if is_recursive { "WITH RECURSIVE " } else { "WITH " });
    w.commas(ctes, |w, cte| {
        write_sql!(
            w,
            Ident(cte.name),
            " (",
            w.commas(1..=cte.select.columns(), |w, number| w.write(Ident(&format!("c{number}")))),
            ") AS (",
            cte.select.render_source(w)
        )?;
        if let Some(step) = &cte.step {
            w.push(" ");
            SetOp::Union.render(w, step.repeats)?;
            w.push(" ");
            step.select.render_source(w)?;
        }
        w.push(")");
        Ok(())
    })?;
    w.push(" ");
    Ok(())
}

impl Select {
    /// The rows of this SELECT and of others. A chain of one operator is one list.
    pub fn combined(self, op: SetOp, repeats: Repeats, other: Select) -> Select {
        let other = other.bounded();
        let arms = match self.into_arms(op, repeats) {
            Ok(mut arms) => {
                arms.push(other);
                arms
            }
            Err(first) => vec![first.bounded(), other],
        };
        Select::of_compound(Compound { op, repeats, arms })
    }
}
