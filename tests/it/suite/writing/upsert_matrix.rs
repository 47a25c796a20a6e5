//! Upserts beside a model of them in memory: each kind of clash with each action, for one row and many.
//!
//! The table, the outcomes and the errors must be the same, but for what is documented: a row that clashes with one row by the
//! key and with a second one by another key updates the first on SQLite and PostgreSQL; on MySQL and MariaDB the key that stands
//! first in the table decides.

use creole::prelude::*;
use creole::query::{ManyRows, Upsert};

use crate::random::{Random, seed};

/// How many upserts are tried on each backend.
const UPSERTS: usize = 400;

#[derive(Model, Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[model(table = "matrix")]
struct Row {
    #[model(primary_key)]
    id: i32,
    #[model(unique, length = 10)]
    name: String,
    #[model(unique)]
    slot: Option<i32>,
    n: i64,
    note: Option<i64>,
}

/// The key that an upsert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Id,
    Name,
    Slot,
}

/// What is done about a row that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Nothing,
    /// n and note are those that were to be inserted.
    Update,
    /// The slot too, which may be somebody else's.
    UpdateSlot,
    /// The same as `Update`, where n grows.
    UpdateFiltered,
    /// The old n and the new one added up, and the old n noted.
    SetBoth,
}

/// What goes wrong: the kind, the key that is named, and the row.
type Wrong = (ErrorKind, &'static str, usize);

#[creole::test]
async fn upserts_do_what_their_model_does(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Row]).await?;
    let mut random = Random(seed());
    let mut table: Vec<Row> = Vec::new();
    let mut seen = std::collections::BTreeMap::new();
    for round in 0..UPSERTS {
        let target = random.pick(&[Target::Id, Target::Name, Target::Slot]);
        let action = random.pick(&[
            Action::Nothing,
            Action::Update,
            Action::UpdateSlot,
            Action::UpdateFiltered,
            Action::SetBoth,
        ]);
        let action = if target == Target::Slot && action == Action::UpdateSlot { Action::Update } else { action };
        let count = random.pick(&[1, 1, 2, 3, 10, 50]);
        let rows = rows(&mut random, &table, target, count);
        let mysql_like = ["mysql", "mariadb"].contains(&engine.dialect().name());
        let expected = apply(&table, &rows, target, action, mysql_like);
        let text = format!("round {round}: {target:?} {action:?} {rows:?}\nof {table:?}");
        let done: creole::Result<Vec<Outcome>> = if random.one_in(2) {
            let upserted = upsert(&rows, target, action).upserted(&engine).await;
            upserted.map(|upserted| {
                if let Ok((after, _)) = &expected {
                    for (given, Upserted { row, .. }) in rows.iter().zip(&upserted) {
                        let same = |row: &Row| {
                            key(row, target) == key(given, target) && key(given, target).is_some()
                                || key(given, target).is_none() && row.id == given.id
                        };
                        assert_eq!(after.iter().find(|row| same(row)), Some(row), "{text}");
                    }
                }
                upserted.into_iter().map(|upserted| upserted.outcome).collect()
            })
        } else {
            let exec = upsert(&rows, target, action).exec(&engine).await;
            exec.map(|count| {
                assert_eq!(count, rows.len() as u64, "{text}");
                expected.as_ref().map(|(_, outcomes)| outcomes.clone()).unwrap_or_default()
            })
        };
        match (done, expected) {
            (Ok(outcomes), Ok((after, expected))) => {
                assert_eq!(outcomes, expected, "{text}");
                table = after;
            }
            (Err(error), Err((kind, column, row))) => {
                assert_eq!((error.kind(), error.row()), (kind, Some(row)), "{error}\n{text}");
                assert!(error.columns().any(|name| name == column), "{error}, not {column}\n{text}");
                *seen.entry(format!("{kind:?}")).or_insert(0) += 1;
            }
            (done, expected) => panic!("{done:?} instead of {expected:?}\n{text}"),
        }
        let mut stored = Row::select().all(&engine).await?;
        stored.sort();
        table.sort();
        assert_eq!(stored, table, "{text}");
        *seen.entry(format!("{action:?}")).or_insert(0) += 1;
        if table.len() > 60 {
            delete::<Row>().filter(Row::id.gt(20)).exec(&engine).await?;
            table.retain(|row| row.id <= 20);
        }
    }
    // Each action and each error was met.
    assert_eq!(seen.len(), 7, "{seen:?}");
    Ok(())
}

/// Rows some of whose keys are there, together or apart; rarely one twice.
fn rows(random: &mut Random, table: &[Row], target: Target, count: usize) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    while rows.len() < count {
        let fresh = |random: &mut Random| i32::try_from(random.below(100_000)).unwrap() + 1_000;
        let number = fresh(random);
        let mut row = Row {
            id: number,
            name: format!("n{}", fresh(random)),
            slot: (!random.one_in(3)).then(|| fresh(random)),
            n: random.below(20) as i64,
            note: (!random.one_in(4)).then(|| random.below(9) as i64),
        };
        if random.one_in(4) {
            row.id = i32::try_from(random.below(40)).unwrap();
        }
        if let (false, true) = (table.is_empty(), random.one_in(2)) {
            let old = random.pick(table);
            match target {
                Target::Id => row.id = old.id,
                Target::Name => row.name = old.name,
                Target::Slot => row.slot = old.slot,
            }
        }
        // Clashes with other keys are rare where there are many rows, or hardly an upsert would succeed.
        if !table.is_empty() && random.one_in(3 * count) {
            let old = random.pick(table);
            match random.below(3) {
                0 => row.id = old.id,
                1 => row.name = old.name,
                _ => row.slot = old.slot,
            }
        }
        let is_twin = rows.iter().any(|other| key(other, target) == key(&row, target) && key(&row, target).is_some());
        if !is_twin || random.one_in(40) {
            rows.push(row);
        }
    }
    rows
}

fn key(row: &Row, target: Target) -> Option<String> {
    match target {
        Target::Id => Some(row.id.to_string()),
        Target::Name => Some(row.name.clone()),
        Target::Slot => row.slot.map(|slot| slot.to_string()),
    }
}

fn column(target: Target) -> &'static str {
    match target {
        Target::Id => "id",
        Target::Name => "name",
        Target::Slot => "slot",
    }
}

fn upsert(rows: &[Row], target: Target, action: Action) -> Upsert<'_, Row, ManyRows> {
    let insert = insert_all(rows);
    let conflict = match target {
        Target::Id => insert.on_conflict(Row::id),
        Target::Name => insert.on_conflict(Row::name),
        Target::Slot => insert.on_conflict(Row::slot),
    };
    match action {
        Action::Nothing => conflict.do_nothing(),
        Action::Update => conflict.update((Row::n, Row::note)),
        Action::UpdateSlot => conflict.update((Row::n, Row::note, Row::slot)),
        Action::UpdateFiltered => conflict.update((Row::note, Row::n)).filter(Row::n.lt(excluded(Row::n))),
        Action::SetBoth => conflict.set(Row::n, Row::n + excluded(Row::n)).set(Row::note, Row::n),
    }
}

/// What becomes of the table and of each row, or what goes wrong.
fn apply(
    table: &[Row],
    rows: &[Row],
    target: Target,
    action: Action,
    first_key_decides: bool,
) -> Result<(Vec<Row>, Vec<Outcome>), Wrong> {
    for (place, row) in rows.iter().enumerate() {
        let is_twin = |other: &Row| key(other, target).is_some() && key(other, target) == key(row, target);
        if rows.iter().take(place).any(is_twin) {
            // Which pair is named first is left open, so there is at most one.
            return Err((ErrorKind::InvalidValue, column(target), place));
        }
    }
    let keys = [Target::Id, Target::Name, Target::Slot];
    let mut after = table.to_vec();
    let mut outcomes = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let clash = |after: &[Row], of: Target| {
            after.iter().position(|other| key(row, of).is_some() && key(other, of) == key(row, of))
        };
        let there = clash(&after, target);
        let others = keys.into_iter().filter(|of| *of != target);
        let other = others.clone().find_map(|of| Some((of, clash(&after, of)?)));
        let decides = match first_key_decides {
            true => keys.into_iter().find_map(|of| Some((of, clash(&after, of)?))),
            false => there.map(|place| (target, place)).or(other),
        };
        let Some((by, found)) = decides else {
            after.push(row.clone());
            outcomes.push(Outcome::Inserted);
            continue;
        };
        if Some(found) != there {
            // The first key that clashes is named, whichever decides.
            let named = others.clone().find(|of| clash(&after, *of).is_some()).unwrap_or(by);
            return Err((ErrorKind::UniqueViolation, column(named), place));
        }
        let old = after[found].clone();
        let new = match action {
            Action::Nothing => None,
            Action::UpdateFiltered if old.n >= row.n => None,
            Action::Update | Action::UpdateFiltered => Some(Row { n: row.n, note: row.note, ..old }),
            Action::UpdateSlot => Some(Row { n: row.n, note: row.note, slot: row.slot, ..old }),
            Action::SetBoth => Some(Row { n: old.n + row.n, note: Some(old.n), ..old }),
        };
        let Some(new) = new else {
            outcomes.push(Outcome::Unchanged);
            continue;
        };
        let is_taken = |(other_place, other): (usize, &Row)| {
            other_place != found && other.slot.is_some() && other.slot == new.slot
        };
        if after.iter().enumerate().any(is_taken) {
            return Err((ErrorKind::UniqueViolation, "slot", place));
        }
        after[found] = new;
        outcomes.push(Outcome::Updated);
    }
    Ok((after, outcomes))
}

/// Many tasks count in the same rows at once: nothing is lost.
#[creole::test]
async fn no_increment_is_lost(engine: Engine) -> creole::Result<()> {
    const TASKS: usize = 16;
    const ROUNDS: usize = 200;
    let lab = crate::lab::Lab::of(&engine);
    let engine = lab.builder().acquire_timeout(std::time::Duration::from_secs(60)).connect().await?;
    engine.create_all(tables![Row]).await?;
    let mut random = Random(seed());
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let engine = engine.clone();
            let mut random = Random(random.next());
            tokio::spawn(async move {
                for round in 0..ROUNDS {
                    // Now and then in another order, so that transactions meet crosswise. A server may take a second to see it.
                    let mut names: Vec<usize> = (0..4).collect();
                    if random.one_in(50) {
                        names.swap(0, random.below(4));
                    }
                    let row = |name: &usize| Row {
                        id: i32::try_from(*name).unwrap(),
                        name: format!("n{name}"),
                        slot: None,
                        n: 1,
                        note: None,
                    };
                    let rows: Vec<Row> = names.iter().map(row).collect();
                    let put = || insert_all(&rows).on_conflict(Row::id).set(Row::n, Row::n + excluded(Row::n));
                    if (task + round) % 8 == 0 {
                        let options = TxOptions::default().retries(100);
                        engine.transaction_with(options, async |tx| put().upserted(tx).await.map(|_| ())).await?;
                    } else {
                        let options = TxOptions::default().retries(100);
                        engine.transaction_with(options, async |tx| put().exec(tx).await.map(|_| ())).await?;
                    }
                }
                Ok::<(), creole::Error>(())
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap()?;
    }
    let counts = select(Row::n).order_by(Row::id).all(&engine).await?;
    assert_eq!(counts, [(TASKS * ROUNDS) as i64; 4]);
    Ok(())
}
