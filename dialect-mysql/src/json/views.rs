//! What a value inside a document is in SQL's types.

use creole_core::sql::SqlWriter;
use creole_core::{Result, write_sql};

use super::path::Place;
use crate::dialect::Flavor;

/// How many characters of a value are in an index.
pub(super) const INDEXED_CHARACTERS: u64 = 191;

/// The names that the servers have for JSON's types.
const KINDS: [(&str, &str); 9] = [
    ("OBJECT", "object"),
    ("ARRAY", "array"),
    ("STRING", "string"),
    ("BOOLEAN", "boolean"),
    ("NULL", "null"),
    ("INTEGER", "number"),
    ("UNSIGNED INTEGER", "number"),
    ("DOUBLE", "number"),
    ("DECIMAL", "number"),
];

impl<'a> Place<'a> {
    /// `JSON_TYPE(…)`
    pub(super) fn raw_kind(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(w, "JSON_TYPE(", self.value(w), self.after_kind())
    }

    /// The name of the value's type.
    pub(super) fn kind(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(w, "CASE ", self.raw_kind(w))?;
        for (theirs, ours) in KINDS {
            w.push(" WHEN '").push(theirs).push("' THEN '").push(ours).push("'");
        }
        w.push(" END");
        Ok(())
    }

    /// What a function makes of a value of one type.
    pub(super) fn of_kind(&self, w: &mut SqlWriter<'a>, kind: &str, function: &str) -> Result<()> {
        write_sql!(w, "CASE ", self.raw_kind(w), " WHEN '", kind, "' THEN ", function, "(", self.value(w), ") END")
    }

    /// Compared by code point, blanks at the end included.
    pub(super) fn text(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(w, "(", self.of_kind(w, "STRING", "JSON_UNQUOTE"), " COLLATE ", self.flavor.binary_collation(), ")")
    }

    /// The beginning of the value as JSON writes it, by which a string is told from all else. An index can't be over more, and
    /// is found by this form only. It is compared by code point, blanks at the end included.
    pub(super) fn text_key(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(
            w,
            "(LEFT(",
            self.value(w),
            ", ",
            INDEXED_CHARACTERS,
            ") COLLATE ",
            self.flavor.binary_collation(),
            ")"
        )
    }

    pub(super) fn integer(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        match self.flavor {
            Flavor::MySql => self.integer_of_mysql(w),
            Flavor::MariaDb => write_sql!(
                w,
                self.open_number(w),
                "CASE WHEN ",
                self.is_whole(w),
                " THEN CAST(CAST(",
                self.value(w),
                " AS DECIMAL(65)) AS SIGNED) END END"
            ),
        }
    }

    fn integer_of_mysql(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(
            w,
            "CASE ",
            self.raw_kind(w),
            " WHEN 'INTEGER' THEN CAST(",
            self.value(w),
            " AS SIGNED) WHEN 'UNSIGNED INTEGER' THEN CASE WHEN CAST(",
            self.value(w),
            " AS UNSIGNED) <= 9223372036854775807 THEN CAST(",
            self.value(w),
            " AS SIGNED) END WHEN 'DOUBLE' THEN CASE WHEN "
        )?;
        // The least number there is, is one too little for the cast; computed, so that an index over it is found.
        write_sql!(
            w,
            "CAST(",
            self.value(w),
            " AS DOUBLE) = -9223372036854775808e0 THEN -9223372036854775807 - 1 WHEN "
        )?;
        write_sql!(w, "CAST(", self.value(w), " AS DOUBLE) = ")?;
        write_sql!(w, "FLOOR(CAST(", self.value(w), " AS DOUBLE)) AND ")?;
        write_sql!(w, "CAST(", self.value(w), " AS DOUBLE) > -9223372036854775808e0 AND ")?;
        write_sql!(w, "CAST(", self.value(w), " AS DOUBLE) < 9223372036854775808e0 THEN ")?;
        write_sql!(w, "CAST(CAST(", self.value(w), " AS DOUBLE) AS SIGNED) END WHEN 'DECIMAL' THEN CASE WHEN ")?;
        self.is_whole(w)?;
        write_sql!(w, " THEN CAST(", self.value(w), " AS SIGNED) END END")
    }

    /// Whether a decimal, or a number in a text, is whole and has 64 bits with a sign. What is cut to 0 is not.
    fn is_whole(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(w, "CAST(", self.value(w), " AS DECIMAL(65, 30)) = ")?;
        write_sql!(w, "CAST(", self.value(w), " AS DECIMAL(65)) AND (")?;
        write_sql!(w, "CAST(", self.value(w), " AS DECIMAL(65)) <> 0 OR ")?;
        write_sql!(w, "CAST(", self.value(w), " AS DOUBLE) = 0) AND ")?;
        write_sql!(w, "CAST(", self.value(w), " AS DECIMAL(65)) BETWEEN -9223372036854775808 AND 9223372036854775807")
    }

    pub(super) fn float(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        self.open_number(w)?;
        write_sql!(w, "CAST(", self.value(w), " AS DOUBLE) END")
    }

    /// From the digits, since a float has more of them than it is written with. The servers cut what is beyond the
    /// thirtieth digit after the point, and what is too large, so both are looked for.
    pub(super) fn decimal(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        let exact =
            |w: &mut SqlWriter<'a>, after: &str| write_sql!(w, "CAST(", self.digits(w), " AS DECIMAL(65, 30))", after);
        write_sql!(
            w,
            self.open_number(w),
            "CASE WHEN ABS(CAST(",
            self.value(w),
            " AS DOUBLE)) < 1e19 AND ABS(",
            exact(w, ") < 1000000000000000000 AND ROUND("),
            exact(w, ", 10) = "),
            exact(w, " AND ("),
            exact(w, " <> 0 OR "),
            "CAST(",
            self.value(w),
            " AS DOUBLE) = 0) THEN CAST(",
            self.digits(w),
            " AS DECIMAL(28, 10)) END END"
        )
    }

    pub(super) fn boolean(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(
            w,
            "CASE ",
            self.raw_kind(w),
            " WHEN 'BOOLEAN' THEN JSON_UNQUOTE(",
            self.value(w),
            ") COLLATE utf8mb4_bin = 'true' END"
        )
    }

    /// `CASE WHEN JSON_TYPE(…) IN (…) THEN `
    fn open_number(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        write_sql!(w, "CASE WHEN ", self.raw_kind(w), " IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL') THEN ")
    }

    /// A number as it is written.
    fn digits(&self, w: &mut SqlWriter<'a>) -> Result<()> {
        match self.flavor {
            Flavor::MySql => write_sql!(w, "JSON_UNQUOTE(", self.value(w), ")"),
            Flavor::MariaDb => self.value(w),
        }
    }
}
