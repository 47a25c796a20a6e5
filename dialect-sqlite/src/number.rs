//! Decimal numbers as text: comparing them by value, and reading them exactly.
//!
//! The grammar is that of SQLite's own decimal extension: a sign, digits with a point among them, an exponent.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// A number in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number<'a> {
    negative: bool,
    /// The digits before the point.
    whole: &'a [u8],
    /// The digits behind the point.
    fraction: &'a [u8],
    exponent: i64,
}

/// The collation `decimal`: numbers by value, however they are written; after them what is no number, by its bytes.
pub(crate) fn compare(a: &str, b: &str) -> Ordering {
    match (Number::parse(a), Number::parse(b)) {
        (Some(a), Some(b)) => a.compare(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.as_bytes().cmp(b.as_bytes()),
    }
}

impl<'a> Number<'a> {
    /// Reads a number; nothing where the text is not one from its first to its last character.
    pub(crate) fn parse(text: &'a str) -> Option<Number<'a>> {
        let bytes = text.as_bytes();
        let (negative, bytes) = sign(bytes);
        let (whole, bytes) = digits(bytes);
        let (fraction, bytes) = match bytes {
            [b'.', rest @ ..] => digits(rest),
            _ => (&[][..], bytes),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let exponent = match bytes {
            [] => 0,
            [b'e' | b'E', rest @ ..] => exponent(rest)?,
            _ => return None,
        };
        Some(Number { negative, whole, fraction, exponent })
    }

    /// The number, exactly; nothing where it has more digits than a `Decimal` keeps.
    pub(crate) fn to_decimal(self) -> Option<Decimal> {
        self.exact().or_else(|| {
            // Zeros at the end say nothing, so they are not what a number is refused for.
            let zeros = self.fraction.iter().rev().take_while(|&&digit| digit == b'0').count();
            let fraction = self.fraction.get(..self.fraction.len() - zeros)?;
            Number { fraction, ..self }.exact()
        })
    }

    fn exact(self) -> Option<Decimal> {
        let mut mantissa = 0_i128;
        for &digit in self.whole.iter().chain(self.fraction) {
            mantissa = push_digit(mantissa, i128::from(digit - b'0'))?;
        }
        let mut scale = i64::try_from(self.fraction.len()).ok()?.checked_sub(self.exponent)?;
        while scale < 0 && mantissa != 0 {
            mantissa = push_digit(mantissa, 0)?;
            scale += 1;
        }
        let mantissa = if self.negative { -mantissa } else { mantissa };
        Decimal::try_from_i128_with_scale(mantissa, u32::try_from(scale.max(0)).ok()?).ok()
    }

    fn compare(&self, other: &Number<'_>) -> Ordering {
        match (self.magnitude(), other.magnitude()) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) if other.negative => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) if self.negative => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(_), Some(_)) if self.negative != other.negative => other.negative.cmp(&self.negative),
            (Some(mine), Some(others)) => {
                let larger = mine.cmp(&others).then_with(|| self.compare_digits(other));
                if self.negative { larger.reverse() } else { larger }
            }
        }
    }

    /// The place of the first digit that is not zero, counted upward from the point; nothing for zero itself.
    fn magnitude(&self) -> Option<i64> {
        let place = self.whole.iter().chain(self.fraction).position(|&digit| digit != b'0')?;
        let before_the_point = i64::try_from(self.whole.len()).ok()?;
        Some((before_the_point - i64::try_from(place).ok()?).saturating_add(self.exponent))
    }

    /// Compares the digits of two numbers of the same magnitude.
    fn compare_digits(&self, other: &Number<'_>) -> Ordering {
        let mut mine = self.significant();
        let mut others = other.significant();
        loop {
            match (mine.next(), others.next()) {
                (None, None) => return Ordering::Equal,
                (a, b) => match a.unwrap_or(b'0').cmp(&b.unwrap_or(b'0')) {
                    Ordering::Equal => {}
                    unequal => return unequal,
                },
            }
        }
    }

    /// The digits from the first that is not zero.
    fn significant(&self) -> impl Iterator<Item = u8> + use<'a> {
        self.whole.iter().chain(self.fraction).copied().skip_while(|&digit| digit == b'0')
    }
}

fn sign(bytes: &[u8]) -> (bool, &[u8]) {
    match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    }
}

fn digits(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    bytes.split_at(end)
}

/// What stands behind the `e`. Beyond what an `i64` counts every exponent is as large as any other.
fn exponent(bytes: &[u8]) -> Option<i64> {
    let (negative, bytes) = sign(bytes);
    let (number, rest) = digits(bytes);
    if number.is_empty() || !rest.is_empty() {
        return None;
    }
    let size = number.iter().fold(0_i64, |size, &digit| size.saturating_mul(10).saturating_add((digit - b'0').into()));
    // Half of the range, so that adding the length of a text can't overflow.
    let size = size.min(i64::MAX / 2);
    Some(if negative { -size } else { size })
}

/// `mantissa` with one more digit; nothing beyond what a `Decimal` keeps.
fn push_digit(mantissa: i128, digit: i128) -> Option<i128> {
    let longer = mantissa.checked_mul(10)?.checked_add(digit)?;
    if longer < 1 << 96 { Some(longer) } else { None }
}
