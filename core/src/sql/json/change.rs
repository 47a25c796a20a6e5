//! Changes inside a document, and the order in which they are made.

use super::{JsonLiteral, JsonPatch, JsonStep};
use crate::error::{Error, ErrorKind, Result};
use crate::types::{DEEPEST, JsonRef};

/// A change at one path of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonChange {
    /// The path.
    pub path: Vec<JsonStep>,
    /// What becomes of it.
    pub kind: JsonChangeKind,
}

/// What becomes of the value at a path.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonChangeKind {
    /// It has this value.
    Set(JsonLiteral),
    /// It has this value where it was missing.
    Insert(JsonLiteral),
    /// The array there has this element more at its end. What is missing, or JSON's null, becomes an array.
    Append(JsonLiteral),
    /// The patch is merged into it. What is no object counts as an empty one.
    Merge(JsonPatch),
    /// It is missing.
    Remove,
}

/// Which kind of container a step leads into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// It has keys.
    Object,
    /// It has places.
    Array,
}

/// Changes of one document in the order in which they can be made one after another, each as though on the document as it
/// was: none of them touches what another one reads.
#[derive(Debug)]
pub struct JsonPlan<'a> {
    /// What must be a container of a kind, or missing, or JSON's null. Where it is something else, there is no room for a
    /// change, and the statement fails.
    pub containers: Vec<(&'a [JsonStep], Container)>,
    /// Elements of arrays, by the path of the array and the index. There must be this element, or one before it as the last.
    pub elements: Vec<(&'a [JsonStep], i32)>,
    /// The containers that are made where they are missing, the outer ones first. The document itself is the empty path.
    pub parents: Vec<(&'a [JsonStep], Container)>,
    /// The changes; what is removed comes last.
    pub changes: Vec<&'a JsonChange>,
}

impl JsonChange {
    /// Adds a change to others of the same document. One of the same path replaces an earlier one; where a merge
    /// would be lost by that, both stay, and are refused by the plan.
    pub fn add(self, changes: &mut Vec<JsonChange>) {
        changes.retain(|earlier| earlier.path != self.path || self.needs(earlier));
        changes.push(self);
    }

    /// Refuses what would nest more deeply than this.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue), with the depth.
    pub fn check_depth(&self, deepest: usize) -> Result<()> {
        let depth = self.depth();
        if depth <= deepest {
            return Ok(());
        }
        let message = format!("the JSON document would nest {depth} levels deep, and may at most {deepest}");
        Err(Error::new(ErrorKind::InvalidValue, message))
    }

    /// The value that it writes.
    pub fn value(&self) -> Option<&JsonLiteral> {
        match &self.kind {
            JsonChangeKind::Set(value) | JsonChangeKind::Insert(value) | JsonChangeKind::Append(value) => Some(value),
            JsonChangeKind::Merge(_) | JsonChangeKind::Remove => None,
        }
    }

    /// How many levels deep the document is at the path, and in what is written there.
    pub fn depth(&self) -> usize {
        let written = match (&self.kind, self.value()) {
            (JsonChangeKind::Merge(patch), _) => Some(patch.tree()),
            (_, Some(JsonLiteral::Document(tree))) => Some(&**tree),
            _ => None,
        };
        let inner = written.map_or(0, |tree| JsonRef::Tree(tree).depth().unwrap_or_default());
        self.path.len() + usize::from(matches!(self.kind, JsonChangeKind::Append(_))) + inner
    }

    /// Whether it would not come out the same without an earlier change of its path: one of the two is a merge, and this
    /// one does not decide alone what becomes of the value.
    fn needs(&self, earlier: &JsonChange) -> bool {
        match self.kind {
            JsonChangeKind::Set(_) | JsonChangeKind::Remove => false,
            JsonChangeKind::Merge(_) => true,
            JsonChangeKind::Insert(_) | JsonChangeKind::Append(_) => matches!(earlier.kind, JsonChangeKind::Merge(_)),
        }
    }

    /// Whether it makes what is missing along its path.
    fn makes_parents(&self) -> bool {
        self.kind != JsonChangeKind::Remove
    }
}

impl Container {
    /// The container that a step leads into.
    pub fn of(step: &JsonStep) -> Container {
        match step {
            JsonStep::Key(_) => Container::Object,
            JsonStep::Index(_) => Container::Array,
        }
    }
}

impl<'a> JsonPlan<'a> {
    /// How these changes can be made.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) where two of them can't be made in one statement, or one of them has
    /// no value that JSON has a form for.
    pub fn new(changes: &'a [JsonChange]) -> Result<JsonPlan<'a>> {
        for (index, change) in changes.iter().enumerate() {
            change.value().map_or(Ok(()), JsonLiteral::check_written)?;
            change.check_depth(DEEPEST)?;
            if change.path.is_empty() && change.kind == JsonChangeKind::Remove {
                return Err(invalid("a document can't be removed from its column: set the column to `None`"));
            }
            changes.iter().take(index).try_for_each(|other| check_apart(&other.path, &change.path, other, change))?;
        }
        let (removals, mut ordered): (Vec<_>, Vec<_>) =
            changes.iter().partition(|change| change.kind == JsonChangeKind::Remove);
        ordered.extend(removals);
        let mut plan = JsonPlan { containers: Vec::new(), elements: Vec::new(), parents: Vec::new(), changes: ordered };
        for change in changes.iter().filter(|change| change.makes_parents()) {
            for (depth, step) in change.path.iter().enumerate() {
                let Some(prefix) = change.path.get(..depth) else { continue };
                let parent = (prefix, Container::of(step));
                if !plan.parents.contains(&parent) {
                    plan.parents.push(parent);
                }
                if let JsonStep::Index(index) = step {
                    plan.elements.push((prefix, *index));
                }
            }
            if let JsonChangeKind::Append(_) = change.kind {
                plan.containers.push((&change.path, Container::Array));
            }
        }
        plan.parents.sort_by_key(|(prefix, _)| prefix.len());
        plan.containers.extend(&plan.parents);
        Ok(plan)
    }
}

/// Refuses changes of which one would change what the path of the other leads to.
fn check_apart(one: &[JsonStep], other: &[JsonStep], first: &JsonChange, second: &JsonChange) -> Result<()> {
    let mut pairs = one.iter().zip(other);
    match pairs.find(|(a, b)| a != b) {
        None if one == other => Err(invalid(
            "a merge beside another change of its place would lose one of the two: write them in two statements",
        )),
        None => Err(invalid("one of two changes of a document lies inside the other: write them in two statements")),
        Some((JsonStep::Key(_), JsonStep::Key(_))) => Ok(()),
        Some((JsonStep::Index(a), JsonStep::Index(b)))
            if *a >= 0 && *b >= 0 && first.makes_parents() && second.makes_parents() =>
        {
            Ok(())
        }
        Some((JsonStep::Index(_), JsonStep::Index(_))) => Err(invalid(
            "two changes of one array can be made at once only where both write, at places counted from its beginning: \
             write them in two statements",
        )),
        Some(_) => Err(invalid("two changes of a document take the same place for an object and for an array")),
    }
}

fn invalid(reason: &'static str) -> Error {
    Error::new(ErrorKind::InvalidValue, reason)
}
