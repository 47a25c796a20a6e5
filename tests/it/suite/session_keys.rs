//! One row is one entity, whatever becomes of its key.

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "items")]
struct Item {
    #[model(primary_key)]
    id: i64,
    #[model(unique, length = 40)]
    name: String,
}

fn item(id: i64, name: &str) -> Item {
    Item { id, name: name.into() }
}

#[creole::test]
async fn a_key_that_is_deleted_and_added_is_the_new_row(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Item]).await?;
    insert_all(&[item(1, "a"), item(2, "b"), item(3, "c")]).exec(&engine).await?;
    let mut session = engine.session();
    let old = session.get::<Item>(1).await?.expect("there");
    session.delete(old);
    let new = session.add(item(1, "new"));
    assert_eq!(session.get::<Item>(1).await?, Some(new));

    // Another entity takes the key of one that goes.
    let (two, three) = (session.get::<Item>(2).await?.expect("there"), session.get::<Item>(3).await?.expect("there"));
    session.delete(two);
    session[three].id = 2;
    assert_eq!(session.get::<Item>(2).await?, Some(three));
    assert_eq!(session.get::<Item>(3).await?, None);

    // Nobody takes it.
    session.delete(three);
    assert_eq!(session.get::<Item>(2).await?, None);
    session.commit().await?;
    assert_eq!(Item::select().all(&engine).await?, [item(1, "new")]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "events")]
struct Event {
    #[model(primary_key)]
    at: DateTime<Utc>,
    #[model(primary_key)]
    time: NaiveTime,
    n: i64,
}

/// A time as a program has it, and as databases keep it.
fn fine_and_kept(nanos: i64) -> (DateTime<Utc>, DateTime<Utc>) {
    let fine = DateTime::from_timestamp_nanos(1_700_000_000_123_456_000 + nanos);
    (fine, DateTime::from_timestamp_micros(1_700_000_000_123_456).expect("a time"))
}

#[creole::test]
async fn a_key_of_a_time_that_is_cut_is_one_entity(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Event]).await?;
    let (fine, kept) = fine_and_kept(789);
    let mut session = engine.session();
    let added = session.add(Event { at: fine, time: fine.time(), n: 1 });
    session.flush().await?;
    assert_eq!(session.get::<Event>((kept, kept.time())).await?, Some(added));
    assert_eq!(session.get::<Event>((fine, kept.time())).await?, Some(added));
    assert_eq!(Event::select().track(&mut session).await?, [added]);
    session[added].n += 10;
    session.commit().await?;
    // Stale, and its key as fine as ever.
    session[added].n += 100;
    session.commit().await?;
    assert_eq!(Event::select().one(&engine).await?.n, 111);

    // A key that is written anew, and cut.
    let read = session.get::<Event>((kept, kept.time())).await?.expect("there");
    assert_eq!(read, added);
    session[read].at = fine_and_kept(2_000_789).0;
    session.flush().await?;
    let moved = fine_and_kept(2_000_000).0;
    assert_eq!(session.get::<Event>((moved, kept.time())).await?, Some(read));
    session.delete(read);
    session.commit().await?;
    assert_eq!(Event::select().count(&engine).await?, 0);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "folders")]
struct Folder {
    #[model(primary_key, length = 40, case_insensitive)]
    name: String,
    size: i64,
}

async fn renamed(name: &str, db: impl Executor) -> creole::Result<u64> {
    update::<Folder>().set(Folder::name, name).all_rows().exec(db).await
}

#[creole::test]
async fn a_folded_key_in_other_letters_is_one_entity(engine: Engine) -> creole::Result<()> {
    for (first, second) in [("Ada", "ADA"), ("ΣΑΣ", "σας"), ("Ёж", "ёЖ")] {
        engine.drop_all(tables![Folder]).await?;
        engine.create_all(tables![Folder]).await?;
        insert(&Folder { name: first.into(), size: 1 }).exec(&engine).await?;
        let mut session = engine.session();
        let ada = session.get::<Folder>(first).await?.expect("there");
        if session.get::<Folder>(second).await? != Some(ada) {
            // Not every database ignores the case of these letters.
            assert_ne!(first, "Ada");
            continue;
        }
        // By a statement on the session.
        renamed(second, &mut session).await?;
        assert_eq!(session.get::<Folder>(second).await?, Some(ada));
        assert_eq!(session[ada].name, second);
        session.commit().await?;
        // By somebody else: it is stale after the commit.
        renamed(first, &engine).await?;
        assert_eq!(session.get::<Folder>(second).await?, Some(ada));
        session.refresh(ada).await?;
        assert_eq!(session[ada].name, first);
        session[ada].size += 10;
        session.commit().await?;
        renamed(second, &engine).await?;
        session.refresh(ada).await?;
        assert_eq!(session.get::<Folder>(second).await?, Some(ada));
        session[ada].size += 100;
        session.commit().await?;
        // And written without being read.
        renamed(first, &engine).await?;
        session[ada].size += 1000;
        session.commit().await?;
        assert_eq!(session[ada].name, first);
        assert_eq!(Folder::select().track(&mut session).await?, [ada]);
        assert_eq!(Folder::select().one(&engine).await?, Folder { name: first.into(), size: 1111 });
    }
    Ok(())
}

#[creole::test]
async fn many_stale_entities_with_folded_keys_are_written(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Folder]).await?;
    let rows: Vec<Folder> = ('a'..='f').map(|letter| Folder { name: letter.into(), size: 0 }).collect();
    insert_all(&rows).exec(&engine).await?;
    let mut session = engine.session();
    let tracked = Folder::select().order_by(Folder::name).track(&mut session).await?;
    session.commit().await?;
    for letter in 'a'..='f' {
        let name = Folder::name.eq(letter.to_string());
        update::<Folder>().set(Folder::name, letter.to_uppercase().to_string()).filter(name).exec(&engine).await?;
    }
    for (size, &folder) in (1..).zip(&tracked) {
        session[folder].size = size;
    }
    session.commit().await?;
    let found = Folder::select().order_by(Folder::name).all(&engine).await?;
    let found: Vec<(String, i64)> = found.into_iter().map(|folder| (folder.name, folder.size)).collect();
    let expected: Vec<(String, i64)> = ('A'..='F').map(String::from).zip(1..).collect();
    assert_eq!(found, expected);
    Ok(())
}
