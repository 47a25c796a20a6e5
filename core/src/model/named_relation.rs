//! A [`NamedRelation`] of a typed one.

use super::{Link, Model, NamedRelation, Relation};

impl NamedRelation {
    /// The relation whose constant is called `path`. The derive writes calls to it.
    pub const fn new<F: Model, T: Model, C>(path: &'static str, relation: Relation<F, T, C>) -> NamedRelation {
        NamedRelation { path, to: T::table, link: relation.link(), leaving: relation.leaving() }
    }

    /// The name of a relation from `F` to `T`.
    pub(crate) fn path_of<F: Model, T: Model>(link: Link) -> Option<&'static str> {
        let is_it = |relation: &&NamedRelation| (relation.to)() == T::table() && relation.link == link;
        F::RELATIONS.iter().find(is_it).map(|relation| relation.path)
    }
}
