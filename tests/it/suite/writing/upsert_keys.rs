//! Upserts by keys that are about some rows only, and by keys for which the database takes several texts for one.

use creole::prelude::*;
use creole::query::Outcome::{Inserted, Unchanged, Updated};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "tags", default)]
struct Tag {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique, case_insensitive, length = 20)]
    name: String,
    n: i64,
}

fn tag(name: &str, n: i64) -> Tag {
    Tag { id: 0, name: name.into(), n }
}

async fn tags(engine: &Engine) -> creole::Result<Vec<(String, i64)>> {
    select((Tag::name, Tag::n)).order_by(Tag::id).all(engine).await
}

#[creole::test]
async fn a_key_that_folds_is_written_anew(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Tag]).await?;
    insert(&tag("rust", 1)).exec(&engine).await?;
    insert(&tag("Rust", 2)).on_conflict(Tag::name).update((Tag::name, Tag::n)).exec(&engine).await?;
    assert_eq!(tags(&engine).await?, [("Rust".into(), 2)]);
    let put = insert(&tag("RUST", 3)).on_conflict(Tag::name).update((Tag::name, Tag::n)).upserted(&engine).await?;
    assert_eq!((put.outcome, put.row.name.as_str(), put.row.n), (Updated, "RUST", 3));
    // Beside what reads it, and where the filter leaves it alone.
    let row = tag("rust", 4);
    let put = insert(&row).on_conflict(Tag::name).set(Tag::name, excluded(Tag::name)).set(Tag::n, Tag::n + 1);
    assert_eq!(put.clone().filter(Tag::n.lt(3)).exec(&engine).await?, 1);
    assert_eq!(tags(&engine).await?, [("RUST".into(), 3)]);
    put.filter(Tag::n.lt(4).and(Tag::name.eq("Rust"))).exec(&engine).await?;
    assert_eq!(tags(&engine).await?, [("rust".into(), 4)]);
    // `update_all` leaves the key as it is.
    insert(&tag("RuSt", 5)).on_conflict(Tag::name).update_all().exec(&engine).await?;
    assert_eq!(tags(&engine).await?, [("rust".into(), 5)]);
    Ok(())
}

/// A key may be set to another one; what became of such rows can't be told afterwards.
#[creole::test]
async fn a_key_is_set_to_another(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Tag]).await?;
    insert_all(&[tag("rust", 1), tag("c", 1)]).exec(&engine).await?;
    let row = tag("rust", 4);
    let renamed = || insert(&row).on_conflict(Tag::name).set(Tag::name, "go").set(Tag::n, Tag::n + 10);
    let error = renamed().upserted(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert!(error.to_string().contains("whose key name the upsert sets"), "{error}");
    renamed().exec(&engine).await?;
    assert_eq!(tags(&engine).await?, [("go".into(), 11), ("c".into(), 1)]);
    insert(&tag("go", 0)).on_conflict(Tag::name).set(Tag::name, Tag::name.concat("!")).exec(&engine).await?;
    assert_eq!(tags(&engine).await?, [("go!".into(), 11), ("c".into(), 1)]);
    // One that is another row's is a violation.
    let taken = insert(&tag("go!", 0)).on_conflict(Tag::name).set(Tag::name, "C").exec(&engine).await.unwrap_err();
    assert!(taken.is_unique(Tag::name), "{taken}");
    // A primary key too.
    let id = Tag::select().filter(Tag::name.eq("c")).one(&engine).await?.id;
    insert(&Tag { id, ..tag("d", 7) }).on_conflict(Tag::id).set(Tag::id, Tag::id + 100).exec(&engine).await?;
    assert_eq!(Tag::find(id + 100, &engine).await?, Some(Tag { id: id + 100, name: "c".into(), n: 1 }));
    Ok(())
}

#[creole::test]
async fn what_the_database_takes_for_one_key_is_one(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Tag]).await?;
    insert(&tag("ς", 1)).exec(&engine).await?;
    let put = insert(&tag("Σ", 2)).on_conflict(Tag::name).update(Tag::n).upserted(&engine).await?;
    assert_eq!((put.outcome, put.row.name.as_str(), put.row.n), (Updated, "ς", 2));
    let put = insert(&tag("Σ", 3)).on_conflict(Tag::name).do_nothing().upserted(&engine).await?;
    assert_eq!((put.outcome, put.row.n), (Unchanged, 2));
    let rows = [tag("a", 3), tag("Σ", 3), tag("b", 3)];
    let upsert = || insert_all(&rows).on_conflict(Tag::name).update((Tag::name, Tag::n));
    let told = |put: Vec<Upserted<Tag>>| put.into_iter().map(|put| (put.outcome, put.row.n)).collect::<Vec<_>>();
    assert_eq!(told(upsert().upserted(&engine).await?), [(Inserted, 3), (Updated, 3), (Inserted, 3)]);
    let put = upsert().filter(Tag::name.ne("b").and(Tag::n.eq(3))).upserted(&engine).await?;
    assert_eq!(told(put), [(Updated, 3), (Updated, 3), (Unchanged, 3)]);
    let put = insert_all(&rows).on_conflict(Tag::name).do_nothing().upserted(&engine).await?;
    assert_eq!(told(put), [(Unchanged, 3); 3]);
    // Two of them in one call are the same key twice, and then nothing is written.
    let before = tags(&engine).await?;
    let twice = [tag("x", 9), tag("ς", 9), tag("a", 9), tag("Σ", 9)];
    let upsert = insert_all(&twice).on_conflict(Tag::name).update(Tag::n);
    assert!(upsert.upserted(&engine).await.is_err());
    assert_eq!(tags(&engine).await?, before);
    Ok(())
}

/// The key that decides is still known where the primary key is written.
#[creole::test]
async fn the_primary_key_is_written_by_another(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Tag]).await?;
    insert_all(&[Tag { id: 1, ..tag("ς", 1) }, Tag { id: 2, ..tag("b", 1) }, Tag { id: 3, ..tag("c", 1) }])
        .exec(&engine)
        .await?;
    let rows = [Tag { id: 11, ..tag("Σ", 2) }, Tag { id: 12, ..tag("b", 2) }, Tag { id: 13, ..tag("z", 2) }];
    let upsert = insert_all(&rows).on_conflict(Tag::name).update((Tag::id, Tag::n)).filter(Tag::name.ne("b"));
    let put = upsert.upserted(&engine).await?;
    let told: Vec<_> = put.iter().map(|put| (put.row.id, put.outcome)).collect();
    assert_eq!(told, [(11, Updated), (2, Unchanged), (13, Inserted)]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "partials", unique_index(name, filter = Partial::active))]
struct Partial {
    #[model(primary_key)]
    id: i64,
    #[model(length = 20)]
    name: String,
    active: bool,
    n: i64,
}

fn partial(id: i64, active: bool, n: i64) -> Partial {
    Partial { id, name: "a".into(), active, n }
}

#[creole::test]
async fn rows_that_a_key_is_not_about_do_not_clash(engine: Engine) -> creole::Result<()> {
    let rows = [partial(1, true, 1), partial(2, false, 1), partial(3, false, 1)];
    if !matches!(engine.dialect().name(), "sqlite" | "postgres") {
        // Refused before a row is written, whether the key is about one of them or not.
        let upsert = |rows| insert_all(rows).on_conflict(Partial::name).update(Partial::n);
        assert_eq!(upsert(&rows).exec(&engine).await.unwrap_err().kind(), ErrorKind::Unsupported);
        assert_eq!(upsert(&rows[1..]).upserted(&engine).await.unwrap_err().kind(), ErrorKind::Unsupported);
        return Ok(());
    }
    engine.create_all(tables![Partial]).await?;
    assert_eq!(insert_all(&rows).on_conflict(Partial::name).update(Partial::n).exec(&engine).await?, 3);
    let rows = [partial(4, true, 2), partial(5, false, 2), partial(6, false, 2)];
    let put = insert_all(&rows).on_conflict(Partial::name).update((Partial::id, Partial::n)).upserted(&engine).await?;
    let told: Vec<_> = put.iter().map(|put| (put.row.id, put.row.n, put.outcome)).collect();
    assert_eq!(told, [(4, 2, Updated), (5, 2, Inserted), (6, 2, Inserted)]);
    let rows = [partial(7, false, 3), partial(8, true, 3)];
    let put = insert_all(&rows).on_conflict(Partial::name).do_nothing().upserted(&engine).await?;
    let told: Vec<_> = put.iter().map(|put| (put.row.id, put.outcome)).collect();
    assert_eq!(told, [(7, Inserted), (4, Unchanged)]);
    // Two that it is about are the same key twice.
    let twice = [partial(9, true, 2), partial(10, false, 2), partial(11, true, 2)];
    let upsert = || insert_all(&twice).on_conflict(Partial::name).update(Partial::n);
    for error in [upsert().exec(&engine).await.unwrap_err(), upsert().upserted(&engine).await.unwrap_err()] {
        assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidValue, Some(2)), "{error}");
    }
    // A row that the key is not about clashes by another, as it would in an INSERT.
    let rows = [partial(20, true, 1), partial(5, false, 1)];
    let taken = insert_all(&rows).on_conflict(Partial::name).update(Partial::n);
    let error = taken.upserted(&engine).await.unwrap_err();
    assert!(error.is_unique(Partial::id), "{error}");
    assert_eq!(Partial::select().count(&engine).await?, 6);
    // Whether it is about a row whose value is computed, only the database knows.
    let row = partial(30, false, 9);
    let is_true = select(count(Partial::id)).value().not_null().gt(0);
    let computed = insert(&row).set(Partial::active, is_true).on_conflict(Partial::name);
    let put = computed.update(Partial::n).upserted(&engine).await?;
    assert_eq!((put.row.id, put.row.n, put.outcome), (4, 9, Updated));
    Ok(())
}
