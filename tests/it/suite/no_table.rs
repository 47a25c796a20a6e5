//! SELECTs that read no table.

use creole::prelude::*;
use creole::query::{database_now, val};

use super::queries::shop;
use crate::models::{Order, User};

#[creole::test]
async fn values_and_subqueries_stand_alone(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    assert_eq!(select(val(1_i64)).one(&engine).await?, 1);
    assert_eq!(select((val("a"), val(2_i64) + 3)).one(&engine).await?, ("a".into(), 5));
    let now = select(database_now()).one(&engine).await?;
    assert!((now - Utc::now()).num_hours().abs() < 24);
    let orders_of = |id: i64| Order::select().filter(Order::user_id.eq(id));
    assert!(select(exists(orders_of(1))).one(&engine).await?);
    assert!(!select(exists(orders_of(3))).one(&engine).await?);
    let numbers = (select(count_rows()).from(table::<User>()).value(), select(max(Order::total)).value());
    assert_eq!(select(numbers).one(&engine).await?, (Some(3), Some(dec!(100))));
    Ok(())
}

#[creole::test]
async fn clauses_go_without_a_table(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let one = || select(val(1_i64));
    let has = |id: i64| exists(Order::select().filter(Order::user_id.eq(id)));
    assert_eq!(one().filter(has(1)).all(&engine).await?, [1]);
    assert_eq!(one().filter(has(3)).all(&engine).await?, [0_i64; 0]);
    assert_eq!(one().filter(has(3)).count(&engine).await?, 0);
    assert_eq!(one().count(&engine).await?, 1);
    assert!(one().filter(has(1)).exists(&engine).await?);
    assert_eq!(one().order_by(val(1_i64)).limit(1).all(&engine).await?, [1]);
    assert_eq!(one().offset(1).all(&engine).await?, [0_i64; 0]);
    assert_eq!(one().distinct().all(&engine).await?, [1]);
    let mut both = one().union_all(select(User::id).filter(User::id.gt(1))).all(&engine).await?;
    both.sort_unstable();
    assert_eq!(both, [1, 2, 3]);
    let single = one().subquery("single");
    let joined = select((User::id, single.col(val(1_i64)))).join(single.on(single.col(val(1_i64)).eq(User::id)));
    assert_eq!(joined.all(&engine).await?, [(1, 1)]);
    assert_eq!(select(User::id).filter(User::id.is_in(one())).all(&engine).await?, [1]);
    assert_eq!(select(User::id).filter(exists(one())).count(&engine).await?, 3);
    let numbers = one().recursive("numbers", |numbers| {
        select(numbers.col(val(1_i64)) + 1).from(numbers).filter(numbers.col(val(1_i64)).lt(5))
    });
    let query = select(sum(numbers.col(val(1_i64)))).from(&numbers).with_cte(&numbers);
    assert_eq!(query.one(&engine).await?, Some(15));
    Ok(())
}

#[creole::test]
async fn a_table_that_was_forgotten_is_asked_for(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let counted = select(count_rows()).one(&engine).await.unwrap_err();
    assert!(counted.to_string().contains("selects from no table"), "{counted}");
    let joined = select(val(1_i64)).join(table::<User>().cross()).all(&engine).await.unwrap_err();
    assert!(joined.to_string().contains("selects from no table"), "{joined}");
    let filtered = select(val(1_i64)).filter(User::id.eq(1)).all(&engine).await.unwrap_err();
    assert!(filtered.to_string().contains("users is not part of this statement"), "{filtered}");
    Ok(())
}

#[creole::test]
async fn the_program_says_what_is_never_null(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let user_of = |email: &'static str| select(User::id).filter(User::email.eq(email)).value().not_null();
    insert(&Order::default()).set(Order::user_id, user_of("eve")).exec(&engine).await?;
    assert_eq!(Order::select().filter(Order::user_id.eq(3)).count(&engine).await?, 1);
    let none = insert(&Order::default()).set(Order::user_id, user_of("nobody")).exec(&engine).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::NotNullViolation, "{none}");
    assert_eq!(select(user_of("bob")).one(&engine).await?, 2);
    let none = select(user_of("nobody")).one(&engine).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::Decode, "{none}");
    let nicknames = select(User::nickname.not_null()).filter(User::nickname.is_not_null()).order_by(User::id);
    assert_eq!(nicknames.all(&engine).await?, ["Countess", "eavesdropper"]);
    // NULLs stand where they stand anywhere.
    let sorted = select(User::id).order_by(User::nickname.not_null()).all(&engine).await?;
    assert_eq!(sorted, [1, 3, 2]);
    Ok(())
}
