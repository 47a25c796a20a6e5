//! Random flushes of many entities at once, beside the same in memory: values change hands, rows refer to one another, come and
//! go. What is written together must be what would have been written one by one.

use std::collections::BTreeMap;

use creole::prelude::*;

use crate::random::{Random, seed};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "members", default)]
struct Member {
    #[model(primary_key)]
    id: i64,
    #[model(unique, length = 40)]
    code: Option<String>,
    amount: Option<i64>,
    rank: i32,
    #[model(references = Member::id)]
    chief: Option<i64>,
}

type Rows = BTreeMap<i64, Member>;

const ROUNDS: usize = 30;
const MEMBERS: usize = 24;

/// Changes the rows in memory as they are to be after the next flush.
fn change(rows: &mut Rows, next: &mut i64, random: &mut Random) {
    let ids: Vec<i64> = rows.keys().copied().collect();
    for id in &ids {
        let (amount, rank) = (random.below(4) as i64, random.below(3));
        let Some(row) = rows.get_mut(id) else { continue };
        match random.below(5) {
            0 => row.amount = None,
            1 => row.amount = Some(amount),
            2 => (row.amount, row.rank) = (Some(amount), rank as i32),
            _ => {}
        }
    }
    shift_codes(rows, &ids, random);
    for id in &ids {
        if random.below(6) == 0 {
            let chief = random.pick(&ids);
            // No row is above itself, at any distance: such rows could not come in.
            let chief = (chief < *id).then_some(chief);
            rows.entry(*id).and_modify(|row| row.chief = chief);
        }
    }
    for id in &ids {
        if rows.len() > MEMBERS / 2 && random.below(8) == 0 {
            rows.remove(id);
            rows.values_mut().filter(|row| row.chief == Some(*id)).for_each(|row| row.chief = None);
        }
    }
    while rows.len() < MEMBERS && random.below(4) > 0 {
        let chief = rows.keys().next_back().copied().filter(|_| random.below(2) == 0);
        let code = (random.below(3) > 0).then(|| format!("new {next}"));
        rows.insert(*next, Member { id: *next, code, chief, ..Member::default() });
        *next += 1;
    }
}

/// Hands the codes of some rows on to the next of them, and sometimes that of the last to the first.
fn shift_codes(rows: &mut Rows, ids: &[i64], random: &mut Random) {
    let chosen: Vec<i64> = ids.iter().copied().filter(|_| random.below(4) == 0).collect();
    let mut codes: Vec<Option<String>> = chosen.iter().map(|id| rows[id].code.clone()).collect();
    if codes.is_empty() {
        return;
    }
    codes.rotate_right(1);
    if random.below(2) == 0 {
        codes[0] = None;
    }
    for (id, code) in chosen.iter().zip(codes) {
        rows.entry(*id).and_modify(|row| row.code = code);
    }
}

/// Makes the entities of a session what the rows are to be. Some are deleted, and others added with their keys.
fn apply(session: &mut Session, handles: &mut BTreeMap<i64, Tracked<Member>>, rows: &Rows, random: &mut Random) {
    let gone: Vec<i64> = handles.keys().copied().filter(|id| !rows.contains_key(id)).collect();
    for id in gone {
        if let Some(handle) = handles.remove(&id) {
            session.delete(handle);
        }
    }
    for row in rows.values() {
        match handles.get(&row.id) {
            Some(&handle) if random.one_in(6) => {
                session.delete(handle);
                handles.insert(row.id, session.add(row.clone()));
            }
            Some(&handle) if session[handle] == *row => {}
            Some(&handle) => session[handle] = row.clone(),
            None => _ = handles.insert(row.id, session.add(row.clone())),
        }
    }
}

async fn check(session: &mut Session, handles: &BTreeMap<i64, Tracked<Member>>, rows: &Rows) -> creole::Result<()> {
    let stored = Member::select().order_by(Member::id).all(&mut *session).await?;
    assert_eq!(stored, rows.values().cloned().collect::<Vec<_>>());
    for (id, handle) in handles {
        assert_eq!(session[*handle], rows[id]);
    }
    Ok(())
}

#[creole::test]
async fn what_is_written_together_is_as_one_by_one(engine: Engine) -> creole::Result<()> {
    let seed = seed();
    let mut random = Random(seed);
    engine.create_all(tables![Member]).await?;
    let mut rows: Rows = (0..MEMBERS as i64)
        .map(|id| (id, Member { id, code: Some(format!("code {id}")), ..Member::default() }))
        .collect();
    let mut next = MEMBERS as i64;
    let mut session = engine.session();
    let mut handles = BTreeMap::new();
    apply(&mut session, &mut handles, &rows, &mut random);
    session.commit().await?;
    for round in 0..ROUNDS {
        println!("round {round}");
        if random.below(3) == 0 {
            // What a savepoint undoes, memory forgets too.
            let (mut changed, mut after, mut known) = (rows.clone(), next, handles.clone());
            change(&mut changed, &mut after, &mut random);
            let undone: creole::Result<()> = session
                .savepoint(async |session| {
                    apply(session, &mut known, &changed, &mut random);
                    session.flush().await?;
                    check(session, &known, &changed).await?;
                    Err(creole::Error::new(ErrorKind::Other, "undone"))
                })
                .await;
            let error = undone.expect_err("the savepoint is undone");
            assert_eq!(error.to_string(), "undone", "{error:?}");
            check(&mut session, &handles, &rows).await?;
        }
        change(&mut rows, &mut next, &mut random);
        apply(&mut session, &mut handles, &rows, &mut random);
        session.flush().await?;
        check(&mut session, &handles, &rows).await?;
        if random.below(2) == 0 {
            session.commit().await?;
            let stored = Member::select().order_by(Member::id).all(&engine).await?;
            assert_eq!(stored, rows.values().cloned().collect::<Vec<_>>());
        }
    }
    session.commit().await
}
