//! [`Cursor`]: the position of a row in an order, and its text form.

use std::fmt::Write as _;

use rust_decimal::Decimal;
use uuid::Uuid;

use crate::error::{Error, ErrorKind, Result};
use crate::schema::ColumnDef;
use crate::sql::Direction;
use crate::types::civil::{Date, DateTime, Time};
use crate::types::{ColumnType, Value, check};

/// The position of a row in the order of a SELECT. It holds only the values that the rows were sorted by.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = shop().await?;
/// let by_price = Order::select().order_by(Order::price);
/// let page = by_price.clone().first_page().limit(2).all(&engine).await?;
/// let cursor = by_price.cursor(&page[1])?;
/// let next = by_price.page_after(&cursor).limit(2).all(&engine).await?;
/// assert_eq!(next.iter().map(|order| order.id).collect::<Vec<_>>(), [2]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    /// What the order is, as a number.
    pub(in crate::query) order: u64,
    pub(in crate::query) values: Vec<Value>,
}

/// How the text form begins; another form would begin otherwise.
const VERSION: &str = "1";
/// What stands between the parts of the text form: a sign that URLs take as it is and that no part has in it.
const SEPARATOR: char = '~';

impl Cursor {
    /// The position as text, for a link to the next page; [`Select::cursor_from`](super::select::Select::cursor_from) reads it. It is made of
    /// letters, digits and `-._~`, which URLs take as they are.
    ///
    /// The text is not secret: whoever has it can read the values, and can write another position into it. So sort by what the
    /// user may see.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/shop.rs"));
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> creole::Result<()> {
    /// # let engine = shop().await?;
    /// let by_price = Order::select().order_by(Order::price);
    /// let first = by_price.clone().first_page().limit(1).one(&engine).await?;
    /// let token = by_price.cursor(&first)?.token()?;
    /// assert_eq!(by_price.cursor_from(&token)?, by_price.cursor(&first)?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Unsupported`](ErrorKind::Unsupported) where the order has a value without a text form: a document, an array, or one of
    /// a type that only the database knows.
    pub fn token(&self) -> Result<String> {
        let mut token = format!("{VERSION}{SEPARATOR}{:x}", self.order);
        for value in &self.values {
            token.push(SEPARATOR);
            write_value(&mut token, value)?;
        }
        Ok(token)
    }

    /// Reads the text form of a position in this order.
    pub(super) fn parse(token: &str, order: &[(&'static ColumnDef, Direction)]) -> Result<Cursor> {
        let mut parts = token.split(SEPARATOR);
        if parts.next() != Some(VERSION) {
            return Err(refused("it does not begin as one"));
        }
        let expected = fingerprint(order);
        if parts.next().and_then(|part| u64::from_str_radix(part, 16).ok()) != Some(expected) {
            return Err(refused("it belongs to a SELECT with another order"));
        }
        let mut values = Vec::with_capacity(order.len());
        for (column, _) in order {
            let value = parts.next().and_then(|part| read_value(part, column));
            values.push(value.ok_or_else(|| refused("its values are not those of the order"))?);
        }
        match parts.next() {
            None => Ok(Cursor { order: expected, values }),
            Some(_) => Err(refused("it has more values than the order")),
        }
    }
}

/// An order as a number: another one for other columns, directions and types.
pub(super) fn fingerprint(order: &[(&'static ColumnDef, Direction)]) -> u64 {
    // FNV-1a, which is the same in every build; what it is about is no secret, and no table hashes by it.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |text: &str| {
        for byte in text.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for (column, direction) in order {
        add(column.name);
        add(&column.ty.to_string());
        add(if *direction == Direction::Ascending { "up" } else { "down" });
    }
    hash
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::InvalidValue, format!("the text is no cursor of this SELECT: {why}"))
}

/// A letter for the kind of value, and the value. Writing to a String can't fail.
fn write_value(token: &mut String, value: &Value) -> Result<()> {
    match value {
        Value::Null => token.push('n'),
        Value::Bool(value) => token.push(if *value { 'y' } else { 'z' }),
        Value::I64(number) => drop(write!(token, "i{number}")),
        Value::U64(number) => drop(write!(token, "u{number}")),
        Value::F64(number) => drop(write!(token, "f{:x}", number.to_bits())),
        Value::Decimal(number) => drop(write!(token, "d{number}")),
        Value::Uuid(uuid) => drop(write!(token, "g{}", uuid.simple())),
        Value::Date(Date(days)) => drop(write!(token, "D{days}")),
        Value::Time(Time(micros)) => drop(write!(token, "T{micros}")),
        Value::DateTime(DateTime(micros)) => drop(write!(token, "M{micros}")),
        Value::Instant(DateTime(micros)) => drop(write!(token, "Z{micros}")),
        Value::Text(text) => encode(token, 't', text.as_bytes()),
        Value::Bytes(bytes) => encode(token, 'b', bytes),
        Value::Cut(_) | Value::Json(_) | Value::Array(_) | Value::Invalid(_) | Value::Other(_) => {
            let message =
                "a value that the rows are sorted by has no text form: sort by other columns, or keep the cursor";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    }
    Ok(())
}

/// The value, where the column can hold it.
fn read_value(part: &str, column: &ColumnDef) -> Option<Value> {
    let (kind, text) = part.split_at_checked(1)?;
    let value = match (kind, column.ty) {
        ("n", _) if column.nullable && text.is_empty() => return Some(Value::Null),
        ("y" | "z", ColumnType::Bool) if text.is_empty() => Value::Bool(kind == "y"),
        ("i", ty) if ty.is_integer() => Value::I64(text.parse().ok()?),
        ("u", ty) if ty.is_integer() => Value::U64(text.parse().ok()?),
        ("f", ColumnType::F32 | ColumnType::F64) => Value::F64(f64::from_bits(u64::from_str_radix(text, 16).ok()?)),
        ("d", ColumnType::Decimal { .. }) => Value::Decimal(Decimal::from_str_exact(text).ok()?),
        ("g", ColumnType::Uuid) => Value::Uuid(Uuid::try_parse(text).ok()?),
        ("D", ColumnType::Date) => Value::Date(Date(text.parse().ok()?)),
        ("T", ColumnType::Time) => Value::Time(Time(text.parse().ok()?)),
        ("M", ColumnType::DateTime) => Value::DateTime(DateTime(text.parse().ok()?)),
        ("Z", ColumnType::Instant) => Value::Instant(DateTime(text.parse().ok()?)),
        ("t", ColumnType::Text { .. } | ColumnType::Enum(_)) => Value::Text(String::from_utf8(decode(text)?).ok()?),
        ("b", ColumnType::Bytes { .. }) => Value::Bytes(decode(text)?),
        _ => return None,
    };
    check(value.as_ref(), column.ty).is_ok().then_some(value)
}

/// The signs of the URL's own Base64, in their order.
const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes bytes as Base64 without `=`, after the letter of their kind.
fn encode(token: &mut String, kind: char, bytes: &[u8]) {
    token.push(kind);
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            let six = (bits >> (18 - 6 * place)) & 63;
            token.extend(SIGNS.get(six as usize).map(|&sign| char::from(sign)));
        }
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for four in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for sign in four {
            let six = SIGNS.iter().position(|known| known == sign)?;
            bits = bits << 6 | u32::try_from(six).ok()?;
        }
        bits <<= 6 * (4 - four.len());
        // One sign alone is less than a byte, and the bits that are left over are zero.
        let length = four.len().checked_sub(1).filter(|&length| length > 0)?;
        let [_, one, two, three] = bits.to_be_bytes();
        let three = [one, two, three];
        if three.iter().skip(length).any(|&byte| byte != 0) {
            return None;
        }
        bytes.extend(three.iter().take(length));
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_their_signs() {
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(97).wrapping_add(length)).collect();
            let mut token = String::new();
            encode(&mut token, 'b', &bytes);
            assert_eq!(token.strip_prefix('b').and_then(decode), Some(bytes));
        }
        for refused in ["A", "AAAAA", "AB", "é", "A=", "AA~"] {
            assert_eq!(decode(refused), None, "{refused}");
        }
    }
}
