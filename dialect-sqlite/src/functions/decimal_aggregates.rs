//! Sums and averages of decimal numbers, exactly.

use bigdecimal::{BigDecimal, Zero};
use rusqlite::functions::{Aggregate, Context, WindowAggregate};
use rusqlite::{Connection, Result};

use super::PURE;
use super::decimal::{argument, plain, quotient, small};

pub(super) fn install(db: &Connection) -> Result<()> {
    db.create_window_function("decimal_sum", 1, PURE, Sum)?;
    db.create_window_function("creole_decimal_avg", 2, PURE, Avg)
}

/// What has been added up so far.
#[derive(Default)]
struct Total {
    sum: BigDecimal,
    count: u64,
    /// To how many digits after the point an average is rounded.
    scale: i64,
}

impl Total {
    fn add(&mut self, context: &Context<'_>) -> Result<()> {
        if let Some(number) = argument(context, 0)? {
            self.sum += number;
            self.count += 1;
        }
        Ok(())
    }

    fn take_away(&mut self, context: &Context<'_>) -> Result<()> {
        if let Some(number) = argument(context, 0)? {
            self.sum -= number;
            self.count -= 1;
        }
        Ok(())
    }

    fn sum(&self) -> Option<String> {
        if self.count == 0 { None } else { Some(plain(&self.sum)) }
    }

    fn average(&self) -> Option<String> {
        quotient(&self.sum, &BigDecimal::from(self.count), self.scale).map(|number| plain(&number))
    }
}

/// `decimal_sum(x)`: NULL where there is nothing to add up.
struct Sum;

impl Aggregate<Total, Option<String>> for Sum {
    fn init(&self, _: &mut Context<'_>) -> Result<Total> {
        Ok(Total { sum: BigDecimal::zero(), ..Total::default() })
    }

    fn step(&self, context: &mut Context<'_>, total: &mut Total) -> Result<()> {
        total.add(context)
    }

    fn finalize(&self, _: &mut Context<'_>, total: Option<Total>) -> Result<Option<String>> {
        Ok(total.and_then(|total| total.sum()))
    }
}

impl WindowAggregate<Total, Option<String>> for Sum {
    fn value(&self, total: Option<&mut Total>) -> Result<Option<String>> {
        Ok(total.and_then(|total| total.sum()))
    }

    fn inverse(&self, context: &mut Context<'_>, total: &mut Total) -> Result<()> {
        total.take_away(context)
    }
}

/// `creole_decimal_avg(x, scale)`: rounded half away from zero; NULL where there is nothing to divide.
struct Avg;

impl Aggregate<Total, Option<String>> for Avg {
    fn init(&self, _: &mut Context<'_>) -> Result<Total> {
        Ok(Total::default())
    }

    fn step(&self, context: &mut Context<'_>, total: &mut Total) -> Result<()> {
        total.scale = small(context, 1)?;
        total.add(context)
    }

    fn finalize(&self, _: &mut Context<'_>, total: Option<Total>) -> Result<Option<String>> {
        Ok(total.and_then(|total| total.average()))
    }
}

impl WindowAggregate<Total, Option<String>> for Avg {
    fn value(&self, total: Option<&mut Total>) -> Result<Option<String>> {
        Ok(total.and_then(|total| total.average()))
    }

    fn inverse(&self, context: &mut Context<'_>, total: &mut Total) -> Result<()> {
        total.take_away(context)
    }
}
