//! [`JsonPatch`]: an object that is merged into a document.

use std::fmt;

use serde_json::{Map, Value as Tree};

use super::JsonLiteral;

/// An object that is merged into a document, as RFC 7396 has it: its keys with null are taken out, objects are merged, and
/// anything else replaces what is there.
///
/// Databases take it in different forms, each of which is made when it is rendered. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq)]
pub struct JsonPatch(Box<Tree>);

/// What a patch does with the keys of one object. Its `Debug` shows nothing of it.
#[derive(Clone, Default)]
pub struct PatchLevel {
    /// The keys that are taken out.
    pub removed: Vec<String>,
    /// An object of the keys that are replaced, with what replaces them; `None` where there is none.
    pub replaced: Option<Tree>,
    /// The keys with objects that are merged.
    pub merged: Vec<(String, PatchLevel)>,
}

impl JsonPatch {
    /// The patch that an object is. What is no object replaces everything, and is returned as it is.
    ///
    /// # Errors
    /// The literal, where it is no object.
    pub fn of(literal: JsonLiteral) -> Result<JsonPatch, JsonLiteral> {
        match literal {
            JsonLiteral::Document(object) if object.is_object() => Ok(JsonPatch(object)),
            other => Err(other),
        }
    }

    /// All of it, as it was given.
    pub fn tree(&self) -> &Tree {
        &self.0
    }

    /// What it does with each key, from the document's own object inwards.
    pub fn level(&self) -> PatchLevel {
        self.0.as_object().map(PatchLevel::of).unwrap_or_default()
    }

    /// Patches that do the same one after another: one without any null, and for each key that is taken out one that does
    /// nothing else.
    pub fn steps(&self) -> Vec<Tree> {
        let mut removals = Vec::new();
        let written = split(&self.0, &mut Vec::new(), &mut removals);
        std::iter::once(written).chain(removals).collect()
    }
}

impl PatchLevel {
    fn of(object: &Map<String, Tree>) -> PatchLevel {
        let mut level = PatchLevel::default();
        let mut replaced = Map::new();
        for (key, value) in object {
            match value {
                Tree::Null => level.removed.push(key.clone()),
                Tree::Object(inner) => level.merged.push((key.clone(), PatchLevel::of(inner))),
                other => drop(replaced.insert(key.clone(), other.clone())),
            }
        }
        level.replaced = (!replaced.is_empty()).then_some(Tree::Object(replaced));
        level
    }
}

/// A patch without the keys that are null, for each of which another patch is put among the removals. Nulls in arrays are
/// values.
fn split<'a>(patch: &'a Tree, way: &mut Vec<&'a str>, removals: &mut Vec<Tree>) -> Tree {
    let Tree::Object(object) = patch else { return patch.clone() };
    let mut written = Map::new();
    for (key, value) in object {
        way.push(key);
        if value.is_null() {
            removals.push(removal(way));
        } else {
            written.insert(key.clone(), split(value, way, removals));
        }
        way.pop();
    }
    Tree::Object(written)
}

/// `{"a": {"b": null}}` for the way `a`, `b`.
fn removal(way: &[&str]) -> Tree {
    way.iter().rev().fold(Tree::Null, |inner, key| Tree::Object(Map::from_iter([((*key).to_owned(), inner)])))
}

impl fmt::Debug for JsonPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("patch")
    }
}

impl fmt::Debug for PatchLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("level of a patch")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patch(tree: &Tree) -> JsonPatch {
        JsonPatch::of(JsonLiteral::of_tree(tree)).unwrap()
    }

    #[test]
    fn steps_remove_one_key_each() {
        let patch = patch(&json!({"a": null, "b": {"c": null, "d": {"e": null}}, "f": [null, {"g": null}]}));
        let written = json!({"b": {"d": {}}, "f": [null, {"g": null}]});
        let removals = [json!({"a": null}), json!({"b": {"c": null}}), json!({"b": {"d": {"e": null}}})];
        assert_eq!(patch.steps()[0], written);
        assert_eq!(patch.steps()[1..], removals);
    }

    #[test]
    fn levels_have_each_key_once() {
        let patch = patch(&json!({"a": null, "b": {"c": null, "d": 1}, "f": [null]}));
        let level = patch.level();
        assert_eq!((&level.removed[..], &level.replaced), (&["a".to_owned()][..], &Some(json!({"f": [null]}))));
        let (key, inner) = &level.merged[0];
        assert_eq!((key.as_str(), &inner.removed[..], inner.merged.len()), ("b", &["c".to_owned()][..], 0));
        assert_eq!(inner.replaced, Some(json!({"d": 1})));
    }

    #[test]
    fn what_is_no_object_is_no_patch() {
        for tree in [json!(null), json!([{}]), json!("{}"), json!(1)] {
            assert_eq!(JsonPatch::of(JsonLiteral::of_tree(&tree)), Err(JsonLiteral::of_tree(&tree)));
        }
    }
}
