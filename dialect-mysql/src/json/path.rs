//! Values inside documents, and the paths to them.

use creole_core::sql::{Expr, JsonOp, JsonStep, Precedence, SqlWriter, Typing, has_json_index, is_plain_key};
use creole_core::types::{ColumnType, ValueRef};
use creole_core::{Error, Result, write_sql};

use crate::dialect::Flavor;

/// A value inside a document.
#[derive(Clone)]
pub(super) struct Place<'a> {
    base: Base<'a>,
    steps: Vec<Step<'a>>,
    pub(super) flavor: Flavor,
}

/// Where a path begins.
#[derive(Clone, Copy)]
enum Base<'a> {
    /// At a document.
    Document(&'a Expr, &'a [JsonStep]),
    /// At an element of an array, in the subquery with this number.
    Element(u64),
}

/// A step of a path, from wherever it is borrowed.
#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(i32),
}

impl<'a> Place<'a> {
    /// The value at a path in a document.
    pub(super) fn new(document: &'a Expr, path: &'a [JsonStep], flavor: Flavor) -> Place<'a> {
        let steps = path.iter().map(|step| match step {
            JsonStep::Key(key) => Step::Key(key),
            JsonStep::Index(index) => Step::Index(*index),
        });
        Place { base: Base::Document(document, path), steps: steps.collect(), flavor }
    }

    /// The element of an array that a subquery is about.
    pub(super) fn element(number: u64, flavor: Flavor) -> Place<'a> {
        Place { base: Base::Element(number), steps: Vec::new(), flavor }
    }

    /// Whether it is the element itself, not a value inside it.
    pub(super) fn is_element(&self) -> bool {
        matches!(self.base, Base::Element(_)) && self.steps.is_empty()
    }

    /// The value of a key of this one.
    pub(super) fn key(&self, key: &'a str) -> Place<'a> {
        let mut steps = self.steps.clone();
        steps.push(Step::Key(key));
        Place { steps, ..*self }
    }

    /// Whether the table has an index over this view of the value. On MariaDB no table has one.
    pub(super) fn has_index(&self, view: &JsonOp) -> bool {
        self.flavor == Flavor::MySql
            && matches!(self.base, Base::Document(document, path) if has_json_index(document, path, view))
    }

    /// `JSON_EXTRACT(settings, '$.theme')`; NULL where there is no value.
    pub(super) fn value(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        if self.steps.is_empty() {
            return self.base(w);
        }
        write_sql!(w, "JSON_EXTRACT(", self.base(w), ", ", self.sure_path(w, ""), ")")
    }

    /// The path, or something else where it would lead into what is no array: NULL, if `otherwise` is empty.
    pub(super) fn sure_path(&self, w: &mut SqlWriter<'a>, otherwise: &str) -> Result<()> {
        let mut separator = "CASE WHEN ";
        for (depth, index) in self.guarded() {
            write_sql!(w, separator, "JSON_TYPE(", self.extract(w, depth), self.after_kind(), " = 'ARRAY'")?;
            separator = " AND ";
            if self.flavor == Flavor::MariaDb && index < -1 {
                write_sql!(w, separator, "JSON_LENGTH(", self.extract(w, depth), ") >= ", index.unsigned_abs())?;
            }
        }
        let is_guarded = separator == " AND ";
        w.push(if is_guarded { " THEN " } else { "" });
        self.path_to(w, self.steps.len())?;
        w.push(if is_guarded { otherwise } else { "" }).push(if is_guarded { " END" } else { "" });
        Ok(())
    }

    /// `JSON_VALUE(settings, '$.theme')`, for MariaDB: the text of a string, and for what is none something else.
    pub(super) fn plain_text(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(w, "JSON_VALUE(", self.base(w), ", ", self.sure_path(w, ""), ")")
    }

    /// `'$.ui.scale'`; with keys that are no plain words `CONCAT('$.ui.', JSON_QUOTE(?))`.
    pub(super) fn path(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        self.path_to(w, self.steps.len())
    }

    /// What follows the argument of JSON_TYPE. On MySQL what it says has a collation of its own, which goes with no other.
    pub(super) fn after_kind(&self) -> &'static str {
        match self.flavor {
            Flavor::MySql => ") COLLATE utf8mb4_bin",
            Flavor::MariaDb => ")",
        }
    }

    /// The steps at which the first or the last element of what is no array would be found, which is the value itself.
    /// On MariaDB those from the end too, for which the length is needed.
    fn guarded(&self) -> impl Iterator<Item = (usize, i32)> + '_ {
        let lowest = if self.flavor == Flavor::MariaDb { i32::MIN } else { -1 };
        (0..).zip(&self.steps).filter_map(move |(depth, step)| match step {
            Step::Index(index) if (lowest..=0).contains(index) => Some((depth, *index)),
            _ => None,
        })
    }

    fn extract(&self, w: &mut SqlWriter<'a>, depth: usize) -> Result<()> {
        if depth == 0 {
            return self.base(w);
        }
        write_sql!(w, "JSON_EXTRACT(", self.base(w), ", ", self.path_to(w, depth), ")")
    }

    fn base(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        match self.base {
            Base::Document(document, _) => w.expr(document, Precedence::Operand),
            Base::Element(number) => {
                w.push("e").number(number).push(".v");
                Ok(())
            }
        }
    }

    fn path_to(&self, w: &mut SqlWriter<'a>, depth: usize) -> Result<()> {
        let steps = self.steps.get(..depth).unwrap_or_default();
        let is_plain = steps.iter().all(|step| match step {
            Step::Key(key) => is_plain_key(key),
            Step::Index(index) => *index >= 0 || self.flavor == Flavor::MySql,
        });
        w.push(if is_plain { "'$" } else { "CONCAT('$" });
        for (depth, step) in steps.iter().enumerate() {
            match *step {
                Step::Key(key) if is_plain_key(key) => {
                    w.push(".").push(key);
                }
                Step::Key(key) => {
                    self.check_key(key)?;
                    // The function has a collation of its own, which goes with no other.
                    let key = |w: &mut SqlWriter<'a>| w.bind(ValueRef::Text(key), ColumnType::TEXT, Typing::Cast);
                    write_sql!(w, ".', JSON_QUOTE(", key(w), ") COLLATE utf8mb4_bin, '")?;
                }
                // In a row after the first one MariaDB counts from the end of another array.
                Step::Index(index @ ..0) if self.flavor == Flavor::MariaDb => {
                    write_sql!(w, "[', JSON_LENGTH(", self.extract(w, depth), ") - ", index.unsigned_abs(), ", ']")?;
                }
                Step::Index(-1) => {
                    w.push("[last]");
                }
                Step::Index(index @ ..0) => {
                    write_sql!(w, "[last-", index.unsigned_abs() - 1, "]")?;
                }
                Step::Index(index) => {
                    write_sql!(w, "[", index.unsigned_abs(), "]")?;
                }
            }
        }
        w.push(if is_plain { "'" } else { "')" });
        Ok(())
    }

    /// MariaDB takes what begins with a minus for an index of an array, quoted or not.
    fn check_key(&self, key: &str) -> Result<()> {
        if self.flavor == Flavor::MySql || !key.starts_with('-') {
            return Ok(());
        }
        let way_out =
            "MariaDB finds no such key: read the whole document and look into it, or give the key another name";
        Err(Error::unsupported(Flavor::MariaDb.name(), "a key of a JSON document that begins with `-`", way_out))
    }
}
