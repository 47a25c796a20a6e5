//! Raw SQL and structs read by name: one text on every backend.

use creole::prelude::*;
use creole::query::Raw;
use creole::types::SqlValue;

use crate::health::healthy;
use crate::models::{Order, Product, User, product, user};

/// Three users, two of them with orders.
async fn shop(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order, Product]).await?;
    for (email, nickname) in [("ada", Some("Countess")), ("bob", None), ("eve", Some("it's"))] {
        insert(&User { nickname: nickname.map(String::from), ..user(email) }).exec(engine).await?;
    }
    for (user_id, total) in [(1, dec!(10)), (1, dec!(99.5)), (2, dec!(10))] {
        insert(&Order { user_id, total, ..Default::default() }).exec(engine).await?;
    }
    Ok(())
}

#[derive(FromRow, Debug, Clone, PartialEq)]
struct Summary {
    email: String,
    #[from_row(rename = "total")]
    spent: Option<Decimal>,
    orders: i64,
}

#[creole::test]
async fn rows_become_models_tuples_scalars_and_structs(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let (email, ids) = ("ada", vec![1_i64, 2, 3]);
    let users = sql!("select {User::ALL} from {table::<User>()} where email = {email} and id in ({..&ids})")
        .models::<User>()
        .all(&engine)
        .await?;
    assert_eq!(users, User::select().filter(User::id.eq(1)).all(&engine).await?);
    // By name: the order and what is beside them do not matter.
    let users =
        sql!("select nickname, 1 as one, email, id from users order by id").models::<User>().all(&engine).await?;
    assert_eq!(users, User::select().order_by(User::id).all(&engine).await?);

    let pairs = sql!("select id, nickname from users order by id").rows::<(i64, Option<String>)>().all(&engine).await?;
    assert_eq!(pairs, [(1, Some("Countess".into())), (2, None), (3, Some("it's".into()))]);
    let emails = sql!("select email from users where id > {1} order by id").scalars::<String>();
    assert_eq!(emails.clone().all(&engine).await?, ["bob", "eve"]);
    assert_eq!(emails.clone().first(&engine).await?.as_deref(), Some("bob"));
    assert_eq!(emails.clone().one(&engine).await.unwrap_err().kind(), ErrorKind::MultipleFound);
    let none = sql!("select email from users where id = {0}").scalars::<String>();
    assert_eq!(none.clone().optional(&engine).await?, None);
    assert_eq!(none.one(&engine).await.unwrap_err().kind(), ErrorKind::NotFound);
    let second = sql!("select email from users order by id limit {1} offset {1_u64}").scalars::<String>();
    assert_eq!(second.all(&engine).await?, ["bob"]);
    let mut stream = emails.stream(&engine);
    assert_eq!(stream.try_next().await?.as_deref(), Some("bob"));
    assert_eq!(stream.try_next().await?.as_deref(), Some("eve"));
    assert_eq!(stream.try_next().await?, None);
    drop(stream);

    // An unquoted TOTAL is called total on PostgreSQL, and is found on all.
    let summaries = sql!(
        "select email, count({Order::id}) as orders, {sum(Order::total)} as TOTAL
         from {table::<User>()} left join {table::<Order>()} on {Order::user_id} = {User::id} group by email order by email"
    );
    assert_eq!(summaries.read_as::<Summary>().all(&engine).await?, expected());
    Ok(())
}

fn expected() -> [Summary; 3] {
    let row = |email: &str, spent, orders| Summary { email: email.into(), spent, orders };
    [row("ada", Some(dec!(109.5)), 2), row("bob", Some(dec!(10)), 1), row("eve", None, 0)]
}

#[creole::test]
async fn labels_name_what_a_struct_reads(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let orders = count(Order::id).label("orders");
    let query = select((orders, sum(Order::total).label("total"), User::email))
        .from(table::<User>())
        .left_join(table::<Order>())
        .group_by(User::email)
        .read_as::<Summary>()
        .order_by(User::email);
    assert_eq!(query.clone().all(&engine).await?, expected());
    assert_eq!(query.clone().count(&engine).await?, 3);
    assert_eq!(query.clone().first(&engine).await?.as_ref(), expected().first());
    let mut stream = query.stream(&engine);
    for row in expected() {
        assert_eq!(stream.try_next().await?, Some(row));
    }
    drop(stream);

    // A label that is a column's name is not taken for the column.
    #[derive(FromRow, Debug, PartialEq)]
    struct Short {
        email: i64,
    }
    let short = select((User::email.length().label("email"),)).order_by(User::email.desc()).read_as::<Short>();
    assert_eq!(short.all(&engine).await?, [Short { email: 3 }, Short { email: 3 }, Short { email: 3 }]);
    let labelled = select((User::id, User::email.eq("bob").label("id"))).order_by(User::id).all(&engine).await?;
    assert_eq!(labelled, [(1, false), (2, true), (3, false)]);

    let error =
        select((User::id, User::email)).read_as::<Short>().filter(User::id.eq(1)).all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let error = select((User::id, User::nickname)).read_as::<Short>().all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    assert!(error.to_string().contains("no column is called email"), "{error}");
    let twice = select((User::email, User::nickname.label("email"))).read_as::<Short>().all(&engine).await.unwrap_err();
    assert!(twice.to_string().contains("several columns are called email"), "{twice}");
    Ok(())
}

#[creole::test]
async fn what_does_not_fit_is_an_error_that_names_it(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let decode = |error: creole::Error, words: &str| {
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    };
    let missing = sql!("select id, email from users").models::<User>().all(&engine).await.unwrap_err();
    assert!(missing.columns().eq(["nickname"]));
    decode(missing, "no column is called nickname");
    let twice = sql!("select id, id, email, nickname from users").models::<User>().all(&engine).await.unwrap_err();
    decode(twice, "several columns are called id");
    let more = sql!("select id, email from users").scalars::<i64>().all(&engine).await.unwrap_err();
    decode(more, "2 columns");
    let fewer = sql!("select id from users").rows::<(i64, String)>().all(&engine).await.unwrap_err();
    decode(fewer, "1 columns");
    let text = sql!("select email from users").scalars::<i64>().all(&engine).await.unwrap_err();
    assert!(text.columns().eq(["email"]));
    decode(text, "text");
    let null = sql!("select nickname from users order by id").scalars::<String>().all(&engine).await.unwrap_err();
    decode(null, "NULL");
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn statements_run_for_their_effect(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let (name, none) = (String::from("Bobby"), None::<String>);
    assert_eq!(sql!("update users set nickname = {name} where id = {2}").exec(&engine).await?, 1);
    assert_eq!(sql!("update users set nickname = {none} where id >= {1}").exec(&engine).await?, 3);
    assert_eq!(sql!("insert into users (email, nickname) values ({\"zoe\"}, {&name})").exec(&engine).await?, 1);
    assert_eq!(sql!("delete from orders where user_id = {1}").exec(&engine).await?, 2);
    let mut session = engine.session();
    assert_eq!(sql!("delete from users where email = {\"zoe\"}").exec(&mut session).await?, 1);
    assert_eq!(sql!("select count(*) from users").scalars::<i64>().one(&mut session).await?, 3);
    session.rollback().await?;
    assert_eq!(sql!("select count(*) from users").scalars::<i64>().one(&engine).await?, 4);
    let error = sql!("insert into users (email) values ({\"ada\"})").exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation);
    // What begins with WITH and writes is not sent to where only reading is allowed.
    if engine.dialect().name() == "sqlite" || engine.dialect().name() == "postgres" {
        let moved =
            sql!("with a as (select 2 as id) delete from orders where user_id in (select id from a) returning id");
        assert_eq!(moved.scalars::<i64>().all(&engine).await?, [3]);
    }
    Ok(())
}

#[creole::test]
async fn lists_may_be_empty_or_long(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let count = async |raw: Raw| raw.scalars::<i64>().one(&engine).await;
    let none: Vec<i64> = Vec::new();
    assert_eq!(count(sql!("select count(*) from users where id in ({..&none})")).await?, 0);
    assert_eq!(count(sql!("select count(*) from users where id not in ({..&none})")).await?, 3);
    assert_eq!(count(sql!("select count(*) from users where {User::email} in ({..Vec::<String>::new()})")).await?, 0);
    assert_eq!(count(sql!("select count(*) from users where id = coalesce({..&none}, 1)")).await?, 1);
    for length in [1_i64, 2, 8, 9, 100, 1000] {
        let expected = length.min(3);
        assert_eq!(count(sql!("select count(*) from users where id in ({..1..=length})")).await?, expected);
        assert_eq!(count(sql!("select count(*) from users where id not in ({..1..=length})")).await?, 3 - expected);
    }
    assert_eq!(count(sql!("select count(*) from users where email in ({..[\"ada\", \"eve\"]})")).await?, 2);
    Ok(())
}

#[creole::test]
async fn fragments_stand_in_the_builder(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let part = "%b";
    let found = select(User::email)
        .filter(sql!("{User::email} like {part} or {User::id} = {3}").expr::<bool>())
        .filter(User::id.lt(100))
        .order_by(sql!("{User::id} * -1").expr::<i64>())
        .all(&engine)
        .await?;
    assert_eq!(found, ["eve", "bob"]);
    let with_orders =
        sql!("exists (select 1 from {table::<Order>()} where {Order::user_id} = {User::id})").expr::<bool>();
    assert_eq!(User::select().filter(with_orders.clone()).count(&engine).await?, 2);
    assert_eq!(User::select().filter(!with_orders).count(&engine).await?, 1);
    let query = select(User::id).filter(User::email.ne("bob")).order_by(User::id);
    let ids = sql!("select u.c from (select id as c from users where id in ({query})) as u order by 1");
    assert_eq!(ids.scalars::<i64>().all(&engine).await?, [1, 3]);
    let computed =
        select((User::id, sql!("{User::id} + {10_i64}").expr::<i64>())).order_by(User::id).all(&engine).await?;
    assert_eq!(computed, [(1, 11), (2, 12), (3, 13)]);
    // The number of rows of a raw aggregate is one.
    let counted = select(sql!("count(*)").expr::<i64>()).from(table::<User>());
    assert_eq!(counted.clone().count(&engine).await?, 1);
    assert_eq!(counted.one(&engine).await?, 3);
    Ok(())
}

#[creole::test]
async fn several_statements_in_one_text_are_an_error(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    for raw in [
        sql!("delete from orders; delete from users"),
        sql!("delete from orders where id = {1}; delete from users"),
        sql!("select 1; delete from orders"),
    ] {
        let error = raw.clone().exec(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error:?}");
        let error = raw.scalars::<i64>().all(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error:?}");
    }
    assert_eq!(Order::select().count(&engine).await?, 3);
    // One statement with a semicolon after it is one statement.
    assert_eq!(sql!("select count(*) from orders;").scalars::<i64>().one(&engine).await?, 3);
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn transactions_are_not_controlled_by_text(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let mut session = engine.session();
    assert_eq!(sql!("delete from orders").exec(&mut session).await?, 3);
    for raw in [sql!("COMMIT"), sql!("/*!COMMIT*/"), sql!("; commit"), sql!("-- x\nROLLBACK"), sql!("savepoint a")] {
        assert_eq!(raw.clone().exec(&mut session).await.unwrap_err().kind(), ErrorKind::Unsupported);
        assert_eq!(raw.scalars::<i64>().all(&engine).await.unwrap_err().kind(), ErrorKind::Unsupported);
    }
    session.rollback().await?;
    assert_eq!(Order::select().count(&engine).await?, 3);
    Ok(())
}

/// Values of every kind come back as they were, and none of them is read as SQL.
#[creole::test]
async fn every_value_is_bound(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let hostile = [
        "' or '1'='1",
        "'; drop table users; --",
        "\" or 1=1 --",
        "`; drop table users; --",
        "\\' or 1=1 #",
        "*/ or 1=1 /*",
        "$1 ?1 ? :a {x} {{",
        "%_\\",
        "\u{2019}\u{ff07}",
        "",
    ];
    for text in hostile {
        let found = sql!("select email from users where email = {text}").scalars::<String>().all(&engine).await?;
        assert!(found.is_empty(), "{text}");
        let found = sql!("select id from users where email in ({..[text, text]}) or nickname = {Some(text)}");
        assert!(found.scalars::<i64>().all(&engine).await?.is_empty(), "{text}");
        assert_eq!(sql!("update users set nickname = {text} where id = {1}").exec(&engine).await?, 1);
        let kept = sql!("select nickname from users where nickname = {text}").scalars::<Option<String>>();
        assert_eq!(kept.one(&engine).await?.as_deref(), Some(text));
    }
    assert_eq!(User::select().count(&engine).await?, 3);

    let row = product("it's", "a\"b", dec!(12.30));
    insert(&row).exec(&engine).await?;
    let row = Product::select().one(&engine).await?;
    let found = sql!(
        "select {Product::ALL} from {table::<Product>()} where {Product::id} = {row.id} and {Product::price} = {row.price}
         and {Product::in_stock} = {row.in_stock} and {Product::created_at} = {row.created_at}
         and {Product::name} = {row.name}"
    );
    assert_eq!(found.models::<Product>().one(&engine).await?, row);
    Ok(())
}

#[creole::test]
async fn errors_show_no_value(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let secret = "canary0123456789";
    let long = vec![secret; 3];
    for error in [
        sql!("select nothing from nowhere where a = {secret}").exec(&engine).await.unwrap_err(),
        sql!("select from where = {secret}").exec(&engine).await.unwrap_err(),
        sql!("select {secret} in ({..&long}").exec(&engine).await.unwrap_err(),
        sql!("select {secret} as a").scalars::<i64>().all(&engine).await.unwrap_err(),
        sql!("select {secret} as a").models::<User>().all(&engine).await.unwrap_err(),
        sql!("update orders set user_id = 77, total = {dec!(5)} where {secret} <> 'x'")
            .exec(&engine)
            .await
            .unwrap_err(),
        sql!("insert into users (email, nickname) values ('ada', {secret})").exec(&engine).await.unwrap_err(),
        sql!("commit {secret}").exec(&engine).await.unwrap_err(),
        sql!("select {format!(\"{secret}\\0\")}, {f64::NAN} from nowhere").exec(&engine).await.unwrap_err(),
    ] {
        for text in [error.to_string(), format!("{error:?} {error:#?}")] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    let raw = sql!("select {secret}, {..&long}");
    for text in [format!("{raw:?} {raw:#?}"), format!("{:?}", raw.clone().scalars::<i64>())] {
        assert!(!text.contains(secret), "{text}");
    }
    assert_eq!(<String as SqlValue>::from_value(secret.to_owned().bind())?, secret);
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn an_empty_list_is_one_behind_comments_too(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    let none: Vec<i64> = Vec::new();
    for (text, rows) in [
        (sql!("select email from users where id not in ( -- those that are done\n {..&none})"), 1),
        (sql!("select email from users where id not in /* done */ ({..&none})"), 1),
        (sql!("select email from users where id not in ({..&none} /* done */)"), 1),
        (sql!("select email from users where id in ( /* done */ {..&none} -- all\n)"), 0),
    ] {
        assert_eq!(text.clone().scalars::<String>().all(&engine).await?.len(), rows, "{text:?}");
    }
    // Beside another value it would be NULL, and nothing would be not in the list.
    for text in [
        sql!("select email from users where id not in (0, {..&none})"),
        sql!("select email from users where id not in ({..&none}, 0)"),
    ] {
        let error = text.scalars::<String>().all(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax);
        assert!(error.to_string().contains("put them all into one list"), "{error}");
    }
    let some = vec![7_i64];
    let text = sql!("select email from users where id not in (0, {..&some})");
    assert_eq!(text.scalars::<String>().all(&engine).await?, ["ada"]);
    Ok(())
}
