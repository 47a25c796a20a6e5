//! UNION, INTERSECT and EXCEPT.

use super::select::Select;
use super::select_core::Labels;
use crate::dialect::Support;
use crate::error::{Error, Result};
use crate::sql::check::SelectUse;
use crate::sql::expr::Repeats;
use crate::sql::render::{Ident, SqlWriter, write_sql};

/// The rows of several SELECTs put together.
#[derive(Debug, Clone, PartialEq)]
pub struct Compound {
    /// How.
    pub op: SetOp,
    /// Whether a row that occurs several times stays so.
    pub repeats: Repeats,
    /// The SELECTs; two at least. Several are taken from left to right.
    pub arms: Vec<Select>,
}

/// How the rows of two SELECTs are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetOp {
    /// The rows of either.
    Union,
    /// The rows of both.
    Intersect,
    /// The rows of the first that the second lacks.
    Except,
}

impl SetOp {
    /// The standard spelling.
    pub fn sql(self) -> &'static str {
        match self {
            SetOp::Union => "UNION",
            SetOp::Intersect => "INTERSECT",
            SetOp::Except => "EXCEPT",
        }
    }

    /// `UNION ALL`
    pub(super) fn render(self, w: &mut SqlWriter<'_>, repeats: Repeats) -> Result<()> {
        w.push(self.sql());
        if repeats == Repeats::Dropped {
            return Ok(());
        }
        if self != SetOp::Union && w.dialect().capabilities().intersect_all == Support::Absent {
            let way_out = "use it without ALL, or number equal rows by row_number() first";
            return Err(Error::unsupported(w.dialect().name(), &format!("{} ALL", self.sql()), way_out));
        }
        w.push(" ALL");
        Ok(())
    }
}

impl Compound {
    /// An arm that has an order, a limit or arms of its own is a subquery: databases do not agree on how such arms are
    /// written, nor on which operator binds more tightly.
    pub(super) fn render<'a>(&'a self, w: &mut SqlWriter<'a>, labels: Labels) -> Result<()> {
        for (place, arm) in self.arms.iter().enumerate() {
            if place > 0 {
                w.push(" ");
                self.op.render(w, self.repeats)?;
                w.push(" ");
            }
            w.open_scope();
            if arm.is_bare() {
                arm.check(SelectUse::Part)?;
                w.about(arm.deleted(), |w| arm.render_body(w, labels))?;
            } else {
                write_sql!(w, "SELECT * FROM (", arm.render_source(w), ") AS ", Ident(&format!("arm{}", place + 1)))?;
            }
            w.close_scope();
        }
        Ok(())
    }
}
