//! Values and statements that are larger than what a server takes at once.

use creole::prelude::*;

#[derive(Model)]
#[model(table = "blobs")]
struct Blob {
    #[model(primary_key)]
    id: i64,
    b: Vec<u8>,
}

#[creole::test]
async fn a_flush_is_cut_by_size(engine: Engine) -> creole::Result<()> {
    engine.create_table::<Blob>().await?;
    let mut session = engine.session();
    for id in 0..20 {
        session.add(Blob { id, b: vec![1; 4 << 20] });
    }
    session.commit().await?;
    assert_eq!(Blob::select().count(&engine).await?, 20);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "letters", default)]
struct Letter {
    #[model(primary_key, auto)]
    id: i64,
    subject: String,
    body: String,
}

/// More than the largest packet of the servers that have such a limit; the others take it.
#[creole::test]
async fn a_value_above_the_packet_limit_is_refused_before_it_is_sent(engine: Engine) -> creole::Result<()> {
    let limit = match engine.dialect().name() {
        "mysql" | "mariadb" => {
            sql!("select cast(@@max_allowed_packet as signed)").scalars::<i64>().one(&engine).await?
        }
        _ => return Ok(()),
    };
    engine.create_table::<Letter>().await?;
    let body = "x".repeat(usize::try_from(limit).unwrap());
    let letter = |body: &str| Letter { id: 0, subject: "s".into(), body: body.to_owned() };
    let told = |result: creole::Result<()>| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
        assert!(error.to_string().contains(&limit.to_string()), "{error}");
        (error.table().map(str::to_owned), error.columns().collect::<Vec<_>>().join(","), error.row())
    };
    let named = |row| (Some("letters".to_owned()), "body".to_owned(), row);

    let mut session = engine.session();
    assert_eq!(told(insert(&letter(&body)).exec(&mut session).await.map(|_| ())), named(None));
    let rows = [letter("a"), letter("b"), letter(&body), letter("c")];
    assert_eq!(told(insert_all(&rows).exec(&mut session).await.map(|_| ())), named(Some(2)));
    assert_eq!(told(insert_all(&rows).returning().all(&mut session).await.map(|_| ())), named(Some(2)));
    let change = update::<Letter>().set(Letter::body, body.as_str()).all_rows();
    assert_eq!(told(change.exec(&mut session).await.map(|_| ())).0.as_deref(), Some("letters"));
    let found = Letter::select().filter(Letter::body.eq(body.as_str())).all(&mut session).await;
    told(found.map(|_| ()));
    told(sql!("select {body}").scalars::<String>().one(&mut session).await.map(|_| ()));
    // The connection is as good as new, and so is the transaction.
    insert(&letter("kept")).exec(&mut session).await?;
    session.commit().await?;

    let mut session = engine.session();
    session.add(letter("a"));
    session.add(letter(&body));
    assert_eq!(told(session.commit().await), named(None));
    session.rollback().await?;
    let kept = Letter::select().track(&mut session).await?;
    session[kept[0]].body = body;
    assert_eq!(told(session.commit().await), named(None));
    session.rollback().await?;
    assert_eq!(session[kept[0]].body, "kept");
    Ok(())
}
