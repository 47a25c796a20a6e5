//! [`JsonEach`].

use super::JsonPath;
use crate::query::{Condition, Expr, JoinOn, JoinTarget};
use crate::sql::{self, ElementPart, ElementRef, Join, JoinKind, JsonElements, Source};

/// The elements of the arrays at a place in the documents, one row each: what [`JsonPath::each`] makes. It is joined like a
/// table, by a plain `join` with every element of its row's own array.
#[derive(Debug, Clone)]
pub struct JsonEach {
    elements: JsonElements,
}

impl<M> JsonPath<M> {
    /// The elements of the array at this place, as rows under a name, to be joined. What is no array has none.
    pub fn each(self, name: &'static str) -> JsonEach {
        let (document, path) = self.into_parts();
        JsonEach { elements: JsonElements { name, document, path } }
    }
}

impl JsonEach {
    /// The element, into which a path can lead on.
    pub fn value(&self) -> JsonPath {
        JsonPath::root(self.part(ElementPart::Value))
    }

    /// Its place in the array, from 0 on.
    pub fn index(&self) -> Expr<i64> {
        Expr::new(self.part(ElementPart::Index))
    }

    /// Joined where this holds.
    pub fn on(&self, condition: impl Condition) -> JoinOn {
        JoinOn { source: self.source(), on: Some(condition.condition()) }
    }

    fn source(&self) -> Source {
        Source::Elements(Box::new(self.elements.clone()))
    }

    fn part(&self, part: ElementPart) -> sql::Expr {
        sql::Expr::Element(ElementRef { source: self.elements.name, part })
    }
}

#[diagnostic::do_not_recommend]
impl JoinTarget for &JsonEach {
    fn join(self, select: &mut sql::Select, kind: JoinKind) {
        select.add_join(Join { kind, source: self.source(), on: None });
    }
}
