//! Structs that say what they want of a model, nested.

use creole::prelude::*;
use creole::query::{Page, Projected};

use super::{Line, Order, Profile, User, shop};
use crate::lab::Lab;

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(of = User)]
struct UserCard {
    id: i64,
    #[projection(User::name.lower())]
    name: String,
    #[projection(User::orders.count())]
    order_count: i64,
    #[projection(User::orders.order_by(Order::id.desc()).limit(1))]
    latest: Vec<OrderCard>,
    profile: Option<ProfileCard>,
}

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(of = Order)]
struct OrderCard {
    id: i64,
    lines: Vec<Line>,
}

#[derive(Projection, Debug, Clone, PartialEq)]
#[projection(of = Profile)]
struct ProfileCard {
    motto: String,
}

#[creole::test]
async fn only_what_the_fields_name_is_read(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let cards: Vec<UserCard> = UserCard::select().order_by(User::id).all(&engine).await?;
    let found = cards.iter().map(|card| (card.id, card.name.as_str(), card.order_count, card.latest.len()));
    assert_eq!(found.collect::<Vec<_>>(), [(1, "ada", 2, 1), (2, "bob", 1, 1), (3, "cleo", 0, 0)]);
    assert_eq!(cards[0].latest[0].id, 2);
    let lines = Line::select().filter(Line::order_id.eq(2)).order_by(Line::id).all(&engine).await?;
    assert_eq!(cards[0].latest[0].lines, lines);
    let mottos = cards.iter().map(|card| card.profile.as_ref().map(|profile| profile.motto.as_str()));
    assert_eq!(mottos.collect::<Vec<_>>(), [Some("first"), None, None]);
    Ok(())
}

/// The keys of its relations are no fields.
#[derive(Projection, Debug, PartialEq)]
#[projection(of = Order)]
struct Bill {
    user: Payer,
    reviewer: Option<Payer>,
    #[projection(Order::lines.count())]
    line_count: i64,
}

#[derive(Projection, Debug, PartialEq)]
#[projection(of = User)]
struct Payer {
    name: String,
}

#[creole::test]
async fn keys_need_not_be_fields(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let bills = Bill::select().order_by(Order::id).all(&engine).await?;
    let names = |bill: &Bill| (bill.user.name.clone(), bill.reviewer.as_ref().map(|payer| payer.name.clone()));
    let found: Vec<_> = bills.iter().map(names).collect();
    let name = |name: &str| name.to_owned();
    let expected = [(name("Ada"), None), (name("Ada"), Some(name("Bob"))), (name("Bob"), Some(name("Ada")))];
    assert_eq!(found, expected);
    Ok(())
}

#[creole::test]
async fn ends_and_clauses_are_those_of_a_select(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let named = |name: &str| UserCard::select().filter(User::name.eq(name));
    assert_eq!(named("Bob").one(&engine).await?.order_count, 1);
    assert_eq!(named("Zoe").optional(&engine).await?, None);
    assert_eq!(named("Zoe").one(&engine).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(UserCard::select().one(&engine).await.unwrap_err().kind(), ErrorKind::MultipleFound);
    let last = UserCard::select().order_by(User::id.desc()).first(&engine).await?;
    assert_eq!(last.map(|card| card.id), Some(3));
    assert_eq!(UserCard::select().order_by(User::id).offset(1).limit(1).all(&engine).await?[0].id, 2);
    assert_eq!(UserCard::select().count(&engine).await?, 3);
    assert!(named("Ada").exists(&engine).await?);

    // A row that a join brings twice is read twice.
    let joined = UserCard::select().join(User::orders).filter(User::id.eq(1)).all(&engine).await?;
    assert_eq!(joined.iter().map(|card| card.id).collect::<Vec<_>>(), [1, 1]);
    Ok(())
}

#[creole::test]
async fn a_transaction_and_a_session_run_them(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let cards = engine
        .transaction(async |tx| {
            update::<User>().set(User::name, "Eve").filter(User::id.eq(1)).exec(&mut *tx).await?;
            UserCard::select().order_by(User::id).for_update().all(&mut *tx).await
        })
        .await?;
    assert_eq!(cards[0].name, "eve");
    let mut session = engine.session();
    session.add(User { id: 4, name: "Dan".into() });
    let dan = UserCard::select().filter(User::id.eq(4)).one(&mut session).await?;
    assert_eq!((dan.name.as_str(), dan.latest.len()), ("dan", 0));
    Ok(())
}

#[creole::test]
async fn streams_come_in_batches_by_a_key_that_is_no_field(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    for size in 1..5 {
        let size = std::num::NonZeroUsize::new(size).expect("it is not zero");
        let mut bills = Bill::select().order_by(Order::user_id.desc()).stream_batches(&engine, size);
        let mut names = Vec::new();
        while let Some(bill) = bills.try_next().await? {
            names.push(bill.user.name);
        }
        assert_eq!(names, ["Bob", "Ada", "Ada"], "batches of {size}");
    }
    Ok(())
}

#[creole::test]
async fn pages_say_where_the_next_one_begins(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let query = || UserCard::select().order_by(User::name.desc()).limit(2);
    let first: Page<UserCard> = query().page(&engine).await?;
    assert_eq!(first.rows.iter().map(|card| card.id).collect::<Vec<_>>(), [3, 2]);
    let token = first.next.expect("there is one more").token()?;
    let second = query().page_after(&query().cursor_from(&token)?).page(&engine).await?;
    assert_eq!(second.rows.iter().map(|card| (card.id, card.latest.len())).collect::<Vec<_>>(), [(1, 1)]);
    assert_eq!(second.next, None);

    // As many rows as a page has are the last ones all the same.
    assert_eq!(query().limit(3).page(&engine).await?.next, None);
    assert_eq!(query().limit(i64::MAX as u64).page(&engine).await?.rows.len(), 3);
    // A cursor is one of the order, whatever its rows are read as.
    let users = User::select().order_by(User::name.desc()).limit(2).page(&engine).await?;
    assert_eq!(users.next.expect("there is one more").token()?, token);
    let none = query().filter(User::id.gt(100)).page(&engine).await?;
    assert_eq!((none.rows.len(), none.next), (0, None));
    Ok(())
}

#[creole::test]
async fn pages_without_a_limit_or_by_a_join_that_repeats_rows_are_refused(engine: Engine) -> creole::Result<()> {
    let error = UserCard::select().page(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Syntax, Some("users")));
    let error = UserCard::select().limit(0).page(&engine).await.unwrap_err();
    assert!(error.to_string().contains("`limit`"), "{error}");
    let error = UserCard::select().join(User::orders).limit(2).page(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    Ok(())
}

/// Every way in which a field is read from a relation.
#[derive(Projection, Debug, PartialEq)]
#[projection(of = User)]
struct Everything {
    #[projection(User::ALL)]
    user: User,
    #[projection((User::id, User::name))]
    pair: (i64, String),
    orders: Vec<Order>,
    #[projection(User::orders.select(Order::id))]
    order_ids: Vec<i64>,
    #[projection(User::orders.with(Order::lines).with(Order::reviewer))]
    deep: Vec<(Order, Vec<Line>, Option<User>)>,
    #[projection(User::following.project::<Payer>().order_by(User::name.desc()))]
    follows: Vec<Payer>,
    followers: Vec<Payer>,
    #[projection(User::profile.select(Profile::motto))]
    motto: Option<String>,
    #[projection(User::orders.filter(Order::id.gt(1)).project::<OrderCard>())]
    cards: Vec<OrderCard>,
}

#[creole::test]
async fn a_field_may_be_all_that_can_be_loaded(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let ada = Everything::select().filter(User::id.eq(1)).one(&engine).await?;
    assert_eq!(ada.user, User { id: 1, name: "Ada".into() });
    assert_eq!(ada.pair, (1, "Ada".to_owned()));
    assert_eq!(ada.order_ids, ada.orders.iter().map(|order| order.id).collect::<Vec<_>>());
    assert_eq!(ada.deep.iter().map(|(order, ..)| order).collect::<Vec<_>>(), ada.orders.iter().collect::<Vec<_>>());
    assert_eq!(ada.deep[1].2.as_ref().map(|reviewer| reviewer.id), Some(2));
    assert_eq!(ada.follows.iter().map(|payer| payer.name.as_str()).collect::<Vec<_>>(), ["Cleo", "Bob"]);
    assert_eq!(ada.followers.len(), 1);
    assert_eq!(ada.motto.as_deref(), Some("first"));
    assert_eq!(ada.cards.iter().map(|card| card.id).collect::<Vec<_>>(), [2]);
    Ok(())
}

#[creole::test]
async fn beside_a_model_and_beneath_one(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let orders = Order::select().order_by(Order::id).with(Order::user.project::<Payer>());
    let orders: Vec<(Order, Payer)> = orders.all(&engine).await?;
    assert_eq!(orders[2].1.name, "Bob");
    let users = User::select().order_by(User::id).with(User::orders.project::<OrderCard>());
    assert_eq!(users.all(&engine).await?[0].1[0].lines.len(), 2);

    let spent: Projected<Payer> = User::select().left_join(User::orders).distinct().order_by(User::name).project();
    assert_eq!(spent.all(&engine).await?.len(), 3);
    Ok(())
}

#[creole::test]
async fn what_can_not_be_told_apart_is_refused(engine: Engine) -> creole::Result<()> {
    // Bills that look alike may be of several orders.
    let error = Bill::select().distinct().all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    let error = Payer::select().distinct().limit(1).page(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    let mut rows = Payer::select().distinct().stream(&engine);
    assert_eq!(rows.try_next().await.unwrap_err().kind(), ErrorKind::Syntax);
    let both = User::select().union(User::select()).project::<Payer>();
    assert_eq!(both.all(&engine).await.unwrap_err().kind(), ErrorKind::Syntax);
    Ok(())
}

/// A column of another table, which no join brings.
#[derive(Projection, Debug, PartialEq)]
#[projection(of = User)]
struct Stranger {
    #[projection(Order::id)]
    order: i64,
}

#[creole::test]
async fn what_is_of_another_table_needs_a_join(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let error = Stranger::select().all(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::UndefinedColumn, Some("orders")), "{error}");
    let orders = Stranger::select().join(User::orders).order_by(Order::id).all(&engine).await?;
    assert_eq!(orders.iter().map(|row| row.order).collect::<Vec<_>>(), [1, 2, 3]);
    // An outer join may leave it without a row, which its type can't say.
    let error = User::select().left_join(User::orders).project::<Stranger>().all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    Ok(())
}

/// A tree, whose depth no number of statements is enough for.
#[derive(Projection, Debug, PartialEq)]
#[projection(of = User)]
struct Follower {
    name: String,
    followers: Vec<Followed>,
}

#[derive(Projection, Debug, PartialEq)]
#[projection(of = User)]
struct Followed {
    id: i64,
    following: Vec<Follower>,
}

#[creole::test]
async fn one_that_contains_itself_is_refused(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (spied, sent) = lab.spied().await?;
    shop(&spied).await?;
    sent.verbs();
    let error = Follower::select().all(&spied).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    assert!(error.to_string().contains("Follower contains itself"), "{error}");
    let error = Follower::select().stream(&spied).try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    let error = Follower::select().limit(1).page(&spied).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    assert_eq!(sent.verbs(), [""; 0]);
    spied.close().await;
    Ok(())
}

#[creole::test]
async fn one_statement_for_each_relation(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (spied, sent) = lab.spied().await?;
    shop(&spied).await?;
    sent.verbs();
    UserCard::select().all(&spied).await?;
    assert_eq!(sent.verbs().len(), 4);
    Bill::select().all(&spied).await?;
    assert_eq!(sent.verbs().len(), 3);
    Payer::select().all(&spied).await?;
    assert_eq!(sent.verbs().len(), 1);
    UserCard::select().filter(User::id.eq(9)).all(&spied).await?;
    assert_eq!(sent.verbs().len(), 1);
    // The row after the page is read with it, and nothing is loaded for it: Ada has lines, Cleo nothing.
    UserCard::select().order_by(User::id.desc()).limit(1).page(&spied).await?;
    assert_eq!(sent.verbs().len(), 3);
    spied.close().await;
    Ok(())
}

/// Called as things are in what the derive writes.
#[derive(Projection, Debug, PartialEq)]
#[projection(of = User)]
struct Slots {
    #[projection(list())]
    list: i64,
}

#[derive(Projection, Debug, PartialEq)]
#[projection(of = Order)]
struct HasSlots {
    #[projection(Order::user)]
    slots: Slots,
}

fn list() -> creole::query::Expr<i64> {
    creole::query::val(5_i64)
}

#[creole::test]
async fn names_of_the_program_are_its_own(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let order = HasSlots::select().filter(Order::id.eq(1)).one(&engine).await?;
    assert_eq!(order, HasSlots { slots: Slots { list: 5 } });
    Ok(())
}
