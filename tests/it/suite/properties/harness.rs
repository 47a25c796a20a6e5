//! What must hold for the values of any type.

use std::cmp::Ordering;
use std::fmt::Debug;

use creole::prelude::*;
use creole::query::Expr;
use creole::types::{ColumnType, Ordered, SqlValue, ValueRef};

/// A row with a value and one that may be missing.
pub(super) trait Cell: Model<Key = i32> {
    type Value: SqlValue + Ordered + Debug;
    const ID: Column<Self, i32>;
    const VALUE: Column<Self, Self::Value>;
    const MAYBE: Column<Self, Option<Self::Value>>;

    fn new(id: i32, value: Self::Value, maybe: Option<Self::Value>) -> Self;
    fn parts(&self) -> (i32, &Self::Value, Option<&Self::Value>);
}

/// The order of a type's values in Rust.
pub(super) type Compare<V> = fn(&V, &V) -> Ordering;

/// How many of the values are compared with all the others.
const PROBES: usize = 24;

/// Writes the values; every third row's second value is NULL, the others' is another of the values.
pub(super) async fn write<C: Cell>(engine: &Engine, values: &[C::Value]) -> creole::Result<Vec<C>> {
    engine.create_all(tables![C]).await?;
    let maybe = |place: usize| (place % 3 != 2).then(|| values[(place * 7 + 1) % values.len()].clone());
    let row = |(place, value): (usize, &C::Value)| C::new(place as i32, value.clone(), maybe(place));
    let rows: Vec<C> = values.iter().enumerate().map(row).collect();
    let mut session = engine.session();
    for (place, value) in values.iter().enumerate() {
        session.add(row((place, value)));
        // In several statements: some values are long.
        if place % 50 == 49 {
            session.flush().await?;
        }
    }
    session.commit().await?;
    Ok(rows)
}

/// All that must hold.
pub(super) async fn check<C: Cell>(
    engine: &Engine,
    values: Vec<C::Value>,
    compare: Compare<C::Value>,
) -> creole::Result<()> {
    let rows = write::<C>(engine, &values).await?;
    check_reading(engine, &rows, compare).await?;
    for probe in probes(&values) {
        check_filters(engine, &rows, probe, &values[0], compare).await?;
    }
    check_lists(engine, &rows, &values, compare).await?;
    check_order(engine, &rows, compare).await?;
    check_aggregates(engine, &rows, compare).await
}

/// Some of the values: the first ones, which are the ends of the type, and some from among the others.
fn probes<V>(values: &[V]) -> impl Iterator<Item = &V> {
    let step = (values.len() / PROBES).max(1);
    values.iter().take(PROBES).chain(values.iter().skip(PROBES).step_by(step))
}

async fn check_reading<C: Cell>(engine: &Engine, rows: &[C], compare: Compare<C::Value>) -> creole::Result<()> {
    let found = C::select().order_by(C::ID).all(engine).await?;
    assert_eq!(found.len(), rows.len());
    let same = |a: Option<&C::Value>, b: Option<&C::Value>| match (a, b) {
        (Some(a), Some(b)) => compare(a, b).is_eq(),
        (a, b) => a.is_none() && b.is_none(),
    };
    for (found, written) in found.iter().zip(rows) {
        let (id, value, maybe) = written.parts();
        let (found_id, found_value, found_maybe) = found.parts();
        assert!(id == found_id && same(Some(found_value), Some(value)), "{value:?} came back as {found_value:?}");
        assert!(same(found_maybe, maybe), "{maybe:?} came back as {found_maybe:?}");
    }
    Ok(())
}

async fn check_filters<C: Cell>(
    engine: &Engine,
    rows: &[C],
    probe: &C::Value,
    other: &C::Value,
    compare: Compare<C::Value>,
) -> creole::Result<()> {
    let (value, maybe) = (C::VALUE, C::MAYBE);
    let (low, high) = if compare(probe, other).is_le() { (probe, other) } else { (other, probe) };
    let is = |wanted: fn(Ordering) -> bool| move |(v, _): (&C::Value, Option<&C::Value>)| wanted(compare(v, probe));
    let among = |v: &C::Value| compare(v, probe).is_eq() || compare(v, other).is_eq();
    type Case<'c, V> = (&'static str, Expr<bool>, Box<dyn Fn((&V, Option<&V>)) -> bool + 'c>);
    let cases: Vec<Case<'_, C::Value>> = vec![
        ("eq", value.eq(probe), Box::new(is(Ordering::is_eq))),
        ("ne", value.ne(probe), Box::new(is(Ordering::is_ne))),
        ("lt", value.lt(probe), Box::new(is(Ordering::is_lt))),
        ("le", value.le(probe), Box::new(is(Ordering::is_le))),
        ("gt", value.gt(probe), Box::new(is(Ordering::is_gt))),
        ("ge", value.ge(probe), Box::new(is(Ordering::is_ge))),
        ("between", value.between(low, high), Box::new(|(v, _)| compare(v, low).is_ge() && compare(v, high).is_le())),
        ("in", value.is_in([probe, other]), Box::new(|(v, _)| among(v))),
        ("not in", value.not_in([probe, other]), Box::new(|(v, _)| !among(v))),
        ("maybe eq", maybe.eq(probe), Box::new(|(_, m)| m.is_some_and(|m| compare(m, probe).is_eq()))),
        ("maybe ne", maybe.ne(probe), Box::new(|(_, m)| m.is_none_or(|m| compare(m, probe).is_ne()))),
        ("columns", value.lt(maybe), Box::new(|(v, m)| m.is_some_and(|m| compare(v, m).is_lt()))),
    ];
    for (name, condition, expected) in cases {
        let mut found = select(C::ID).filter(condition).all(engine).await?;
        found.sort_unstable();
        let holds = |row: &&C| {
            let (_, value, maybe) = row.parts();
            expected((value, maybe))
        };
        let wanted: Vec<i32> = rows.iter().filter(holds).map(|row| row.parts().0).collect();
        assert_eq!(found, wanted, "{name} {probe:?} (and {other:?})");
    }
    Ok(())
}

/// Lists of so many values that they are sent as one, with long values in them and without.
async fn check_lists<C: Cell>(
    engine: &Engine,
    rows: &[C],
    values: &[C::Value],
    compare: Compare<C::Value>,
) -> creole::Result<()> {
    let half = || values.iter().enumerate().filter(|(place, _)| place % 4 < 2).map(|(_, value)| value);
    let short: Vec<&C::Value> = half().filter(|value| is_short(SqlValue::bind(*value))).collect();
    // Texts are sent one by one for longer, where a database has its own idea of them.
    let many = if matches!(<C::Value as SqlValue>::TYPE, ColumnType::Text { .. }) { 33_000 } else { 129 };
    let repeated = |list: &[&'_ C::Value]| list.iter().copied().cycle().take(many.max(list.len())).cloned().collect();
    for list in [repeated(&short), half().chain(vec![short[0]; many]).cloned().collect::<Vec<C::Value>>()] {
        let distinct: Vec<&C::Value> = list.iter().take(values.len()).collect();
        let among = |value: &C::Value| distinct.iter().any(|other| compare(value, other).is_eq());
        let rows_of = |(place, value): (usize, &C::Value)| (value.clone(), (place * 2 % 300) as i32);
        let pairs: Vec<(C::Value, i32)> = list.iter().enumerate().map(rows_of).collect();
        let has_pair = |id: i32, value: &C::Value| pairs.iter().any(|(v, i)| *i == id && compare(value, v).is_eq());
        let with_null = || list.iter().cloned().map(Some).chain([None]);
        type Case<'c, V> = (&'static str, Expr<bool>, Box<dyn Fn(i32, &V, Option<&V>) -> bool + 'c>);
        let cases: Vec<Case<'_, C::Value>> = vec![
            ("in", C::VALUE.is_in(&list), Box::new(|_, v, _| among(v))),
            ("not in", C::VALUE.not_in(&list), Box::new(|_, v, _| !among(v))),
            ("maybe in", C::MAYBE.is_in(&list), Box::new(|_, _, m| m.is_some_and(among))),
            ("maybe not in", C::MAYBE.not_in(&list), Box::new(|_, _, m| m.is_some_and(|m| !among(m)))),
            ("neither in", not(C::MAYBE.is_in(&list)), Box::new(|_, _, m| m.is_some_and(|m| !among(m)))),
            ("in, with NULL", C::MAYBE.is_in(with_null()), Box::new(|_, _, m| m.is_none_or(among))),
            ("not in, with NULL", C::MAYBE.not_in(with_null()), Box::new(|_, _, m| m.is_some_and(|m| !among(m)))),
            ("pairs", (C::VALUE, C::ID).is_in(pairs.clone()), Box::new(|id, v, _| has_pair(id, v))),
            ("no pairs", (C::VALUE, C::ID).not_in(pairs.clone()), Box::new(|id, v, _| !has_pair(id, v))),
        ];
        for (name, condition, expected) in cases {
            let mut found = select(C::ID).filter(condition).all(engine).await?;
            found.sort_unstable();
            let holds = |row: &&C| {
                let (id, value, maybe) = row.parts();
                expected(id, value, maybe)
            };
            let wanted: Vec<i32> = rows.iter().filter(holds).map(|row| row.parts().0).collect();
            assert_eq!(found, wanted, "{name} a list of {}", list.len());
        }
    }
    Ok(())
}

fn is_short(value: ValueRef<'_>) -> bool {
    match value {
        ValueRef::Text(text) => text.len() < 1_000,
        ValueRef::Bytes(bytes) => bytes.len() < 1_000,
        _ => true,
    }
}

async fn check_order<C: Cell>(engine: &Engine, rows: &[C], compare: Compare<C::Value>) -> creole::Result<()> {
    let found = select(C::ID).order_by((C::VALUE, C::ID)).all(engine).await?;
    let mut sorted: Vec<&C> = rows.iter().collect();
    sorted.sort_by(|a, b| compare(a.parts().1, b.parts().1));
    let ids = |rows: Vec<&C>| rows.into_iter().map(|row| row.parts().0).collect::<Vec<_>>();
    assert_eq!(found, ids(sorted), "ascending");

    let found = select(C::ID).order_by((C::MAYBE.desc(), C::ID)).all(engine).await?;
    let mut sorted: Vec<&C> = rows.iter().collect();
    sorted.sort_by(|a, b| match (a.parts().2, b.parts().2) {
        (Some(a), Some(b)) => compare(b, a),
        // NULL comes first going down.
        (a, b) => a.is_some().cmp(&b.is_some()),
    });
    assert_eq!(found, ids(sorted), "descending, with NULLs");
    Ok(())
}

async fn check_aggregates<C: Cell>(engine: &Engine, rows: &[C], compare: Compare<C::Value>) -> creole::Result<()> {
    let mut sorted: Vec<&C::Value> = rows.iter().map(|row| row.parts().1).collect();
    sorted.sort_by(|a, b| compare(a, b));
    let (least, greatest) = select((min(C::VALUE), max(C::VALUE))).one(engine).await?;
    let same = |a: &Option<C::Value>, b: Option<&&C::Value>| match (a, b) {
        (Some(a), Some(b)) => compare(a, b).is_eq(),
        (a, b) => a.is_none() && b.is_none(),
    };
    assert!(same(&least, sorted.first()), "min is {least:?}, not {:?}", sorted.first());
    assert!(same(&greatest, sorted.last()), "max is {greatest:?}, not {:?}", sorted.last());

    sorted.dedup_by(|a, b| compare(a, b).is_eq());
    let present = rows.iter().filter(|row| row.parts().2.is_some()).count() as i64;
    let counts = select((count(C::VALUE).distinct(), count(C::MAYBE))).one(engine).await?;
    assert_eq!(counts, (sorted.len() as i64, present));
    let distinct = select(C::VALUE).distinct().order_by(C::VALUE).all(engine).await?;
    assert!(distinct.iter().zip(&sorted).all(|(a, b)| compare(a, b).is_eq()) && distinct.len() == sorted.len());
    let groups = select((C::VALUE, count_rows())).group_by(C::VALUE).order_by(C::VALUE).all(engine).await?;
    assert_eq!(groups.iter().map(|(_, rows)| rows).sum::<i64>(), rows.len() as i64);
    assert_eq!(groups.len(), sorted.len());
    assert_eq!(select(C::VALUE).distinct().count(engine).await?, sorted.len() as u64);
    let nothing = select((min(C::VALUE), max(C::VALUE), count_rows())).filter(C::ID.lt(0)).one(engine).await?;
    assert!(nothing.0.is_none() && nothing.1.is_none() && nothing.2 == 0);
    Ok(())
}
