//! Random documents, and random paths into them.

use creole::JsonValue;
use creole::prelude::*;

use super::reference::Step;
use crate::random::Random;

/// Keys of which many mean something in the path of some database.
pub(super) const KEYS: [&str; 40] = [
    "a", "b", "c", "theme", "A", "a_1", "", "\"", "'", ".", "$", "[0]", "*", "\\", "sp ace", "ключ", "😀", "-1", "-",
    "0", "1", "a.b", "a\"b", "$.a", "$[0]", "**", "#", "@", "null", "true", "{}", "%", "_", "?", "to", "last", "\n",
    "\u{1}", "it's; --", "a\\u0062",
];

/// Numbers at the edges of some type, whole ones both as integers and as floats.
pub(super) fn numbers() -> Vec<JsonValue> {
    let mut numbers = vec![json!(0), json!(1), json!(-1), json!(2), json!(10), json!(100), json!(i64::MAX)];
    numbers.extend([json!(i64::MIN), json!(i64::MAX - 1), json!(u64::MAX), json!(u64::MAX - 1), json!(1_u64 << 63)]);
    numbers.extend([json!((1_i64 << 53) + 1), json!(1_i64 << 53), json!(-(1_i64 << 53) - 1)]);
    let floats = [
        0.0,
        1.0,
        -1.0,
        2.0,
        100.0,
        0.1,
        0.3,
        0.1 + 0.2,
        1.5,
        -2.5,
        1e16,
        1e17,
        9_007_199_254_740_992.0,
        9_223_372_036_854_775_808.0,
        -9_223_372_036_854_775_808.0,
        18_446_744_073_709_551_616.0,
        1e18,
        1e-7,
        1e-10,
        1e-11,
        12345.6789,
        1_234_567.89,
        99_998_969_694_839.98,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        1e300,
        1e22,
        1e23,
    ];
    numbers.extend(floats.map(|float| json!(float)));
    numbers
}

const TEXTS: [&str; 22] = [
    "", "a", "A", "dark", "dark ", " dark", "1", "1.0", "true", "null", "[]", "{}", "[1]", "\"", "'", "\\", "ä", "😀",
    "$.a", "a\nb", "\u{1}", "\\u0061",
];

impl Random {
    fn key(&mut self) -> String {
        // Few keys are frequent, so that paths find something.
        if self.one_in(3) { self.pick(&KEYS).to_owned() } else { self.pick(&KEYS[..4]).to_owned() }
    }

    pub(super) fn single(&mut self) -> JsonValue {
        match self.below(8) {
            0 => JsonValue::Null,
            1 => json!(self.one_in(2)),
            2..5 => json!(self.pick(&TEXTS)),
            _ => self.pick(&numbers()),
        }
    }

    pub(super) fn document(&mut self, depth: usize) -> JsonValue {
        match self.below(if depth == 0 { 1 } else { 4 }) {
            0 => self.single(),
            1 => {
                let length = self.below(4);
                JsonValue::Array((0..length).map(|_| self.document(depth - 1)).collect())
            }
            _ => {
                let length = self.below(5);
                JsonValue::Object((0..length).map(|_| (self.key(), self.document(depth - 1))).collect())
            }
        }
    }

    /// A patch that has to do with a value: some of its keys are null, some are objects that are merged, and some are new.
    pub(super) fn patch(&mut self, value: &JsonValue) -> JsonValue {
        let JsonValue::Object(entries) = value else { return self.document(3) };
        let mut patch = serde_json::Map::new();
        for (key, value) in entries {
            match self.below(4) {
                0 => drop(patch.insert(key.clone(), JsonValue::Null)),
                1 => drop(patch.insert(key.clone(), self.patch(value))),
                2 => drop(patch.insert(key.clone(), self.document(2))),
                _ => {}
            }
        }
        for _ in 0..self.below(3) {
            patch.insert(self.key(), self.document(2));
        }
        JsonValue::Object(patch)
    }

    fn step(&mut self) -> Step {
        if self.one_in(3) { Step::Index(self.below(6) as i32 - 2) } else { Step::Key(self.key()) }
    }

    /// A path that leads somewhere in one of the documents, most of the time.
    pub(super) fn path(&mut self, documents: &[Option<JsonValue>]) -> Vec<Step> {
        let mut path = Vec::new();
        let doc = self.pick(documents);
        let mut value = doc.as_ref();
        for _ in 0..1 + self.below(3) {
            let step = match value {
                Some(JsonValue::Object(entries)) if !entries.is_empty() && !self.one_in(8) => {
                    let key = entries.keys().nth(self.below(entries.len())).unwrap();
                    Step::Key(key.clone())
                }
                Some(JsonValue::Array(items)) if !items.is_empty() && !self.one_in(8) => {
                    let place = self.below(items.len()) as i32;
                    Step::Index(if self.one_in(3) { place - items.len() as i32 } else { place })
                }
                _ => self.step(),
            };
            value = value.and_then(|value| super::reference::at(value, std::slice::from_ref(&step)));
            path.push(step);
        }
        path
    }

    /// A value that is at some path in one of the documents, or any.
    pub(super) fn likely(&mut self, documents: &[Option<JsonValue>], path: &[Step]) -> JsonValue {
        let found: Vec<&JsonValue> =
            documents.iter().flatten().filter_map(|doc| super::reference::at(doc, path)).collect();
        if found.is_empty() || self.one_in(3) {
            return self.document(1);
        }
        self.pick(&found).clone()
    }
}
