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
    /// The owned ones with their positions, in order. Apart from the others, which are then dropped for nothing.
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
        self.list.get(position).map(|bind| self.owned_at(position).map_or(*bind, |value| Bind::new(value, bind.ty)))
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Bind<'_>> {
        (0..self.len()).filter_map(|position| self.get(position))
    }

    /// Hands each value to `visit`, with its position. Those that are borrowed are not copied on the way.
    ///
    /// # Errors
    /// The first error of `visit`.
    #[inline]
    pub fn try_each<E>(&self, mut visit: impl FnMut(usize, &Bind<'_>) -> Result<(), E>) -> Result<(), E> {
        for (position, bind) in self.list.iter().enumerate() {
            match self.owned_at(position) {
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

    #[inline]
    fn owned_at(&self, position: usize) -> Option<ValueRef<'_>> {
        if self.owned.is_empty() { None } else { self.find_owned(position) }
    }

    fn find_owned(&self, position: usize) -> Option<ValueRef<'_>> {
        let index = self.owned.binary_search_by_key(&position, |(position, _)| *position).ok()?;
        self.owned.get(index).map(|(_, owned)| owned.value())
    }
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
