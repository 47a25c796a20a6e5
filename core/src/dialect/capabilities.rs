//! [`Capabilities`]: what the core must know of a database to choose how it does a thing.

/// What a database can do. A flag exists only where creole's core does something else without it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// How many values one statement may have.
    pub max_binds: usize,
    /// How many bytes of values one statement of several rows may have, roughly: servers limit the size of what they are sent, and
    /// what is being sent takes memory. A single row may have more.
    pub max_bytes: usize,
    /// Whether INSERT returns rows.
    pub insert_returning: Support,
    /// Whether an upsert names the key that it is about. Without it, any key of the table may decide, and the dialect makes
    /// another one than the named an error.
    pub conflict_target: Support,
    /// What an upsert returns for whether a row is new, where the database can say it: a condition.
    pub new_row_mark: Option<&'static str>,
    /// What the values of an UPDATE see of its other assignments.
    pub assignment: AssignmentOrder,
    /// Whether UPDATE returns rows.
    pub update_returning: Support,
    /// Whether DELETE of one table returns rows.
    pub delete_returning: Support,
    /// How an UPDATE or DELETE joins other sources.
    pub joined_writes: JoinedWrites,
    /// Whether WITH stands before UPDATE and DELETE. Without it, subqueries are written where they are used.
    pub with_in_writes: Support,
    /// Whether DDL can be rolled back.
    pub transactional_ddl: Support,
    /// Whether a subquery reads the table that its statement changes. Without it, the table is read in another subquery inside.
    pub reads_changed_table: Support,
    /// Whether there is FULL JOIN.
    pub full_join: Support,
    /// Whether there is DISTINCT ON, which is no standard's.
    pub distinct_on: Support,
    /// Whether INTERSECT and EXCEPT take ALL.
    pub intersect_all: Support,
    /// Whether aggregates take FILTER.
    pub aggregate_filter: Support,
    /// Where a table's indexes are created.
    pub indexes: IndexPlacement,
    /// Whether there is COMMENT ON. Without it, comments are part of CREATE TABLE, or the database keeps none.
    pub comment_on: Support,
    /// Whether an index over a foreign key answers an order by that and then by the primary key, so that it takes no sorting.
    pub index_order: Support,
    /// ON UPDATE CASCADE of a key that is only spelled anew, where its column ignores case.
    pub spelling_cascades: Support,
    /// How it words what is spelled with nothing else.
    pub words: Words,
}

/// Constant pieces of text that databases word differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// The collation that compares by code point, as it stands after COLLATE.
    pub code_points: &'static str,
    /// What stands in place of FROM where a SELECT reads no table, with a space before it.
    pub no_source: &'static str,
    /// What follows `INSERT INTO t` for a row of nothing but defaults.
    pub default_row: &'static str,
}

impl Capabilities {
    /// Those of a database that does all that the standard and its usual extensions say, for a dialect to begin from.
    ///
    /// ```
    /// use creole_core::dialect::{Capabilities, Support};
    ///
    /// static CAPABILITIES: Capabilities = {
    ///     let mut these = Capabilities::STANDARD;
    ///     these.max_binds = 999;
    ///     these.comment_on = Support::Absent;
    ///     these
    /// };
    /// ```
    pub const STANDARD: Capabilities = Capabilities {
        max_binds: 32_766,
        max_bytes: 1 << 20,
        insert_returning: Support::Native,
        conflict_target: Support::Native,
        new_row_mark: None,
        assignment: AssignmentOrder::AtOnce,
        update_returning: Support::Native,
        delete_returning: Support::Native,
        joined_writes: JoinedWrites::FromClause,
        with_in_writes: Support::Native,
        transactional_ddl: Support::Native,
        reads_changed_table: Support::Native,
        full_join: Support::Native,
        distinct_on: Support::Absent,
        intersect_all: Support::Native,
        aggregate_filter: Support::Native,
        indexes: IndexPlacement::Separate,
        comment_on: Support::Native,
        index_order: Support::Absent,
        spelling_cascades: Support::Native,
        words: Words::STANDARD,
    };
}

impl Words {
    /// Those of the standard.
    pub const STANDARD: Words = Words { code_points: "UCS_BASIC", no_source: "", default_row: " DEFAULT VALUES" };
}

/// How an UPDATE or DELETE joins other sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinedWrites {
    /// An UPDATE has them after FROM, which takes inner joins; a DELETE has an EXISTS.
    FromClause,
    /// Both have JOIN before SET or WHERE, and write each row once.
    Join,
}

/// What the right-hand sides of an UPDATE see of its other assignments. creole makes every one see the table as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentOrder {
    /// The table as it was, as the standard says.
    AtOnce,
    /// The row as it was, and in a subquery the rows that were written before. With a FROM, all values are computed first.
    RowByRow,
    /// The columns that stand before them as they are assigned, so the assignments are put in an order, or read from a copy.
    LeftToRight,
}

/// Where a table's indexes are created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexPlacement {
    /// By CREATE INDEX IF NOT EXISTS after the table.
    Separate,
    /// Within CREATE TABLE, where the database can't leave alone an index that is there.
    Inline,
}

/// Whether a database does something itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// It does.
    Native,
    /// It does not; creole does without, or does it in several steps.
    Absent,
}
