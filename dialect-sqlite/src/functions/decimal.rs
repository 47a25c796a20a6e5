//! Exact arithmetic on decimal numbers kept as text.

use bigdecimal::num_bigint::{BigInt, Sign};
use bigdecimal::{BigDecimal, RoundingMode, Zero};
use rusqlite::functions::Context;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};

use super::scalar;
use crate::decimal_text::Number;
use crate::error::REFUSED;

/// More digits than any number of a program has; a text such as `1e999999999` would take all memory.
const MOST_DIGITS: i64 = 1_000;

pub(super) fn install(db: &Connection) -> Result<()> {
    scalar(db, "decimal", 1, |context| unary(context, |number| Some(plain(&number))))?;
    scalar(db, "decimal_add", 2, |context| binary(context, |a, b| Some(plain(&(a + b)))))?;
    scalar(db, "decimal_sub", 2, |context| binary(context, |a, b| Some(plain(&(a - b)))))?;
    scalar(db, "decimal_mul", 2, |context| binary(context, |a, b| Some(plain(&product(&a, &b)))))?;
    scalar(db, "decimal_cmp", 2, |context| binary(context, |a, b| Some(a.cmp(&b) as i32)))?;
    scalar(db, "creole_decimal_div", 3, |context| {
        let scale = small(context, 2)?;
        binary(context, |a, b| quotient(&a, &b, scale).map(|number| plain(&number)))
    })?;
    scalar(db, "creole_decimal_rem", 2, |context| binary(context, |a, b| remainder(&a, &b).map(|rest| plain(&rest))))?;
    scalar(db, "creole_decimal_abs", 1, |context| unary(context, |number| Some(plain(&number.abs()))))?;
    scalar(db, "creole_decimal_round", 2, |context| {
        let scale = small(context, 1)?;
        unary(context, |number| Some(plain(&rounded(&number, scale))))
    })?;
    scalar(db, "creole_decimal_fit", 3, fit)
}

/// The number in an argument; `None` where it is NULL.
pub(super) fn argument(context: &Context<'_>, index: usize) -> Result<Option<BigDecimal>> {
    let number = match context.get_raw(index) {
        ValueRef::Null => return Ok(None),
        ValueRef::Integer(number) => Some(BigDecimal::from(number)),
        ValueRef::Real(number) => BigDecimal::try_from(number).ok(),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes).ok().and_then(exact),
        ValueRef::Blob(_) => None,
    };
    number.map(Some).ok_or_else(|| refused("a value is not a decimal number"))
}

/// The quotient with `scale` digits after the point, rounded half away from zero; `None` where the divisor is zero.
pub(super) fn quotient(dividend: &BigDecimal, divisor: &BigDecimal, scale: i64) -> Option<BigDecimal> {
    if divisor.is_zero() {
        return None;
    }
    let (above, above_scale) = dividend.as_bigint_and_exponent();
    let (below, below_scale) = divisor.as_bigint_and_exponent();
    let sign = if (above.sign() == Sign::Minus) == (below.sign() == Sign::Minus) { 1 } else { -1 };
    let shift = scale + below_scale - above_scale;
    let power = |exponent: i64| BigInt::from(10).pow(u32::try_from(exponent.max(0)).unwrap_or(0));
    let above = BigInt::from(above.into_parts().1) * power(shift);
    let below = BigInt::from(below.into_parts().1) * power(-shift);
    let rounded = (&above * 2 + &below) / (&below * 2);
    Some(BigDecimal::new(rounded * sign, scale))
}

/// The number with exactly `scale` digits after the point, rounded half away from zero.
pub(super) fn rounded(number: &BigDecimal, scale: i64) -> BigDecimal {
    number.with_scale_round(scale, RoundingMode::HalfUp)
}

/// The digits, without an exponent. Zero has no sign.
pub(super) fn plain(number: &BigDecimal) -> String {
    number.to_plain_string()
}

/// An argument that says how many digits.
pub(super) fn small(context: &Context<'_>, index: usize) -> Result<i64> {
    match context.get_raw(index) {
        ValueRef::Integer(number @ 0..=MOST_DIGITS) => Ok(number),
        _ => Err(refused("a number of digits lies between 0 and 1000")),
    }
}

/// The number that a text says, exactly.
fn exact(text: &str) -> Option<BigDecimal> {
    let number = Number::parse(text)?;
    if number.digits() > MOST_DIGITS {
        return None;
    }
    text.parse().ok()
}

/// As the decimal extension has it: zeros at the end go, as long as there are more digits than the shorter side has.
fn product(a: &BigDecimal, b: &BigDecimal) -> BigDecimal {
    let fewest = a.fractional_digit_count().min(b.fractional_digit_count());
    let product = a * b;
    let normal = product.normalized().fractional_digit_count().max(fewest);
    if normal < product.fractional_digit_count() { product.with_scale(normal) } else { product }
}

/// What is left of a division without fraction, with the sign of the dividend; `None` where the divisor is zero.
fn remainder(dividend: &BigDecimal, divisor: &BigDecimal) -> Option<BigDecimal> {
    if divisor.is_zero() { None } else { Some(dividend % divisor) }
}

/// `creole_decimal_fit(x, precision, scale)`: as a `decimal(precision, scale)` column keeps it.
fn fit(context: &Context<'_>) -> Result<Option<String>> {
    Ok(fitted(context)?.map(|number| plain(&number)))
}

/// The first argument with the digits that the other two allow.
pub(super) fn fitted(context: &Context<'_>) -> Result<Option<BigDecimal>> {
    let (precision, scale) = (small(context, 1)?, small(context, 2)?);
    let Some(number) = argument(context, 0)? else { return Ok(None) };
    let number = rounded(&number, scale);
    let limit = BigDecimal::new(BigInt::from(1), scale - precision);
    if number.abs() >= limit {
        return Err(refused("a computed number has more digits than its column has room for"));
    }
    Ok(Some(number))
}

fn unary<T>(context: &Context<'_>, body: impl FnOnce(BigDecimal) -> Option<T>) -> Result<Option<T>> {
    Ok(argument(context, 0)?.and_then(body))
}

fn binary<T>(context: &Context<'_>, body: impl FnOnce(BigDecimal, BigDecimal) -> Option<T>) -> Result<Option<T>> {
    let (Some(a), Some(b)) = (argument(context, 0)?, argument(context, 1)?) else { return Ok(None) };
    Ok(body(a, b))
}

pub(super) fn refused(reason: &'static str) -> Error {
    Error::UserFunctionError(format!("{REFUSED}{reason}").into())
}
