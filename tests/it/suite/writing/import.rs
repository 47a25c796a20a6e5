//! Imports that can be run again: an upsert writes a row only where something about it differs.

use std::sync::Arc;

use creole::prelude::*;
use creole::query::Outcome;
use tokio::sync::Barrier;

use super::own_table::{Ware, ware};
use super::update_all::everything;
use crate::lab::Lab;
use crate::models::{Everything, Settings};
use crate::random::{Random, seed};

async fn wares(engine: &Engine) -> creole::Result<Vec<Ware>> {
    let rows = Ware::select().order_by(Ware::sku).all(engine).await?;
    Ok(rows.into_iter().map(|row| Ware { id: 0, ..row }).collect())
}

/// Beside the same in Rust: new rows are inserted, others updated where they differ, and every value sees the row as it was.
#[creole::test]
async fn an_import_writes_what_differs(engine: Engine) -> creole::Result<()> {
    let mut random = Random(seed());
    engine.create_all(tables![Ware]).await?;
    let mut expected: Vec<Ware> = Vec::new();
    for round in 0..30 {
        let mut skus: Vec<usize> = (0..6).collect();
        let rows: Vec<Ware> = (0..1 + random.below(4))
            .map(|_| {
                let sku = skus.remove(random.below(skus.len()));
                let stock = (!random.one_in(3)).then(|| random.below(3) as i64);
                ware(&format!("s{sku}"), ["a", "b"][random.below(2)], Decimal::from(random.below(3)), stock)
            })
            .collect();
        let differs = Ware::title
            .ne(excluded(Ware::title))
            .or(Ware::price.ne(excluded(Ware::price)))
            .or(Ware::stock.ne(excluded(Ware::stock)));
        let adds_up = random.one_in(2);
        let mut import = insert_all(&rows).on_conflict(Ware::sku).update((Ware::title, Ware::price, Ware::stock));
        if adds_up {
            import = import.set(Ware::price, Ware::price + excluded(Ware::price));
        }
        let import = import.filter(differs);
        let outcomes: Option<Vec<Outcome>> = if round % 2 == 0 {
            Some(import.upserted(&engine).await?.into_iter().map(|put| put.outcome).collect())
        } else {
            assert_eq!(import.exec(&engine).await?, rows.len() as u64);
            None
        };
        let mut became = Vec::new();
        for row in &rows {
            let Some(old) = expected.iter_mut().find(|old| old.sku == row.sku) else {
                became.push(Outcome::Inserted);
                expected.push(row.clone());
                continue;
            };
            // As SQL has it: what is compared with NULL neither differs nor does not.
            let stocks_differ = matches!((old.stock, row.stock), (Some(old), Some(new)) if old != new);
            if old.title == row.title && old.price == row.price && !stocks_differ {
                became.push(Outcome::Unchanged);
                continue;
            }
            became.push(Outcome::Updated);
            let price = if adds_up { old.price + row.price } else { row.price };
            *old = Ware { price, ..row.clone() };
        }
        assert!(outcomes.is_none_or(|outcomes| outcomes == became));
        expected.sort_by(|a, b| a.sku.cmp(&b.sku));
        assert_eq!(wares(&engine).await?, expected);
    }
    Ok(())
}

/// Within a transaction, and with more rows than one statement takes.
#[creole::test]
async fn a_large_import_changes_what_it_must(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ware]).await?;
    let rows = |title: &'static str| -> Vec<Ware> {
        (0..2_500).map(|number| ware(&number.to_string(), title, dec!(1), number)).collect()
    };
    let differs = || Ware::title.ne(excluded(Ware::title)).or(Ware::stock.ne(excluded(Ware::stock)));
    let mut session = engine.session();
    for (title, changes) in [("a", Outcome::Inserted), ("a", Outcome::Unchanged), ("b", Outcome::Updated)] {
        let rows = rows(title);
        let import = insert_all(&rows).on_conflict(Ware::sku).update((Ware::title, Ware::stock)).filter(differs());
        let put = import.clone().upserted(&mut session).await?;
        assert!(put.iter().zip(&rows).all(|(put, row)| put.outcome == changes && put.row.title == row.title));
        assert_eq!(import.exec(&mut session).await?, 2_500);
    }
    session.commit().await?;
    assert_eq!(Ware::select().filter(Ware::title.eq("b")).count(&engine).await?, 2_500);
    Ok(())
}

/// What is exchanged, and what comes after it, is what it was before.
#[creole::test]
async fn values_are_exchanged(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ware]).await?;
    let coded = |sku: &str, title: &str, code: &str| Ware { code: Some(code.into()), ..ware(sku, title, dec!(1), 5) };
    let rows = [coded("a", "x", "1"), coded("b", "y", "2")];
    insert_all(&rows).exec(&engine).await?;
    let put = insert_all(&rows)
        .on_conflict(Ware::sku)
        .set(Ware::title, coalesce(Ware::code, "").concat(excluded(Ware::sku)))
        .set(Ware::code, Ware::title)
        .set(Ware::stock, Ware::stock + 1)
        .set(Ware::price, Ware::price + coalesce(Ware::stock, 0).cast::<Decimal>())
        .upserted(&engine)
        .await?;
    let told: Vec<_> =
        put.iter().map(|put| (put.row.title.as_str(), put.row.code.as_deref(), put.row.stock, put.row.price)).collect();
    assert_eq!(told, [("1a", Some("x"), Some(6), dec!(6)), ("2b", Some("y"), Some(6), dec!(6))]);
    Ok(())
}

/// Values are computed for rows that are there and pass the filter, and for no others.
#[creole::test]
async fn nothing_is_computed_in_vain(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ware]).await?;
    let rows = [ware("a", "x", dec!(8), 2), ware("b", "y", dec!(8), 0)];
    insert_all(&rows[..1]).exec(&engine).await?;
    let share = Ware::price / excluded(Ware::stock).cast::<Decimal>();
    let halve = insert_all(&rows)
        .on_conflict(Ware::sku)
        .set(Ware::price, coalesce(share, dec!(0)))
        .set(Ware::stock, Ware::stock + 1)
        .filter(excluded(Ware::stock).ne(0).and(Ware::price.gt(0)).and(Ware::stock.gt(0)));
    halve.clone().exec(&engine).await?;
    halve.exec(&engine).await?;
    let told: Vec<_> = wares(&engine).await?.into_iter().map(|row| (row.price, row.stock)).collect();
    assert_eq!(told, [(dec!(2), Some(4)), (dec!(8), Some(0))]);
    Ok(())
}

/// A clash with another key is what it always is.
#[creole::test]
async fn another_key_is_a_violation(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Ware]).await?;
    let coded = |sku: &str, code: &str, stock| Ware { code: Some(code.into()), ..ware(sku, "x", dec!(1), stock) };
    insert_all(&[coded("a", "1", 1), coded("b", "2", 1)]).exec(&engine).await?;
    let rows = [coded("c", "3", 2), coded("a", "1", 2), coded("d", "2", 2), coded("b", "2", 2)];
    let import = || {
        let differs = Ware::title.ne(excluded(Ware::title)).or(Ware::stock.ne(excluded(Ware::stock)));
        insert_all(&rows).on_conflict(Ware::sku).update((Ware::title, Ware::stock)).filter(differs)
    };
    let mut session = engine.session();
    let errors = [
        import().exec(&engine).await.unwrap_err(),
        import().upserted(&engine).await.unwrap_err(),
        import().exec(&mut session).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.row()), (ErrorKind::UniqueViolation, Some(2)), "{error}");
        assert!(error.is_unique(Ware::code), "{error}");
    }
    session.rollback().await?;
    assert_eq!(wares(&engine).await?, [coded("a", "1", 1), coded("b", "2", 1)]);
    Ok(())
}

/// Texts and blobs that are longer than what servers keep of a value in a row of the program's own elsewhere.
#[creole::test]
async fn long_values_are_imported_whole(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    let long =
        |id, letter: &str| Everything { text: letter.repeat(300_000), bytes: vec![7; 200_000], ..everything(id) };
    let rows = [long(1, "é"), long(2, "ü")];
    let differs =
        || Everything::text.ne(excluded(Everything::text)).or(Everything::bytes.ne(excluded(Everything::bytes)));
    let columns = (Everything::bytes, Everything::text);
    insert_all(&rows[..1]).on_conflict(Everything::id).update(columns).filter(differs()).exec(&engine).await?;
    insert_all(&rows).on_conflict(Everything::id).update(columns).filter(differs()).exec(&engine).await?;
    assert_eq!(Everything::select().order_by(Everything::id).all(&engine).await?, rows);
    let rows = [long(2, "o"), long(1, "a")];
    let import = insert_all(&rows).on_conflict(Everything::id).update(columns).filter(differs());
    let put = import.upserted(&engine).await?;
    assert!(put.iter().zip(&rows).all(|(put, row)| put.outcome == Outcome::Updated && put.row == *row));
    // A computed text too.
    let joined = insert_all(&rows)
        .on_conflict(Everything::id)
        .set(Everything::text, Everything::text.concat("z".repeat(100_000)).concat(excluded(Everything::text)))
        .filter(Everything::text.ne("").and(Everything::big.ne(0)))
        .set(Everything::big, Everything::big - excluded(Everything::big));
    joined.exec(&engine).await?;
    let texts = select(Everything::text).order_by(Everything::id).all(&engine).await?;
    for (text, letter) in texts.into_iter().zip(["a", "o"]) {
        let whole = [letter.repeat(300_000), "z".repeat(100_000), letter.repeat(300_000)].concat();
        assert!(text == whole, "{} of {}", text.len(), whole.len());
    }
    Ok(())
}

/// Values of every type stay what they are on their way.
#[creole::test]
async fn values_of_every_type_are_imported(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    let rows: Vec<Everything> = (1..=4).map(everything).collect();
    let other = |row: &Everything| Everything { id: row.id, ..everything(row.id + 1) };
    let before: Vec<Everything> = rows.iter().take(2).map(other).chain([rows[2].clone()]).collect();
    insert_all(&before).exec(&engine).await?;
    let import = || {
        let differs = Everything::flag
            .ne(excluded(Everything::flag))
            .or(Everything::tiny.ne(excluded(Everything::tiny)))
            .or(Everything::big.ne(excluded(Everything::big)))
            .or(Everything::ubig.ne(excluded(Everything::ubig)))
            .or(Everything::double.ne(excluded(Everything::double)))
            .or(Everything::single.ne(excluded(Everything::single)))
            .or(Everything::text.ne(excluded(Everything::text)))
            .or(Everything::bytes.ne(excluded(Everything::bytes)))
            .or(Everything::decimal.ne(excluded(Everything::decimal)))
            .or(Everything::uuid.ne(excluded(Everything::uuid)))
            .or(Everything::date.ne(excluded(Everything::date)))
            .or(Everything::time.ne(excluded(Everything::time)))
            .or(Everything::moment.ne(excluded(Everything::moment)))
            .or(Everything::instant.ne(excluded(Everything::instant)))
            .or(Everything::level.ne(excluded(Everything::level)))
            .or(Everything::points.ne(excluded(Everything::points)));
        insert_all(&rows).on_conflict(Everything::id).update_all().filter(differs)
    };
    let told: Vec<_> = import().upserted(&engine).await?.into_iter().map(|put| put.outcome).collect();
    assert_eq!(told, [Outcome::Updated, Outcome::Updated, Outcome::Unchanged, Outcome::Inserted]);
    assert_eq!(Everything::select().order_by(Everything::id).all(&engine).await?, rows);
    let told: Vec<_> = import().upserted(&engine).await?.into_iter().map(|put| put.outcome).collect();
    assert_eq!(told, [Outcome::Unchanged; 4]);
    // What is computed of both rows keeps its type, documents included.
    let swapped: Vec<Everything> = rows.iter().map(other).collect();
    let keep = insert_all(&swapped)
        .on_conflict(Everything::id)
        .set(Everything::decimal, coalesce(excluded(Everything::decimal), Everything::decimal))
        .set(Everything::double, Everything::double + excluded(Everything::double))
        .set(Everything::moment, coalesce(Everything::moment, excluded(Everything::moment)))
        .set(Everything::flag, Everything::flag.eq(excluded(Everything::flag)))
        .set(Everything::settings, Everything::settings)
        .set(Everything::json, excluded(Everything::json))
        .filter(Everything::flag.ne(excluded(Everything::flag)).and(Everything::double.lt(1e300)));
    keep.exec(&engine).await?;
    let expected: Vec<Everything> = rows
        .iter()
        .zip(&swapped)
        .map(|(old, new)| Everything { double: old.double + new.double, flag: false, ..old.clone() })
        .collect();
    assert_eq!(Everything::select().order_by(Everything::id).all(&engine).await?, expected);
    let found: Vec<Json<Settings>> = select(Everything::settings).order_by(Everything::id).all(&engine).await?;
    assert!(found.iter().all(|settings| settings.0 == rows[0].settings.0));
    Ok(())
}

/// Two writers of the same keys: nobody's values are lost, and neither fails.
#[creole::test]
async fn two_imports_of_the_same_keys_add_up(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().connect().await?;
    engine.create_all(tables![Ware]).await?;
    let barrier = Arc::new(Barrier::new(2));
    let tasks = [0, 1].map(|task| {
        let (engine, barrier) = (engine.clone(), barrier.clone());
        tokio::spawn(async move {
            for round in 0..50 {
                barrier.wait().await;
                // A new key in each round, and one that is there; in the order of keys, in which rows are locked.
                let rows = [ware("all", "x", dec!(1), 1), ware(&format!("r{round}"), "x", dec!(1), 1)];
                let changes = excluded(Ware::stock).gt(0).or(Ware::title.ne(excluded(Ware::title)));
                let import = insert_all(&rows)
                    .on_conflict(Ware::sku)
                    .set(Ware::stock, Ware::stock + excluded(Ware::stock))
                    .set(Ware::price, Ware::price + coalesce(Ware::stock, 0).cast::<Decimal>())
                    .filter(changes.and(Ware::price.ge(0)));
                if task == 0 {
                    import.exec(&engine).await.map(|_| ())?
                } else {
                    import.upserted(&engine).await.map(|_| ())?
                }
            }
            Ok::<(), creole::Error>(())
        })
    });
    for task in tasks {
        task.await.unwrap()?;
    }
    let rows = wares(&engine).await?;
    assert_eq!(rows.len(), 51);
    for row in rows {
        let (stock, price) = if row.sku == "all" { (100, 1 + 99 * 100 / 2) } else { (2, 2) };
        assert_eq!((row.stock, row.price), (Some(stock), Decimal::from(price)), "{}", row.sku);
    }
    Ok(())
}

/// Two writers that read the table itself.
#[creole::test]
async fn two_upserts_that_read_their_table_add_up(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().connect().await?;
    engine.create_all(tables![Ware]).await?;
    insert(&ware("base", "x", dec!(1), 2)).exec(&engine).await?;
    let barrier = Arc::new(Barrier::new(2));
    let tasks = [0, 1].map(|_| {
        let (engine, barrier) = (engine.clone(), barrier.clone());
        tokio::spawn(async move {
            for round in 0..50 {
                barrier.wait().await;
                let row = ware(&format!("r{}", round / 2), "x", dec!(1), 1);
                let other = alias::<Ware>("other");
                let step = select(max(other.col(Ware::stock))).from(other).filter(other.col(Ware::sku).eq("base"));
                let upsert = insert(&row).on_conflict(Ware::sku).set(Ware::stock, Ware::stock + step.value());
                upsert.exec(&engine).await?;
            }
            Ok::<(), creole::Error>(())
        })
    });
    for task in tasks {
        task.await.unwrap()?;
    }
    let rows = wares(&engine).await?;
    assert_eq!(rows.len(), 26);
    assert!(rows.iter().skip(1).all(|row| row.stock == Some(7)), "{rows:?}");
    Ok(())
}

/// Where the values are computed first: while the statement waits for one row, somebody else inserts another that it has looked for
/// already. Then it is run again.
#[creole::test]
async fn a_row_that_came_in_between_is_updated(engine: Engine) -> creole::Result<()> {
    if !["mysql", "mariadb"].contains(&engine.dialect().name()) {
        // The others look for a row when they write it.
        return Ok(());
    }
    engine.create_all(tables![Ware]).await?;
    insert(&ware("there", "x", dec!(1), 1)).exec(&engine).await?;
    for new in ["in a statement", "in a transaction"] {
        let mut holder = engine.session();
        update::<Ware>().filter(Ware::sku.eq("there")).set(Ware::price, dec!(7)).exec(&mut holder).await?;
        let other = tokio::spawn({
            let engine = engine.clone();
            async move {
                let rows = [ware(new, "y", dec!(1), 2), ware("there", "y", dec!(1), 2)];
                let nothing = select(max(Ware::stock)).filter(Ware::sku.eq("nothing"));
                let import = insert_all(&rows)
                    .on_conflict(Ware::sku)
                    .update(Ware::title)
                    .set(Ware::stock, Ware::stock + excluded(Ware::stock) + coalesce(nothing.value(), 0))
                    .filter(Ware::title.ne(excluded(Ware::title)).or(Ware::stock.ne(0)));
                if new == "in a statement" {
                    return import.exec(&engine).await;
                }
                let mut session = engine.session();
                let written = import.exec(&mut session).await?;
                session.commit().await.map(|()| written)
            }
        });
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        insert(&ware(new, "x", dec!(1), 40)).exec(&engine).await?;
        holder.commit().await?;
        assert_eq!(other.await.unwrap()?, 2);
        let found = Ware::select().filter(Ware::sku.eq(new)).one(&engine).await?;
        assert_eq!((found.stock, found.title.as_str()), (Some(42), "y"));
    }
    assert_eq!(select(Ware::stock).filter(Ware::sku.eq("there")).one(&engine).await?, Some(5));
    Ok(())
}

/// Rows that an import is not about are neither waited for nor locked.
#[creole::test]
async fn rows_beside_those_of_an_import_stay_unlocked(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        // A transaction that writes has the whole database to itself.
        return Ok(());
    }
    engine.create_all(tables![Ware]).await?;
    insert_all(&[ware("a", "x", dec!(1), 1), ware("b", "x", dec!(1), 1), ware("c", "x", dec!(1), 1)])
        .exec(&engine)
        .await?;
    let mut holder = engine.session();
    update::<Ware>().filter(Ware::sku.eq("b")).set(Ware::stock, 9).exec(&mut holder).await?;
    let mut importer = engine.session();
    let rows = [ware("c", "y", dec!(1), 2), ware("d", "y", dec!(1), 2)];
    let limit = std::time::Duration::from_secs(30);
    let import = insert_all(&rows)
        .on_conflict(Ware::sku)
        .update((Ware::title, Ware::stock))
        .filter(Ware::title.ne(excluded(Ware::title)).or(Ware::stock.ne(excluded(Ware::stock))));
    import.timeout(limit).exec(&mut importer).await?;
    update::<Ware>().filter(Ware::sku.eq("a")).set(Ware::stock, 8).timeout(limit).exec(&mut holder).await?;
    holder.commit().await?;
    importer.commit().await?;
    let stocks: Vec<Option<i64>> = select(Ware::stock).order_by(Ware::sku).all(&engine).await?;
    assert_eq!(stocks, [Some(8), Some(9), Some(2), Some(2)]);
    Ok(())
}
