//! [`JsonTextKey`]: what an index over the texts at a place is made of.

use std::fmt;

use super::JsonPath;
use crate::query::IndexTerm;
use crate::sql::{Direction, Json, JsonOp, OrderTerm};

/// What an index over the texts at a place is made of, from [`JsonPath::text_key`]. It can be indexed, and nothing else: each
/// database has another form of it.
pub struct JsonTextKey<M = ()>(JsonPath<M>);

impl<M> JsonPath<M> {
    /// What `json_index(settings.theme: String)` of a model makes an index of, for `index(…)` with other parts beside it. A filter
    /// by [`eq`](JsonPath::eq) with a text finds it by itself.
    pub fn text_key(self) -> JsonTextKey<M> {
        JsonTextKey(self)
    }
}

impl<M> IndexTerm for JsonTextKey<M> {
    fn term(self) -> OrderTerm {
        let (document, steps) = self.0.into_parts();
        OrderTerm { expr: Json::expr(document, steps, JsonOp::TextKey), direction: Direction::Ascending }
    }
}

/// Shows the place as [`JsonPath`] does.
impl<M> fmt::Debug for JsonTextKey<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonTextKey").field(&self.0).finish()
    }
}
