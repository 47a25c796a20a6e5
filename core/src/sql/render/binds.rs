//! [`Binds`]: the values of a statement.

use super::bind::Bind;
use crate::sql::expr::ListBuf;
use crate::types::{ColumnType, JsonRef, Value, ValueRef};

/// The values of a statement, in the order of its placeholders. Most are borrowed from the tree; those that a dialect has computed
/// are owned.
///
/// ```
/// use creole_core::sql::{Bind, Binds};
/// use creole_core::types::{ColumnType, Value, ValueRef};
///
/// let mut binds = Binds::default();
/// binds.push(Bind::new(ValueRef::I64(1), ColumnType::I64));
/// binds.push_owned(Value::Text("computed".into()), ColumnType::TEXT);
/// let values: Vec<ValueRef<'_>> = binds.iter().map(|bind| bind.value).collect();
/// assert_eq!(values, [ValueRef::I64(1), ValueRef::Text("computed")]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Binds<'a> {
    /// NULL stands for an owned one.
    list: Vec<Bind<'a>>,
    /// The owned ones with their positions, in order. Apart from the others, so that dropping those costs no work.
    owned: Vec<(usize, Owned)>,
}

#[derive(Debug, Clone)]
enum Owned {
    Value(Value),
    /// A JSON document, as the text that it is sent as.
    Document(Box<str>),
    List(ListBuf),
}

impl<'a> Binds<'a> {
    /// None yet, with room for this many.
    pub fn with_capacity(count: usize) -> Binds<'a> {
        Binds { list: Vec::with_capacity(count), owned: Vec::new() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The value at a position, which begins at 0. `None` after the last one.
    pub fn get(&self, position: usize) -> Option<Bind<'_>> {
        let bind = self.list.get(position)?;
        let owned = self.owned.binary_search_by_key(&position, |(position, _)| *position);
        let owned = owned.ok().and_then(|index| self.owned.get(index));
        Some(owned.map_or(*bind, |(_, owned)| Bind::new(owned.value(), bind.ty)))
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Bind<'_>> {
        let mut owned = self.owned.as_slice();
        self.list.iter().enumerate().map(move |(position, bind)| {
            next_owned(&mut owned, position).map_or(*bind, |value| Bind::new(value, bind.ty))
        })
    }

    /// Hands each value to `visit`, with its position. Those that are borrowed are not copied on the way.
    ///
    /// # Errors
    /// The first error of `visit`.
    #[inline]
    pub fn try_each<E>(&self, mut visit: impl FnMut(usize, &Bind<'_>) -> Result<(), E>) -> Result<(), E> {
        let mut owned = self.owned.as_slice();
        for (position, bind) in self.list.iter().enumerate() {
            match next_owned(&mut owned, position) {
                None => visit(position, bind)?,
                Some(value) => visit(position, &Bind::new(value, bind.ty))?,
            }
        }
        Ok(())
    }

    /// The types of all of them.
    pub fn types(&self) -> impl ExactSizeIterator<Item = ColumnType> {
        self.list.iter().map(|bind| bind.ty)
    }

    /// Adds a value that is borrowed.
    #[inline]
    pub fn push(&mut self, bind: Bind<'a>) {
        self.list.push(bind);
    }

    /// Adds a value of its own.
    pub fn push_owned(&mut self, value: Value, ty: ColumnType) {
        self.keep(Owned::Value(value), ty);
    }

    /// Has the value at a position sent as another type.
    pub fn set_type(&mut self, position: usize, ty: ColumnType) {
        if let Some(bind) = self.list.get_mut(position) {
            bind.ty = ty;
        }
    }

    /// Makes room for more.
    pub(in crate::sql) fn reserve(&mut self, count: usize) {
        self.list.reserve(count);
    }

    /// The same, with a copy of what they borrow. A JSON document becomes the text that it is sent as, whatever a parser would
    /// make of it.
    pub fn to_owned(&self) -> Binds<'static> {
        let mut copy = Binds::with_capacity(self.len());
        for Bind { value, ty } in self.iter() {
            let owned = match value {
                ValueRef::List(list) => Owned::List(list.to_buf()),
                ValueRef::Json(document) => match document.text() {
                    Ok(text) => Owned::Document(text.into()),
                    Err(_) => Owned::Value(value.to_owned()),
                },
                other => Owned::Value(other.to_owned()),
            };
            copy.keep(owned, ty);
        }
        copy
    }

    fn keep(&mut self, owned: Owned, ty: ColumnType) {
        self.owned.push((self.list.len(), owned));
        self.list.push(Bind::new(ValueRef::Null, ty));
    }
}

/// The first of these, if it is the value at this position; what is left are those after it.
#[inline]
fn next_owned<'o>(owned: &mut &'o [(usize, Owned)], position: usize) -> Option<ValueRef<'o>> {
    let ((first, value), rest) = owned.split_first()?;
    if *first != position {
        return None;
    }
    *owned = rest;
    Some(value.value())
}

impl Owned {
    fn value(&self) -> ValueRef<'_> {
        match self {
            Owned::Value(value) => value.as_ref().kept(),
            Owned::Document(text) => ValueRef::Json(JsonRef::Text(text)),
            Owned::List(list) => ValueRef::List(list.as_list()),
        }
    }
}

impl<'a> FromIterator<Bind<'a>> for Binds<'a> {
    fn from_iter<I: IntoIterator<Item = Bind<'a>>>(binds: I) -> Binds<'a> {
        Binds::from(binds.into_iter().collect::<Vec<_>>())
    }
}

impl<'a> From<Vec<Bind<'a>>> for Binds<'a> {
    fn from(binds: Vec<Bind<'a>>) -> Binds<'a> {
        Binds { list: binds, owned: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five values, of which those at these positions are owned.
    fn binds(owned: &[usize]) -> Binds<'static> {
        let mut binds = Binds::default();
        for (position, text) in ["0", "1", "2", "3", "4"].into_iter().enumerate() {
            match owned.contains(&position) {
                true => binds.push_owned(Value::Text(text.into()), ColumnType::TEXT),
                false => binds.push(Bind::new(ValueRef::Text(text), ColumnType::TEXT)),
            }
        }
        binds
    }

    #[test]
    fn borrowed_and_owned_values_are_in_the_order_of_the_placeholders() {
        let all = ["0", "1", "2", "3", "4"].map(ValueRef::Text);
        for owned in [&[][..], &[0], &[4], &[1, 2], &[0, 3, 4], &[0, 1, 2, 3, 4]] {
            let binds = binds(owned);
            assert!(binds.iter().map(|bind| bind.value).eq(all), "{owned:?}");
            assert!((0..5).map(|position| binds.get(position).unwrap().value).eq(all), "{owned:?}");
            assert!(binds.get(5).is_none());
            let mut visited = Vec::new();
            let visits = binds.try_each(|position, bind| {
                visited.push((position, bind.value.to_owned()));
                Ok::<(), ()>(())
            });
            assert_eq!(visits, Ok(()));
            let expected: Vec<_> = all.map(ValueRef::to_owned).into_iter().enumerate().collect();
            assert_eq!(visited, expected, "{owned:?}");
            assert_eq!(binds.to_owned().iter().map(|bind| bind.value.to_owned()).len(), 5);
        }
    }

    #[test]
    fn how_many_are_left_is_known_at_each_of_them() {
        let binds = binds(&[0, 3]);
        let mut iter = binds.iter();
        for left in (0..=5).rev() {
            assert_eq!(iter.len(), left);
            iter.next();
        }
        assert_eq!(Binds::default().iter().len(), 0);
    }

    #[test]
    fn a_null_that_is_borrowed_is_not_taken_for_an_owned_value() {
        let mut binds = Binds::default();
        binds.push(Bind::new(ValueRef::Null, ColumnType::TEXT));
        binds.push_owned(Value::Text("owned".into()), ColumnType::TEXT);
        binds.push(Bind::new(ValueRef::Null, ColumnType::TEXT));
        let values: Vec<_> = binds.iter().map(|bind| bind.value).collect();
        assert_eq!(values, [ValueRef::Null, ValueRef::Text("owned"), ValueRef::Null]);
    }
}
