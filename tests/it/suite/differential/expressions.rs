//! Random expressions over the columns in scope.

use creole::prelude::*;
use creole::query::{Expr, greatest, least, nullif, val};

use super::statements::numbers;
use super::tables::Columns;
use crate::random::Random;

/// How deep expressions nest.
pub(super) const DEEP: usize = 3;

/// What expressions are made from.
pub(super) struct Maker<'r> {
    pub(super) random: &'r mut Random,
    /// The columns in scope; never none.
    pub(super) scope: Vec<Columns>,
    /// How many names are taken.
    pub(super) names: usize,
}

const INTEGERS: &[i64] = &[0, 1, 2, 3, -1, 7, 90];
const DECIMALS: &[Decimal] = &[dec!(0), dec!(1), dec!(1.5), dec!(-2.25), dec!(0.125), dec!(100)];
const TEXTS: &[&str] = &["", "a", "A", "ä", "%", "_", "\\", "'", "b", " "];
const PATTERNS: &[&str] = &["%", "a%", "_", "%b%", "Ä_", "\\%", "\\\\", "", "%'", "__%"];

impl Maker<'_> {
    fn columns(&mut self) -> Columns {
        self.random.pick(&self.scope)
    }

    pub(super) fn integer(&mut self, depth: usize) -> Expr<Option<i64>> {
        let columns = self.columns();
        if depth == 0 {
            return match self.random.below(3) {
                0 => val(Some(self.random.pick(INTEGERS))),
                1 => columns.id,
                _ => columns.number,
            };
        }
        let (a, b) = (self.integer(depth - 1), self.integer(depth - 1));
        match self.random.below(12) {
            0 => a + b,
            1 => a - b,
            2 => a * self.random.pick(INTEGERS),
            3 => a / b,
            4 => a % b,
            5 => coalesce(a, b),
            6 => nullif(a, b),
            7 => greatest(a, b),
            8 => least(a, b),
            9 => a.abs(),
            10 => self.text(depth - 1).length(),
            _ => {
                let condition = self.condition(depth - 1);
                case(condition, a).otherwise(b)
            }
        }
    }

    pub(super) fn decimal(&mut self, depth: usize) -> Expr<Option<Decimal>> {
        let columns = self.columns();
        if depth == 0 {
            return match self.random.below(3) {
                0 => val(Some(self.random.pick(DECIMALS))),
                _ => columns.decimal,
            };
        }
        let (a, b) = (self.decimal(depth - 1), self.decimal(depth - 1));
        match self.random.below(11) {
            0 => a + b,
            1 => a - b,
            2 => a * b,
            3 => a / b,
            4 => a % b,
            5 => coalesce(a, b),
            6 => greatest(a, b),
            7 => a.round(1),
            8 => a.abs(),
            9 => self.integer(depth - 1).cast::<Decimal>(),
            _ => {
                let condition = self.condition(depth - 1);
                case(condition, a).otherwise(b)
            }
        }
    }

    pub(super) fn text(&mut self, depth: usize) -> Expr<Option<String>> {
        let columns = self.columns();
        if depth == 0 {
            return match self.random.below(3) {
                0 => val(Some(self.random.pick(TEXTS).to_owned())),
                _ => columns.text,
            };
        }
        let a = self.text(depth - 1);
        match self.random.below(10) {
            0 => a.concat(self.text(depth - 1)),
            1 => a.lower(),
            2 => a.upper(),
            3 => coalesce(a, self.text(depth - 1)),
            4 => greatest(a, self.text(depth - 1)),
            5 => least(a, self.text(depth - 1)),
            6 => a.trim(),
            7 => a.replace(self.random.pick(TEXTS), self.random.pick(TEXTS)),
            8 => a.substring(self.random.below(3) as u32, self.random.below(3) as u32),
            _ => self.integer(depth - 1).cast::<String>(),
        }
    }

    pub(super) fn condition(&mut self, depth: usize) -> Expr<bool> {
        if depth == 0 {
            return match self.random.below(6) {
                0 => self.columns().flag.eq(true),
                1 => self.columns().flag.ne(false),
                2 => self.columns().text.is_null(),
                3 => self.columns().number.is_not_null(),
                4 => self.columns().decimal.gt(self.random.pick(DECIMALS)),
                _ => self.columns().number.eq(self.random.pick(INTEGERS)),
            };
        }
        let depth = depth - 1;
        match self.random.below(18) {
            0 => self.condition(depth).and(self.condition(depth)),
            1 => self.condition(depth).or(self.condition(depth)),
            2 => not(self.condition(depth)),
            3 => self.integer(depth).lt(self.integer(depth)),
            4 => self.integer(depth).eq(self.integer(depth)),
            5 => self.decimal(depth).ge(self.decimal(depth)),
            6 => self.decimal(depth).ne(self.random.pick(DECIMALS)),
            7 => self.text(depth).eq(self.text(depth)),
            8 => self.text(depth).lt(self.text(depth)),
            9 => self.text(depth).like(self.random.pick(PATTERNS)),
            10 => self.text(depth).ilike(self.random.pick(PATTERNS)),
            11 => self.text(depth).contains(self.random.pick(TEXTS)),
            12 => {
                let list: Vec<Option<i64>> =
                    (0..self.random.below(4)).map(|_| Some(self.random.pick(INTEGERS))).collect();
                self.integer(depth).is_in(list)
            }
            13 => {
                let list: Vec<Option<i64>> =
                    (0..self.random.below(3)).map(|_| Some(self.random.pick(INTEGERS))).collect();
                self.integer(depth).not_in(list)
            }
            14 => self.decimal(depth).between(self.decimal(depth), self.decimal(depth)),
            15 => self.integer(depth).is_same(self.integer(depth)),
            16 => {
                let query = numbers(self, depth);
                if self.random.one_in(2) { self.integer(depth).is_in(query) } else { exists(query) }
            }
            _ => {
                let query = numbers(self, depth);
                self.integer(depth).ge(select_one(query))
            }
        }
    }
}

/// Its greatest number, so that there is one at most.
fn select_one(query: creole::query::Select<Option<i64>>) -> Expr<Option<i64>> {
    query.limit(1).value()
}
