//! `#[model(version)]`: a row that others have changed since it was read is not written over, by whatever way.

use creole::prelude::*;

use crate::lab::Lab;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "accounts", default)]
struct Account {
    #[model(primary_key)]
    id: i64,
    #[model(unique)]
    place: i64,
    balance: i64,
    #[model(length = 40)]
    note: String,
    #[model(version)]
    version: i32,
}

/// The same table without the version, and with the columns in another order.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "accounts")]
struct Bare {
    balance: i64,
    #[model(primary_key)]
    id: i64,
}

/// The same table with the version.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "accounts")]
struct Noted {
    #[model(version)]
    version: i32,
    #[model(length = 40)]
    note: String,
    #[model(primary_key)]
    id: i64,
}

fn account(id: i64) -> Account {
    Account { id, place: id, balance: 10 * id, ..Default::default() }
}

async fn accounts(count: i64, engine: &Engine) -> creole::Result<Vec<Account>> {
    engine.create_all(tables![Account]).await?;
    let rows: Vec<Account> = (1..=count).map(account).collect();
    insert_all(&rows).exec(engine).await?;
    Ok(rows)
}

/// Each row's balance and version.
async fn state(engine: &Engine) -> creole::Result<Vec<(i64, i32)>> {
    select((Account::balance, Account::version)).order_by(Account::id.asc()).all(engine).await
}

/// Somebody else changes a row.
async fn interfere(id: i64, engine: &Engine) -> creole::Result<()> {
    let changed = update::<Account>().set(Account::note, "interfered").filter(Account::id.eq(id)).exec(engine).await?;
    assert_eq!(changed, 1);
    Ok(())
}

#[track_caller]
fn stale<T>(result: creole::Result<T>) -> creole::Error {
    let Err(error) = result else { panic!("a stale row was written") };
    assert_eq!((error.kind(), error.table()), (ErrorKind::StaleVersion, Some("accounts")), "{error}");
    error
}

#[creole::test]
async fn a_flush_counts_the_version_up(engine: Engine) -> creole::Result<()> {
    accounts(2, &engine).await?;
    let mut session = engine.session();
    let first = session.get::<Account>(1).await?.expect("there");
    session[first].balance = 5;
    session.flush().await?;
    assert_eq!(session[first].version, 1);
    session[first].balance = 6;
    session.commit().await?;
    assert_eq!(session[first].version, 2);
    session[first].balance = 6;
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(6, 2), (20, 0)], "what changes nothing is no update");
    session.get::<Account>(1).await?;
    assert_eq!(session[first], Account { balance: 6, version: 2, ..account(1) });
    Ok(())
}

#[creole::test]
async fn a_new_row_begins_with_what_the_struct_holds(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Account]).await?;
    let mut session = engine.session();
    let first = session.add(Account { version: 7, ..account(1) });
    session.flush().await?;
    session[first].balance = 1;
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(1, 8)]);
    session.delete(first);
    session.add(account(1));
    session.commit().await?;
    let (balance, version) = state(&engine).await?[0];
    assert!((balance, version) == (10, 0) || (balance, version) == (10, 9), "{version}");
    Ok(())
}

#[creole::test]
async fn the_second_of_two_sessions_is_refused(engine: Engine) -> creole::Result<()> {
    accounts(1, &engine).await?;
    let (mut first, mut second) = (engine.session(), engine.session());
    let of_first = first.get::<Account>(1).await?.expect("there");
    first.commit().await?;
    let of_second = second.get::<Account>(1).await?.expect("there");
    second.commit().await?;
    first[of_first].balance += 1;
    first.commit().await?;
    second[of_second].balance += 1;
    let other = second.add(account(2));
    let error = stale(second.commit().await);
    assert_eq!(error.columns().collect::<Vec<_>>(), ["id"]);
    assert_eq!(
        error.to_string(),
        "the row to write is not as it was read: it was changed or deleted since, or its key was (table accounts, column id)"
    );
    second.rollback().await?;
    assert!(second.try_get(other).is_err(), "the whole flush is undone");
    assert_eq!((second[of_second].balance, second[of_second].version), (10, 0), "as it was read");
    second.refresh(of_second).await?;
    second[of_second].balance += 1;
    second.commit().await?;
    assert_eq!(state(&engine).await?, [(12, 2)]);
    Ok(())
}

/// The UPDATE itself asks for the version: nobody looks first where the row was read in this transaction.
#[creole::test]
async fn what_is_changed_between_reading_and_writing_is_noticed(engine: Engine) -> creole::Result<()> {
    accounts(3, &engine).await?;
    for what in ["update", "group", "delete", "delete group", "park"] {
        let mut session = engine.session();
        let all = Account::select().order_by(Account::id.asc()).track(&mut session).await?;
        interfere(2, &engine).await?;
        match what {
            "update" => session[all[1]].balance += 1,
            "group" => all.iter().for_each(|&account| session[account].balance += 1),
            "delete" => session.delete(all[1]),
            "delete group" => all.iter().for_each(|&account| session.delete(account)),
            _ => (session[all[1]].place, session[all[0]].place) = (1, 2),
        }
        stale(session.commit().await);
        session.rollback().await?;
        assert_eq!(session[all[1]].balance, 20, "{what}");
        let (balance, _) = state(&engine).await?[1];
        assert_eq!(balance, 20, "{what}");
    }
    assert_eq!(state(&engine).await?, [(10, 0), (20, 5), (30, 0)]);
    Ok(())
}

#[creole::test]
async fn groups_are_as_many_statements_as_without_it(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    accounts(10, &engine).await?;
    let mut session = engine.session();
    let all = Account::select().order_by(Account::id.asc()).track(&mut session).await?;
    sent.verbs();
    all.iter().for_each(|&account| session[account].balance += 1);
    session.flush().await?;
    assert_eq!(sent.verbs().last().map(String::as_str), Some("UPDATE"));
    assert!(all.iter().all(|&account| session[account].version == 1));
    all.iter().for_each(|&account| session[account].balance += 1);
    session.flush().await?;
    assert_eq!(sent.verbs(), ["UPDATE"]);
    assert!(all.iter().all(|&account| session[account].version == 2));
    all.iter().skip(1).for_each(|&account| session.delete(account));
    session.flush().await?;
    assert_eq!(sent.verbs(), ["DELETE"]);
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(12, 2)]);
    engine.close().await;
    Ok(())
}

/// A row that an entity was read from in an earlier transaction is compared by its version, whichever column was changed.
#[creole::test]
async fn a_stale_entity_is_refused_whatever_was_changed(engine: Engine) -> creole::Result<()> {
    accounts(2, &engine).await?;
    let mut session = engine.session();
    let all = Account::select().order_by(Account::id.asc()).track(&mut session).await?;
    session.commit().await?;
    interfere(2, &engine).await?;
    session[all[0]].balance = 1;
    session[all[1]].balance = 1;
    stale(session.flush().await);
    session.rollback().await?;
    session[all[0]].balance = 1;
    session.commit().await?;
    session.delete(all[1]);
    stale(session.commit().await);
    session.rollback().await?;
    session.refresh(all[1]).await?;
    session.delete(all[1]);
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(1, 1)]);
    Ok(())
}

#[creole::test]
async fn a_statement_of_the_session_counts_as_a_change(engine: Engine) -> creole::Result<()> {
    accounts(1, &engine).await?;
    let mut session = engine.session();
    let first = session.get::<Account>(1).await?.expect("there");
    update::<Account>().set(Account::note, "x").all_rows().exec(&mut session).await?;
    session[first].balance += 1;
    stale(session.flush().await);
    session.rollback().await?;
    update::<Account>().set(Account::note, "x").all_rows().exec(&mut session).await?;
    session.refresh(first).await?;
    session[first].balance += 1;
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(11, 2)]);
    Ok(())
}

#[creole::test]
async fn versions_go_back_with_savepoints_and_rollbacks(engine: Engine) -> creole::Result<()> {
    accounts(2, &engine).await?;
    let mut session = engine.session();
    let all = Account::select().order_by(Account::id.asc()).track(&mut session).await?;
    let first = all[0];
    session[first].balance = 1;
    session.flush().await?;
    let outcome: creole::Result<()> = session
        .savepoint(async |session| {
            all.iter().for_each(|&account| session[account].balance += 100);
            session.flush().await?;
            session[first].balance += 100;
            session.flush().await?;
            assert_eq!(session[first].version, 3);
            Err(creole::Error::new(ErrorKind::Other, "undo"))
        })
        .await;
    outcome.unwrap_err();
    assert_eq!((session[first].version, session[all[1]].version), (1, 0));
    all.iter().for_each(|&account| session[account].balance += 1);
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(2, 2), (21, 1)]);
    session[first].balance = 50;
    session.flush().await?;
    assert_eq!(session[first].version, 3);
    session.rollback().await?;
    assert_eq!(session[first].version, 2);
    session[first].balance = 60;
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(60, 3), (21, 1)]);
    Ok(())
}

/// A savepoint takes the error with it, as any other.
#[creole::test]
async fn a_stale_row_in_a_savepoint_is_undone_with_it(engine: Engine) -> creole::Result<()> {
    accounts(2, &engine).await?;
    let mut session = engine.session();
    let all = Account::select().order_by(Account::id.asc()).track(&mut session).await?;
    session.commit().await?;
    interfere(2, &engine).await?;
    session[all[0]].balance = 1;
    let outcome = session
        .savepoint(async |session| {
            session[all[1]].balance = 1;
            session.flush().await
        })
        .await;
    stale(outcome);
    assert_eq!(session[all[1]].balance, 20);
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(1, 1), (20, 1)]);
    Ok(())
}

#[creole::test]
async fn a_version_that_is_set_by_hand_is_refused(engine: Engine) -> creole::Result<()> {
    accounts(1, &engine).await?;
    let mut session = engine.session();
    let first = session.get::<Account>(1).await?.expect("there");
    let form = session[first].clone();
    session[first].version = 5;
    let error = stale(session.flush().await);
    assert_eq!(error.columns().collect::<Vec<_>>(), ["version"]);
    assert_eq!(error.entity(), Some(first));
    session.rollback().await?;
    interfere(1, &engine).await?;
    session.refresh(first).await?;
    // A form that was filled in before somebody else changed the row.
    session[first] = Account { balance: 99, ..form };
    stale(session.flush().await);
    session.rollback().await?;
    session.refresh(first).await?;
    session[first] = Account { balance: 99, ..session[first].clone() };
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(99, 2)]);
    Ok(())
}

#[creole::test]
async fn many_rows_are_checked_and_counted_up(engine: Engine) -> creole::Result<()> {
    let mut rows = accounts(3, &engine).await?;
    rows.iter_mut().for_each(|row| row.balance += 1);
    assert_eq!(update_all(&rows).exec(&engine).await?, 3);
    assert_eq!(state(&engine).await?, [(11, 1), (21, 1), (31, 1)]);
    assert!(rows.iter().all(|row| row.version == 0), "the structs are the program's");
    let error = stale(update_all(&rows).exec(&engine).await);
    assert_eq!(error.row(), Some(0));
    rows = Account::select().order_by(Account::id.asc()).all(&engine).await?;
    interfere(2, &engine).await?;
    rows.iter_mut().for_each(|row| row.balance = 0);
    for columns in [true, false] {
        let update = update_all(&rows);
        let update = if columns { update.columns(Account::balance) } else { update };
        let error = stale(update.clone().exec(&engine).await);
        assert_eq!(error.row(), Some(1));
        let mut session = engine.session();
        let error = stale(update.exec(&mut session).await);
        assert_eq!(error.row(), Some(1));
        session.rollback().await?;
    }
    assert_eq!(state(&engine).await?, [(11, 1), (21, 2), (31, 1)], "none is written");
    assert_eq!(update_all(&rows[2..]).exec(&engine).await?, 1);
    let error = stale(update_all(&rows[1..2]).exec(&engine).await);
    assert_eq!(error.row(), Some(0));
    assert_eq!(state(&engine).await?, [(11, 1), (21, 2), (0, 2)]);
    // A row that is gone is as stale as one that was changed.
    delete::<Account>().filter(Account::id.eq(1)).exec(&engine).await?;
    let error = stale(update_all(&rows[..1]).exec(&engine).await);
    assert_eq!(error.row(), Some(0));
    Ok(())
}

/// More rows than one statement has, of which the last is stale.
#[creole::test]
async fn nothing_is_written_of_many_statements_where_one_row_is_stale(engine: Engine) -> creole::Result<()> {
    let rows = accounts(2_500, &engine).await?;
    interfere(2_500, &engine).await?;
    let error = stale(update_all(&rows).columns(Account::balance).exec(&engine).await);
    assert_eq!(error.row(), Some(2_499));
    let error = stale(delete_all(&rows).exec(&engine).await);
    assert_eq!(error.row(), Some(2_499));
    assert_eq!(Account::select().filter(Account::version.eq(0)).count(&engine).await?, 2_499);
    assert_eq!(update_all(&rows[..2_499]).exec(&engine).await?, 2_499);
    assert_eq!(Account::select().filter(Account::version.eq(1)).count(&engine).await?, 2_500);
    let rows = Account::select().all(&engine).await?;
    assert_eq!(delete_all(&rows).exec(&engine).await?, 2_500);
    Ok(())
}

#[creole::test]
async fn rows_to_delete_are_checked(engine: Engine) -> creole::Result<()> {
    let rows = accounts(3, &engine).await?;
    interfere(2, &engine).await?;
    let error = stale(delete_all(&rows).exec(&engine).await);
    assert_eq!(error.row(), Some(1));
    let mut session = engine.session();
    assert_eq!(stale(delete_all(&rows).exec(&mut session).await).row(), Some(1));
    session.rollback().await?;
    assert_eq!(stale(delete_all(&rows[1..2]).exec(&engine).await).row(), Some(0));
    assert_eq!(state(&engine).await?, [(10, 0), (20, 1), (30, 0)]);
    let error = delete_all(&[account(1), account(3), account(1)]).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidValue, Some(2)));
    assert_eq!(delete_all(&[account(1), account(3)]).exec(&engine).await?, 2);
    assert_eq!(state(&engine).await?, [(20, 1)]);
    Ok(())
}

/// After a stale row a session refuses all but a rollback, whether it was one row or several.
#[creole::test]
async fn a_session_is_rolled_back_after_a_stale_row(engine: Engine) -> creole::Result<()> {
    let rows = accounts(2, &engine).await?;
    interfere(1, &engine).await?;
    for rows in [&rows[..1], &rows[..]] {
        let mut session = engine.session();
        stale(update_all(rows).exec(&mut session).await);
        let error = Account::select().count(&mut session).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
        session.rollback().await?;
        assert_eq!(Account::select().count(&mut session).await?, 2);
        stale(session.savepoint(async |session| delete_all(rows).exec(session).await).await);
        session.commit().await?;
    }
    assert_eq!(state(&engine).await?, [(10, 1), (20, 0)]);
    Ok(())
}

#[creole::test]
async fn statements_count_up(engine: Engine) -> creole::Result<()> {
    accounts(3, &engine).await?;
    update::<Account>().set(Account::balance, Account::balance + 1).filter(Account::id.le(2)).exec(&engine).await?;
    let statement = update::<Account>().set(Account::note, "x").filter(Account::id.eq(2));
    let returned = statement.returning().one(&engine).await?;
    assert_eq!(returned, Account { balance: 21, note: "x".into(), version: 2, ..account(2) });
    assert_eq!(state(&engine).await?, [(11, 1), (21, 2), (30, 0)]);
    // Its own value may be read by the others.
    let statement = update::<Account>().set(Account::balance, Account::version.cast::<i64>()).all_rows();
    statement.exec(&engine).await?;
    assert_eq!(state(&engine).await?, [(1, 2), (2, 3), (0, 1)]);
    update::<Account>().set(Account::version, Account::version + 1).filter(Account::id.eq(3)).exec(&engine).await?;
    assert_eq!(state(&engine).await?, [(1, 2), (2, 3), (0, 2)]);
    Ok(())
}

#[creole::test]
async fn an_upsert_counts_up_and_asks_only_where_it_is_told_to(engine: Engine) -> creole::Result<()> {
    accounts(2, &engine).await?;
    interfere(1, &engine).await?;
    let row = Account { balance: 1, version: 40, ..account(1) };
    insert(&row).on_conflict(Account::id).update_all().exec(&engine).await?;
    assert_eq!(state(&engine).await?, [(1, 2), (20, 0)]);
    insert(&row).on_conflict(Account::id).update(Account::note).exec(&engine).await?;
    insert(&row).on_conflict(Account::id).do_nothing().exec(&engine).await?;
    assert_eq!(state(&engine).await?, [(1, 3), (20, 0)]);
    let read = Account { balance: 7, version: 3, ..account(1) };
    for outcome in [Outcome::Updated, Outcome::Unchanged] {
        let upsert = insert(&read).on_conflict(Account::id).update_all();
        let upserted = upsert.filter(Account::version.eq(excluded(Account::version))).upserted(&engine).await?;
        assert_eq!((upserted.outcome, upserted.row.version), (outcome, 4));
    }
    let rows = [account(1), account(3)];
    insert_all(&rows).on_conflict(Account::id).update_all().exec(&engine).await?;
    assert_eq!(state(&engine).await?, [(10, 5), (20, 0), (30, 0)]);
    let mut session = engine.session();
    let first = session.get::<Account>(1).await?.expect("there");
    let upserted = session.upsert(Account { balance: 8, ..account(1) }).await?;
    assert_eq!((upserted.row, session[first].balance, session[first].version), (first, 8, 6));
    session[first].balance = 9;
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(9, 7), (20, 0), (30, 0)]);
    Ok(())
}

#[creole::test]
async fn unique_values_are_swapped_with_one_step_of_the_version(engine: Engine) -> creole::Result<()> {
    accounts(3, &engine).await?;
    let mut session = engine.session();
    let all = Account::select().order_by(Account::id.asc()).track(&mut session).await?;
    (session[all[0]].place, session[all[1]].place, session[all[2]].place) = (2, 3, 1);
    session.commit().await?;
    let read = select((Account::place, Account::version)).order_by(Account::id.asc()).all(&engine).await?;
    assert_eq!(read, [(2, 1), (3, 1), (1, 1)]);
    assert!(all.iter().all(|&account| session[account].version == 1));
    // A key changes with its row.
    session.refresh(all[0]).await?;
    session[all[0]].id = 9;
    session.commit().await?;
    assert_eq!(Account::find(9, &engine).await?.map(|account| account.version), Some(2));
    Ok(())
}

#[creole::test]
async fn two_models_of_a_table_write_one_row(engine: Engine) -> creole::Result<()> {
    accounts(3, &engine).await?;
    let mut session = engine.session();
    let all = Account::select().order_by(Account::id.asc()).track(&mut session).await?;
    let noted = Noted::select().order_by(Noted::id.asc()).track(&mut session).await?;
    // Both in one flush, one by one and in groups: the version is counted for each.
    session[all[0]].balance = 1;
    session[noted[0]].note = "a".into();
    session.flush().await?;
    assert_eq!((session[all[0]].version, session[noted[0]].version), (1, 2));
    session.commit().await?;
    let all = Account::select().order_by(Account::id.asc()).track(&mut session).await?;
    let noted = Noted::select().order_by(Noted::id.asc()).track(&mut session).await?;
    all.iter().for_each(|&account| session[account].balance = 2);
    noted.iter().for_each(|&noted| session[noted].note = "b".into());
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(2, 4), (2, 2), (2, 2)]);
    // Another model that has written makes an entity stale, and it is read again before it is written to.
    session.refresh(all[0]).await?;
    session.refresh(noted[0]).await?;
    session[all[0]].balance = 3;
    session.flush().await?;
    session[noted[0]].note = "c".into();
    stale(session.flush().await);
    session.rollback().await?;
    session.refresh(all[0]).await?;
    session.refresh(noted[0]).await?;
    session[all[0]].balance = 3;
    session.delete(noted[0]);
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(2, 2), (2, 2)]);
    Ok(())
}

/// A model that does not declare the version does not count it, and is not asked for it.
#[creole::test]
async fn a_model_without_the_version_does_not_count(engine: Engine) -> creole::Result<()> {
    accounts(2, &engine).await?;
    let mut session = engine.session();
    let first = session.get::<Account>(1).await?.expect("there");
    let bare = session.get::<Bare>(1).await?.expect("there");
    session[bare].balance = 1;
    session[first].note = "x".into();
    session.commit().await?;
    assert_eq!(state(&engine).await?, [(1, 1), (20, 0)]);
    update::<Bare>().set(Bare::balance, 5).all_rows().exec(&engine).await?;
    update_all(&[Bare { id: 2, balance: 6 }]).exec(&engine).await?;
    assert_eq!(state(&engine).await?, [(5, 1), (6, 0)]);
    // So what it has written is found out by the values of a stale entity, as without a version.
    session[first].balance = 7;
    let error = stale(session.commit().await);
    assert_eq!(error.columns().collect::<Vec<_>>(), ["balance"]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "folders")]
struct Folder {
    #[model(primary_key)]
    id: i64,
    #[model(references = Folder::id, on_delete = cascade)]
    parent: Option<i64>,
    name: String,
    #[model(version)]
    version: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "papers")]
struct Paper {
    #[model(primary_key)]
    id: i64,
    #[model(references = Folder::id, on_delete = cascade, on_update = cascade)]
    folder: i64,
    #[model(version)]
    version: i64,
}

fn folder(id: i64, parent: Option<i64>) -> Folder {
    Folder { id, parent, name: String::new(), version: 0 }
}

#[creole::test]
async fn rows_that_go_along_are_told_from_those_that_changed(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Folder, Paper]).await?;
    insert_all(&[folder(1, None), folder(2, Some(1)), folder(3, None)]).exec(&engine).await?;
    insert_all(&[1, 2, 3, 4].map(|id| Paper { id, folder: 1 + 2 * (id % 2), version: 0 })).exec(&engine).await?;
    let mut session = engine.session();
    let folders = Folder::select().order_by(Folder::id.asc()).track(&mut session).await?;
    let papers = Paper::select().order_by(Paper::id.asc()).track(&mut session).await?;
    session.commit().await?;
    update::<Paper>().set(Paper::folder, 3).filter(Paper::id.eq(2)).exec(&engine).await?;
    // Paper 2 has moved: it does not go along with its folder, and was changed.
    folders[..2].iter().for_each(|&folder| session.delete(folder));
    session.delete(papers[1]);
    session.delete(papers[3]);
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::StaleVersion, Some("papers")), "{error}");
    assert_eq!(error.entity(), Some(papers[1]));
    session.rollback().await?;
    assert_eq!(Paper::select().count(&engine).await?, 4);
    session.refresh(papers[1]).await?;
    session.delete(papers[1]);
    folders[..2].iter().for_each(|&folder| session.delete(folder));
    session.delete(papers[3]);
    session.commit().await?;
    assert_eq!(select(Folder::id).all(&engine).await?, [3]);
    assert_eq!(select(Paper::id).order_by(Paper::id.asc()).all(&engine).await?, [1, 3]);
    Ok(())
}

#[creole::test]
async fn trees_are_deleted_by_their_versions(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Folder]).await?;
    let rows = [folder(1, None), folder(2, Some(1)), folder(3, Some(2)), folder(4, None)];
    insert_all(&rows).exec(&engine).await?;
    update::<Folder>().set(Folder::name, "x").filter(Folder::id.eq(2)).exec(&engine).await?;
    let error = delete_all(&rows).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::StaleVersion, Some(1)), "{error}");
    assert_eq!(Folder::select().count(&engine).await?, 4);
    let mut rows = rows;
    rows[1].version = 1;
    assert_eq!(delete_all(&rows[..3]).exec(&engine).await?, 3);
    assert_eq!(select(Folder::id).all(&engine).await?, [4]);
    Ok(())
}

/// ON UPDATE CASCADE writes to rows, and is no update of theirs.
#[creole::test]
async fn what_foreign_keys_do_counts_nothing(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Folder, Paper]).await?;
    insert(&folder(1, None)).exec(&engine).await?;
    insert(&Paper { id: 1, folder: 1, version: 0 }).exec(&engine).await?;
    let mut session = engine.session();
    let (folder, paper) = (session.get::<Folder>(1).await?, session.get::<Paper>(1).await?);
    let (folder, paper) = (folder.expect("there"), paper.expect("there"));
    session[folder].id = 5;
    session.flush().await?;
    session.refresh(paper).await?;
    assert_eq!(session[paper], Paper { id: 1, folder: 5, version: 0 });
    session.delete(paper);
    session.commit().await?;
    assert_eq!(Folder::find(5, &engine).await?.map(|folder| folder.version), Some(1));
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "given")]
struct Odd {
    #[model(primary_key, case_insensitive, length = 20)]
    c1: String,
    c2: i32,
    /// Called as a column of the rows that an UPDATE of many is given.
    #[model(version, column = "c3")]
    version: u8,
}

fn odd(key: &str, version: u8) -> Odd {
    Odd { c1: key.into(), c2: 1, version }
}

#[creole::test]
async fn names_and_keys_of_any_kind(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Odd]).await?;
    insert_all(&[odd("a", 0), odd("b", 0)]).exec(&engine).await?;
    assert_eq!(update_all(&[Odd { c2: 2, ..odd("A", 0) }, Odd { c2: 3, ..odd("B", 0) }]).exec(&engine).await?, 2);
    let error = update_all(&[odd("a", 1), odd("b", 0)]).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::StaleVersion, Some(1)), "{error}");
    let rows = Odd::select().order_by(Odd::c1.asc()).all(&engine).await?;
    assert_eq!(rows, [Odd { c2: 2, ..odd("a", 1) }, Odd { c2: 3, ..odd("b", 1) }]);
    let mut session = engine.session();
    let all = Odd::select().order_by(Odd::c1.asc()).track(&mut session).await?;
    all.iter().for_each(|&odd| session[odd].c2 = 9);
    session.commit().await?;
    assert_eq!(delete_all(&[odd("A", 2), odd("B", 2)]).exec(&engine).await?, 2);
    Ok(())
}

#[creole::test]
async fn a_version_that_can_not_be_counted_up_is_an_error(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Odd]).await?;
    insert_all(&[odd("a", 254), odd("b", 255)]).exec(&engine).await?;
    let mut session = engine.session();
    let all = Odd::select().order_by(Odd::c1.asc()).track(&mut session).await?;
    all.iter().for_each(|&odd| session[odd].c2 = 5);
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::InvalidValue, Some("given")), "{error}");
    assert_eq!(error.columns().collect::<Vec<_>>(), ["c3"]);
    session.rollback().await?;
    for rows in [&[odd("b", 255)][..], &[odd("a", 254), odd("b", 255)]] {
        let error = update_all(rows).exec(&engine).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::CheckViolation), "{error:?}");
    }
    let error = update::<Odd>().set(Odd::c2, 7).all_rows().exec(&engine).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::CheckViolation), "{error:?}");
    assert_eq!(Odd::select().filter(Odd::c2.eq(1)).count(&engine).await?, 2);
    Ok(())
}

macro_rules! counted_as {
    ($name:ident, $ty:ty, $greatest:expr) => {
        #[creole::test]
        async fn $name(engine: Engine) -> creole::Result<()> {
            #[derive(Model, Debug, Clone, PartialEq)]
            #[model(table = "counted")]
            struct Counted {
                #[model(primary_key)]
                id: i64,
                value: i64,
                #[model(version)]
                version: $ty,
            }
            let row = |id, version| Counted { id, value: 0, version };
            engine.create_all(tables![Counted]).await?;
            insert_all(&[row(1, 0), row(2, $greatest - 4)]).exec(&engine).await?;
            let mut session = engine.session();
            let all = Counted::select().order_by(Counted::id.asc()).track(&mut session).await?;
            all.iter().for_each(|&row| session[row].value = 1);
            session.flush().await?;
            session[all[1]].value = 2;
            session.commit().await?;
            update::<Counted>().set(Counted::value, 3).all_rows().exec(&engine).await?;
            assert_eq!(update_all(&[row(1, 2), row(2, $greatest - 1)]).exec(&engine).await?, 2);
            let rows = Counted::select().order_by(Counted::id.asc()).all(&engine).await?;
            assert_eq!(rows, [row(1, 3), row(2, $greatest)]);
            assert_eq!(delete_all(&rows).exec(&engine).await?, 2);
            Ok(())
        }
    };
}

counted_as!(counted_as_i8, i8, i8::MAX);
counted_as!(counted_as_i16, i16, i16::MAX);
counted_as!(counted_as_i32, i32, i32::MAX);
counted_as!(counted_as_i64, i64, i64::MAX);
counted_as!(counted_as_u8, u8, u8::MAX);
counted_as!(counted_as_u16, u16, u16::MAX);
counted_as!(counted_as_u32, u32, u32::MAX);
// SQLite has no greater numbers.
counted_as!(counted_as_u64, u64, i64::MAX as u64);

#[creole::test]
async fn a_copy_of_another_time_is_merged_or_attached_and_refused(engine: Engine) -> creole::Result<()> {
    let rows = accounts(2, &engine).await?;
    interfere(1, &engine).await?;
    let mut session = engine.session();
    // What a form of another time holds is written over nothing, and nothing else of the flush is.
    session.merge(Account { balance: 99, ..rows[1].clone() }).await?;
    session.merge(Account { balance: 99, ..rows[0].clone() }).await?;
    let error = stale(session.commit().await);
    assert_eq!(error.columns().collect::<Vec<_>>(), ["version"]);
    session.rollback().await?;
    let merged = session.merge(Account { balance: 99, ..rows[1].clone() }).await?;
    session.commit().await?;
    assert_eq!(session[merged].version, 1);
    assert_eq!(state(&engine).await?, [(10, 1), (99, 1)]);
    for (row, is_stale) in [(rows[0].clone(), true), (Account { version: 1, ..rows[0].clone() }, false)] {
        let mut session = engine.session();
        let attached = session.attach(row)?;
        session[attached].balance = 5;
        let outcome = session.commit().await;
        if is_stale { drop(stale(outcome)) } else { outcome? }
    }
    assert_eq!(state(&engine).await?, [(5, 2), (99, 1)]);
    Ok(())
}
