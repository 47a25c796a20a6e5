//! INSERTs and upserts whose values a subquery reads from the table itself, or computes from the row to insert.

use creole::prelude::*;
use creole::query::{Expr, Outcome};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "wares", default)]
pub(super) struct Ware {
    #[model(primary_key, auto)]
    pub(super) id: i64,
    #[model(unique, length = 20)]
    pub(super) sku: String,
    #[model(length = 40)]
    pub(super) title: String,
    pub(super) price: Decimal,
    pub(super) stock: Option<i64>,
    #[model(unique, length = 20)]
    pub(super) code: Option<String>,
}

pub(super) fn ware(sku: &str, title: &str, price: Decimal, stock: impl Into<Option<i64>>) -> Ware {
    Ware { sku: sku.into(), title: title.into(), price, stock: stock.into(), ..Ware::default() }
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "surcharges")]
struct Surcharge {
    #[model(primary_key, length = 20)]
    sku: String,
    stock: i64,
}

async fn stocks(engine: &Engine) -> creole::Result<Vec<(String, Option<i64>)>> {
    select((Ware::sku, Ware::stock)).order_by(Ware::sku).all(engine).await
}

fn owned(rows: &[(&str, i64)]) -> Vec<(String, Option<i64>)> {
    rows.iter().map(|&(sku, stock)| (sku.to_owned(), Some(stock))).collect()
}

fn most() -> Expr<Option<i64>> {
    select(max(Ware::stock)).value()
}

fn next() -> Expr<i64> {
    coalesce(most(), 0) + 1
}

#[creole::test]
async fn a_value_comes_from_the_table_that_is_written_to(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ware]).await?;
    insert(&ware("a", "a", dec!(1), None)).set(Ware::stock, next()).exec(&engine).await?;
    let b = insert(&ware("b", "b", dec!(1), None)).set(Ware::stock, next()).returning().one(&engine).await?;
    assert_eq!((b.stock, Ware::find(b.id, &engine).await?), (Some(2), Some(b.clone())));
    // All rows see the table as it was before.
    let rows = [ware("c", "c", dec!(1), None), ware("d", "d", dec!(1), 7), ware("e", "e", dec!(1), None)];
    assert_eq!(insert_all(&rows).set(Ware::stock, next()).exec(&engine).await?, 3);
    let mut expected = owned(&[("a", 1), ("b", 2), ("c", 3), ("d", 3), ("e", 3)]);
    assert_eq!(stocks(&engine).await?, expected);
    // In a transaction too, and with text of the program's own.
    let mut session = engine.session();
    let counted = || sql!("(SELECT count(*) FROM {table::<Ware>()})").expr::<i64>();
    insert_all(&[ware("f", "f", dec!(1), None), ware("g", "g", dec!(1), None)])
        .set(Ware::stock, counted())
        .exec(&mut session)
        .await?;
    insert(&ware("h", "h", dec!(1), None)).set(Ware::stock, counted()).exec(&mut session).await?;
    session.commit().await?;
    expected.extend(owned(&[("f", 5), ("g", 5), ("h", 7)]));
    assert_eq!(stocks(&engine).await?, expected);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "tallies", default)]
struct Tally {
    #[model(primary_key, auto)]
    id: i64,
    n: i64,
}

/// Nothing is left that the rows give a value for.
#[creole::test]
async fn every_value_of_the_rows_is_computed(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Tally]).await?;
    let rows = vec![Tally::default(); 3];
    for _ in 0..2 {
        insert_all(&rows).set(Tally::n, select(count(Tally::id)).value().not_null()).exec(&engine).await?;
    }
    assert_eq!(select(Tally::n).order_by(Tally::id).all(&engine).await?, [0, 0, 0, 3, 3, 3]);
    Ok(())
}

/// How many statements it takes is not the same everywhere, and the second would read what the first has written.
#[creole::test]
async fn rows_of_several_statements_are_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ware, Tally]).await?;
    let rows = [Tally { id: 5, n: 0 }, Tally { id: 0, n: 0 }];
    let error =
        insert_all(&rows).set(Tally::n, select(count(Tally::id)).value().not_null()).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    let mut rows: Vec<Ware> = (0..150_000).map(|number| ware(&number.to_string(), "x", dec!(1), None)).collect();
    let error = insert_all(&rows).set(Ware::stock, next()).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert!(error.to_string().contains("fewer rows"), "{error}");
    assert_eq!(Ware::select().count(&engine).await? + Tally::select().count(&engine).await?, 0);
    rows.truncate(100);
    insert_all(&rows).set(Ware::stock, next()).exec(&engine).await?;
    let stocks: Vec<Option<i64>> = select(Ware::stock).distinct().all(&engine).await?;
    assert_eq!(stocks, [Some(1)]);
    Ok(())
}

/// MySQL does not say which numbers it gave to such rows.
#[creole::test]
async fn such_rows_come_back(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ware]).await?;
    let rows = [ware("a", "a", dec!(1), None), ware("b", "b", dec!(1), None)];
    match insert_all(&rows).set(Ware::stock, next()).returning().all(&engine).await {
        Ok(rows) => assert_eq!(rows.iter().map(|row| row.stock).collect::<Vec<_>>(), [Some(1), Some(1)]),
        Err(error) => {
            assert_eq!((engine.dialect().name(), error.kind()), ("mysql", ErrorKind::Unsupported), "{error}");
            assert_eq!(Ware::select().count(&engine).await?, 0);
        }
    }
    let given = [Ware { id: 7, ..rows[0].clone() }, Ware { id: 3, ..rows[1].clone() }];
    delete::<Ware>().all_rows().exec(&engine).await?;
    let rows = insert_all(&given).set(Ware::stock, next()).returning().all(&engine).await?;
    assert_eq!(rows.iter().map(|row| (row.id, row.stock)).collect::<Vec<_>>(), [(7, Some(1)), (3, Some(1))]);
    Ok(())
}

#[creole::test]
async fn an_upsert_of_a_row_reads_its_table(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ware]).await?;
    insert_all(&[ware("a", "a", dec!(1), 5), ware("b", "b", dec!(1), 9)]).exec(&engine).await?;
    let row = ware("a", "x", dec!(2), 3);
    let upsert = || insert(&row).on_conflict(Ware::sku);
    assert_eq!(upsert().set(Ware::stock, next()).exec(&engine).await?, 1);
    assert_eq!(stocks(&engine).await?, owned(&[("a", 10), ("b", 9)]));
    // What is read there depends on both rows.
    let other = alias::<Ware>("other");
    let others = || {
        let is_other = other.col(Ware::sku).ne(excluded(Ware::sku)).and(other.col(Ware::id).ne(Ware::id));
        select(sum(other.col(Ware::stock))).from(other).filter(is_other).value()
    };
    let put = upsert().set(Ware::stock, coalesce(others(), 0) + excluded(Ware::stock)).upserted(&engine).await?;
    assert_eq!((put.outcome, put.row.stock), (Outcome::Updated, Some(12)));
    // And so does the condition.
    let is_least = || Ware::stock.lt(coalesce(most(), 0));
    let mut session = engine.session();
    let put = upsert().set(Ware::stock, 20).filter(is_least()).upserted(&mut session).await?;
    assert_eq!((put.outcome, put.row.stock), (Outcome::Unchanged, Some(12)));
    session.commit().await?;
    let row = ware("b", "y", dec!(3), None);
    let upsert = insert(&row).on_conflict(Ware::sku).update(Ware::title).set(Ware::stock, next()).filter(is_least());
    let put = upsert.upserted(&engine).await?;
    assert_eq!((put.outcome, put.row.stock, put.row.title.as_str()), (Outcome::Updated, Some(13), "y"));
    // A row that is new is written as it is given, and nothing is computed for it.
    let row = ware("c", "z", dec!(3), 1);
    let put = insert(&row).on_conflict(Ware::sku).set(Ware::stock, next()).upserted(&engine).await?;
    assert_eq!((put.outcome, put.row.stock), (Outcome::Inserted, Some(1)));
    Ok(())
}

/// Every row sees the table as it was before the statement, or the statement is refused.
#[creole::test]
async fn an_upsert_of_rows_reads_the_table_as_it_was(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ware]).await?;
    let there = [ware("a", "a", dec!(1), 5), ware("b", "b", dec!(1), 9), ware("c", "c", dec!(1), 1)];
    insert_all(&there).exec(&engine).await?;
    let rows = [ware("z", "z", dec!(1), 1000), ware("a", "a", dec!(1), 1), ware("b", "b", dec!(1), 2)];
    let other = alias::<Ware>("other");
    let others =
        || select(max(other.col(Ware::stock))).from(other).filter(other.col(Ware::sku).ne(excluded(Ware::sku)));
    let upsert = || {
        let stock = coalesce(others().value(), 0) + excluded(Ware::stock);
        insert_all(&rows).on_conflict(Ware::sku).set(Ware::stock, stock)
    };
    if engine.dialect().name() == "sqlite" {
        let error = upsert().exec(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        assert!(error.to_string().contains("one by one"), "{error}");
        let filtered = insert_all(&rows).on_conflict(Ware::sku).update(Ware::title).filter(exists(others()));
        assert_eq!(filtered.upserted(&engine).await.unwrap_err().kind(), ErrorKind::Unsupported);
        let selected =
            insert_from((Ware::sku, Ware::title, Ware::price), select((Ware::sku, Ware::title, Ware::price)));
        let selected = selected.on_conflict(Ware::sku).set(Ware::stock, next());
        assert_eq!(selected.exec(&engine).await.unwrap_err().kind(), ErrorKind::Unsupported);
        return Ok(());
    }
    assert_eq!(upsert().exec(&engine).await?, 3);
    assert_eq!(stocks(&engine).await?, owned(&[("a", 10), ("b", 7), ("c", 1), ("z", 1000)]));
    let put = upsert().filter(Ware::stock.lt(100)).upserted(&engine).await?;
    let told: Vec<_> = put.iter().map(|put| (put.outcome, put.row.stock)).collect();
    let (updated, unchanged) = (Outcome::Updated, Outcome::Unchanged);
    assert_eq!(told, [(unchanged, Some(1000)), (updated, Some(1001)), (updated, Some(1002))]);
    // Of what a SELECT of the table yields, too.
    let all = select((Ware::sku, Ware::title, Ware::price)).filter(Ware::sku.ne("z"));
    let selected = insert_from((Ware::sku, Ware::title, Ware::price), all).on_conflict(Ware::sku);
    selected.set(Ware::stock, next()).set(Ware::title, excluded(Ware::title).concat("!")).exec(&engine).await?;
    assert_eq!(stocks(&engine).await?, owned(&[("a", 1003), ("b", 1003), ("c", 1003), ("z", 1000)]));
    Ok(())
}

/// A subquery of another table that is about the row to insert is run for each of them.
#[creole::test]
async fn a_subquery_reads_the_row_to_insert(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ware, Surcharge]).await?;
    let surcharge = |sku: &str, stock| Surcharge { sku: sku.into(), stock };
    insert_all(&[surcharge("a", 10), surcharge("b", 20), surcharge("c", 30)]).exec(&engine).await?;
    let rows = [ware("a", "a", dec!(1), 1), ware("b", "b", dec!(1), 2), ware("z", "z", dec!(1), 3)];
    insert_all(&rows).exec(&engine).await?;
    let of_new = select(max(Surcharge::stock)).filter(Surcharge::sku.eq(excluded(Ware::sku)));
    let of_old = select(max(Surcharge::stock)).filter(Surcharge::sku.eq(Ware::sku));
    let sum = coalesce(of_new.value(), 0) + coalesce(of_old.value(), 0) + excluded(Ware::stock);
    insert_all(&rows).on_conflict(Ware::sku).set(Ware::stock, sum).exec(&engine).await?;
    assert_eq!(stocks(&engine).await?, owned(&[("a", 21), ("b", 42), ("z", 3)]));
    let is_known = || exists(select(Surcharge::sku).filter(Surcharge::sku.eq(excluded(Ware::sku))));
    let upsert = insert_all(&rows).on_conflict(Ware::sku).update(Ware::stock).filter(is_known());
    let told: Vec<_> = upsert.upserted(&engine).await?.into_iter().map(|put| (put.outcome, put.row.stock)).collect();
    let (updated, unchanged) = (Outcome::Updated, Outcome::Unchanged);
    assert_eq!(told, [(updated, Some(1)), (updated, Some(2)), (unchanged, Some(3))]);
    let one = insert(&rows[1]).on_conflict(Ware::sku).set(Ware::stock, 0).filter(!is_known());
    one.exec(&engine).await?;
    assert_eq!(stocks(&engine).await?, owned(&[("a", 1), ("b", 2), ("z", 3)]));
    Ok(())
}

/// A value that is computed for the row to insert is what the upsert calls so.
#[creole::test]
async fn what_is_computed_is_the_row_to_insert_s(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ware]).await?;
    insert_all(&[ware("a", "a", dec!(1), 5), ware("b", "b", dec!(1), 9)]).exec(&engine).await?;
    let rows = [ware("c", "c", dec!(1), None), ware("a", "x", dec!(1), None)];
    let put = || insert_all(&rows).set(Ware::stock, next()).on_conflict(Ware::sku);
    put().set(Ware::stock, excluded(Ware::stock) * 2).exec(&engine).await?;
    assert_eq!(stocks(&engine).await?, owned(&[("a", 20), ("b", 9), ("c", 10)]));
    let is_more = excluded(Ware::stock).gt(Ware::stock).and(Ware::title.ne(excluded(Ware::title)));
    put().update((Ware::stock, Ware::title)).filter(is_more).exec(&engine).await?;
    assert_eq!(stocks(&engine).await?, owned(&[("a", 21), ("b", 9), ("c", 10)]));
    Ok(())
}

/// A row without a key, which the database numbers, is there in no case.
#[creole::test]
async fn a_row_that_is_numbered_is_new(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Tally]).await?;
    let n = || select(count(Tally::id)).value().not_null();
    for expected in 1..=2 {
        let put = insert(&Tally { id: 0, n: 7 }).on_conflict(Tally::id).set(Tally::n, n()).upserted(&engine).await?;
        assert_eq!((put.outcome, put.row.n), (Outcome::Inserted, 7));
        insert(&Tally { id: 0, n: 8 }).on_conflict(Tally::id).set(Tally::n, n()).exec(&engine).await?;
        assert_eq!(Tally::select().count(&engine).await?, expected * 2);
    }
    Ok(())
}
