//! What is refused before it is sent, because it would be read wrongly, and what errors of reading name.

use creole::prelude::*;
use creole::query::{Select, func, row_number, val, window};

use super::queries::shop;
use crate::models::{Node, Order, User};

async fn refusal<R: Send + 'static>(engine: &Engine, query: Select<R>) -> String {
    let error = query.all(engine).await.map(|rows| rows.len()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    error.to_string()
}

#[creole::test]
async fn what_an_outer_join_leaves_out_is_optional(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let orders = "may leave orders without a row";
    let users = "may leave users without a row";
    let pairs = select((User::ALL, Order::ALL)).left_join(User::orders);
    assert!(refusal(&engine, pairs.clone()).await.contains(orders));
    assert!(pairs.count(&engine).await.unwrap_err().to_string().contains(orders));
    let column = select((User::id, Order::total)).left_join(User::orders);
    assert!(refusal(&engine, column).await.contains(orders));
    let labelled = select((User::id, Order::total.label("total"))).left_join(User::orders);
    assert!(refusal(&engine, labelled).await.contains(orders));
    let right = select((User::ALL, Order::id)).right_join(User::orders);
    assert!(refusal(&engine, right).await.contains(users));
    assert!(refusal(&engine, User::select().right_join(User::orders)).await.contains(users));
    let o = alias::<Order>("o");
    let aliased = select((User::id, o.all())).left_join(o.on(o.col(Order::user_id).eq(User::id)));
    assert!(refusal(&engine, aliased).await.contains("may leave o without a row"));
    let totals = select((Order::user_id, sum(Order::total))).group_by(Order::user_id).subquery("totals");
    let on = || totals.on(totals.col(Order::user_id).eq(User::id));
    let derived = select((User::id, totals.col(Order::user_id))).left_join(on());
    assert!(refusal(&engine, derived).await.contains("may leave totals without a row"));
    let inner = select((User::id, Order::total)).left_join(User::orders).subquery("inner");
    assert!(refusal(&engine, select(inner.col(User::id)).from(&inner)).await.contains(orders));
    // The same, said.
    let optional = select((User::id, Order::ALL.optional(), Order::total.optional())).left_join(User::orders);
    assert_eq!(optional.count(&engine).await?, 5);
    assert_eq!(select((User::id, totals.col(Order::user_id).optional())).left_join(on()).count(&engine).await?, 3);
    assert_eq!(
        select((User::id, sum(Order::total))).left_join(User::orders).group_by(User::id).count(&engine).await?,
        3
    );
    assert_eq!(User::select().left_join(User::orders).filter(Order::id.is_null()).all(&engine).await?.len(), 1);
    assert_eq!(
        select((User::id, coalesce(Order::total.optional(), 0))).left_join(User::orders).count(&engine).await?,
        5
    );
    Ok(())
}

#[creole::test]
async fn conditions_on_groups_and_windows_stand_elsewhere(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let in_filter = refusal(&engine, User::select().filter(count(User::id).gt(1))).await;
    assert!(in_filter.contains("can't stand in `filter`") && in_filter.contains("`having`"), "{in_filter}");
    let in_join = select(User::id).join(table::<Order>().on(max(Order::user_id).eq(User::id)));
    assert!(refusal(&engine, in_join).await.contains("the condition of a join"));
    let number = || row_number().over(window().order_by(User::id));
    assert!(refusal(&engine, User::select().filter(number().eq(1))).await.contains("a window function"));
    let grouped = select(User::id).group_by(User::id);
    assert!(refusal(&engine, grouped.clone().having(number().eq(1))).await.contains("`having`"));
    assert_eq!(grouped.having(count(User::id).ge(1)).count(&engine).await?, 3);
    let inner = select(max(Order::user_id));
    assert_eq!(User::select().filter(User::id.eq(inner)).count(&engine).await?, 1);
    let error = update::<Order>().set(Order::total, 1).filter(count_rows().gt(1)).exec(&engine).await.unwrap_err();
    assert!(error.to_string().contains("can't stand in `filter`"), "{error}");
    let error = delete::<Order>().filter(number().gt(1)).exec(&engine).await.unwrap_err();
    assert!(error.to_string().contains("a window function"), "{error}");
    Ok(())
}

#[creole::test]
async fn a_relation_is_joined_from_its_own_side(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    engine.create_all(tables![Node]).await?;
    let wrong = refusal(&engine, User::select().join(Order::user)).await;
    let expected = "`Order::user` leads from orders to users, and orders is not in the statement: join `User::orders`";
    assert!(wrong.contains(expected), "{wrong}");
    let wrong = refusal(&engine, Order::select().join(User::orders)).await;
    assert!(wrong.contains("`User::orders` leads from users to orders"), "{wrong}");
    assert!(wrong.ends_with("join `Order::user`"), "{wrong}");
    assert_eq!(User::select().join(User::orders).count(&engine).await?, 4);
    let itself = refusal(&engine, Node::select().join(Node::parent)).await;
    assert!(itself.contains("two sources of the statement are called nodes"), "{itself}");
    Ok(())
}

#[creole::test]
async fn what_can_t_be_read_is_named_with_its_own_table(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "orders")]
    struct Small {
        #[model(primary_key)]
        id: i64,
        user_id: i8,
        total: Decimal,
    }
    shop(&engine).await?;
    let rows = || Small::select().filter(Small::id.eq(1));
    update::<Order>().set(Order::id, 300).filter(Order::id.eq(4)).exec(&engine).await?;
    let small = alias::<Small>("small");
    drop(rows());
    let on = || small.on(small.col(Small::id).eq(300_i64));
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "orders")]
    struct Tiny {
        #[model(primary_key)]
        id: i8,
        user_id: i64,
    }
    let tiny = alias::<Tiny>("tiny");
    let on_tiny = tiny.on(tiny.col(Tiny::user_id).eq(2_i64));
    let read = select((User::ALL, tiny.all())).join(on_tiny).filter(User::id.eq(1)).all(&engine).await;
    let error = read.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
    assert_eq!((error.table(), error.columns().next()), (Some("orders"), Some("id")), "{error}");
    let fine = select((User::id, small.col(Small::total))).join(on()).filter(User::id.eq(1)).one(&engine).await?;
    assert_eq!(fine, (1, dec!(10)));
    Ok(())
}

#[creole::test]
async fn what_is_computed_from_several_tables_is_of_none(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "orders")]
    struct Tiny {
        #[model(primary_key)]
        id: i8,
        user_id: i64,
    }
    shop(&engine).await?;
    update::<Order>().set(Order::id, 300).filter(Order::id.eq(4)).exec(&engine).await?;
    let tiny = alias::<Tiny>("tiny");
    let by = || tiny.on(tiny.col(Tiny::user_id).eq(2_i64));
    fn named<R>(read: creole::Result<R>) -> (Option<String>, Vec<String>, String) {
        let Err(error) = read else { panic!("it was read") };
        assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
        (error.table().map(str::to_owned), error.columns().map(str::to_owned).collect(), error.to_string())
    }

    // A column by an alias is the model's, whatever stands before it, in a stream too.
    let aliased = || select((User::ALL, tiny.col(Tiny::id))).join(by());
    let (table, columns, _) = named(aliased().all(&engine).await);
    assert_eq!((table.as_deref(), columns), (Some("orders"), vec!["id".to_owned()]));
    let (table, columns, _) = named(aliased().stream(&engine).try_next().await);
    assert_eq!((table.as_deref(), columns), (Some("orders"), vec!["id".to_owned()]));
    let mut session = engine.session();
    let (table, columns, _) = named(aliased().all(&mut session).await);
    assert_eq!((table.as_deref(), columns), (Some("orders"), vec!["id".to_owned()]));
    session.rollback().await?;

    // What is computed has the name that the program gave it, or its number.
    let wrong = || sql!("'a'").expr::<i64>();
    let (table, columns, text) = named(select((User::ALL, wrong())).join(by()).all(&engine).await);
    let number = User::table().columns.len() + 1;
    assert_eq!((table, columns), (None, vec![]), "{text}");
    assert!(text.contains(&format!("in column {number} of the result")), "{text}");
    let (table, columns, text) = named(select((tiny.col(Tiny::user_id), wrong().label("wrong"))).all(&engine).await);
    assert_eq!((table.as_deref(), columns), (Some("orders"), vec!["wrong".to_owned()]), "{text}");
    let inner = select((User::id, wrong().label("wrong"))).subquery("inner");
    let (table, columns, text) = named(select(inner.col(wrong())).from(&inner).all(&engine).await);
    assert_eq!((table, columns), (None, vec![]), "{text}");
    let both = select((User::id, wrong())).union_all(select((User::id, wrong())));
    assert_eq!(named(both.all(&engine).await).0, None);
    Ok(())
}

#[creole::test]
async fn texts_are_values_as_they_are(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let same = select(User::id).filter(User::email.eq(val("ada"))).all(&engine).await?;
    assert_eq!(same, [1]);
    let replaced = select(func::<String>("replace", (User::email, "a", "o"))).order_by(User::id).all(&engine).await?;
    assert_eq!(replaced, ["odo", "bob", "eve"]);
    Ok(())
}
