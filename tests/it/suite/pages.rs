//! Pages, orders that a user chose, tuples in lists, and what may stand beside an aggregate.

use creole::Direction;
use creole::prelude::*;
use creole::query::{Select, val};

use crate::models::{Order, Product, Stock, User, product, user};

async fn users(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let nicknames = [Some("b"), None, Some("a"), Some("b"), None, Some("c"), Some("b")];
    for (place, nickname) in nicknames.iter().enumerate() {
        let nickname = nickname.map(String::from);
        insert(&User { nickname, ..user(&format!("user{place}")) }).exec(engine).await?;
    }
    Ok(())
}

/// Every row, two at a time.
async fn by_pages(engine: &Engine, query: Select<User>) -> creole::Result<Vec<i64>> {
    let mut ids = Vec::new();
    let mut page = query.clone().first_page().limit(2).all(engine).await?;
    while let Some(last) = page.last() {
        let cursor = query.cursor(last)?;
        ids.extend(page.iter().map(|user| user.id));
        assert!(ids.len() <= 7, "the pages do not end: {ids:?}");
        page = query.clone().page_after(&cursor).limit(2).all(engine).await?;
    }
    Ok(ids)
}

#[creole::test]
async fn pages_have_every_row_once_in_any_order(engine: Engine) -> creole::Result<()> {
    users(&engine).await?;
    let query = User::select;
    assert_eq!(by_pages(&engine, query()).await?, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(by_pages(&engine, query().order_by(User::id.desc())).await?, [7, 6, 5, 4, 3, 2, 1]);
    // With ties, and with NULLs, which stand last going up and first going down.
    assert_eq!(by_pages(&engine, query().order_by(User::nickname)).await?, [3, 1, 4, 7, 6, 2, 5]);
    assert_eq!(by_pages(&engine, query().order_by(User::nickname.desc())).await?, [5, 2, 6, 7, 4, 1, 3]);
    assert_eq!(by_pages(&engine, query().order_by((User::nickname.desc(), User::id))).await?, [2, 5, 6, 1, 4, 7, 3]);
    let some = query().filter(User::id.gt(2)).order_by((User::nickname, User::email.desc()));
    assert_eq!(by_pages(&engine, some).await?, [3, 7, 4, 6, 5]);

    let error = query().order_by(User::email.lower()).cursor(&user("a")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    let cursor = query().cursor(&user("a"))?;
    let error = query().order_by(User::nickname).page_after(&cursor).all(&engine).await.unwrap_err();
    assert!(error.to_string().contains("another order"), "{error}");
    Ok(())
}

#[creole::test]
async fn an_order_that_a_user_chose_is_a_column_or_an_error(engine: Engine) -> creole::Result<()> {
    users(&engine).await?;
    let sorted = User::select().order_by_name::<User>("email", Direction::Descending)?.all(&engine).await?;
    assert_eq!(sorted[0].id, 7);
    for hostile in ["id; drop table users", "email\"", "", "Email", "users.id", "1"] {
        let error = User::select().order_by_name::<User>(hostile, Direction::Ascending).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UndefinedColumn);
        assert!(error.to_string().contains("there are id, email, nickname"), "{error}");
    }
    Ok(())
}

#[creole::test]
async fn tuples_are_looked_for_in_lists(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock]).await?;
    for (warehouse, item) in [("north", 1), ("north", 2), ("south", 1), ("south", 2)] {
        let stock = Stock { warehouse: warehouse.into(), item, shelf: None, amount: item.into() };
        insert(&stock).exec(&engine).await?;
    }
    let amounts = async |condition| {
        select((Stock::warehouse, Stock::item))
            .filter(condition)
            .order_by((Stock::warehouse, Stock::item))
            .all(&engine)
            .await
    };
    let pair = (Stock::warehouse, Stock::item);
    let found = amounts(pair.is_in([("north", 2), ("south", 1), ("west", 1)])).await?;
    assert_eq!(found, [("north".into(), 2), ("south".into(), 1)]);
    assert_eq!(amounts(pair.not_in([("north", 2), ("south", 1)])).await?, [("north".into(), 1), ("south".into(), 2)]);
    assert_eq!(amounts(pair.is_in(Vec::<(&str, i32)>::new())).await?.len(), 0);
    assert_eq!(amounts(pair.not_in(Vec::<(&str, i32)>::new())).await?.len(), 4);
    let many: Vec<(String, i32)> = (0..100).map(|item| ("north".to_owned(), item)).collect();
    assert_eq!(amounts(pair.is_in(many)).await?.len(), 2);
    Ok(())
}

#[creole::test]
async fn what_differs_within_a_group_is_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order]).await?;
    let refused = async |query: Select<(String, i64)>| {
        let error = query.all(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
        assert!(error.to_string().contains("users.email stands beside an aggregate"), "{error}");
    };
    refused(select((User::email, count_rows()))).await;
    refused(select((User::email, count_rows())).group_by(User::nickname)).await;
    refused(select((User::email.lower(), count_rows())).group_by(User::nickname)).await;
    refused(select((User::email, User::id)).group_by(User::email.lower())).await;
    refused(select((val(String::new()), count_rows())).from(table::<User>()).having(User::email.eq("a"))).await;
    // What a group has in common goes, and with a primary key that is the whole row.
    let common = select((User::email.lower(), count_rows())).group_by(User::email.lower());
    assert_eq!(common.all(&engine).await?.len(), 0);
    let keyed =
        select((User::ALL, count(Order::id).filter(Order::total.gt(1)))).left_join(table::<Order>()).group_by(User::id);
    assert_eq!(keyed.all(&engine).await?.len(), 0);
    let error = select((User::ALL, count_rows())).group_by(User::email).all(&engine).await.unwrap_err();
    assert!(error.to_string().contains("users is selected whole beside an aggregate"), "{error}");
    Ok(())
}

#[creole::test]
async fn pages_of_several_selects_put_together(engine: Engine) -> creole::Result<()> {
    users(&engine).await?;
    let some = |low: i64, high: i64| User::select().filter(User::id.between(low, high));
    let union = || some(1, 4).union(some(3, 7));
    assert_eq!(by_pages(&engine, union()).await?, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(by_pages(&engine, union().order_by(User::id.desc())).await?, [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(by_pages(&engine, union().order_by(User::nickname)).await?, [3, 1, 4, 7, 6, 2, 5]);
    assert_eq!(
        by_pages(&engine, some(1, 2).union_all(some(6, 7)).order_by(User::nickname.desc())).await?,
        [2, 6, 7, 1]
    );
    assert_eq!(by_pages(&engine, some(2, 6).distinct().order_by(User::nickname)).await?, [3, 4, 6, 2, 5]);
    let computed = union().order_by(User::id + 1).first_page().all(&engine).await.unwrap_err();
    assert!(computed.to_string().contains("pages are cut by the model's own columns"), "{computed}");
    Ok(())
}

#[creole::test]
async fn a_cursor_is_text_between_two_requests(engine: Engine) -> creole::Result<()> {
    users(&engine).await?;
    let query = || User::select().order_by((User::nickname.desc(), User::email));
    let mut ids = Vec::new();
    let mut page = query().first_page().limit(2).all(&engine).await?;
    while let Some(last) = page.last() {
        ids.extend(page.iter().map(|user| user.id));
        assert!(ids.len() <= 7, "{ids:?}");
        let token = query().cursor(last)?.token()?;
        assert!(token.bytes().all(|sign| sign.is_ascii_alphanumeric() || b"-._~".contains(&sign)), "{token}");
        page = query().page_after(&query().cursor_from(&token)?).limit(2).all(&engine).await?;
    }
    assert_eq!(ids, [2, 5, 6, 1, 4, 7, 3]);
    // That of another order, and what was changed on its way.
    let user = User::select().first(&engine).await?.unwrap();
    let token = query().cursor(&user)?.token()?;
    let others =
        [User::select(), query().order_by(User::id.desc()), User::select().order_by((User::nickname, User::email))];
    for other in others {
        assert_eq!(other.cursor_from(&token).unwrap_err().kind(), ErrorKind::InvalidValue);
        assert_eq!(other.page_after(&query().cursor(&user)?).all(&engine).await.unwrap_err().kind(), ErrorKind::Syntax);
    }
    let mut hostile: Vec<String> = (0..token.len()).map(|end| token[..end].to_owned()).collect();
    hostile.extend(["", "~", "1~", "é", "1~~~~", "\u{0}"].map(String::from));
    hostile.extend(["~n", "~"].map(|end| format!("{token}{end}")));
    for text in hostile {
        let Ok(cursor) = query().cursor_from(&text) else { continue };
        // The number at the end is cut off, and still a number.
        assert!(query().page_after(&cursor).all(&engine).await.is_ok(), "{text}");
    }
    Ok(())
}

#[creole::test]
async fn a_page_says_where_the_next_one_begins_as_a_row_does(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product]).await?;
    let products = ["a", "b", "c", "d", "e"]
        .map(|name| Product { in_stock: name > "b", ..product(name, "letters", Decimal::new(125, 2)) });
    insert_all(&products).exec(&engine).await?;
    // Not every database has a type of its own for what is yes or no.
    let query = || Product::select().order_by((Product::in_stock, Product::price, Product::name)).limit(1);
    let (mut names, mut page) = (Vec::new(), query().page(&engine).await?);
    while let Some(next) = page.next {
        assert_eq!(next, query().cursor(&page.rows[0])?);
        names.extend(page.rows.into_iter().map(|product| product.name));
        assert!(names.len() < 5, "{names:?}");
        page = query().page_after(&query().cursor_from(&next.token()?)?).page(&engine).await?;
    }
    assert_eq!((names, page.rows[0].name.as_str()), (["a", "b", "c", "d"].map(String::from).to_vec(), "e"));
    Ok(())
}
