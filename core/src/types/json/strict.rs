//! What serde would write as something else: NaN and the infinities, which it makes null, and numbers that are longer than
//! some databases' JSON has room for.

use std::fmt;

use serde::ser::{self, Serialize, Serializer};

/// The reason where serde itself finds none of JSON's forms for a value.
pub(super) const NO_FORM: &str = "JSON has no form for this value";

const NOT_FINITE: &str = "NaN and infinity have no form in JSON";
const TOO_LONG: &str = "an integer of more than 64 bits is not kept in JSON by every database: write it as text";

const RAW: &str = "a `RawValue` may hold numbers that are not kept in JSON by every database: use a type of its shape";

/// What `serde_json::value::RawValue` calls itself, which is how its serializers tell it from others.
const RAW_NAME: &str = "$serde_json::private::RawValue";

/// Looks through a value without writing it.
///
/// # Errors
/// The reason it can't be written as it is.
pub(super) fn check<T: Serialize>(value: &T) -> Result<(), &'static str> {
    value.serialize(Strict).map_err(|Refused(reason)| reason)
}

/// A serializer that writes nothing.
#[derive(Clone, Copy)]
struct Strict;

/// Why a value is refused. What the value itself says of an error is left out, since it may show what it holds.
#[derive(Debug)]
struct Refused(&'static str);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: fmt::Display>(_message: T) -> Refused {
        Refused(NO_FORM)
    }
}

/// Values that are fine as they are.
macro_rules! fine {
    ($($method:ident($ty:ty);)*) => {$(
        fn $method(self, _value: $ty) -> Result<(), Refused> {
            Ok(())
        }
    )*};
}

impl Serializer for Strict {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Strict;
    type SerializeTuple = Strict;
    type SerializeTupleStruct = Strict;
    type SerializeTupleVariant = Strict;
    type SerializeMap = Strict;
    type SerializeStruct = Strict;
    type SerializeStructVariant = Strict;

    fine! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
        serialize_unit_struct(&'static str);
    }

    fn serialize_i128(self, value: i128) -> Result<(), Refused> {
        let fits = i64::try_from(value).is_ok() || u64::try_from(value).is_ok();
        if fits { Ok(()) } else { Err(Refused(TOO_LONG)) }
    }

    fn serialize_u128(self, value: u128) -> Result<(), Refused> {
        if u64::try_from(value).is_ok() { Ok(()) } else { Err(Refused(TOO_LONG)) }
    }

    fn serialize_f32(self, value: f32) -> Result<(), Refused> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<(), Refused> {
        if value.is_finite() { Ok(()) } else { Err(Refused(NOT_FINITE)) }
    }

    fn serialize_none(self) -> Result<(), Refused> {
        Ok(())
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), Refused> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Refused> {
        Ok(())
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, _variant: &'static str) -> Result<(), Refused> {
        Ok(())
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _name: &'static str, value: &T) -> Result<(), Refused> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        value.serialize(self)
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Strict, Refused> {
        Ok(self)
    }

    fn serialize_tuple(self, _length: usize) -> Result<Strict, Refused> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _name: &'static str, _length: usize) -> Result<Strict, Refused> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Strict, Refused> {
        Ok(self)
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Strict, Refused> {
        Ok(self)
    }

    fn serialize_struct(self, name: &'static str, _length: usize) -> Result<Strict, Refused> {
        if name == RAW_NAME { Err(Refused(RAW)) } else { Ok(self) }
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Strict, Refused> {
        Ok(self)
    }
}

/// The parts of a compound value, each of which is looked at.
macro_rules! parts {
    ($($of:ident: $method:ident;)*) => {$(
        impl ser::$of for Strict {
            type Ok = ();
            type Error = Refused;

            fn $method<T: ?Sized + Serialize>(&mut self, part: &T) -> Result<(), Refused> {
                part.serialize(*self)
            }

            fn end(self) -> Result<(), Refused> {
                Ok(())
            }
        }
    )*};
}

parts! {
    SerializeSeq: serialize_element;
    SerializeTuple: serialize_element;
    SerializeTupleStruct: serialize_field;
    SerializeTupleVariant: serialize_field;
}

impl ser::SerializeMap for Strict {
    type Ok = ();
    type Error = Refused;

    /// Keys are written as text, where serde_json itself refuses what has none.
    fn serialize_key<T: ?Sized + Serialize>(&mut self, _key: &T) -> Result<(), Refused> {
        Ok(())
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), Refused> {
        value.serialize(*self)
    }

    fn end(self) -> Result<(), Refused> {
        Ok(())
    }
}

/// The fields of a struct, each of which is looked at.
macro_rules! fields {
    ($($of:ident),*) => {$(
        impl ser::$of for Strict {
            type Ok = ();
            type Error = Refused;

            fn serialize_field<T: ?Sized + Serialize>(&mut self, _key: &'static str, field: &T) -> Result<(), Refused> {
                field.serialize(*self)
            }

            fn end(self) -> Result<(), Refused> {
                Ok(())
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    struct Raw;

    impl Serialize for Raw {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use ser::SerializeStruct as _;
            let mut raw = serializer.serialize_struct(RAW_NAME, 1)?;
            raw.serialize_field(RAW_NAME, "0.12345678901234567890123")?;
            raw.end()
        }
    }

    #[test]
    fn text_that_is_written_as_it_is_is_refused() {
        assert_eq!(check(&[Raw]), Err(RAW));
    }

    #[test]
    fn what_json_would_change_is_found_wherever_it_stands() {
        assert_eq!(check(&(1, "a", Some(2.5), [()])), Ok(()));
        assert_eq!(check(&vec![Some(1.0), Some(f64::NAN)]), Err(NOT_FINITE));
        assert_eq!(check(&BTreeMap::from([("a", f32::INFINITY)])), Err(NOT_FINITE));
        assert_eq!(check(&(u128::from(u64::MAX), i128::from(i64::MIN))), Ok(()));
        assert_eq!(check(&(u128::from(u64::MAX) + 1)), Err(TOO_LONG));
        assert_eq!(check(&(i128::from(i64::MIN) - 1)), Err(TOO_LONG));
    }
}
