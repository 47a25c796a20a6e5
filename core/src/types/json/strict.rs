//! A value as a tree, in one pass that also finds what serde would write as something else: NaN and the infinities, which it
//! makes null, and numbers that are longer than some databases' JSON has room for.

use std::cell::Cell;
use std::fmt;

use serde::ser::{self, Serialize, Serializer};
use serde_json::Value as Tree;

/// The reason where serde itself finds none of JSON's forms for a value.
pub(super) const NO_FORM: &str = "JSON has no form for this value";

const NOT_FINITE: &str = "NaN and infinity have no form in JSON";
const TOO_LONG: &str = "an integer of more than 64 bits is not kept in JSON by every database: write it as text";

const RAW: &str = "a `RawValue` may hold numbers that are not kept in JSON by every database: use a type of its shape";

/// What `serde_json::value::RawValue` calls itself, which is how its serializers tell it from others.
const RAW_NAME: &str = "$serde_json::private::RawValue";

/// What serde makes of a value.
///
/// # Errors
/// The reason it can't be written as it is. What the value itself says of an error is left out, since it may show what it holds.
pub(crate) fn tree<T: ?Sized + Serialize>(value: &T) -> Result<Tree, &'static str> {
    let reason = Cell::new(NO_FORM);
    value.serialize(Strict { inner: serde_json::value::Serializer, reason: &reason }).map_err(|_| reason.get())
}

/// Hands everything on to another serializer, but for what is refused.
struct Strict<'r, S> {
    inner: S,
    /// Why the value is refused, where it is not for a reason of serde's.
    reason: &'r Cell<&'static str>,
}

/// A part of a value, which is written by a [`Strict`] too.
struct Part<'r, 'v, T: ?Sized> {
    value: &'v T,
    reason: &'r Cell<&'static str>,
}

impl<T: ?Sized + Serialize> Serialize for Part<'_, '_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Strict { inner: serializer, reason: self.reason })
    }
}

impl<'r, S> Strict<'r, S> {
    fn part<'v, T: ?Sized>(&self, value: &'v T) -> Part<'r, 'v, T> {
        Part { value, reason: self.reason }
    }

    #[cold]
    fn refuse<E: ser::Error>(&self, reason: &'static str) -> E {
        self.reason.set(reason);
        E::custom(reason)
    }
}

/// Values that are fine as they are.
macro_rules! fine {
    ($($method:ident($ty:ty);)*) => {$(
        fn $method(self, value: $ty) -> Result<S::Ok, S::Error> {
            self.inner.$method(value)
        }
    )*};
}

/// Compound values, whose parts come one by one.
macro_rules! compound {
    ($($method:ident($($argument:ident: $ty:ty),*) -> $of:ident;)*) => {$(
        fn $method(self, $($argument: $ty),*) -> Result<Strict<'r, S::$of>, S::Error> {
            let reason = self.reason;
            self.inner.$method($($argument),*).map(|inner| Strict { inner, reason })
        }
    )*};
}

impl<'r, S: Serializer> Serializer for Strict<'r, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Strict<'r, S::SerializeSeq>;
    type SerializeTuple = Strict<'r, S::SerializeTuple>;
    type SerializeTupleStruct = Strict<'r, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Strict<'r, S::SerializeTupleVariant>;
    type SerializeMap = Strict<'r, S::SerializeMap>;
    type SerializeStruct = Strict<'r, S::SerializeStruct>;
    type SerializeStructVariant = Strict<'r, S::SerializeStructVariant>;

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

    compound! {
        serialize_seq(length: Option<usize>) -> SerializeSeq;
        serialize_tuple(length: usize) -> SerializeTuple;
        serialize_tuple_struct(name: &'static str, length: usize) -> SerializeTupleStruct;
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, length: usize) -> SerializeTupleVariant;
        serialize_map(length: Option<usize>) -> SerializeMap;
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, length: usize) -> SerializeStructVariant;
    }

    fn serialize_i128(self, value: i128) -> Result<S::Ok, S::Error> {
        match (i64::try_from(value), u64::try_from(value)) {
            (Ok(number), _) => self.inner.serialize_i64(number),
            (_, Ok(number)) => self.inner.serialize_u64(number),
            _ => Err(self.refuse(TOO_LONG)),
        }
    }

    fn serialize_u128(self, value: u128) -> Result<S::Ok, S::Error> {
        match u64::try_from(value) {
            Ok(number) => self.inner.serialize_u64(number),
            Err(_) => Err(self.refuse(TOO_LONG)),
        }
    }

    fn serialize_f32(self, value: f32) -> Result<S::Ok, S::Error> {
        if value.is_finite() { self.inner.serialize_f32(value) } else { Err(self.refuse(NOT_FINITE)) }
    }

    fn serialize_f64(self, value: f64) -> Result<S::Ok, S::Error> {
        if value.is_finite() { self.inner.serialize_f64(value) } else { Err(self.refuse(NOT_FINITE)) }
    }

    fn collect_str<T: ?Sized + fmt::Display>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.collect_str(value)
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<S::Ok, S::Error> {
        let part = self.part(value);
        self.inner.serialize_some(&part)
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit()
    }

    fn serialize_unit_variant(self, name: &'static str, index: u32, variant: &'static str) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        let part = self.part(value);
        self.inner.serialize_newtype_struct(name, &part)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let part = self.part(value);
        self.inner.serialize_newtype_variant(name, index, variant, &part)
    }

    fn serialize_struct(self, name: &'static str, length: usize) -> Result<Strict<'r, S::SerializeStruct>, S::Error> {
        if name == RAW_NAME {
            return Err(self.refuse(RAW));
        }
        let reason = self.reason;
        self.inner.serialize_struct(name, length).map(|inner| Strict { inner, reason })
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// The parts of a compound value, each of which is looked at.
macro_rules! parts {
    ($($of:ident: $method:ident;)*) => {$(
        impl<S: ser::$of> ser::$of for Strict<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn $method<T: ?Sized + Serialize>(&mut self, part: &T) -> Result<(), S::Error> {
                let part = self.part(part);
                self.inner.$method(&part)
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.inner.end()
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

impl<S: ser::SerializeMap> ser::SerializeMap for Strict<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    /// Keys are written as text, where serde_json itself refuses what has none.
    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), S::Error> {
        self.inner.serialize_key(key)
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), S::Error> {
        let part = self.part(value);
        self.inner.serialize_value(&part)
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

/// The fields of a struct, each of which is looked at.
macro_rules! fields {
    ($($of:ident),*) => {$(
        impl<S: ser::$of> ser::$of for Strict<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn serialize_field<T: ?Sized + Serialize>(&mut self, key: &'static str, field: &T) -> Result<(), S::Error> {
                let part = self.part(field);
                self.inner.serialize_field(key, &part)
            }

            fn skip_field(&mut self, key: &'static str) -> Result<(), S::Error> {
                self.inner.skip_field(key)
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.inner.end()
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

    enum Shape {
        Unit,
        Newtype(Option<u8>),
        Tuple(i64, f32),
        Struct(&'static str),
    }

    impl Serialize for Shape {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use ser::{SerializeStructVariant as _, SerializeTupleVariant as _};
            match self {
                Shape::Unit => serializer.serialize_unit_variant("Shape", 0, "Unit"),
                Shape::Newtype(value) => serializer.serialize_newtype_variant("Shape", 1, "Newtype", value),
                Shape::Tuple(number, float) => {
                    let mut tuple = serializer.serialize_tuple_variant("Shape", 2, "Tuple", 2)?;
                    tuple.serialize_field(number)?;
                    tuple.serialize_field(float)?;
                    tuple.end()
                }
                Shape::Struct(name) => {
                    let mut fields = serializer.serialize_struct_variant("Shape", 3, "Struct", 2)?;
                    fields.serialize_field("name", name)?;
                    fields.skip_field("nothing")?;
                    fields.end()
                }
            }
        }
    }

    #[test]
    fn text_that_is_written_as_it_is_is_refused() {
        assert_eq!(tree(&[Raw]), Err(RAW));
    }

    #[test]
    fn what_is_written_is_what_serde_json_makes_of_it() {
        let shapes = (
            [Shape::Unit, Shape::Newtype(Some(1)), Shape::Newtype(None), Shape::Tuple(-1, 0.1), Shape::Struct("a")],
            BTreeMap::from([(1, 'x'), (2, 'y')]),
            ((), u64::MAX),
        );
        assert_eq!(tree(&shapes), Ok(serde_json::to_value(&shapes).unwrap()));
        assert_eq!(tree(&BTreeMap::from([((1, 2), 3)])), Err(NO_FORM), "a key that is no text");
        assert_eq!(tree(&[Shape::Newtype(Some(1)), Shape::Tuple(1, f32::NAN)]), Err(NOT_FINITE));
    }

    #[test]
    fn what_json_would_change_is_found_wherever_it_stands() {
        assert_eq!(tree(&(1, "a", Some(2.5), [()])), Ok(serde_json::json!([1, "a", 2.5, [null]])));
        assert_eq!(tree(&vec![Some(1.0), Some(f64::NAN)]), Err(NOT_FINITE));
        assert_eq!(tree(&BTreeMap::from([("a", f32::INFINITY)])), Err(NOT_FINITE));
        let longest = tree(&(u128::from(u64::MAX), i128::from(i64::MIN)));
        assert_eq!(longest, Ok(serde_json::json!([u64::MAX, i64::MIN])));
        assert_eq!(tree(&(u128::from(u64::MAX) + 1)), Err(TOO_LONG));
        assert_eq!(tree(&(i128::from(i64::MIN) - 1)), Err(TOO_LONG));
    }
}
