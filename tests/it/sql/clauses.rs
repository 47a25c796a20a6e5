//! Every clause of a SELECT, with every other, wherever a SELECT can stand: it is written, or the statement is refused.

use creole::dialect::Dialect;
use creole::prelude::*;
use creole::query::{Expr, Select, row_number, window};

use super::check::dialects;
use crate::models::Order;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clause {
    Cte,
    Filter,
    Distinct,
    DistinctOn,
    Group,
    Having,
    Order,
    Limit,
    Offset,
    Lock,
    Timeout,
}

const CLAUSES: [Clause; 11] = [
    Clause::Cte,
    Clause::Filter,
    Clause::Distinct,
    Clause::DistinctOn,
    Clause::Group,
    Clause::Having,
    Clause::Order,
    Clause::Limit,
    Clause::Offset,
    Clause::Lock,
    Clause::Timeout,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Body {
    Plain,
    Window,
    Aggregate,
    Compound,
    Subquery,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Rows,
    Subquery,
    List,
    Exists,
    Value,
    FirstArm,
    LastArm,
}

fn order_id() -> Expr<i64> {
    table::<Order>().col(Order::id)
}

fn add<R: Send + 'static>(query: Select<R>, clause: Clause, id: &Expr<i64>) -> Select<R> {
    match clause {
        Clause::Cte => query.with_cte(&select(Order::id).cte("named")),
        Clause::Filter => query.filter(id.clone().gt(0)),
        Clause::Distinct => query.distinct(),
        Clause::DistinctOn => query.distinct_on(id.clone()),
        Clause::Group => query.group_by(id.clone()),
        Clause::Having => query.having(id.clone().gt(0)),
        Clause::Order => query.order_by(id.clone()),
        Clause::Limit => query.limit(3),
        Clause::Offset => query.offset(2),
        Clause::Lock => query.for_update(),
        Clause::Timeout => query.timeout(std::time::Duration::from_secs(5)),
    }
}

fn body(body: Body) -> (Select<i64>, Expr<i64>) {
    let orders = select(Order::id).subquery("orders_of_all");
    match body {
        Body::Plain => (select(Order::id), order_id()),
        Body::Window => (select(row_number().over(window().order_by(Order::id))).from(table::<Order>()), order_id()),
        Body::Aggregate => (select(count(Order::id)), order_id()),
        Body::Compound => (select(Order::id).union_all(select(Order::user_id)), order_id()),
        Body::Subquery => (select(orders.col(Order::id)).from(&orders), orders.col(Order::id)),
    }
}

fn ended(query: Select<i64>, end: End) -> Select<i64> {
    match end {
        End::Rows => query,
        End::Subquery => {
            let inner = query.subquery("inner");
            select(count_rows()).from(&inner)
        }
        End::List => select(Order::user_id).filter(Order::user_id.is_in(query)),
        End::Exists => select(Order::user_id).filter(exists(query)),
        End::Value => select(Order::user_id).filter(Order::user_id.eq(query)),
        End::FirstArm => query.union(select(Order::user_id)),
        End::LastArm => select(Order::user_id).except(query),
    }
}

/// What the text must have where it has the clause.
fn mark(clause: Clause, dialect: &dyn Dialect) -> &'static str {
    match clause {
        Clause::Cte => "WITH ",
        Clause::Filter => "WHERE ",
        Clause::Distinct => "DISTINCT ",
        Clause::DistinctOn => "DISTINCT ON ",
        Clause::Group => " GROUP BY ",
        Clause::Having => " HAVING ",
        Clause::Order => " ORDER BY ",
        Clause::Limit => " LIMIT ",
        Clause::Offset => "OFFSET ",
        Clause::Lock if dialect.name() == "sqlite" => "",
        Clause::Lock => " FOR UPDATE",
        Clause::Timeout => "",
    }
}

#[test]
fn no_clause_is_dropped_from_any_select() {
    let ends = [End::Rows, End::Subquery, End::List, End::Exists, End::Value, End::FirstArm, End::LastArm];
    let bodies = [Body::Plain, Body::Window, Body::Aggregate, Body::Compound, Body::Subquery];
    let chosen = (0_u32..1 << CLAUSES.len()).filter(|bits| bits.count_ones() <= 4);
    let (mut written, mut refused) = (0, 0);
    for bits in chosen {
        let clauses: Vec<Clause> = CLAUSES
            .iter()
            .enumerate()
            .filter(|(place, _)| bits & (1 << place) != 0)
            .map(|(_, &clause)| clause)
            .collect();
        for of in bodies {
            for end in ends {
                let (query, id) = body(of);
                let query = ended(clauses.iter().fold(query, |query, &clause| add(query, clause, &id)), end);
                for dialect in dialects() {
                    match query.compile(dialect) {
                        Ok(statement) => {
                            written += 1;
                            for &clause in &clauses {
                                // Whether there is any row does not depend on their order; a part has the whole's time.
                                let counts = match (clause, end) {
                                    (Clause::Order, End::Exists) => false,
                                    (Clause::Timeout, End::Rows) => statement.timeout.is_some(),
                                    (Clause::Lock, _) => {
                                        assert_eq!((statement.locks.len(), end), (1, End::Rows), "{clauses:?}");
                                        true
                                    }
                                    _ => true,
                                };
                                let mark = mark(clause, dialect);
                                let has = statement.sql.contains(mark);
                                assert!(
                                    has || !counts,
                                    "{clause:?} of {clauses:?}, {of:?}, {end:?}: {}",
                                    statement.sql
                                );
                            }
                        }
                        Err(error) => {
                            refused += 1;
                            let kinds = [ErrorKind::Syntax, ErrorKind::Unsupported];
                            assert!(kinds.contains(&error.kind()), "{clauses:?}, {of:?}, {end:?}: {error}");
                        }
                    }
                }
            }
        }
    }
    // Most go together.
    assert!(written > refused / 4, "{written} written, {refused} refused");
}
