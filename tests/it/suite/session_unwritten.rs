//! What a session says of what it has not written.

use creole::prelude::*;
use creole::types::ValueRef;

use crate::models::{Order, User, user};

async fn three(engine: &Engine, session: &mut Session) -> creole::Result<Vec<Tracked<User>>> {
    engine.create_all(tables![User, Order]).await?;
    insert_all(&["ada", "bob", "cleo"].map(user)).exec(engine).await?;
    User::select().order_by(User::id).track(session).await
}

#[creole::test]
async fn entities_are_listed_by_what_is_to_be_done(engine: Engine) -> creole::Result<()> {
    let mut session = engine.session();
    let users = three(&engine, &mut session).await?;
    let new = session.add_all(["dora", "eve"].map(user));
    let order = session.add(Order { user_id: session[users[0]].id, ..Default::default() });
    session[users[1]].nickname = Some("Bobby".into());
    session[users[0]].email.push_str(""); // Written to, and as it was.
    session.delete(users[2]);
    assert_eq!(session.pending::<User>(), new);
    assert_eq!(session.pending::<Order>(), [order]);
    assert_eq!(session.dirty::<User>(), [users[1]]);
    assert_eq!(session.deleted::<User>(), [users[2]]);
    assert_eq!((session.dirty::<Order>(), session.deleted::<Order>()), (vec![], vec![]));

    // Added and deleted is nothing; so is set back.
    session.delete(new[1]);
    session[users[1]].nickname = None;
    assert_eq!((session.pending::<User>(), session.dirty::<User>()), (vec![new[0]], vec![]));
    session.flush().await?;
    assert_eq!((session.pending::<User>(), session.deleted::<User>()), (vec![], vec![]));

    // What is undone is as it was.
    session.rollback().await?;
    assert_eq!((session.pending::<User>(), session.dirty::<User>()), (vec![], vec![]));
    assert_eq!(session[users[2]].email, "cleo");
    Ok(())
}

#[creole::test]
async fn changes_have_both_values(engine: Engine) -> creole::Result<()> {
    let mut session = engine.session();
    let users = three(&engine, &mut session).await?;
    let ada = users[0];
    assert!(!session.is_modified(ada) && session.changes(ada).is_empty());
    session[ada].nickname = Some("Countess".into());
    session[ada].email = "ada@example.org".into();
    let changes = session.changes(ada);
    let told: Vec<_> = changes.iter().map(|change| (change.column, change.old.as_ref(), change.new.as_ref())).collect();
    let expected = [
        ("email", ValueRef::Text("ada"), ValueRef::Text("ada@example.org")),
        ("nickname", ValueRef::Null, ValueRef::Text("Countess")),
    ];
    assert_eq!(told, expected);
    let shown = format!("{changes:?}");
    assert!(shown.contains("nickname") && !shown.contains("Countess") && !shown.contains("example"), "{shown}");
    session.flush().await?;
    assert!(!session.is_modified(ada) && session.changes(ada).is_empty());

    // One that is pending has no row that it differs from.
    let new = session.add(user("new"));
    assert!(!session.is_modified(new) && session.changes(new).is_empty());
    // A savepoint compares with what the row is within it.
    session
        .savepoint(async |session| {
            session[ada].nickname = None;
            assert_eq!(session.changes(ada)[0].old.as_ref(), ValueRef::Text("Countess"));
            Ok(())
        })
        .await?;
    session.commit().await?;
    assert!(!session.is_modified(ada));
    Ok(())
}

#[creole::test]
async fn a_document_is_a_change_once(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone)]
    #[model(table = "profiles")]
    struct Profile {
        #[model(primary_key)]
        id: i64,
        settings: Json<Vec<String>>,
    }
    engine.create_all(tables![Profile]).await?;
    insert(&Profile { id: 1, settings: Json(vec!["dark".into()]) }).exec(&engine).await?;
    let mut session = engine.session();
    let profile = session.get_one::<Profile>(1).await?;
    session[profile].settings.0.push("wide".into());
    let changes = session.changes(profile);
    assert_eq!(changes[0].old, creole::types::Value::Json(Box::new(json!(["dark"]))));
    assert_eq!(changes[0].new, creole::types::Value::Json(Box::new(json!(["dark", "wide"]))));
    session[profile].settings.0.pop();
    assert!(!session.is_modified(profile));
    Ok(())
}
