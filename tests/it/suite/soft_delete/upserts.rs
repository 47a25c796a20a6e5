//! An upsert that meets a row that is marked as deleted.

use creole::prelude::*;

/// Names are unique, also among those that are deleted.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "members")]
struct Member {
    #[model(primary_key)]
    id: i64,
    #[model(unique, length = 40)]
    name: String,
    visits: i64,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

fn member(id: i64, name: &str, visits: i64) -> Member {
    Member { id, name: name.into(), visits, deleted_at: None }
}

/// Ada (1), and Bob (2), who is deleted.
async fn club(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Member]).await?;
    insert_all(&[member(1, "Ada", 1), member(2, "Bob", 1)]).exec(engine).await?;
    assert_eq!(delete::<Member>().filter(Member::id.eq(2)).exec(engine).await?, 1);
    Ok(())
}

async fn all(engine: &Engine) -> creole::Result<Vec<(i64, i64, bool)>> {
    let rows = Member::select().with_deleted().order_by(Member::id).all(engine).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.visits, row.deleted_at.is_some())).collect())
}

#[creole::test]
async fn the_row_lives_again(engine: Engine) -> creole::Result<()> {
    club(&engine).await?;
    let error = insert(&member(3, "Bob", 0)).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation, "a unique key knows of no marks");
    insert(&member(2, "Bob", 7)).on_conflict(Member::name).update(Member::visits).exec(&engine).await?;
    assert_eq!(all(&engine).await?, [(1, 1, false), (2, 7, false)]);

    delete::<Member>().filter(Member::id.eq(2)).exec(&engine).await?;
    let both = [member(1, "Ada", 8), member(2, "Bob", 8)];
    let upserted = insert_all(&both).on_conflict(Member::id).update_all().upserted(&engine).await?;
    assert!(upserted.iter().all(|row| row.outcome == Outcome::Updated && row.row.deleted_at.is_none()), "{upserted:?}");
    assert_eq!(all(&engine).await?, [(1, 8, false), (2, 8, false)]);

    // Of a SELECT, with the column among those that are given and not.
    delete::<Member>().filter(Member::id.eq(2)).exec(&engine).await?;
    let rows = select((Member::id, Member::name, Member::visits + 1)).with_deleted();
    let columns = (Member::id, Member::name, Member::visits);
    insert_from(columns, rows).on_conflict(Member::id).update(Member::visits).exec(&engine).await?;
    assert_eq!(all(&engine).await?, [(1, 9, false), (2, 9, false)]);
    Ok(())
}

#[creole::test]
async fn it_stays_as_it_is_where_that_is_said(engine: Engine) -> creole::Result<()> {
    club(&engine).await?;
    insert(&member(2, "Bob", 7)).on_conflict(Member::name).do_nothing().exec(&engine).await?;
    assert_eq!(all(&engine).await?, [(1, 1, false), (2, 1, true)]);
    let kept = insert(&member(2, "Bob", 7)).on_conflict(Member::name).do_nothing().upserted(&engine).await?;
    assert_eq!((kept.outcome, kept.row.deleted_at.is_some()), (Outcome::Unchanged, true));
    let bob = member(2, "Bob", 7);
    let statement = insert(&bob).on_conflict(Member::name).update(Member::visits);
    statement.set(Member::deleted_at, Member::deleted_at).exec(&engine).await?;
    assert_eq!(all(&engine).await?, [(1, 1, false), (2, 7, true)]);
    let bob = member(2, "Bob", 8);
    let statement = insert(&bob).on_conflict(Member::name).update(Member::visits);
    let kept = statement.filter(Member::deleted_at.is_null()).upserted(&engine).await?;
    assert_eq!(kept.outcome, Outcome::Unchanged);
    assert_eq!(all(&engine).await?, [(1, 1, false), (2, 7, true)]);
    Ok(())
}

/// One row of each name that is not deleted, and any number of those that are.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "guests", unique_index(name = "guests_by_name", name, filter = Guest::deleted.eq(false)))]
struct Guest {
    #[model(primary_key)]
    id: i64,
    #[model(length = 40)]
    name: String,
    #[model(soft_delete)]
    deleted: bool,
}

#[creole::test]
async fn a_unique_index_of_the_living_frees_a_name(engine: Engine) -> creole::Result<()> {
    let guest = |id: i64| Guest { id, name: "Ada".into(), deleted: false };
    if let Err(error) = engine.create_all(tables![Guest]).await {
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
        return Ok(());
    }
    insert(&guest(1)).exec(&engine).await?;
    assert_eq!(insert(&guest(2)).exec(&engine).await.unwrap_err().kind(), ErrorKind::UniqueViolation);
    delete::<Guest>().filter(Guest::id.eq(1)).exec(&engine).await?;
    insert(&guest(2)).exec(&engine).await?;

    // In one flush too, whatever comes first.
    let mut session = engine.session();
    let second = session.get::<Guest>(2).await?.expect("it is there");
    session.add(guest(3));
    session.delete(second);
    session.commit().await?;
    assert_eq!(select(Guest::id).all(&engine).await?, [3]);
    assert_eq!(Guest::select().only_deleted().count(&engine).await?, 2);
    Ok(())
}
