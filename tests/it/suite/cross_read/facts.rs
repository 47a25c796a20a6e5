//! What a value says, whatever type it is read as.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use creole::JsonValue;
use creole::prelude::*;
use creole::types::ColumnType;

/// A value as text: two types that can hold the same fact have the same text for it.
pub(super) trait Fact {
    fn fact(&self) -> String;
}

/// Whether two texts say the same. SQLite keeps decimals as text with all their digits, marks
/// instants with a Z; MariaDB shows UUIDs with hyphens. A number that is read as a JSON document is the float that `serde_json` makes of it.
pub(super) fn same(found: &str, written: &str, ty: ColumnType) -> bool {
    if ty == ColumnType::Json && found.parse::<f64>().is_ok_and(|number| written.parse() == Ok(number)) {
        return true;
    }
    let as_uuid = |text: &str| text.parse::<Uuid>().map(|id| id.fact());
    let as_number = |text: &str| text.parse::<Decimal>();
    found == written
        || found.strip_suffix('Z') == Some(written)
        || as_number(found).is_ok_and(|number| as_number(written) == Ok(number))
        || as_uuid(found).is_ok_and(|id| id == written)
}

macro_rules! as_displayed {
    ($($ty:ty),*) => {$(
        impl Fact for $ty {
            fn fact(&self) -> String {
                self.to_string()
            }
        }
    )*};
}

as_displayed!(i8, i16, i32, i64, u8, u16, u32, u64, f64, String, NaiveDate, JsonValue);

/// Databases without booleans keep 0 and 1.
impl Fact for bool {
    fn fact(&self) -> String {
        u8::from(*self).to_string()
    }
}

/// Every `f32` is an `f64` as well.
impl Fact for f32 {
    fn fact(&self) -> String {
        f64::from(*self).to_string()
    }
}

impl Fact for Decimal {
    fn fact(&self) -> String {
        self.normalize().to_string()
    }
}

impl Fact for Vec<u8> {
    fn fact(&self) -> String {
        self.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl Fact for Uuid {
    fn fact(&self) -> String {
        self.as_bytes().to_vec().fact()
    }
}

impl Fact for NaiveTime {
    fn fact(&self) -> String {
        self.format("%H:%M:%S%.6f").to_string()
    }
}

impl Fact for NaiveDateTime {
    fn fact(&self) -> String {
        self.format("%Y-%m-%dT%H:%M:%S%.6f").to_string()
    }
}

/// Columns of the MySQL family do not say whether their times are UTC; creole's are.
impl Fact for DateTime<Utc> {
    fn fact(&self) -> String {
        self.naive_utc().fact()
    }
}
