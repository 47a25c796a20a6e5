//! What says whose a row is: an integer, a text, a UUID, or a type of the program's around one.

use creole::prelude::*;

use super::refusal;

#[derive(DbType, Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct AccountId(i32);

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "seats", default)]
struct Seat {
    #[model(primary_key, tenant)]
    account: AccountId,
    #[model(primary_key)]
    number: i64,
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "domains", default, unique(owner, name))]
struct Domain {
    #[model(primary_key, auto)]
    id: i64,
    #[model(tenant, length = 30)]
    owner: String,
    #[model(length = 40)]
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "tokens", default)]
struct Token {
    #[model(primary_key)]
    id: i64,
    #[model(tenant)]
    owner: Uuid,
    uses: i64,
}

/// Kept as text on SQLite.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "sessions", default)]
struct Login {
    #[model(primary_key)]
    id: i64,
    #[model(tenant, sqlite = text)]
    owner: Uuid,
    #[model(version)]
    version: i64,
    #[model(soft_delete)]
    gone_at: Option<DateTime<Utc>>,
}

#[creole::test]
async fn it_may_be_part_of_the_key(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Seat]).await?;
    let seat = |number, name: &str| Seat { number, name: name.into(), ..Default::default() };
    let (one, two) = (engine.scoped(AccountId(1)), engine.scoped(AccountId(2)));
    for engine in [&one, &two] {
        insert_all(&[seat(1, "a"), seat(2, "b")]).exec(engine).await?;
    }
    assert_eq!(Seat::find((AccountId(1), 1), &one).await?.map(|seat| seat.name), Some("a".to_owned()));
    assert_eq!(Seat::find((AccountId(2), 1), &one).await?, None);
    insert(&seat(1, "c")).on_conflict((Seat::account, Seat::number)).update(Seat::name).exec(&one).await?;
    let rows = Seat::select().order_by(Seat::number).all(&one).await?;
    assert_eq!(rows.iter().map(|seat| &*seat.name).collect::<Vec<_>>(), ["c", "b"]);
    assert_eq!(update_all(&rows).exec(&two).await?, 0, "keys of another's rows");
    assert_eq!(delete_all(&rows).exec(&one).await?, 2);
    assert_eq!(Seat::select().count(&two).await?, 2);

    let mut session = two.session();
    let first = session.get::<Seat>((AccountId(2), 1)).await?.expect("it is there");
    session[first].name = "d".into();
    let third = session.add(seat(3, "e"));
    session.commit().await?;
    assert_eq!(session.get::<Seat>((AccountId(2), 3)).await?, Some(third));
    assert_eq!(select(Seat::name).order_by(Seat::number).all(&two).await?, ["d", "b", "e"]);
    Ok(())
}

#[creole::test]
async fn a_copy_that_leaves_the_tenant_out_of_its_key_is_the_row_of_the_engines(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Seat]).await?;
    let seat = |number, name: &str| Seat { number, name: name.into(), ..Default::default() };
    let (one, two) = (engine.scoped(AccountId(1)), engine.scoped(AccountId(2)));
    for engine in [&one, &two] {
        insert_all(&[seat(1, "a"), seat(2, "b")]).exec(engine).await?;
    }
    let mut session = one.session();
    let first = session.get::<Seat>((AccountId(1), 1)).await?.expect("it is there");
    session[first].name = "x".into();
    assert_eq!(session.attach(seat(1, "a")).unwrap_err().kind(), ErrorKind::Unsupported, "the session has it");
    assert_eq!(session.merge(seat(1, "y")).await?, first);
    let second = session.merge_columns(Seat::name, seat(2, "z")).await?;
    let third = session.get_or((AccountId(1), 3), || seat(3, "c")).await?;
    assert_eq!(session[third].account, AccountId(1));
    session.commit().await?;
    assert_eq!((&*session[first].name, &*session[second].name), ("y", "z"));
    assert_eq!(select(Seat::name).order_by(Seat::number).all(&one).await?, ["y", "z", "c"]);

    // What a SELECT yields has the tenant in its key too.
    let copies = select((Seat::number + 10, Seat::name));
    assert_eq!(insert_from((Seat::number, Seat::name), copies).exec(&one).await?, 3);
    let key = (Seat::account, Seat::number);
    let again = select((Seat::number, Seat::name.concat("!")));
    insert_from((Seat::number, Seat::name), again).on_conflict(key).update(Seat::name).exec(&one).await?;
    assert_eq!(Seat::find((AccountId(1), 13), &one).await?.map(|seat| seat.name), Some("c!".to_owned()));
    assert_eq!(select(Seat::name).order_by(Seat::number).all(&two).await?, ["a", "b"]);
    Ok(())
}

#[creole::test]
async fn texts_are_told_apart_by_every_letter(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Domain]).await?;
    let domain = |name: &str| Domain { name: name.into(), ..Default::default() };
    for owner in ["acme", "ACME", "acme ", "äcme", "acme' or '1' = '1"] {
        let engine = engine.scoped(owner.to_owned());
        let rows = insert_all(&["a.example", "b.example"].map(domain)).returning().all(&engine).await?;
        assert!(rows.iter().all(|row| row.owner == owner), "{rows:?}");
        assert_eq!(Domain::select().count(&engine).await?, 2, "{owner}");
        assert_eq!(Domain::find(rows[0].id, &engine).await?.as_ref(), Some(&rows[0]));
    }
    assert_eq!(Domain::select().count(&engine.all_tenants()).await?, 10);
    let long = engine.scoped("x".repeat(31));
    assert_eq!(refusal(Domain::select().count(&long).await), (ErrorKind::InvalidValue, vec!["owner".to_owned()]));
    Ok(())
}

#[creole::test]
async fn a_uuid_however_it_is_kept(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Token, Login]).await?;
    let (one, two) = (Uuid::from_u128(7), Uuid::from_u128(8));
    for (owner, first) in [(one, 1), (two, 10)] {
        let engine = engine.scoped(owner);
        let tokens = [first, first + 1].map(|id| Token { id, ..Default::default() });
        assert!(insert_all(&tokens).returning().all(&engine).await?.iter().all(|token| token.owner == owner));
        let logins = [first, first + 1].map(|id| Login { id, ..Default::default() });
        insert_all(&logins).exec(&engine).await?;
        assert_eq!(Login::select().count(&engine).await?, 2);
        let joined =
            select((Token::id, Login::id)).join(table::<Login>().on(Login::id.eq(Token::id))).count(&engine).await?;
        assert_eq!(joined, 2);
    }
    // Beside a version, and a mark of deleted rows.
    let engine = engine.scoped(one);
    let mut session = engine.session();
    let [login, other] = Login::select().order_by(Login::id).track(&mut session).await?[..] else { panic!("two") };
    session.delete(login);
    session[other].gone_at = Some(creole::now());
    session.commit().await?;
    assert_eq!(Login::select().count(&engine).await?, 0);
    assert_eq!(Login::select().only_deleted().count(&engine).await?, 2);
    assert_eq!(purge::<Login>().only_deleted().all_rows().exec(&engine).await?, 2);
    assert_eq!(Login::select().count(&engine.all_tenants()).await?, 2);
    Ok(())
}

#[creole::test]
async fn a_tenant_of_another_type_is_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Token, Seat, Domain]).await?;
    let named = |column: &str| (ErrorKind::InvalidValue, vec![column.to_owned()]);
    let number = engine.scoped(7_i64);
    assert_eq!(refusal(Token::select().all(&number).await), named("owner"));
    assert_eq!(refusal(Token::find(1, &number).await), named("owner"));
    assert_eq!(refusal(Domain::select().all(&number).await), named("owner"));
    assert_eq!(refusal(insert(&Domain::default()).exec(&number).await), named("owner"));
    assert_eq!(refusal(Seat::select().all(&engine.scoped(i64::MAX)).await), named("account"));
    assert_eq!(refusal(Seat::select().all(&engine.scoped("7".to_owned())).await), named("account"));
    assert_eq!(Seat::select().all(&number).await?, [], "any integer that fits");
    let error = Token::select().all(&engine.scoped("a secret".to_owned())).await.unwrap_err();
    assert!(error.to_string().contains("`scoped` with a value of the field's type"), "{error}");
    assert!(
        !error.to_string().contains("secret")
            && !format!("{:?}", engine.scoped("a secret".to_owned())).contains("secret")
    );
    Ok(())
}
