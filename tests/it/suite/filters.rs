//! Filters, order, limits: the same rows on every backend.

use creole::prelude::*;

use crate::models::{Order, Product, User, product, user};

/// The names of the products for which a condition holds, sorted.
async fn names(engine: &Engine, condition: impl Condition) -> creole::Result<Vec<String>> {
    let rows = Product::select().filter(condition).order_by(Product::name).all(engine).await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

async fn shop(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Product]).await?;
    for (name, category, price) in [
        ("Anvil", "tools", dec!(99.50)),
        ("Ball", "toys", dec!(9.5)),
        ("Crane", "tools", dec!(100)),
        ("doll", "toys", dec!(10.00)),
        ("Drill_1", "tools", dec!(100.01)),
        ("Drill%1", "tools", dec!(0)),
    ] {
        let product = Product { in_stock: category == "toys", ..product(name, category, price) };
        insert(&product).exec(engine).await?;
    }
    Ok(())
}

#[creole::test]
async fn comparisons_are_exact(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    assert_eq!(names(&engine, Product::price.gt(100)).await?, ["Drill_1"]);
    assert_eq!(names(&engine, Product::price.ge(100)).await?, ["Crane", "Drill_1"]);
    assert_eq!(names(&engine, Product::price.lt(dec!(10))).await?, ["Ball", "Drill%1"]);
    assert_eq!(names(&engine, Product::price.le(dec!(10.0))).await?, ["Ball", "Drill%1", "doll"]);
    assert_eq!(names(&engine, Product::price.eq(10)).await?, ["doll"]);
    assert_eq!(names(&engine, Product::price.ne(10).and(Product::in_stock)).await?, ["Ball"]);
    assert_eq!(names(&engine, Product::price.between(dec!(9.50), dec!(99.5))).await?, ["Anvil", "Ball", "doll"]);
    assert_eq!(names(&engine, Product::name.gt(Product::category)).await?, Vec::<String>::new());
    Ok(())
}

#[creole::test]
async fn conditions_combine(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let cheap_or_toy = Product::price.lt(1).or(Product::category.eq("toys"));
    assert_eq!(names(&engine, cheap_or_toy.clone()).await?, ["Ball", "Drill%1", "doll"]);
    assert_eq!(names(&engine, cheap_or_toy.clone().and(Product::price.gt(dec!(9.5)))).await?, ["doll"]);
    assert_eq!(names(&engine, not(cheap_or_toy)).await?, ["Anvil", "Crane", "Drill_1"]);
    assert_eq!(
        names(&engine, !Product::name.eq("Anvil").or(Product::in_stock)).await?,
        ["Crane", "Drill%1", "Drill_1"]
    );
    assert_eq!(names(&engine, not(Product::in_stock)).await?.len(), 4);
    Ok(())
}

#[creole::test]
async fn lists_empty_ones_and_long_ones(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    assert_eq!(names(&engine, Product::name.is_in(["Anvil", "Ball", "nothing"])).await?, ["Anvil", "Ball"]);
    assert_eq!(names(&engine, Product::name.is_in(Vec::<String>::new())).await?.len(), 0);
    assert_eq!(names(&engine, Product::name.not_in(Vec::<String>::new())).await?.len(), 6);
    assert_eq!(names(&engine, Product::price.not_in([dec!(100), dec!(100.01)])).await?.len(), 4);
    assert_eq!(
        names(&engine, Product::price.is_in((0..2_000).map(Decimal::from))).await?,
        ["Crane", "Drill%1", "doll"]
    );
    assert_eq!(names(&engine, Product::price.is_in((0..70_000).map(Decimal::from))).await?.len(), 3);
    // What is computed is no value, and stays where it is.
    let computed = || (0..70_000).map(|number| creole::query::val(Decimal::from(number)) + 0);
    let too_long = names(&engine, Product::price.is_in(computed())).await.unwrap_err();
    assert_eq!(too_long.kind(), ErrorKind::Limit, "{too_long}");
    Ok(())
}

#[creole::test]
async fn like_tells_upper_from_lower_case_and_takes_escaped_signs_literally(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    assert_eq!(names(&engine, Product::name.like("D%")).await?, ["Drill%1", "Drill_1"]);
    assert_eq!(names(&engine, Product::name.like("d%")).await?, ["doll"]);
    assert_eq!(names(&engine, Product::name.like("%ll%")).await?, ["Ball", "Drill%1", "Drill_1", "doll"]);
    assert_eq!(names(&engine, Product::name.like("_all")).await?, ["Ball"]);
    assert_eq!(names(&engine, Product::name.like(r"Drill\_1")).await?, ["Drill_1"]);
    assert_eq!(names(&engine, Product::name.like(r"Drill\%1")).await?, ["Drill%1"]);
    assert_eq!(names(&engine, Product::name.like("Anvil ")).await?.len(), 0);
    Ok(())
}

#[creole::test]
async fn null_is_a_value_beside_a_value_and_unknown_beside_a_column(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    for (email, nickname) in [("a", None), ("b", Some("b")), ("c", Some("x"))] {
        insert(&User { nickname: nickname.map(Into::into), ..user(email) }).exec(&engine).await?;
    }
    let emails = async |condition: creole::query::Expr<bool>| -> creole::Result<String> {
        let rows = User::select().filter(condition).order_by(User::email).all(&engine).await?;
        Ok(rows.into_iter().map(|row| row.email).collect())
    };
    let none: Option<String> = None;
    assert_eq!(emails(User::nickname.eq(none.clone())).await?, "a");
    assert_eq!(emails(User::nickname.eq(None)).await?, "a");
    assert_eq!(emails(User::nickname.is_null()).await?, "a");
    assert_eq!(emails(User::nickname.ne(None)).await?, "bc");
    assert_eq!(emails(User::nickname.is_not_null()).await?, "bc");
    assert_eq!(emails(User::nickname.eq("x")).await?, "c");
    assert_eq!(emails(User::nickname.ne("x")).await?, "ab");
    assert_eq!(emails(not(User::nickname.eq("x"))).await?, "b");
    assert_eq!(emails(User::nickname.eq(User::email)).await?, "b");
    assert_eq!(emails(User::nickname.ne(User::email)).await?, "c");
    assert_eq!(emails(User::nickname.is_in([Some("x".to_owned()), None])).await?, "ac");
    assert_eq!(emails(User::nickname.not_in([Some("x".to_owned()), None])).await?, "b");
    assert_eq!(emails(User::nickname.not_in(["x"])).await?, "b");
    assert_eq!(emails(User::nickname.lt(none)).await?, "");
    Ok(())
}

#[creole::test]
async fn nulls_sort_last_going_up_and_first_going_down(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    for (email, nickname) in [("a", None), ("b", Some("z")), ("c", Some("B")), ("d", Some("a")), ("e", None)] {
        insert(&User { nickname: nickname.map(Into::into), ..user(email) }).exec(&engine).await?;
    }
    let order = async |query: creole::query::Select<User>| -> creole::Result<String> {
        Ok(query.all(&engine).await?.into_iter().map(|row| row.email).collect())
    };
    assert_eq!(order(User::select().order_by((User::nickname, User::email))).await?, "cdbae");
    assert_eq!(order(User::select().order_by((User::nickname.asc(), User::email.desc()))).await?, "cdbea");
    assert_eq!(order(User::select().order_by((User::nickname.desc(), User::email))).await?, "aebdc");
    assert_eq!(order(User::select().order_by(User::nickname.desc()).order_by(User::email.desc())).await?, "eabdc");
    Ok(())
}

#[creole::test]
async fn pages_are_cut_by_limit_and_offset(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let page = async |query: creole::query::Select<Product>| -> creole::Result<Vec<String>> {
        Ok(query.order_by(Product::price).all(&engine).await?.into_iter().map(|row| row.name).collect())
    };
    assert_eq!(page(Product::select().limit(2)).await?, ["Drill%1", "Ball"]);
    assert_eq!(page(Product::select().limit(2).offset(2)).await?, ["doll", "Anvil"]);
    assert_eq!(page(Product::select().offset(4)).await?, ["Crane", "Drill_1"]);
    assert_eq!(page(Product::select().limit(0)).await?.len(), 0);
    assert_eq!(page(Product::select().offset(100)).await?.len(), 0);
    let beyond = page(Product::select().limit(u64::MAX)).await.unwrap_err();
    assert_eq!(beyond.kind(), ErrorKind::Limit);
    Ok(())
}

#[creole::test]
async fn count_and_exists_respect_filter_and_limit(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    assert_eq!(Product::select().count(&engine).await?, 6);
    assert_eq!(Product::select().filter(Product::in_stock).count(&engine).await?, 2);
    assert_eq!(Product::select().order_by(Product::name).limit(4).count(&engine).await?, 4);
    assert_eq!(Product::select().limit(4).offset(5).count(&engine).await?, 1);
    assert_eq!(Product::select().offset(2).count(&engine).await?, 4);
    assert!(Product::select().filter(Product::price.gt(100)).exists(&engine).await?);
    assert!(!Product::select().filter(Product::price.gt(1_000)).exists(&engine).await?);
    assert!(!Product::select().offset(6).exists(&engine).await?);
    assert!(!Product::select().limit(0).exists(&engine).await?);
    Ok(())
}

#[creole::test]
async fn dynamic_filters_keep_one_type(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let search = async |category: Option<&str>, most: Option<Decimal>| -> creole::Result<usize> {
        let query = Product::select()
            .filter_some(category, |category| Product::category.eq(category))
            .filter_some(most, |most| Product::price.le(most));
        Ok(query.all(&engine).await?.len())
    };
    assert_eq!(search(None, None).await?, 6);
    assert_eq!(search(Some("toys"), None).await?, 2);
    assert_eq!(search(Some("tools"), Some(dec!(100))).await?, 3);
    Ok(())
}

#[creole::test]
async fn a_column_of_another_table_is_refused_before_anything_is_sent(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order]).await?;
    let error = User::select().filter(Order::total.eq(1)).all(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::UndefinedColumn, Some("orders")));
    Ok(())
}

#[creole::test]
async fn a_long_chain_of_conditions_is_flat(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada@example.com")).exec(&engine).await?;
    let mut condition = User::id.gt(-1);
    for number in 0..10_000 {
        condition = condition.and(User::id.ne(-2 - number));
    }
    assert_eq!(User::select().filter(condition).count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn text_is_compared_by_code_point(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let written = ["a", "A", "ä", "a ", "", "é", "e\u{301}", "😀", "😁", "ß", "ss", "Z"];
    for email in written {
        insert(&user(email)).exec(&engine).await?;
    }
    for email in written {
        assert_eq!(User::select().filter(User::email.eq(email)).one(&engine).await?.email, email);
    }
    let mut sorted = written.to_vec();
    sorted.sort_unstable();
    let read = User::select().order_by(User::email).all(&engine).await?;
    assert_eq!(read.into_iter().map(|row| row.email).collect::<Vec<_>>(), sorted);
    Ok(())
}
