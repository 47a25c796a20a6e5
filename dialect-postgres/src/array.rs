//! Arrays in binary format: how many dimensions, whether there are NULLs, the type of the elements, the length and the
//! first index of each dimension; then each element with its length before it.

use creole_core::sql::List;
use creole_core::types::{ArrayRef, ColumnType, ValueRef, Visitor};
use creole_core::{Error, ErrorKind, Result};

use crate::bind::encode;
use crate::dialect::NAME;
use crate::row::decode;
use crate::types::{Scalar, wire};

/// The length that stands for NULL.
const NULL: i32 = -1;

/// Appends an array. The reason is returned where it can't be sent.
pub(crate) fn write(array: ArrayRef<'_>, element: ColumnType, buffer: &mut Vec<u8>) -> Result<(), String> {
    write_each(element, buffer, |visitor| array.each(visitor))
}

/// Appends the values of a list as an array.
pub(crate) fn write_list(list: List<'_>, element: ColumnType, buffer: &mut Vec<u8>) -> Result<(), String> {
    write_each(element, buffer, |visitor| list.each(&mut |bind| visitor(bind.value)))
}

/// Appends an array of the elements that `each` hands out.
fn write_each(
    element: ColumnType,
    buffer: &mut Vec<u8>,
    each: impl FnOnce(Visitor<'_>) -> Result<()>,
) -> Result<(), String> {
    let Some(scalar) = wire(element) else { return Err(format!("PostgreSQL has no array of {element}")) };
    let mut elements = Vec::new();
    let (mut count, mut nulls) = (0_i32, 0_i32);
    let mut write_one = |value: ValueRef<'_>| {
        count = count.saturating_add(1);
        if value.is_null() {
            nulls = 1;
            elements.extend_from_slice(&NULL.to_be_bytes());
            return Ok(());
        }
        let start = elements.len();
        elements.extend_from_slice(&[0; 4]);
        let known = encode(value, scalar, &mut elements).map_err(refused)?;
        known.ok_or_else(|| refused(format!("an element is of type {}, the array of {element}", value.kind())))?;
        let length = i32::try_from(elements.len() - start - 4).map_err(|_| refused("an element is too long".into()))?;
        if let Some(header) = elements.get_mut(start..start + 4) {
            header.copy_from_slice(&length.to_be_bytes());
        }
        Ok(())
    };
    each(&mut write_one).map_err(|error| error.to_string())?;
    let dimensions = i32::from(count > 0);
    for number in [dimensions, nulls, scalar.oid().cast_signed()] {
        buffer.extend_from_slice(&number.to_be_bytes());
    }
    if count > 0 {
        buffer.extend_from_slice(&count.to_be_bytes());
        // Indexes count from 1.
        buffer.extend_from_slice(&1_i32.to_be_bytes());
    }
    buffer.extend_from_slice(&elements);
    Ok(())
}

/// Hands the elements of an array to the visitor.
pub(crate) fn read(bytes: &[u8], visitor: Visitor<'_>) -> Result<()> {
    let mut rest = bytes;
    let (dimensions, _nulls) = (number(&mut rest)?, number(&mut rest)?);
    let element = number(&mut rest)?.cast_unsigned();
    if dimensions == 0 {
        return Ok(());
    }
    if dimensions != 1 {
        return Err(malformed("an array of several dimensions"));
    }
    let Some(scalar) = Scalar::from_oid(element) else { return Err(malformed("an array of a type of its own")) };
    let (count, _first_index) = (number(&mut rest)?, number(&mut rest)?);
    for _ in 0..count {
        let length = number(&mut rest)?;
        if length == NULL {
            visitor(ValueRef::Null)?;
            continue;
        }
        let value = usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length));
        let (value, more) = value.ok_or_else(|| malformed("an array that ends too early"))?;
        rest = more;
        visitor(decode(scalar, value).map_err(malformed)?)?;
    }
    Ok(())
}

fn number(rest: &mut &[u8]) -> Result<i32> {
    let (number, more) = rest.split_first_chunk::<4>().ok_or_else(|| malformed("an array that ends too early"))?;
    *rest = more;
    Ok(i32::from_be_bytes(*number))
}

#[cold]
fn malformed(found: &str) -> Error {
    Error::decode("an array", found).on(NAME)
}

#[cold]
fn refused(reason: String) -> Error {
    Error::new(ErrorKind::InvalidValue, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use creole_core::types::SqlValue;

    fn written<T: SqlValue>(array: &T) -> Vec<u8> {
        let (ValueRef::Array(array), ColumnType::Array(element)) = (array.bind(), T::TYPE) else { panic!("no array") };
        let mut buffer = Vec::new();
        write(array, *element, &mut buffer).unwrap();
        buffer
    }

    fn read_back<T: SqlValue>(bytes: &[u8]) -> Result<T> {
        T::from_value(ValueRef::Array(ArrayRef::Encoded { bytes, read }))
    }

    #[test]
    fn arrays_have_the_bytes_the_server_asks_for() {
        let empty: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23];
        assert_eq!(written(&Vec::<i32>::new()), empty);
        let expected = [
            [0, 0, 0, 1],
            [0, 0, 0, 1],
            [0, 0, 0, 23],
            [0, 0, 0, 2],
            [0, 0, 0, 1],
            [0, 0, 0, 4],
            [0, 0, 0, 7],
            [255; 4],
        ];
        assert_eq!(written(&vec![Some(7), None]), expected.concat());
    }

    #[test]
    fn what_is_written_is_read_back() {
        let texts = vec![Some("a".to_owned()), None, Some(String::new()), Some("ü,\"{}".into())];
        assert_eq!(read_back::<Vec<Option<String>>>(&written(&texts)).unwrap(), texts);
        assert_eq!(read_back::<Vec<f64>>(&written(&vec![1.5, f64::INFINITY])).unwrap(), [1.5, f64::INFINITY]);
        assert!(read_back::<Vec<String>>(&written(&texts)).is_err(), "a `String` can't be NULL");
        assert!(read_back::<Vec<i32>>(&written(&texts)).is_err(), "texts are no numbers");
    }

    #[test]
    fn bytes_that_are_no_array_of_one_dimension_are_errors() {
        let whole = written(&vec![1, 2, 3]);
        for end in 0..whole.len() {
            assert!(read_back::<Vec<i32>>(&whole[..end]).is_err(), "cut after {end} bytes");
        }
        let mut two_dimensions = whole;
        two_dimensions[3] = 2;
        assert!(read_back::<Vec<i32>>(&two_dimensions).is_err());
    }
}
