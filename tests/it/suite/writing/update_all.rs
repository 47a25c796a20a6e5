//! Many rows updated or deleted by their keys.

use creole::prelude::*;

use super::{HOSTILE, Plain, Triple, all_plain, plain, triple, triples};
use crate::models::{Everything, Level, MaybeEverything, Points, Settings, User, user};

fn row(id: i64, data: &str) -> Plain {
    Plain { id, data: data.into() }
}

#[creole::test]
async fn each_row_gets_its_own_values(engine: Engine) -> creole::Result<()> {
    plain(&engine).await?;
    let rows: Vec<Plain> = HOSTILE.iter().zip(10..).map(|(text, id)| row(id, text)).collect();
    for plain in &rows {
        insert(&Plain { data: "before".into(), ..plain.clone() }).exec(&engine).await?;
    }
    assert_eq!(update_all(&rows).exec(&engine).await?, 12);
    assert_eq!(update_all(&rows).exec(&engine).await?, 12, "matched, and not changed");
    assert_eq!(all_plain(&engine).await?[3..], rows.iter().map(|row| (row.id, row.data.clone())).collect::<Vec<_>>());
    assert_eq!(delete_all(&rows[2..]).exec(&engine).await?, 10);
    assert_eq!(all_plain(&engine).await?.len(), 5);
    Ok(())
}

#[creole::test]
async fn rows_that_are_not_there_are_passed_over(engine: Engine) -> creole::Result<()> {
    plain(&engine).await?;
    let rows = [row(2, "x"), row(9, "y"), row(3, "z")];
    assert_eq!(update_all(&rows).exec(&engine).await?, 2);
    assert_eq!(all_plain(&engine).await?, [(1, "d1".into()), (2, "x".into()), (3, "z".into())]);
    assert_eq!(delete_all(&rows).exec(&engine).await?, 2);
    assert_eq!(delete_all(&rows).exec(&engine).await?, 0);
    assert_eq!(update_all(&rows[..0]).exec(&engine).await?, 0);
    assert_eq!(delete_all(&rows[..0]).exec(&engine).await?, 0);
    assert_eq!(all_plain(&engine).await?, [(1, "d1".into())]);
    Ok(())
}

#[creole::test]
async fn columns_are_chosen_and_keys_have_several(engine: Engine) -> creole::Result<()> {
    triples(&engine).await?;
    let rows = [triple(3, -3, -30, None), triple(1, -1, -10, Some(-100))];
    assert_eq!(update_all(&rows).columns((Triple::c, Triple::a)).exec(&engine).await?, 2);
    let expected = [(-1, 10, Some(-100)), (2, 20, None), (-3, 30, None)];
    assert_eq!(super::all_triples(&engine).await?, expected);
    let error = update_all(&rows).columns(Triple::number).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    assert_eq!(delete_all(&rows).exec(&engine).await?, 2);
    assert_eq!(super::all_triples(&engine).await?, [(2, 20, None)]);
    Ok(())
}

#[creole::test]
async fn a_key_that_is_there_twice_is_refused(engine: Engine) -> creole::Result<()> {
    plain(&engine).await?;
    let error = update_all(&[row(1, "x"), row(2, "y"), row(1, "z")]).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::InvalidValue, Some("plain_pk")));
    assert_eq!(error.row(), Some(2), "{error}");
    assert_eq!(all_plain(&engine).await?[0].1, "d1");
    engine.create_all(tables![Folded]).await?;
    for key in ["a", "B"] {
        insert(&Folded { word: key.into(), value: 0 }).exec(&engine).await?;
    }
    let folded = |key: &str, value| Folded { word: key.into(), value };
    let error = update_all(&[folded("a", 1), folded("A", 2)]).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue, "one key where upper and lower case are the same");
    assert_eq!(update_all(&[folded("A", 1), folded("b", 2), folded("c", 3)]).exec(&engine).await?, 2);
    assert_eq!(
        select((Folded::word, Folded::value)).order_by(Folded::value).all(&engine).await?,
        [("a".into(), 1), ("B".into(), 2)]
    );
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "folded")]
struct Folded {
    #[model(primary_key, length = 20, case_insensitive)]
    word: String,
    value: i64,
}

#[creole::test]
async fn an_error_says_which_row_and_nothing_is_written(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let mut users = Vec::new();
    for number in 0..1_200_i64 {
        users.push(User { id: number + 1, ..user(&format!("u{number}")) });
    }
    for chunk in users.chunks(100) {
        let mut session = engine.session();
        chunk.iter().for_each(|user| _ = session.add(user.clone()));
        session.commit().await?;
    }
    let mut changed = users.clone();
    changed.iter_mut().for_each(|user| user.nickname = Some("new".into()));
    changed[1_150].email = "x\0y".into();
    let error = update_all(&changed).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.columns().next()), (ErrorKind::InvalidValue, Some("email")));
    assert_eq!(error.row(), Some(1_150), "{error}");
    assert_eq!(User::select().filter(User::nickname.is_not_null()).count(&engine).await?, 0);
    let mut session = engine.session();
    update_all(&changed).exec(&mut session).await.unwrap_err();
    session.commit().await?;
    assert_eq!(User::select().filter(User::nickname.is_not_null()).count(&engine).await?, 0);
    changed[1_150].email = "u3".into();
    let error = update_all(&changed).exec(&engine).await.unwrap_err();
    assert!(error.is_unique(User::email), "{error}");
    assert_eq!(User::select().filter(User::nickname.is_not_null()).count(&engine).await?, 0);
    changed[1_150].email = "other".into();
    assert_eq!(update_all(&changed).exec(&engine).await?, 1_200);
    assert_eq!(User::select().order_by(User::id).all(&engine).await?, changed);
    assert_eq!(delete_all(&changed).exec(&engine).await?, 1_200);
    assert_eq!(User::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn columns_that_every_update_writes(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stamped]).await?;
    let rows = [1, 2].map(|id| Stamped { id, text: "old".into(), edit: 5 });
    for row in &rows {
        insert(row).exec(&engine).await?;
    }
    let rows = rows.map(|row| Stamped { text: format!("new {}", row.id), ..row });
    update_all(&rows).exec(&engine).await?;
    let all = || select((Stamped::text, Stamped::edit)).order_by(Stamped::id);
    assert_eq!(all().all(&engine).await?, [("new 1".into(), 42), ("new 2".into(), 42)]);
    update_all(&rows).columns((Stamped::text, Stamped::edit)).exec(&engine).await?;
    assert_eq!(all().all(&engine).await?, [("new 1".into(), 5), ("new 2".into(), 5)]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "stamped")]
struct Stamped {
    #[model(primary_key)]
    id: i64,
    text: String,
    #[model(on_update = 42)]
    edit: i64,
}

/// A row with values of every type that are at the edges of what columns hold.
pub(in crate::suite) fn everything(id: i32) -> Everything {
    let edge = |low: i64, high: i64| if id % 2 == 0 { low } else { high };
    let moment: NaiveDateTime = "2024-02-29T23:59:59.123456".parse().expect("a time");
    Everything {
        id,
        flag: id % 2 == 0,
        tiny: edge(i8::MIN.into(), i8::MAX.into()) as i8,
        small: edge(i16::MIN.into(), i16::MAX.into()) as i16,
        int: edge(i32::MIN.into(), i32::MAX.into()) as i32,
        big: edge(i64::MIN, i64::MAX),
        utiny: u8::MAX,
        usmall: u16::MAX,
        uint: u32::MAX,
        ubig: u64::try_from(i64::MAX).expect("fits"),
        single: 0.1,
        double: if id % 2 == 0 { -1.5e300 } else { 0.1 + 0.2 },
        text: HOSTILE[usize::try_from(id).expect("small") % HOSTILE.len()].into(),
        bytes: vec![0, 255, 39, 92, 10],
        decimal: "-123456789012345678.0123456789".parse().expect("a decimal"),
        uuid: Uuid::from_u128(0x1234_5678_9abc_def0_u128 << 64 | u128::try_from(id).expect("small")),
        date: moment.date(),
        time: moment.time(),
        moment,
        instant: moment.and_utc(),
        json: json!({"a": [1, 2.5, null, "it's \"x\" \\ ☕"], "b": {}}),
        settings: Json(Settings { theme: "dark's".into(), scale: 1.25, panels: vec![Some(1), None] }),
        level: if id % 2 == 0 { Level::AlmostHigh } else { Level::Low },
        points: Points(id),
    }
}

#[creole::test]
async fn values_of_every_type_are_stored_as_they_are(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything, MaybeEverything]).await?;
    for id in 1..=3 {
        insert(&Everything { id, ..everything(id + 1) }).exec(&engine).await?;
        insert(&MaybeEverything { id, flag: Some(true), ..MaybeEverything::default() }).exec(&engine).await?;
    }
    let rows = [everything(3), everything(1), everything(2)];
    assert_eq!(update_all(&rows).exec(&engine).await?, 3);
    assert_eq!(Everything::select().order_by(Everything::id).all(&engine).await?, [1, 2, 3].map(everything));
    let maybe = |row: &Everything| MaybeEverything {
        id: row.id,
        flag: None,
        tiny: Some(row.tiny),
        small: Some(row.small),
        int: Some(row.int),
        big: Some(row.big),
        utiny: Some(row.utiny),
        usmall: Some(row.usmall),
        uint: Some(row.uint),
        ubig: Some(row.ubig),
        single: Some(row.single),
        double: Some(row.double),
        text: Some(row.text.clone()),
        bytes: Some(row.bytes.clone()),
        decimal: Some(dec!(1.5)),
        uuid: Some(row.uuid),
        date: Some(row.date),
        time: Some(row.time),
        moment: Some(row.moment),
        instant: Some(row.instant),
        json: Some(row.json.clone()),
        settings: Some(row.settings.clone()),
        level: Some(row.level),
        points: None,
    };
    // Of one row all is NULL, of another hardly anything; alone, and together.
    let nothing = MaybeEverything { id: 2, ..MaybeEverything::default() };
    let rows = [maybe(&everything(1)), nothing.clone(), maybe(&everything(3))];
    assert_eq!(update_all(&rows).exec(&engine).await?, 3);
    assert_eq!(MaybeEverything::select().order_by(MaybeEverything::id).all(&engine).await?, rows);
    let nothing = [1, 2, 3].map(|id| MaybeEverything { id, ..nothing.clone() });
    assert_eq!(update_all(&nothing).exec(&engine).await?, 3);
    assert_eq!(update_all(&rows[..1]).exec(&engine).await?, 1);
    let expected = [rows[0].clone(), nothing[1].clone(), nothing[2].clone()];
    assert_eq!(MaybeEverything::select().order_by(MaybeEverything::id).all(&engine).await?, expected);
    Ok(())
}

/// Keys of several columns, one of which ignores case, are the same only where all of them are.
#[creole::test]
async fn keys_that_fold_are_told_apart_by_the_rest(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "members")]
    struct Member {
        #[model(primary_key, length = 20, case_insensitive)]
        login: String,
        #[model(primary_key)]
        tenant: i32,
        rank: i32,
    }
    engine.create_all(tables![Member]).await?;
    let member = |login: &str, tenant: i32, rank: i32| Member { login: login.into(), tenant, rank };
    insert_all(&[member("ada", 1, 0), member("ada", 2, 0), member("bob", 1, 0)]).exec(&engine).await?;
    let rows = [member("ADA", 2, 22), member("ada", 1, 11), member("bob", 1, 33)];
    assert_eq!(update_all(&rows).exec(&engine).await?, 3);
    let ranks = select(Member::rank).order_by(Member::rank).all(&engine).await?;
    assert_eq!(ranks, [11, 22, 33]);
    let twins = [member("ADA", 2, 1), member("ada", 2, 2)];
    let error = update_all(&twins).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidValue, Some(1)), "{error}");
    Ok(())
}

/// What the database refuses is a row's too.
#[creole::test]
async fn an_error_of_the_database_says_which_row(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("taken@example.com")).exec(&engine).await?;
    let rows: Vec<User> = (0..1_200).map(|number| user(&format!("{number}@example.com"))).collect();
    let mut rows = insert_all(&rows).returning().all(&engine).await?;
    for place in [0, 7, 1_150] {
        let email = std::mem::replace(&mut rows[place].email, "taken@example.com".into());
        let error = update_all(&rows).exec(&engine).await.unwrap_err();
        assert_eq!((error.kind(), error.row()), (ErrorKind::UniqueViolation, Some(place)), "{error}");
        let mut session = engine.session();
        let error = update_all(&rows).exec(&mut session).await.unwrap_err();
        assert_eq!((error.kind(), error.row()), (ErrorKind::UniqueViolation, Some(place)), "{error}");
        let error = User::select().count(&mut session).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
        session.rollback().await?;
        rows[place].email = email;
    }
    assert_eq!(update_all(&rows).exec(&engine).await?, 1_200);
    Ok(())
}
