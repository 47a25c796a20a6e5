//! What upserts say became of each row.

use std::sync::Arc;

use creole::prelude::*;
use tokio::sync::Barrier;

use super::upsert::{Visit, visit};
use crate::lab::Lab;

const KEY: (Column<Visit, String>, Column<Visit, i64>) = (Visit::site, Visit::page);

fn outcomes(upserted: &[Upserted<Visit>]) -> Vec<(i64, i64, Outcome)> {
    upserted.iter().map(|Upserted { row, outcome, .. }| (row.page, row.hits, *outcome)).collect()
}

#[creole::test]
async fn each_row_comes_back_with_what_became_of_it(engine: Engine) -> creole::Result<()> {
    use Outcome::*;
    engine.create_all(tables![Visit]).await?;
    let one = insert(&visit(1, 1)).on_conflict(KEY).update_all().upserted(&engine).await?;
    assert_eq!((one.row.hits, one.outcome), (1, Inserted));
    assert_eq!(Visit::find(one.row.id, &engine).await?, Some(one.row.clone()));
    let again = insert(&visit(1, 2)).on_conflict(KEY).update_all().upserted(&engine).await?;
    assert_eq!(again, Upserted::new(Visit { hits: 2, ..one.row.clone() }, Updated));
    // Applied, though it changes nothing.
    let again = insert(&visit(1, 2)).on_conflict(KEY).update_all().upserted(&engine).await?;
    assert_eq!((again.row.hits, again.outcome), (2, Updated));
    let left = insert(&visit(1, 3)).on_conflict(KEY).do_nothing().upserted(&engine).await?;
    assert_eq!(left, Upserted::new(Visit { hits: 2, ..one.row }, Unchanged));
    let rows = [visit(3, 30), visit(1, 10), visit(2, 20), visit(4, 40)];
    let put = insert_all(&rows).on_conflict(KEY).do_nothing().upserted(&engine).await?;
    assert_eq!(outcomes(&put), [(3, 30, Inserted), (1, 2, Unchanged), (2, 20, Inserted), (4, 40, Inserted)]);
    let rows = [visit(5, 5), visit(4, 4), visit(2, 22), visit(1, 1)];
    let rising = insert_all(&rows).on_conflict(KEY).update(Visit::hits).filter(excluded(Visit::hits).gt(Visit::hits));
    let mut session = engine.session();
    let put = rising.clone().upserted(&mut session).await?;
    assert_eq!(outcomes(&put), [(5, 5, Inserted), (4, 40, Unchanged), (2, 22, Updated), (1, 2, Unchanged)]);
    session.commit().await?;
    assert_eq!(outcomes(&rising.upserted(&engine).await?)[2], (2, 22, Unchanged));
    assert_eq!(insert_all::<Visit>(&[]).on_conflict(KEY).do_nothing().upserted(&engine).await?, []);
    Ok(())
}

#[creole::test]
async fn many_rows_come_back_in_the_order_given(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Visit]).await?;
    let rows: Vec<Visit> = (0..1_400).map(|place| visit(place * 611 % 1_400, place)).collect();
    let odd: Vec<Visit> = rows.iter().filter(|row| row.page % 2 == 1).cloned().collect();
    insert_all(&odd).exec(&engine).await?;
    let put = insert_all(&rows)
        .on_conflict(KEY)
        .set(Visit::hits, Visit::hits + excluded(Visit::hits))
        .upserted(&engine)
        .await?;
    for (given, Upserted { row, outcome, .. }) in rows.iter().zip(&put) {
        let (hits, expected) =
            if given.page % 2 == 1 { (2 * given.hits, Outcome::Updated) } else { (given.hits, Outcome::Inserted) };
        assert_eq!((row.page, row.hits, *outcome), (given.page, hits, expected));
    }
    Ok(())
}

#[creole::test]
async fn the_session_s_entities_are_what_the_rows_are(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Visit]).await?;
    let mut session = engine.session();
    let first = session.add(visit(1, 1));
    session.flush().await?;
    let id = session[first].id;
    session[first].weight = dec!(7);
    // What was pending is written first, and then the row updated.
    let Upserted { row, outcome, .. } = session.upsert(Visit { id, hits: 5, ..visit(1, 5) }).await?;
    assert_eq!((row, outcome), (first, Outcome::Updated));
    assert_eq!((session[first].hits, session[first].weight), (5, dec!(1.5)));
    let second = session.upsert(visit(2, 1)).await?;
    assert_eq!(second.outcome, Outcome::Inserted);
    assert!(session[second.row].id > 0);
    let by_page = insert(&visit(2, 9)).on_conflict(KEY).update(Visit::hits).track(&mut session).await?;
    assert_eq!((by_page.row, session[second.row].hits), (second.row, 9));
    // A change of memory is noticed against what the database has now.
    session[second.row].hits = 10;
    session.commit().await?;
    assert_eq!(select(Visit::hits).order_by(Visit::page).all(&engine).await?, [5, 10]);
    // A rollback brings back what was there before.
    session.upsert(Visit { id, hits: 99, ..visit(1, 99) }).await?;
    let third = session.upsert(visit(3, 3)).await?.row;
    session.rollback().await?;
    assert_eq!(session[first].hits, 5);
    assert!(session.try_get(third).is_err());
    Ok(())
}

/// Two transactions that upsert the same key at once: one inserts the row, the other updates it.
#[creole::test]
async fn only_one_of_two_has_inserted_the_row(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().connect().await?;
    engine.create_all(tables![Visit]).await?;
    for round in 0..20 {
        let barrier = Arc::new(Barrier::new(2));
        let put = |barrier: Arc<Barrier>| {
            let engine = engine.clone();
            tokio::spawn(async move {
                barrier.wait().await;
                let row = visit(round, 1);
                let upsert = insert(&row).on_conflict(KEY).set(Visit::hits, Visit::hits + excluded(Visit::hits));
                upsert.upserted(&engine).await
            })
        };
        let (first, second) = (put(barrier.clone()), put(barrier));
        let (first, second) = (first.await.unwrap()?, second.await.unwrap()?);
        let mut outcomes = [(first.row.hits, first.outcome), (second.row.hits, second.outcome)];
        outcomes.sort_by_key(|(hits, _)| *hits);
        assert_eq!(outcomes, [(1, Outcome::Inserted), (2, Outcome::Updated)]);
    }
    Ok(())
}

/// One has inserted the row and not committed; the other waits for it, and then finds it.
#[creole::test]
async fn a_row_that_is_not_committed_is_waited_for(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        // A transaction that writes has the whole database to itself.
        return Ok(());
    }
    engine.create_all(tables![Visit]).await?;
    for ends_well in [true, false] {
        let row = visit(i64::from(ends_well), 1);
        let mut session = engine.session();
        insert(&row).on_conflict(KEY).update(Visit::hits).upserted(&mut session).await?;
        let other = tokio::spawn({
            let (engine, row) = (engine.clone(), row.clone());
            async move { insert(&row).on_conflict(KEY).update(Visit::hits).upserted(&engine).await }
        });
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        assert!(!other.is_finished());
        if ends_well {
            session.commit().await?
        } else {
            session.rollback().await?
        }
        let expected = if ends_well { Outcome::Updated } else { Outcome::Inserted };
        assert_eq!(other.await.unwrap()?.outcome, expected);
    }
    Ok(())
}
