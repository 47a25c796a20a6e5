//! Dates and times as they cross the seam: plain numbers on the proleptic Gregorian calendar, tied to no date library.
//!
//! The conversions between day numbers and years, months and days are Howard Hinnant's
//! (<https://howardhinnant.github.io/date_algorithms.html>). Years run from 1 to 9999, which every backend can store.

use std::fmt;

/// Microseconds in a day.
pub const DAY: i64 = 86_400_000_000;

/// The first storable day, 0001-01-01, in days since 1970-01-01.
const FIRST_DAY: i32 = -719_162;
/// The last storable day, 9999-12-31, in days since 1970-01-01.
const LAST_DAY: i32 = 2_932_896;

/// A calendar day: days since 1970-01-01.
///
/// ```
/// use creole::types::civil::Date;
///
/// assert_eq!(Date(0).to_string(), "1970-01-01");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i32);

/// A time of day: microseconds since midnight.
///
/// ```
/// use creole::types::civil::Time;
///
/// assert_eq!(Time(1_500_000).to_string(), "00:00:01.500000");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

/// A day and a time, without a zone or in UTC as its column says: microseconds since 1970-01-01 00:00.
///
/// ```
/// use creole::types::civil::DateTime;
///
/// assert_eq!(DateTime(-1).to_string(), "1969-12-31 23:59:59.999999");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(pub i64);

impl Date {
    /// The day of a year, month (1 to 12) and day of the month; `None` if the calendar has no such day.
    ///
    /// ```
    /// use creole::types::civil::Date;
    ///
    /// assert_eq!(Date::from_ymd(2000, 2, 29).map(|date| date.0), Some(11_016));
    /// assert_eq!(Date::from_ymd(1900, 2, 29), None);
    /// ```
    pub fn from_ymd(year: i32, month: u8, day: u8) -> Option<Date> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        let shifted = if month <= 2 { year - 1 } else { year };
        let era = shifted.div_euclid(400);
        let year_of_era = shifted.rem_euclid(400);
        let month_from_march = (i32::from(month) + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + i32::from(day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Date(era * 146_097 + day_of_era - 719_468))
    }

    /// The year, the month (1 to 12) and the day of the month.
    ///
    /// ```
    /// use creole::types::civil::Date;
    ///
    /// assert_eq!(Date(11_016).ymd(), (2000, 2, 29));
    /// ```
    pub fn ymd(self) -> (i32, u8, u8) {
        let shifted = i64::from(self.0) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (year as i32, month as u8, day as u8)
    }

    /// Whether the year lies between 1 and 9999.
    ///
    /// ```
    /// use creole::types::civil::Date;
    ///
    /// assert!(Date(0).is_storable() && !Date(i32::MAX).is_storable());
    /// ```
    pub fn is_storable(self) -> bool {
        (FIRST_DAY..=LAST_DAY).contains(&self.0)
    }

    /// Reads `YYYY-MM-DD`, and nothing else.
    ///
    /// ```
    /// use creole::types::civil::Date;
    ///
    /// assert_eq!(Date::parse("2000-02-29"), Some(Date(11_016)));
    /// assert_eq!(Date::parse("2000-2-29"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Date> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else { return None };
        let year = digits(&[y1, y2, y3, y4])?;
        Date::from_ymd(year as i32, digits(&[m1, m2])? as u8, digits(&[d1, d2])? as u8)
    }
}

impl Time {
    /// The time of an hour, minute, second and microsecond; `None` past the end of the day. Leap seconds are not representable.
    ///
    /// ```
    /// use creole::types::civil::Time;
    ///
    /// assert_eq!(Time::from_hms_micro(0, 1, 0, 5), Some(Time(60_000_005)));
    /// assert_eq!(Time::from_hms_micro(24, 0, 0, 0), None);
    /// ```
    pub fn from_hms_micro(hour: u8, minute: u8, second: u8, micro: u32) -> Option<Time> {
        if hour > 23 || minute > 59 || second > 59 || micro > 999_999 {
            return None;
        }
        let seconds = i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second);
        Some(Time(seconds * 1_000_000 + i64::from(micro)))
    }

    /// The hour, the minute, the second and the microsecond.
    ///
    /// ```
    /// use creole::types::civil::Time;
    ///
    /// assert_eq!(Time(60_000_005).hms_micro(), (0, 1, 0, 5));
    /// ```
    pub fn hms_micro(self) -> (u8, u8, u8, u32) {
        let seconds = self.0.div_euclid(1_000_000);
        let micro = self.0.rem_euclid(1_000_000);
        ((seconds / 3_600) as u8, (seconds / 60 % 60) as u8, (seconds % 60) as u8, micro as u32)
    }

    /// Whether the time lies within one day.
    ///
    /// ```
    /// use creole::types::civil::{DAY, Time};
    ///
    /// assert!(Time(DAY - 1).is_storable() && !Time(DAY).is_storable());
    /// ```
    pub fn is_storable(self) -> bool {
        (0..DAY).contains(&self.0)
    }

    /// Reads `HH:MM:SS`, with up to six digits of a second after the point.
    ///
    /// ```
    /// use creole::types::civil::Time;
    ///
    /// assert_eq!(Time::parse("00:01:00.000005"), Some(Time(60_000_005)));
    /// ```
    pub fn parse(text: &str) -> Option<Time> {
        let (clock, fraction) = match text.split_once('.') {
            Some((clock, fraction)) => (clock, micros(fraction)?),
            None => (text, 0),
        };
        let &[h1, h2, b':', m1, m2, b':', s1, s2] = clock.as_bytes() else { return None };
        Time::from_hms_micro(digits(&[h1, h2])? as u8, digits(&[m1, m2])? as u8, digits(&[s1, s2])? as u8, fraction)
    }
}

impl DateTime {
    /// A day and a time of it.
    ///
    /// ```
    /// use creole::types::civil::{DAY, Date, DateTime, Time};
    ///
    /// assert_eq!(DateTime::new(Date(1), Time(2)), DateTime(DAY + 2));
    /// ```
    pub fn new(date: Date, time: Time) -> DateTime {
        DateTime(i64::from(date.0) * DAY + time.0)
    }

    /// The day.
    ///
    /// ```
    /// use creole::types::civil::{Date, DateTime};
    ///
    /// assert_eq!(DateTime(-1).date(), Date(-1));
    /// ```
    pub fn date(self) -> Date {
        Date(self.0.div_euclid(DAY) as i32)
    }

    /// The time of day.
    ///
    /// ```
    /// use creole::types::civil::{DAY, DateTime, Time};
    ///
    /// assert_eq!(DateTime(-1).time(), Time(DAY - 1));
    /// ```
    pub fn time(self) -> Time {
        Time(self.0.rem_euclid(DAY))
    }

    /// Whether the year lies between 1 and 9999.
    ///
    /// ```
    /// use creole::types::civil::DateTime;
    ///
    /// assert!(DateTime(0).is_storable() && !DateTime(i64::MAX).is_storable());
    /// ```
    pub fn is_storable(self) -> bool {
        let days = self.0.div_euclid(DAY);
        (i64::from(FIRST_DAY)..=i64::from(LAST_DAY)).contains(&days)
    }

    /// Reads a date and a time with one `separator` byte between them.
    ///
    /// ```
    /// use creole::types::civil::DateTime;
    ///
    /// assert_eq!(DateTime::parse("1970-01-01T00:00:01", b'T'), Some(DateTime(1_000_000)));
    /// ```
    pub fn parse(text: &str, separator: u8) -> Option<DateTime> {
        let (date, rest) = text.split_at_checked(10)?;
        let time = rest.strip_prefix(char::from(separator))?;
        Some(DateTime::new(Date::parse(date)?, Time::parse(time)?))
    }
}

/// `YYYY-MM-DD`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// `HH:MM:SS.ffffff`, six digits always.
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hour, minute, second, micro) = self.hms_micro();
        write!(f, "{hour:02}:{minute:02}:{second:02}.{micro:06}")
    }
}

/// `YYYY-MM-DD HH:MM:SS.ffffff`, six digits always.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.date(), self.time())
    }
}

fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

/// The digits after a second's point, as microseconds.
fn micros(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || fraction.len() > 6 {
        return None;
    }
    Some(digits(fraction.as_bytes())? * 10_u32.pow(6 - fraction.len() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_storable_day_survives_the_way_there_and_back() {
        for day in FIRST_DAY..=LAST_DAY {
            let (year, month, number) = Date(day).ymd();
            assert_eq!(Date::from_ymd(year, month, number), Some(Date(day)));
        }
        assert_eq!(Date(FIRST_DAY).to_string(), "0001-01-01");
        assert_eq!(Date(LAST_DAY).to_string(), "9999-12-31");
        assert!(!Date(FIRST_DAY - 1).is_storable() && !Date(LAST_DAY + 1).is_storable());
    }

    #[test]
    fn text_is_read_strictly() {
        assert_eq!(Date::parse("2000-02-29"), Some(Date(11_016)));
        assert_eq!(DateTime::parse("1969-12-31T23:59:59.999999", b'T'), Some(DateTime(-1)));
        assert_eq!(DateTime(-1).to_string(), "1969-12-31 23:59:59.999999");
        for wrong in ["1900-02-29", "2000-13-01", "2000-1-01", "0000-00-00", "+200-01-01", "2000-01-01 "] {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
        for wrong in ["24:00:00", "12:00", "12:00:60", "12:00:00.", "12:00:00.1234567"] {
            assert_eq!(Time::parse(wrong), None, "{wrong}");
        }
    }
}
