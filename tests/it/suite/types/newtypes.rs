//! Newtypes: a column of the inner type, and a type of its own in the program.

use creole::prelude::*;

use crate::health::healthy;

#[derive(DbType, Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct MemberId(i64);

#[derive(DbType, Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
struct TeamId(u32);

#[derive(DbType, Debug, Clone, PartialEq, Eq, Hash, Default)]
#[db_type(try_from)]
struct Email {
    text: String,
}

impl TryFrom<String> for Email {
    type Error = String;

    fn try_from(text: String) -> Result<Email, String> {
        if text.contains('@') { Ok(Email { text }) } else { Err(format!("{text} is no address")) }
    }
}

#[derive(DbType, Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
struct Euro(Decimal);

/// A newtype around another.
#[derive(DbType, Debug, Clone, PartialEq, Default)]
struct PrivateEmail(Email);

#[derive(DbType, Debug, Clone, PartialEq, Default)]
struct Tags(Json<Vec<String>>);

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "teams", default)]
struct Team {
    #[model(primary_key, auto)]
    id: TeamId,
    #[model(unique, length = 20)]
    contact: Email,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "members", default)]
struct Member {
    #[model(primary_key, auto)]
    id: MemberId,
    #[model(references = Team::id, on_delete = set_null)]
    team_id: Option<TeamId>,
    #[model(references = Team::contact, length = 20)]
    contact: Option<Email>,
    #[model(precision = 6, scale = 2)]
    fee: Euro,
    private: Option<PrivateEmail>,
    tags: Tags,
}

fn email(text: &str) -> Email {
    Email { text: text.into() }
}

#[creole::test]
async fn a_newtype_is_a_key_a_foreign_key_and_a_value(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Member, Team]).await?;
    let team = insert(&Team { contact: email("a@b"), ..Default::default() }).returning().one(&engine).await?;
    assert_eq!(team.id, TeamId(1));
    let mut session = engine.session();
    for fee in [dec!(10), dec!(9.5), dec!(100.25)] {
        session.add(Member {
            team_id: (fee > dec!(10)).then_some(team.id),
            contact: Some(team.contact.clone()),
            fee: Euro(fee),
            private: Some(PrivateEmail(email("p@q"))),
            tags: Tags(Json(vec!["x".into()])),
            ..Default::default()
        });
    }
    session.commit().await?;
    assert_eq!(Team::find(team.id, &engine).await?, Some(team.clone()));
    let third = session.get::<Member>(MemberId(3)).await?.unwrap();
    assert_eq!((session[third].fee, session[third].team_id), (Euro(dec!(100.25)), Some(team.id)));
    session[third].team_id = None;
    session.commit().await?;
    let count = |condition| Member::select().filter(condition).count(&engine);
    assert_eq!(count(Member::fee.gt(Euro(dec!(9.50)))).await?, 2);
    assert_eq!(count(Member::id.is_in([MemberId(1), MemberId(9)])).await?, 1);
    assert_eq!(count(Member::team_id.is_null()).await?, 3);
    let (all, dearest) = select((sum(Member::fee), max(Member::fee))).one(&engine).await?;
    assert_eq!((all, dearest), (Some(dec!(119.75)), Some(Euro(dec!(100.25)))));
    assert_eq!(select(min(Member::contact)).one(&engine).await?, Some(email("a@b")));
    assert_eq!(count(Member::contact.like("%@b")).await?, 3);
    assert_eq!(count(Member::private.like("p%")).await?, 3);
    assert_eq!(count(Member::private.eq(PrivateEmail(email("p@q")))).await?, 3);
    let fees = Member::select().order_by(Member::fee).all(&engine).await?;
    assert_eq!(fees.iter().map(|row| row.fee.0).collect::<Vec<_>>(), [dec!(9.5), dec!(10), dec!(100.25)]);
    assert_eq!(fees[0].tags.0.as_slice(), ["x"]);
    Ok(())
}

#[creole::test]
async fn what_a_newtype_refuses_is_an_error_when_it_is_read(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Team]).await?;
    insert(&Team { contact: email("canary"), ..Default::default() }).exec(&engine).await?;
    let error = Team::select().one(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Decode, Some("teams")), "{error}");
    assert_eq!(error.columns().collect::<Vec<_>>(), ["contact"]);
    assert!(error.to_string().contains("Email") && !error.to_string().contains("canary"), "{error}");
    // The sizes of the column hold for the newtype too.
    let long = Team { contact: email(&"@".repeat(21)), ..Default::default() };
    let error = insert(&long).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.columns().next()), (ErrorKind::InvalidValue, Some("contact")), "{error}");
    healthy(&engine).await;
    Ok(())
}
