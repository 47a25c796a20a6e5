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
    /// The digits after the point.
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
    /// Reads a number; `None` where the text is not one from its first to its last character.
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

    /// The number, exactly; `None` where it has more digits than a `Decimal` keeps.
    pub(crate) fn to_decimal(self) -> Option<Decimal> {
        self.exact().or_else(|| {
            // Zeros at the end add no value, so they are not what a number is refused for.
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

    /// How many digits it takes to write the number without an exponent.
    pub(crate) fn digits(&self) -> i64 {
        let written = i64::try_from(self.whole.len() + self.fraction.len()).unwrap_or(i64::MAX);
        written.saturating_add(self.exponent.saturating_abs())
    }

    /// The position of the first digit that is not zero, counted upward from the point; `None` for zero itself.
    fn magnitude(&self) -> Option<i64> {
        let index = self.whole.iter().chain(self.fraction).position(|&digit| digit != b'0')?;
        let before_the_point = i64::try_from(self.whole.len()).ok()?;
        Some((before_the_point - i64::try_from(index).ok()?).saturating_add(self.exponent))
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

/// What follows the `e`. Beyond what an `i64` counts every exponent is as large as any other.
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

/// `mantissa` with one more digit; `None` beyond what a `Decimal` keeps.
fn push_digit(mantissa: i128, digit: i128) -> Option<i128> {
    let longer = mantissa.checked_mul(10)?.checked_add(digit)?;
    if longer < 1 << 96 { Some(longer) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::random;

    struct Numbers(fastrand::Rng);

    impl Numbers {
        /// Numbers of all sizes, with many that are close to each other or equal.
        fn decimal(&mut self) -> Decimal {
            let digits = self.0.u32(1..=28);
            let mantissa = i128::from(self.0.u64(..)) << 32 | i128::from(self.0.u32(..));
            let mantissa = match self.0.u8(..4) {
                0 => self.0.i128(0..3),
                1 => 10_i128.pow(digits.min(27)),
                _ => mantissa % 10_i128.pow(digits),
            };
            let sign = if self.0.bool() { -1 } else { 1 };
            Decimal::try_from_i128_with_scale(sign * mantissa, self.0.u32(..29)).unwrap()
        }

        /// One of the many ways to write a number.
        fn text(&mut self, number: Decimal) -> String {
            let plain = if self.0.bool() { number.normalize() } else { number }.to_string();
            let (sign, digits) = match plain.strip_prefix('-') {
                Some(digits) => ("-", digits),
                None => (["", "+"][self.0.usize(..2)], plain.as_str()),
            };
            match self.0.u8(..5) {
                0 => format!("{sign}00{digits}"),
                1 if digits.contains('.') => format!("{sign}{digits}000"),
                1 => format!("{sign}{digits}.00"),
                2 => format!("{sign}{digits}e0"),
                3 => {
                    // The same digits with the point moved by an exponent.
                    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
                    format!("{sign}0.{whole}{fraction}E+{}", whole.len())
                }
                _ => format!("{sign}{digits}"),
            }
        }
    }

    #[test]
    fn text_compares_and_reads_as_its_number() {
        let mut numbers = Numbers(random());
        for _ in 0..200_000 {
            let a = numbers.decimal();
            let b = if numbers.0.u8(..3) == 0 { a } else { numbers.decimal() };
            let (text_a, text_b) = (numbers.text(a), numbers.text(b));
            assert_eq!(compare(&text_a, &text_b), a.cmp(&b), "{text_a} {text_b}");
            assert_eq!(Number::parse(&text_a).and_then(Number::to_decimal), Some(a), "{text_a}");
        }
    }

    #[test]
    fn the_order_is_total_even_where_there_is_no_number() {
        let sorted = [
            "-1e99999999999999999999",
            "-1e100",
            "-10",
            "-9.99",
            "-1e-100",
            "0",
            "1e-100",
            "0.1",
            "9.99",
            "10",
            "1e100",
            "1e99999999999999999999",
            "",
            " 1",
            "+",
            ".",
            "1 ",
            "1..2",
            "1_0",
            "1e",
            "NaN",
            "\u{661}",
        ];
        for (i, a) in sorted.iter().enumerate() {
            for (j, b) in sorted.iter().enumerate() {
                assert_eq!(compare(a, b), i.cmp(&j), "{a:?} {b:?}");
            }
        }
        for zero in ["-0", "+0.000", ".0", "0.", "0e5", "00"] {
            assert_eq!(compare(zero, "0"), Ordering::Equal, "{zero}");
        }
    }

    #[test]
    fn what_a_decimal_has_no_digits_for_is_not_read() {
        let read = |text: &str| Number::parse(text).and_then(Number::to_decimal);
        assert_eq!(read("79228162514264337593543950335"), Some(Decimal::MAX));
        assert_eq!(read("79228162514264337593543950336"), None);
        assert_eq!(read("1e-28").map(|number| number.scale()), Some(28));
        assert_eq!(read("1e-29"), None);
        assert_eq!(read("1e28"), Some(Decimal::from_i128_with_scale(10_i128.pow(28), 0)));
        assert_eq!(read("1e29"), None);
        assert_eq!(read(&format!("1.5{}", "0".repeat(40))), Some(Decimal::new(15, 1)));
        assert_eq!(read("0e999999999999999999999"), Some(Decimal::ZERO));
        assert_eq!(read("-1e-999999999999999999999"), None);
    }
}
