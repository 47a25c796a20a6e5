//! Rows of the program's own as a source of rows.

use creole::prelude::*;
use creole::query::{greatest, values};
use creole::types::SqlValue;

use crate::models::{Order, User, product, user};

async fn shop(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order]).await?;
    for email in ["ada", "bob", "eve"] {
        insert(&user(email)).exec(engine).await?;
    }
    for (user_id, total) in [(1, dec!(10)), (1, dec!(99.5)), (2, dec!(10.00))] {
        insert(&Order { user_id, total, ..Default::default() }).exec(engine).await?;
    }
    Ok(())
}

#[creole::test]
async fn rows_of_the_program_are_selected_and_joined(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let rates = values("rates", [(1_i64, "half", dec!(0.5)), (2, "a third", dec!(0.33)), (9, "nobody's", dec!(0))]);
    let (of, word, rate) = rates.columns();
    let all = select(rates.columns()).from(&rates).order_by(of.clone()).all(&engine).await?;
    assert_eq!(all[1], (2, "a third".into(), dec!(0.33)));
    assert_eq!(all.len(), 3);
    // The first text is the shortest: the others are not cut.
    assert_eq!(all[2].1, "nobody's");

    let joined = select((Order::id, word.clone(), Order::total * rate.clone()))
        .join(rates.on(of.clone().eq(Order::user_id)))
        .order_by(Order::id)
        .all(&engine)
        .await?;
    let expected = [(1, "half", dec!(5)), (2, "half", dec!(49.75)), (3, "a third", dec!(3.3))];
    assert_eq!(joined, expected.map(|(id, word, total)| (id, word.to_string(), total)));

    let outer = select((User::email, word.clone().optional()))
        .left_join(rates.on(of.clone().eq(User::id)))
        .order_by(User::id)
        .all(&engine)
        .await?;
    assert_eq!(outer[2], ("eve".into(), None));
    let texts = select(word).from(&rates).filter(rate.lt(dec!(0.4)).and(of.ne(9))).all(&engine).await?;
    assert_eq!(texts, ["a third"]);
    let crossed = select(User::id).join(rates.cross()).count(&engine).await?;
    assert_eq!(crossed, 9);
    Ok(())
}

#[creole::test]
async fn texts_and_decimals_are_compared_as_those_of_columns(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let names = values("names", [("bob", dec!(10.0)), ("BOB", dec!(9)), ("Zoe", dec!(100))]);
    let (name, amount) = names.columns();
    let same = select((User::id, name.clone())).join(names.on(name.clone().eq(User::email))).all(&engine).await?;
    assert_eq!(same, [(2, "bob".into())]);
    // By code point, and by value: 9 < 10.0 < 100.
    let sorted = select(name.clone()).from(&names).order_by(name.clone()).all(&engine).await?;
    assert_eq!(sorted, ["BOB", "Zoe", "bob"]);
    let sorted = select(name.clone()).from(&names).order_by(amount.clone()).all(&engine).await?;
    assert_eq!(sorted, ["BOB", "bob", "Zoe"]);
    let equal = select(Order::id).join(names.on(amount.clone().eq(Order::total))).order_by(Order::id).all(&engine);
    assert_eq!(equal.await?, [1, 3]);
    assert_eq!(select(sum(amount.clone())).from(&names).one(&engine).await?, Some(dec!(119)));
    let third = select(amount.clone() / 3).from(&names).filter(name.eq("bob")).one(&engine).await?;
    assert_eq!(third, Some(dec!(3.333333)));
    assert_eq!(select(max(amount)).from(&names).one(&engine).await?, Some(dec!(100)));
    Ok(())
}

#[creole::test]
async fn no_rows_are_a_table_without_rows(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let none = values("nothing", Vec::<(i64, Option<String>, Decimal)>::new());
    let (id, word, amount) = none.columns();
    assert_eq!(select(none.columns()).from(&none).all(&engine).await?, []);
    assert_eq!(select(sum(amount)).from(&none).one(&engine).await?, None);
    let outer = select((User::id, word)).left_join(none.on(id.clone().eq(User::id))).order_by(User::id);
    assert_eq!(outer.all(&engine).await?, [(1, None), (2, None), (3, None)]);
    assert_eq!(select(User::id).join(none.on(id.eq(User::id))).count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn rows_of_the_program_stand_wherever_a_source_does(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let wanted = values("wanted", [(3_i64,), (1,)]);
    let (id,) = wanted.columns();
    let chosen = select(User::email).filter(User::id.is_in(select(id.clone()).from(&wanted)));
    assert_eq!(chosen.order_by(User::id).all(&engine).await?, ["ada", "eve"]);
    let named = select(id.clone()).from(&wanted).cte("named");
    let joined = select(User::email).join(named.on(named.col(id.clone()).eq(User::id))).with_cte(&named);
    assert_eq!(joined.order_by(User::id).all(&engine).await?, ["ada", "eve"]);
    let both = select(id.clone()).from(&wanted).union(select(User::id)).order_by(id.clone()).all(&engine).await?;
    assert_eq!(both, [1, 2, 3]);
    let most = select(max(greatest(id.clone(), 2))).from(&wanted).one(&engine).await?;
    assert_eq!(most, Some(3));
    let twice = select(id.clone()).from(&wanted).join(wanted.on(id.eq(1))).all(&engine).await.unwrap_err();
    assert!(twice.to_string().contains("called wanted"), "{twice}");
    Ok(())
}

#[creole::test]
async fn many_rows_and_the_same_text_again(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let rows: Vec<(i64, String)> = (0..2_000).map(|number| (number, "x".repeat(number as usize % 50))).collect();
    let many = values("many", rows.clone());
    let (number, text) = many.columns();
    assert_eq!(select((number.clone(), text)).from(&many).order_by(number).all(&engine).await?, rows);
    // A prepared statement remembers no lengths of the time before.
    for length in [1, 300, 16_383, 2] {
        let texts = values("texts", [(1_i64, "😀".repeat(length)), (2, "y".into())]);
        let (number, text) = texts.columns();
        let found = select(text.clone()).from(&texts).order_by(number).all(&engine).await?;
        assert_eq!(found.iter().map(String::len).collect::<Vec<_>>(), [4 * length, 1]);
    }
    // MySQL and MariaDB would cut longer ones.
    let long = values("long", [("y".into(),), ("z".repeat(100_000),)]);
    match select(long.columns().0).from(&long).order_by(long.columns().0).all(&engine).await {
        Ok(found) => assert_eq!(found[1].len(), 100_000),
        Err(error) => assert_eq!(error.kind(), ErrorKind::Limit, "{error}"),
    }
    let product = product("chair", "home", dec!(10));
    let ids = values("ids", [(product.id,)]);
    assert_eq!(select(ids.columns().0).from(&ids).one(&engine).await?, product.id);
    let too_many = values("too_many", (0..70_000_i64).map(|number| (number,)));
    let error = select(too_many.columns().0).from(&too_many).all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit, "{error}");
    Ok(())
}

/// The two values, the second of them as an `Option` and NULL beside it, come back as they were sent.
async fn come_back<T>(engine: &Engine, sent: [T; 2]) -> creole::Result<()>
where
    T: SqlValue + PartialEq + std::fmt::Debug,
{
    let [one, other] = sent;
    let rows = [(1, one.clone(), None), (2, other.clone(), Some(other.clone())), (3, one.clone(), Some(one.clone()))];
    let table = values("cells", rows.clone());
    let (id, value, maybe) = table.columns();
    let found = select(table.columns()).from(&table).order_by(id.clone()).all(engine).await?;
    assert_eq!(found, rows, "{}", std::any::type_name::<T>());
    let equal = select(id.clone()).from(&table).filter(maybe.eq(value)).order_by(id).all(engine).await?;
    assert_eq!(equal, [2, 3], "{}", std::any::type_name::<T>());
    Ok(())
}

#[creole::test]
async fn values_of_every_type_come_back(engine: Engine) -> creole::Result<()> {
    let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
    let time = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap();
    come_back(&engine, [true, false]).await?;
    come_back(&engine, [i8::MIN, 1]).await?;
    come_back(&engine, [i16::MIN, 1]).await?;
    come_back(&engine, [i32::MIN, 1]).await?;
    come_back(&engine, [i64::MIN, i64::MAX]).await?;
    come_back(&engine, [u8::MAX, 1]).await?;
    come_back(&engine, [u32::MAX, 1]).await?;
    come_back(&engine, [i64::MAX as u64, 1]).await?;
    come_back(&engine, [0.5_f32, -8.25]).await?;
    come_back(&engine, [0.1, -1e300]).await?;
    come_back(&engine, [String::from("it's 😀"), String::new()]).await?;
    come_back(&engine, [vec![0_u8, 255], vec![]]).await?;
    come_back(&engine, [dec!(1.5), dec!(-9999999999999999.999999999999)]).await?;
    come_back(&engine, [serde_json::json!({ "a": [1, null] }), serde_json::json!([])]).await?;
    come_back(&engine, [Uuid::now_v7(), Uuid::nil()]).await?;
    come_back(&engine, [day, NaiveDate::from_ymd_opt(1, 1, 1).unwrap()]).await?;
    come_back(&engine, [time, NaiveTime::from_hms_opt(0, 0, 0).unwrap()]).await?;
    come_back(&engine, [day.and_time(time), day.and_hms_opt(0, 0, 0).unwrap()]).await?;
    come_back(&engine, [day.and_time(time).and_utc(), day.and_hms_opt(0, 0, 0).unwrap().and_utc()]).await
}
