//! [`List`]: the values of a long list as one parameter of a statement.

use std::fmt::{self, Write as _};

use crate::error::Result;
use crate::schema::ColumnDef;
use crate::sql::expr::Expr;
use crate::sql::render::{Bind, SqlWriter, Typing};
use crate::types::{ColumnType, Value};

/// A list of more items than these may be sent as one parameter. Shorter ones are as quick either way, and the database knows how
/// long they are.
const LONGEST: usize = 128;

/// The values of a long list, which are sent as one parameter: as an array, as a document, as whatever a database takes.
///
/// A list of rows is taken as a whole, or one column of it at a time.
#[derive(Clone, Copy)]
pub struct List<'a> {
    items: &'a [Expr],
    place: Option<usize>,
    kept_as: Option<&'static ColumnDef>,
}

/// A list that owns its values.
#[derive(Clone)]
pub(in crate::sql) struct ListBuf {
    items: Vec<Expr>,
    place: Option<usize>,
    kept_as: Option<&'static ColumnDef>,
}

/// Takes the values of a list, one after the other.
pub type ListVisitor<'v> = &'v mut dyn FnMut(Bind<'_>) -> Result<()>;

impl<'a> List<'a> {
    /// The list as one parameter, where it is long and all its items are values. DDL has no parameters, and of values of several
    /// types the text could not say which they are.
    pub fn of(w: &SqlWriter<'_>, items: &'a [Expr]) -> Option<List<'a>> {
        if items.len() <= LONGEST || w.is_ddl() {
            return None;
        }
        let (first, rest) = items.split_first()?;
        let is_alike = |item: &Expr| {
            let (ours, firsts) = (parts(item), parts(first));
            ours.len() == firsts.len() && ours.iter().zip(firsts).all(|(one, other)| is_same_type(one, other))
        };
        let are_values = parts(first).iter().all(|part| matches!(part, Expr::Bind { .. }));
        (are_values && rest.iter().all(is_alike)).then_some(List { items, place: None, kept_as: None })
    }

    /// How many values there are side by side in each item: one, but in a list of rows.
    pub fn width(self) -> usize {
        self.types().count()
    }

    /// How many items there are.
    pub fn count(self) -> usize {
        self.items.len()
    }

    /// The types of the values that stand side by side in each item, and how the text says them.
    pub fn types(self) -> impl Iterator<Item = (ColumnType, Typing)> + 'a {
        self.items.first().into_iter().flat_map(parts).filter_map(|part| match part {
            Expr::Bind { ty, typing, .. } => Some((*ty, *typing)),
            _ => None,
        })
    }

    /// One column of a list of rows.
    pub fn column(self, place: usize) -> List<'a> {
        List { place: Some(place), ..self }
    }

    /// The same, each value in the form in which a column keeps it.
    pub fn kept_as(self, column: &'static ColumnDef) -> List<'a> {
        List { kept_as: Some(column), ..self }
    }

    /// The column in whose form the values are sent; `None` where that is the usual one of their type.
    pub fn kept_form(self) -> Option<&'static ColumnDef> {
        self.kept_as
    }

    /// The same, with a copy of the values.
    pub(in crate::sql) fn to_buf(self) -> ListBuf {
        ListBuf { items: self.items.to_vec(), place: self.place, kept_as: self.kept_as }
    }

    /// Hands each value to the visitor: those of each row from left to right, or those of the one column.
    ///
    /// # Errors
    /// The first error of the visitor.
    pub fn each(self, visitor: ListVisitor<'_>) -> Result<()> {
        self.items.iter().try_for_each(|item| self.each_of(item, visitor))
    }

    /// Appends a JSON array, in which each item is what `write` makes of its value; of rows, an array of those.
    ///
    /// # Errors
    /// The first error of `write`.
    pub fn write_json(
        self,
        text: &mut String,
        write: &mut dyn FnMut(&mut String, Bind<'_>) -> Result<()>,
    ) -> Result<()> {
        let is_row = self.place.is_none() && matches!(self.items.first(), Some(Expr::Row(_)));
        text.push('[');
        for (place, item) in self.items.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            let mut within = if is_row { "[" } else { "" };
            self.each_of(item, &mut |bind| {
                text.push_str(within);
                within = ",";
                write(text, bind)
            })?;
            if is_row {
                text.push(']');
            }
        }
        text.push(']');
        Ok(())
    }

    /// The values, each owning what it holds.
    pub(crate) fn values(self) -> Vec<Value> {
        let mut values = Vec::with_capacity(self.items.len());
        let mut keep = |bind: Bind<'_>| {
            values.push(bind.value.to_owned());
            Ok(())
        };
        // Keeping has no error of its own.
        let _ = self.each(&mut keep);
        values
    }

    fn each_of(self, item: &Expr, visitor: ListVisitor<'_>) -> Result<()> {
        let parts = parts(item);
        let wanted = match self.place {
            Some(place) => parts.get(place..=place).unwrap_or_default(),
            None => parts,
        };
        wanted.iter().try_for_each(|part| match part {
            Expr::Bind { value, ty, .. } => visitor(Bind::new(value.as_ref().kept(), *ty)),
            _ => Ok(()),
        })
    }
}

impl ListBuf {
    pub(in crate::sql) fn as_list(&self) -> List<'_> {
        List { items: &self.items, place: self.place, kept_as: self.kept_as }
    }
}

/// Shows how many items there are, and none of them.
impl fmt::Debug for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").field("items", &self.items.len()).field("place", &self.place).finish_non_exhaustive()
    }
}

/// As that of a list.
impl fmt::Debug for ListBuf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_list().fmt(f)
    }
}

/// Appends a JSON string.
pub fn write_json_string(text: &mut String, value: &str) {
    text.push('"');
    let mut from = 0;
    for (place, byte) in value.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'"' | b'\\' | 0..0x20)) {
        text.push_str(value.get(from..place).unwrap_or_default());
        from = place + 1;
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            // Writing to a String can't fail.
            byte => drop(write!(text, "\\u{byte:04x}")),
        }
    }
    text.push_str(value.get(from..).unwrap_or_default());
    text.push('"');
}

/// Appends bytes as a JSON string of two digits for each: `"00ff"`.
pub fn write_json_digits(text: &mut String, bytes: &[u8]) {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    text.push('"');
    text.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]));
    text.push('"');
}

/// The values of a row, or the one value.
fn parts(item: &Expr) -> &[Expr] {
    match item {
        Expr::Row(values) => values,
        single => std::slice::from_ref(single),
    }
}

/// Whether both are values of one type. Of decimals, the digits of each may differ.
fn is_same_type(one: &Expr, other: &Expr) -> bool {
    match (one, other) {
        (Expr::Bind { ty: one, .. }, Expr::Bind { ty: other, .. }) => {
            one == other || matches!((one, other), (ColumnType::Decimal { .. }, ColumnType::Decimal { .. }))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(number: i64) -> Expr {
        Expr::value(Value::I64(number), ColumnType::I64)
    }

    fn json(list: List<'_>) -> String {
        let mut text = String::new();
        let write = &mut |text: &mut String, bind: Bind<'_>| {
            write_json_string(text, &format!("{:?}", bind.value.to_owned() == Value::I64(1)));
            Ok(())
        };
        list.write_json(&mut text, write).unwrap();
        text
    }

    #[test]
    fn a_list_is_a_document_of_values_or_of_rows() {
        let values = [number(1), number(2)];
        let list = |items| List { items, place: None, kept_as: None };
        assert_eq!(json(list(&values)), r#"["true","false"]"#);
        let rows = [Expr::Row(vec![number(1), number(2)]), Expr::Row(vec![number(3), number(1)])];
        assert_eq!(json(list(&rows)), r#"[["true","false"],["false","true"]]"#);
        assert_eq!(json(list(&rows).column(1)), r#"["false","true"]"#);
        assert_eq!((list(&rows).width(), list(&rows).count(), list(&rows).column(1).values().len()), (2, 2, 2));
    }

    #[test]
    fn strings_are_escaped_and_bytes_are_digits() {
        let mut text = String::new();
        write_json_string(&mut text, "a\"\\\n\u{1}ü\u{1f600}\"");
        assert_eq!(text, "\"a\\\"\\\\\\u000a\\u0001ü\u{1f600}\\\"\"");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), "a\"\\\n\u{1}ü\u{1f600}\"");
        let mut text = String::new();
        write_json_digits(&mut text, &[0, 0xff, 0x1a]);
        assert_eq!(text, r#""00ff1a""#);
    }
}
