//! Lists of any length, wherever a list may stand.

use creole::prelude::*;

use crate::models::{Order, Stock, User};

/// Fewer than are sent one by one, more, and more than any database has parameters.
const LENGTHS: [i64; 3] = [10, 1_000, 100_000];

/// Users 1 to 6 with the orders 1 to 6, and one without any.
async fn fill(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order, Stock]).await?;
    let user =
        |id: i64| User { id, email: format!("user {id}"), nickname: (id % 3 != 0).then(|| format!("nick {}", id % 2)) };
    insert_all(&(1..=7).map(user).collect::<Vec<_>>()).exec(engine).await?;
    let order = |id: i64| Order { id, user_id: id, total: Decimal::from(id * 10) };
    insert_all(&(1..=6).map(order).collect::<Vec<_>>()).exec(engine).await?;
    Ok(())
}

/// The even numbers up to twice the length.
fn even(length: i64) -> Vec<i64> {
    (1..=length).map(|number| number * 2).collect()
}

fn emails(length: i64) -> Vec<String> {
    even(length).iter().map(|id| format!("user {id}")).collect()
}

#[creole::test]
async fn a_list_of_any_length_stands_wherever_a_list_may(engine: Engine) -> creole::Result<()> {
    fill(&engine).await?;
    for length in LENGTHS {
        let ids = even(length);
        let emails = emails(length);
        let found = |condition| select(User::id).filter(condition).order_by(User::id).all(&engine);
        assert_eq!(found(User::id.is_in(&ids)).await?, [2, 4, 6]);
        assert_eq!(found(User::id.not_in(&ids)).await?, [1, 3, 5, 7]);
        assert_eq!(found(User::email.is_in(&emails)).await?, [2, 4, 6]);
        assert_eq!(found(User::email.not_in(&emails)).await?, [1, 3, 5, 7]);
        assert_eq!(found(User::id.is_in(&ids).or(User::id.eq(1))).await?, [1, 2, 4, 6]);
        assert_eq!(found(not(User::id.is_in(&ids)).and(User::email.is_in(["user 1", "user 2"]))).await?, [1]);
        assert_eq!(found((User::id + 1).is_in(&ids)).await?, [1, 3, 5, 7]);
        assert_eq!(found(User::email.upper().is_in(emails.iter().map(|email| email.to_uppercase()))).await?, [2, 4, 6]);

        // NULL is in no list that does not name it, and outside of none.
        let nicks = || (0..length).map(|_| "nick 0".to_owned());
        assert_eq!(found(User::nickname.is_in(nicks())).await?, [2, 4]);
        assert_eq!(found(User::nickname.not_in(nicks())).await?, [1, 5, 7]);
        let named = || nicks().map(Some).chain([None]);
        assert_eq!(found(User::nickname.is_in(named())).await?, [2, 3, 4, 6]);
        assert_eq!(found(User::nickname.not_in(named())).await?, [1, 5, 7]);

        // As a value, where it may be unknown.
        let flags = select((User::id, User::nickname.is_in(nicks()).is_null(), User::id.is_in(&ids)));
        let flags = flags.filter(User::id.lt(4)).order_by(User::id).all(&engine).await?;
        assert_eq!(flags, [(1, false, false), (2, false, true), (3, true, false)]);

        let on = table::<Order>().on(Order::user_id.eq(User::id).and(Order::id.is_in(&ids)));
        let joined = select((User::id, Order::id.optional())).left_join(on).filter(User::id.is_in([1, 2, 3, 4]));
        let expected = [(1, None), (2, Some(2)), (3, None), (4, Some(4))];
        assert_eq!(joined.order_by(User::id).all(&engine).await?, expected);
        let grouped = select((User::nickname, count_rows())).group_by(User::nickname);
        let counts = grouped.having(count_rows().is_in(&ids)).order_by(User::nickname).all(&engine).await?;
        assert_eq!(counts, [(Some("nick 0".to_owned()), 2), (None, 2)]);
        let halves = (0..length).map(|number| Decimal::from(number * 20) + dec!(0.5));
        let computed = select(Order::id).filter((Order::total + dec!(0.50)).is_in(halves)).order_by(Order::id);
        assert_eq!(computed.all(&engine).await?, [2, 4, 6]);
        let of_some = select(sum(Order::total).filter(Order::id.is_in(&ids)));
        assert_eq!(of_some.one(&engine).await?, Some(dec!(120)));
        let sorted = select(User::id).order_by((User::id.is_in(&ids).desc(), User::id)).limit(4);
        assert_eq!(sorted.all(&engine).await?, [2, 4, 6, 1]);
        let parity = case(User::id.is_in(&ids), "even").otherwise("odd");
        let words = select(parity).filter(User::id.le(2)).order_by(User::id).all(&engine).await?;
        assert_eq!(words, ["even", "odd"].map(String::from).into_iter().rev().collect::<Vec<_>>());
    }
    Ok(())
}

#[creole::test]
async fn subqueries_have_lists_of_any_length(engine: Engine) -> creole::Result<()> {
    fill(&engine).await?;
    for length in LENGTHS {
        let ids = even(length);
        let within = select(Order::user_id).filter(Order::id.is_in(&ids));
        let found = select(User::id).filter(User::id.is_in(within).and(User::id.not_in([2])));
        assert_eq!(found.order_by(User::id).all(&engine).await?, [4, 6]);
        let with_order = exists(select(Order::id).filter(Order::user_id.eq(User::id).and(Order::id.not_in(&ids))));
        assert_eq!(select(User::id).filter(with_order).order_by(User::id).all(&engine).await?, [1, 3, 5]);
        let named = select((Order::user_id, Order::total)).filter(Order::id.is_in(&ids)).cte("some_orders");
        let rows = select((User::id, named.col(Order::total)))
            .join(named.on(named.col(Order::user_id).eq(User::id)))
            .with_cte(&named)
            .filter(named.col(Order::total).is_in((0..length).map(|number| Decimal::from(number * 40))));
        assert_eq!(rows.order_by(User::id).all(&engine).await?, [(4, dec!(40))]);
        let texts = select(User::email).filter(User::id.lt(4)).subquery("few");
        let few = select(texts.col(User::email)).from(&texts).filter(texts.col(User::email).is_in(emails(length)));
        assert_eq!(few.all(&engine).await?, ["user 2"]);
        let both = select(User::id).filter(User::id.is_in(&ids));
        let both = both.union(select(Order::id).filter(Order::id.not_in(&ids))).order_by(User::id);
        assert_eq!(both.all(&engine).await?, [1, 2, 3, 4, 5, 6]);
    }
    Ok(())
}

#[creole::test]
async fn lists_of_any_length_choose_rows_to_write(engine: Engine) -> creole::Result<()> {
    fill(&engine).await?;
    for length in LENGTHS {
        let ids = even(length);
        let touched = |condition| update::<Order>().set(Order::total, Order::total + 1).filter(condition).exec(&engine);
        assert_eq!(touched(Order::id.is_in(&ids)).await?, 3);
        assert_eq!(touched(Order::id.not_in(&ids)).await?, 3);
        assert_eq!(touched(Order::id.is_in(&ids).or(Order::id.eq(1))).await?, 4);
        let renamed = update::<User>().set(User::nickname, "same").filter(User::nickname.not_in(emails(length)));
        assert_eq!(renamed.exec(&engine).await?, 5);
        let by_user =
            update::<Order>().join(Order::user).set(Order::total, 5).filter(User::email.is_in(emails(length)));
        assert_eq!(by_user.exec(&engine).await?, 3);
        let back = update::<Order>().set(Order::total, 7).filter(Order::id.is_in(&ids)).returning();
        let mut back: Vec<i64> = back.all(&engine).await?.iter().map(|order| order.id).collect();
        back.sort_unstable();
        assert_eq!(back, [2, 4, 6]);

        let mut session = engine.session();
        let gone = delete::<Order>().filter(Order::user_id.is_in(&ids).and(Order::id.not_in([2]))).exec(&mut session);
        assert_eq!(gone.await?, 2);
        assert_eq!(select(Order::id).filter(Order::id.is_in(&ids)).all(&mut session).await?, [2]);
        let outside = delete::<Order>().filter(Order::id.not_in(&ids)).returning();
        assert_eq!(outside.all(&mut session).await?.len(), 3);
        session.rollback().await?;
        assert_eq!(Order::select().count(&engine).await?, 6);
    }
    Ok(())
}

#[creole::test]
async fn rows_stand_in_lists_of_any_length(engine: Engine) -> creole::Result<()> {
    fill(&engine).await?;
    let stock = |item: i32| Stock {
        warehouse: format!("w {}", item % 2),
        item,
        shelf: (item % 3 != 0).then_some(item),
        amount: item.into(),
    };
    insert_all(&(1..=6).map(stock).collect::<Vec<_>>()).exec(&engine).await?;
    for length in LENGTHS.map(|length| length as i32) {
        let found = |condition| select(Stock::item).filter(condition).order_by(Stock::item).all(&engine);
        let keys = || (1..=length).map(|item| ("w 0".to_owned(), item));
        assert_eq!(found((Stock::warehouse, Stock::item).is_in(keys())).await?, [2, 4, 6]);
        assert_eq!(found((Stock::warehouse, Stock::item).not_in(keys())).await?, [1, 3, 5]);
        // A row with a NULL in it is not known to stand in a list, nor outside of it, where the rest would do.
        let shelves = || (1..=length).map(|item| (item, i64::from(item)));
        assert_eq!(found((Stock::shelf, Stock::amount).is_in(shelves())).await?, [1, 2, 4, 5]);
        assert_eq!(found((Stock::shelf, Stock::amount).not_in(shelves())).await?, Vec::<i32>::new());
        assert_eq!(
            found((Stock::shelf, Stock::item).not_in((1..=length).map(|item| (item, -item)))).await?,
            [1, 2, 3, 4, 5, 6]
        );
        let touched = update::<Stock>().set(Stock::amount, Stock::amount + 0);
        assert_eq!(touched.filter((Stock::warehouse, Stock::item).is_in(keys())).exec(&engine).await?, 3);
        let gone =
            delete::<Stock>().filter((Stock::item, Stock::warehouse).is_in(keys().map(|(text, item)| (-item, text))));
        assert_eq!(gone.exec(&engine).await?, 0);
    }
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "logins")]
struct Login {
    #[model(primary_key, length = 40, case_insensitive)]
    name: String,
    #[model(length = 40)]
    exact: String,
}

#[creole::test]
async fn texts_of_long_lists_are_compared_as_their_column_says(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Login]).await?;
    let names = ["Ada", "bob", "Éva", "eva", "trail "];
    insert_all(&names.map(|name| Login { name: name.into(), exact: name.into() })).exec(&engine).await?;
    for length in LENGTHS {
        let list = || {
            let given = ["ADA", "éva", "trail", "\\u0041", "\"quoted\" \\ \n \u{1f600} \u{1}"].map(String::from);
            given.into_iter().chain((5..length).map(|number| format!("x {number}")))
        };
        let mut found = select(Login::exact).filter(Login::name.is_in(list())).all(&engine).await?;
        found.sort_unstable();
        assert_eq!(found, ["Ada", "Éva"]);
        assert_eq!(
            select(count_rows()).from(table::<Login>()).filter(Login::name.not_in(list())).one(&engine).await?,
            3
        );
        assert_eq!(Login::select().filter(Login::exact.is_in(list())).count(&engine).await?, 0);
        assert_eq!(Login::select().filter(Login::exact.not_in(list())).count(&engine).await?, 5);
        let pairs = || list().map(|name| (name, "Ada".to_owned()));
        assert_eq!(Login::select().filter((Login::name, Login::exact).is_in(pairs())).count(&engine).await?, 1);
    }
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "counters")]
struct Counter {
    #[model(primary_key)]
    id: i64,
    number: u64,
}

#[creole::test]
async fn numbers_beyond_those_with_a_sign_stand_in_long_lists(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Counter]).await?;
    let large = || (0..1_000).map(|number| u64::MAX - number * 2);
    if engine.dialect().name() == "sqlite" {
        let error = Counter::select().filter(Counter::number.is_in(large())).count(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
        return Ok(());
    }
    let rows = [(1, 0), (2, u64::MAX - 1), (3, u64::MAX), (4, i64::MAX as u64 + 1)];
    insert_all(&rows.map(|(id, number)| Counter { id, number })).exec(&engine).await?;
    let found = |condition| select(Counter::id).filter(condition).order_by(Counter::id).all(&engine);
    for _ in 0..2 {
        assert_eq!(found(Counter::number.is_in(large())).await?, [3]);
        assert_eq!(found(Counter::number.not_in(large())).await?, [1, 2, 4]);
        assert_eq!(found(Counter::number.is_in(0..1_000)).await?, [1]);
        assert_eq!(found((Counter::number, Counter::id).is_in(large().map(|number| (number, 3)))).await?, [3]);
        assert_eq!(found((Counter::id, Counter::number).is_in((0..1_000).map(|number| (1, number)))).await?, [1]);
    }
    Ok(())
}

#[creole::test]
async fn what_no_database_keeps_is_refused_in_a_long_list_too(engine: Engine) -> creole::Result<()> {
    fill(&engine).await?;
    for length in LENGTHS {
        let list = emails(length).into_iter().chain(["nul \0".to_owned()]);
        let error = User::select().filter(User::email.is_in(list)).count(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
        assert!(!error.to_string().contains("nul \0"));
    }
    Ok(())
}

#[creole::test]
async fn entities_are_loaded_and_deleted_by_any_number_of_keys(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let users: Vec<User> =
        (0..5_000).map(|number| User { email: format!("user {number}"), ..Default::default() }).collect();
    let users = insert_all(&users).returning().all(&engine).await?;
    assert_eq!(users.len(), 5_000);
    assert_eq!(delete_all(&users).exec(&engine).await?, 5_000);
    assert_eq!(User::select().count(&engine).await?, 0);
    Ok(())
}
