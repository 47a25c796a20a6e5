//! `numeric` in its binary format: groups of four decimal digits, each in sixteen bits.
//!
//! A header of four 16-bit numbers says how many groups follow, the weight of the first (as a power of 10,000), the sign
//! and how many digits after the point are shown. Groups of zeros at either end are left out.

use rust_decimal::Decimal;

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const PLUS_INFINITY: u16 = 0xD000;
const MINUS_INFINITY: u16 = 0xF000;

/// What one group counts up to.
const BASE: u16 = 10_000;
/// The largest mantissa a [`Decimal`] has room for.
const LARGEST: u128 = (1 << 96) - 1;
/// More groups than the mantissa of a [`Decimal`] can fill: it has 29 digits, and 3 zeros may complete the last group.
const MOST_GROUPS: usize = 9;

/// Appends a number.
pub(crate) fn encode(number: Decimal, buffer: &mut Vec<u8>) {
    let scale = number.scale();
    let missing = (4 - scale % 4) % 4;
    let mut rest = number.mantissa().unsigned_abs() * 10_u128.pow(missing);
    let sign = if number.is_sign_negative() && rest != 0 { NEGATIVE } else { POSITIVE };
    let mut groups = [0_u16; MOST_GROUPS];
    let mut count = 0;
    for group in &mut groups {
        if rest == 0 {
            break;
        }
        // Dividing 64 bits is many times faster than dividing 128.
        (rest, *group) = match u64::try_from(rest) {
            Ok(small) => (u128::from(small / u64::from(BASE)), (small % u64::from(BASE)) as u16),
            Err(_) => (rest / u128::from(BASE), (rest % u128::from(BASE)) as u16),
        };
        count += 1;
    }
    let zeros = groups.iter().take(count).take_while(|&&group| group == 0).count();
    let after_point = (scale + missing) / 4;
    let weight = if count == 0 { 0 } else { count as i16 - after_point as i16 - 1 };
    for part in [(count - zeros) as u16, weight as u16, sign, scale as u16] {
        buffer.extend_from_slice(&part.to_be_bytes());
    }
    for group in groups.iter().take(count).skip(zeros).rev() {
        buffer.extend_from_slice(&group.to_be_bytes());
    }
}

/// What is said of a number for which a `Decimal` has no room.
pub(crate) const TOO_LONG: &str = "a numeric with more than 28 digits";

/// Reads a number exactly.
///
/// # Errors
/// What was found instead of a number that [`Decimal`] has room for.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decimal, &'static str> {
    const MALFORMED: &str = "a malformed numeric";

    let &[c1, c2, w1, w2, s1, s2, d1, d2, ref digits @ ..] = bytes else { return Err(MALFORMED) };
    let count = u16::from_be_bytes([c1, c2]);
    let weight = i16::from_be_bytes([w1, w2]);
    let shown = u32::from(u16::from_be_bytes([d1, d2]));
    let negative = match u16::from_be_bytes([s1, s2]) {
        POSITIVE => false,
        NEGATIVE => true,
        NAN => return Err("a numeric that is not a number"),
        PLUS_INFINITY | MINUS_INFINITY => return Err("an infinite numeric"),
        _ => return Err(MALFORMED),
    };
    let (groups, []) = digits.as_chunks::<2>() else { return Err(MALFORMED) };
    if groups.len() != usize::from(count) {
        return Err(MALFORMED);
    }

    let mut mantissa = 0_u128;
    for &group in groups {
        let group = u16::from_be_bytes(group);
        if group >= BASE {
            return Err(MALFORMED);
        }
        mantissa = mantissa
            .checked_mul(BASE.into())
            .and_then(|mantissa| mantissa.checked_add(group.into()))
            .ok_or(TOO_LONG)?;
    }
    if mantissa == 0 {
        return Ok(Decimal::new(0, shown.min(Decimal::MAX_SCALE)));
    }

    let exponent = 4 * (i32::from(weight) + 1 - i32::from(count));
    let mut scale = exponent.min(0).unsigned_abs();
    if exponent > 0 {
        let power = 10_u128.checked_pow(exponent.unsigned_abs()).ok_or(TOO_LONG)?;
        mantissa = mantissa.checked_mul(power).ok_or(TOO_LONG)?;
    }
    // The last group may hold zeros beyond the digits that are shown; they may go, other digits must not.
    while scale > 0
        && (scale > shown || scale > Decimal::MAX_SCALE || mantissa > LARGEST)
        && mantissa.is_multiple_of(10)
    {
        mantissa /= 10;
        scale -= 1;
    }
    if scale > Decimal::MAX_SCALE || mantissa > LARGEST {
        return Err(TOO_LONG);
    }
    // Zeros that are shown are kept, as long as there is room for them.
    let wanted = shown.min(Decimal::MAX_SCALE);
    while scale < wanted && mantissa <= LARGEST / 10 {
        mantissa *= 10;
        scale += 1;
    }
    let signed = if negative { -(mantissa as i128) } else { mantissa as i128 };
    Decimal::try_from_i128_with_scale(signed, scale).map_err(|_| TOO_LONG)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::random;

    fn there_and_back(number: Decimal) -> Decimal {
        let mut bytes = Vec::new();
        encode(number, &mut bytes);
        decode(&bytes).unwrap()
    }

    #[test]
    fn numbers_survive_with_every_digit_and_their_scale() {
        let mut random = random();
        for _ in 0..200_000 {
            let bits = random.u32(..97);
            let wide = random.u128(..);
            let mantissa = (wide & ((1_u128 << bits) - 1)) as i128;
            let mantissa = if random.bool() { mantissa } else { -mantissa };
            let scale = random.u32(..29);
            let number = Decimal::from_i128_with_scale(mantissa, scale);
            let back = there_and_back(number);
            assert_eq!(back, number);
            assert_eq!(back.to_string(), number.to_string());
        }
    }

    #[test]
    fn the_ends_of_the_range_survive() {
        for text in [
            "0",
            "0.0000000000000000000000000000",
            "-0.0000000000000000000000000001",
            "7.9228162514264337593543950335",
            "79228162514264337593543950335",
            "-79228162514264337593543950335",
            "10000",
            "10000.0001",
            "0.0001",
            "100000000",
            "1.50",
        ] {
            let number: Decimal = text.parse().unwrap();
            assert_eq!(there_and_back(number).to_string(), text);
        }
    }

    #[test]
    fn the_bytes_are_those_of_the_protocol() {
        let mut bytes = Vec::new();
        encode("-12345.678".parse().unwrap(), &mut bytes);
        // 3 groups (1, 2345, 6780), the first of weight 1, negative, 3 digits shown.
        assert_eq!(bytes, [0, 3, 0, 1, 0x40, 0, 0, 3, 0, 1, 0x09, 0x29, 0x1a, 0x7c]);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let header = |count: u16, weight: i16, sign: u16, shown: u16| {
            let mut bytes = Vec::new();
            for part in [count, weight as u16, sign, shown] {
                bytes.extend_from_slice(&part.to_be_bytes());
            }
            bytes
        };
        for sign in [NAN, PLUS_INFINITY, MINUS_INFINITY, 0x1234] {
            assert!(decode(&header(0, 0, sign, 0)).is_err());
        }
        let mut large = header(1, 7, POSITIVE, 0);
        large.extend_from_slice(&[0, 1]);
        assert_eq!(decode(&large).unwrap().to_string(), "10000000000000000000000000000");
        let mut too_large = header(1, 8, POSITIVE, 0);
        too_large.extend_from_slice(&[0, 1]);
        assert!(decode(&too_large).is_err());
        let mut too_small = header(1, -8, POSITIVE, 32);
        too_small.extend_from_slice(&[0, 1]);
        assert!(decode(&too_small).is_err());
        let mut not_a_group = header(1, 0, POSITIVE, 0);
        not_a_group.extend_from_slice(&[0x27, 0x10]);
        assert!(decode(&not_a_group).is_err());
        assert!(decode(&header(1, 0, POSITIVE, 0)).is_err());
        assert!(decode(&[0, 1, 2]).is_err());
    }
}
