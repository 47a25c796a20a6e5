//! Floating point numbers in the text of SQL, to the last bit.

/// The largest power of two that is an integer of SQLite's.
const LARGEST_SHIFT: u32 = 62;

/// `(4503599627370497 * 4611686018427387904.0 * 2.0)`: an integer and powers of two, each of which SQLite reads as it is, and
/// whose products are exact.
pub(crate) fn exact(number: f64) -> String {
    let bits = number.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i32);
    let (mantissa, exponent) = match exponent {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << 52, exponent - 1075),
    };
    let zeros = mantissa.trailing_zeros().min(63);
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let mut text = format!("({sign}{}", mantissa >> zeros);
    let exponent = exponent + zeros.cast_signed();
    let operator = if exponent < 0 { '/' } else { '*' };
    let mut left = exponent.unsigned_abs();
    while left > 0 {
        let shift = left.min(LARGEST_SHIFT);
        text.push_str(&format!(" {operator} {}.0", 1_u64 << shift));
        left -= shift;
    }
    text.push(')');
    text
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::random::random;
    use crate::types::READ_EXACTLY;

    #[test]
    fn what_is_written_is_read_to_the_last_bit() {
        let db = Connection::open_in_memory().unwrap();
        let mut random = random();
        let ends = [f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, -1e300, 1e-300, 0.1, 1.0, 3.0, -4.0, 1e15, 1e-15];
        let some = std::iter::repeat_with(|| f64::from_bits(random.u64(..))).filter(|number| number.is_finite());
        for number in ends.into_iter().chain(some.take(10_000)) {
            let found: f64 = db.query_row(&format!("SELECT {} * 1.0", exact(number)), [], |row| row.get(0)).unwrap();
            assert_eq!(found.to_bits(), number.to_bits(), "{number:e} as {}", exact(number));
        }
        // Those that are written by their digits.
        for _ in 0..10_000 {
            let number = random.u64(..1 << 53) as f64 * 10_f64.powi(random.i32(-28..-14));
            if READ_EXACTLY.contains(&number) {
                let found: f64 = db.query_row(&format!("SELECT {number:e}"), [], |row| row.get(0)).unwrap();
                assert_eq!(found.to_bits(), number.to_bits(), "{number:e}");
            }
        }
    }
}
