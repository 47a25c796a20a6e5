//! Upserts: which rows are updated, and what is a violation.

use creole::prelude::*;
use creole::query::unique_key;

use crate::models::{Account, Product, Stock, User, product, user};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "visits", default, unique(site, page))]
pub(super) struct Visit {
    #[model(primary_key, auto)]
    pub(super) id: i64,
    #[model(length = 40)]
    pub(super) site: String,
    pub(super) page: i64,
    #[model(unique, length = 40)]
    pub(super) token: Option<String>,
    pub(super) hits: i64,
    pub(super) weight: Decimal,
}

pub(super) fn visit(page: i64, hits: i64) -> Visit {
    Visit { site: "home".into(), page, hits, weight: dec!(1.5), ..Default::default() }
}

#[creole::test]
async fn the_values_that_were_to_be_inserted_are_written(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product]).await?;
    let widget = product("Widget", "tools", dec!(9.99));
    let put = async |row: Product| {
        insert(&row).on_conflict(Product::id).update((Product::name, Product::price)).exec(&engine).await
    };
    assert_eq!(put(widget.clone()).await?, 1);
    assert_eq!(Product::find(widget.id, &engine).await?, Some(widget.clone()));
    let other =
        Product { name: "Gadget".into(), price: dec!(1), category: "other".into(), in_stock: false, ..widget.clone() };
    assert_eq!(put(other.clone()).await?, 1);
    let expected = Product { category: "tools".into(), in_stock: true, ..other.clone() };
    assert_eq!(Product::find(widget.id, &engine).await?, Some(expected));
    insert(&other).on_conflict(Product::id).update_all().exec(&engine).await?;
    assert_eq!(Product::find(widget.id, &engine).await?, Some(other));
    Ok(())
}

#[creole::test]
async fn expressions_see_the_old_row_and_the_new(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Visit]).await?;
    for _ in 0..3 {
        let rows: Vec<Visit> = (0..5).map(|page| visit(page, page + 1)).collect();
        let count = insert_all(&rows)
            .on_conflict((Visit::site, Visit::page))
            .set(Visit::hits, Visit::hits + excluded(Visit::hits))
            .set(Visit::weight, coalesce(Visit::weight / dec!(3), dec!(0)))
            .exec(&engine)
            .await?;
        assert_eq!(count, 5);
    }
    let rows = Visit::select().order_by(Visit::page).all(&engine).await?;
    assert_eq!(rows.iter().map(|row| row.hits).collect::<Vec<_>>(), [3, 6, 9, 12, 15]);
    // Rounded to its column's digits each time.
    assert_eq!(rows[0].weight, dec!(0.1666666667));
    Ok(())
}

/// Every right-hand side sees the row as it was, in whichever order they are assigned.
#[creole::test]
async fn assignments_do_not_see_each_other(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Visit]).await?;
    insert(&Visit { token: Some("a".into()), ..visit(1, 10) }).exec(&engine).await?;
    insert(&visit(1, 1))
        .on_conflict((Visit::site, Visit::page))
        .set(Visit::hits, Visit::hits + 1)
        .set(Visit::token, Visit::hits.cast::<String>())
        .exec(&engine)
        .await?;
    let row = Visit::select().one(&engine).await?;
    assert_eq!((row.hits, row.token.as_deref()), (11, Some("10")));
    // Two that read each other.
    let seven = visit(1, 7);
    let swap =
        insert(&seven).on_conflict((Visit::site, Visit::page)).set(Visit::hits, Visit::id).set(Visit::id, Visit::hits);
    swap.exec(&engine).await?;
    let swapped = Visit::select().one(&engine).await?;
    assert_eq!((swapped.id, swapped.hits), (row.hits, row.id));
    Ok(())
}

#[creole::test]
async fn a_filter_keeps_rows_as_they_are(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Visit]).await?;
    insert_all(&[visit(1, 10), visit(2, 20)]).exec(&engine).await?;
    let rows = [visit(1, 15), visit(2, 15), visit(3, 15)];
    let higher = insert_all(&rows)
        .on_conflict((Visit::site, Visit::page))
        .update(Visit::hits)
        .set(Visit::weight, dec!(9))
        .filter(Visit::hits.lt(excluded(Visit::hits)))
        .filter(excluded(Visit::page).gt(0));
    assert_eq!(higher.exec(&engine).await?, 3);
    let rows = Visit::select().order_by(Visit::page).all(&engine).await?;
    let seen: Vec<_> = rows.iter().map(|row| (row.hits, row.weight)).collect();
    assert_eq!(seen, [(15, dec!(9)), (20, dec!(1.5)), (15, dec!(1.5))]);
    Ok(())
}

#[creole::test]
async fn nothing_is_done_about_what_is_there(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Visit]).await?;
    insert(&visit(1, 1)).exec(&engine).await?;
    let rows = [visit(1, 100), visit(2, 100)];
    let put = || insert_all(&rows).on_conflict((Visit::site, Visit::page)).do_nothing();
    assert_eq!(put().exec(&engine).await?, 2);
    assert_eq!(put().exec(&engine).await?, 2);
    let hits = select(Visit::hits).order_by(Visit::page).all(&engine).await?;
    assert_eq!(hits, [1, 100]);
    // What is wrong with a row is still wrong.
    let bad = Visit { site: "x".repeat(41), ..visit(3, 1) };
    let error = insert(&bad).on_conflict((Visit::site, Visit::page)).do_nothing().exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
    Ok(())
}

/// The key of the conflict means that key: a clash with another one is an error that names it, and changes nothing.
#[creole::test]
async fn a_clash_with_another_key_is_a_violation(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Visit]).await?;
    insert(&Visit { token: Some("taken".into()), ..visit(1, 1) }).exec(&engine).await?;
    let before = Visit::select().all(&engine).await?;
    let taken = Visit { token: Some("taken".into()), ..visit(9, 9) };
    let rows = [visit(1, 5), visit(2, 5), taken.clone(), visit(3, 5)];
    let check = |error: creole::Error, row: Option<usize>| {
        assert_eq!((error.kind(), error.row()), (ErrorKind::UniqueViolation, row), "{error}");
        assert!(error.is_unique(Visit::token), "{error}");
        assert_eq!(error.constraint(), Some("uq_visits_token"));
        assert!(!error.to_string().contains("taken"), "{error}");
    };
    let key = (Visit::site, Visit::page);
    check(insert(&taken).on_conflict(key).update_all().exec(&engine).await.unwrap_err(), None);
    check(insert(&taken).on_conflict(key).do_nothing().exec(&engine).await.unwrap_err(), None);
    check(insert(&taken).on_conflict(key).update_all().upserted(&engine).await.unwrap_err(), None);
    check(insert(&taken).on_conflict(key).do_nothing().upserted(&engine).await.unwrap_err(), None);
    check(insert_all(&rows).on_conflict(key).update(Visit::hits).exec(&engine).await.unwrap_err(), Some(2));
    check(insert_all(&rows).on_conflict(key).update(Visit::hits).upserted(&engine).await.unwrap_err(), Some(2));
    assert_eq!(Visit::select().all(&engine).await?, before);
    let mut session = engine.session();
    check(insert_all(&rows).on_conflict(key).update(Visit::hits).exec(&mut session).await.unwrap_err(), Some(2));
    assert_eq!(Visit::select().all(&mut session).await.unwrap_err().kind(), ErrorKind::TransactionAborted);
    session.rollback().await?;
    // Two rows of the list clash with each other there.
    let twins = [Visit { token: Some("t".into()), ..visit(5, 1) }, Visit { token: Some("t".into()), ..visit(6, 1) }];
    check(insert_all(&twins).on_conflict(key).update(Visit::hits).exec(&engine).await.unwrap_err(), Some(1));
    assert_eq!(Visit::select().all(&engine).await?, before);
    // The primary key is another key too.
    let same = Visit { id: before[0].id, ..visit(77, 1) };
    let error = insert(&same).on_conflict(key).update(Visit::hits).exec(&engine).await.unwrap_err();
    assert!(error.is_unique(Visit::id), "{error}");
    assert_eq!(Visit::select().all(&engine).await?, before);
    Ok(())
}

/// NULL is no value that could be there already.
#[creole::test]
async fn null_clashes_with_nothing(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Visit]).await?;
    for page in 0..3 {
        let row = visit(page, 1);
        insert(&row).on_conflict(Visit::token).update(Visit::hits).exec(&engine).await?;
    }
    assert_eq!(Visit::select().count(&engine).await?, 3);
    let pages: Vec<Visit> = (10..13).map(|page| visit(page, 1)).collect();
    let upserted = insert_all(&pages).on_conflict(Visit::token).update(Visit::hits).upserted(&engine).await?;
    assert!(upserted.iter().all(|upserted| upserted.outcome == Outcome::Inserted));
    assert_eq!(upserted.iter().map(|upserted| upserted.row.page).collect::<Vec<_>>(), [10, 11, 12]);
    // The key is NULL in both rows, and it is another key that clashes.
    let error = insert(&visit(1, 5)).on_conflict(Visit::token).update(Visit::hits).exec(&engine).await.unwrap_err();
    assert_eq!(error.constraint(), Some("uq_visits_site_page"), "{error}");
    assert_eq!(Visit::select().filter(Visit::page.eq(1)).one(&engine).await?.hits, 1);
    Ok(())
}

#[creole::test]
async fn a_key_twice_in_one_call_is_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Visit, Account]).await?;
    let rows = [visit(1, 1), visit(2, 1), visit(1, 2)];
    let key = (Visit::site, Visit::page);
    for error in [
        insert_all(&rows).on_conflict(key).update(Visit::hits).exec(&engine).await.unwrap_err(),
        insert_all(&rows).on_conflict(key).do_nothing().exec(&engine).await.unwrap_err(),
        insert_all(&rows).on_conflict(key).do_nothing().upserted(&engine).await.unwrap_err(),
    ] {
        assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidValue, Some(2)), "{error}");
        assert_eq!(error.columns().collect::<Vec<_>>(), ["site", "page"]);
    }
    // Rows that the database numbers are never the same, and letters of a column that ignores their case are.
    let numbered = [visit(5, 1), visit(6, 1)];
    assert_eq!(insert_all(&numbered).on_conflict(Visit::id).update(Visit::hits).exec(&engine).await?, 2);
    let account =
        |login: &str| Account { login: login.into(), tenant: 1, rank: 1, plan: "x".into(), ..Default::default() };
    let rows = [account("Ada"), account("ada")];
    let error =
        insert_all(&rows).on_conflict((Account::tenant, Account::login)).do_nothing().exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
    assert_eq!((Visit::select().count(&engine).await?, Account::select().count(&engine).await?), (2, 0));
    // The same of a SELECT.
    let pages = select((Visit::site, Visit::hits, Visit::hits, Visit::weight));
    let again = insert_from((Visit::site, Visit::page, Visit::hits, Visit::weight), pages);
    let error = again.on_conflict(key).set(Visit::hits, 1).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
    Ok(())
}

#[creole::test]
async fn keys_are_found_in_the_model(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Account, Stock]).await?;
    let account = Account { login: "Ada".into(), tenant: 1, rank: 1, plan: "x".into(), ..Default::default() };
    let name = "ux_accounts_tenant_login";
    insert(&account).on_conflict(unique_key(name)).update(Account::rank).exec(&engine).await?;
    let again = Account { login: "ADA".into(), rank: 2, ..account.clone() };
    let Upserted { row, outcome, .. } =
        insert(&again).on_conflict((Account::login, Account::tenant)).update(Account::rank).upserted(&engine).await?;
    // The key is as it was written first.
    assert_eq!((row.login.as_str(), row.rank, outcome), ("Ada", 2, Outcome::Updated));
    let stock = Stock { warehouse: "north".into(), item: 1, shelf: None, amount: 1 };
    for amount in [1, 2] {
        insert(&Stock { amount, ..stock.clone() })
            .on_conflict((Stock::warehouse, Stock::item))
            .update_all()
            .exec(&engine)
            .await?;
    }
    assert_eq!(Stock::select().one(&engine).await?.amount, 2);
    let refused = |error: creole::Error, text: &str| {
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
        assert!(error.to_string().contains(text), "{error}");
    };
    refused(
        insert(&stock).on_conflict(Stock::item).do_nothing().exec(&engine).await.unwrap_err(),
        "pk_stock (warehouse, item)",
    );
    refused(insert(&stock).on_conflict(unique_key("nix")).do_nothing().exec(&engine).await.unwrap_err(), "nix");
    let key = (Stock::warehouse, Stock::item);
    refused(
        insert(&stock).on_conflict(key).do_nothing().set(Stock::amount, 3).exec(&engine).await.unwrap_err(),
        "do_nothing",
    );
    refused(
        insert(&stock).on_conflict(key).do_nothing().filter(Stock::amount.eq(3)).exec(&engine).await.unwrap_err(),
        "do_nothing",
    );
    let error = insert(&stock).omit(Stock::item).on_conflict(key).do_nothing().exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotNullViolation, "{error}");
    let unnamed = insert(&account).omit(Account::login).on_conflict((Account::tenant, Account::login)).do_nothing();
    refused(unnamed.exec(&engine).await.unwrap_err(), "no value for login");
    refused(
        insert(&stock).set(Stock::item, 1).on_conflict(key).do_nothing().exec(&engine).await.unwrap_err(),
        "give it values",
    );
    let of_omitted =
        insert(&stock).omit(Stock::amount).on_conflict(key).update(Stock::shelf).filter(excluded(Stock::amount).gt(1));
    refused(of_omitted.exec(&engine).await.unwrap_err(), "no amount");
    let error = insert(&user("x")).set(User::email, excluded(User::email)).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UndefinedColumn, "{error}");
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "pages",
    default,
    unique_index(name = "ux_live_pages", slug, filter = Page::deleted.eq(false))
)]
struct Page {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 40)]
    slug: String,
    deleted: bool,
    views: i64,
}

#[creole::test]
async fn a_partial_index_is_a_key_of_some_rows(engine: Engine) -> creole::Result<()> {
    let page = |deleted: bool, views: i64| Page { slug: "home".into(), deleted, views, ..Default::default() };
    let put = |row: Page| {
        let engine = engine.clone();
        async move {
            insert(&row)
                .on_conflict(Page::slug)
                .set(Page::views, Page::views + excluded(Page::views))
                .exec(&engine)
                .await
        }
    };
    if ["mysql", "mariadb"].contains(&engine.dialect().name()) {
        assert_eq!(put(page(false, 1)).await.unwrap_err().kind(), ErrorKind::Unsupported);
        return Ok(());
    }
    engine.create_all(tables![Page]).await?;
    for row in [page(true, 1), page(true, 2), page(false, 4), page(false, 8), page(true, 16)] {
        put(row).await?;
    }
    let views = select(Page::views).order_by(Page::views).all(&engine).await?;
    assert_eq!(views, [1, 2, 12, 16]);
    // What became of a row is said of the rows that the index is about.
    let outcome = async |row: Page| {
        let upsert = insert(&row).on_conflict(Page::slug).update(Page::views).filter(Page::views.lt(100));
        upsert.upserted(&engine).await.map(|upserted| (upserted.row.views, upserted.outcome))
    };
    assert_eq!(outcome(page(true, 32)).await?, (32, Outcome::Inserted));
    assert_eq!(outcome(page(false, 100)).await?, (100, Outcome::Updated));
    assert_eq!(outcome(page(false, 3)).await?, (100, Outcome::Unchanged));
    let other = Page { slug: "other".into(), ..page(false, 7) };
    assert_eq!(outcome(other).await?, (7, Outcome::Inserted));
    assert_eq!(Page::select().count(&engine).await?, 6);
    Ok(())
}

#[creole::test]
async fn rows_of_a_select_are_upserted(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Visit]).await?;
    insert_all(&[visit(1, 1), visit(2, 2), visit(3, 3)]).exec(&engine).await?;
    // Each page's next one gets its hits: 2 and 3 are there, 4 is new.
    let next = || select((Visit::site, Visit::page + 1, Visit::hits * 10, Visit::weight));
    let columns = (Visit::site, Visit::page, Visit::hits, Visit::weight);
    let key = (Visit::site, Visit::page);
    insert_from(columns, next())
        .on_conflict(key)
        .set(Visit::hits, Visit::hits + excluded(Visit::hits))
        .exec(&engine)
        .await?;
    let all = || async { select((Visit::page, Visit::hits)).order_by(Visit::page).all(&engine).await };
    assert_eq!(all().await?, [(1, 1), (2, 12), (3, 23), (4, 30)]);
    insert_from(columns, next()).on_conflict(key).do_nothing().exec(&engine).await?;
    assert_eq!(all().await?, [(1, 1), (2, 12), (3, 23), (4, 30), (5, 300)]);
    let filtered = insert_from(columns, next().filter(Visit::page.le(2))).on_conflict(key).update(Visit::hits);
    filtered.filter(excluded(Visit::hits).lt(Visit::hits)).exec(&engine).await?;
    assert_eq!(all().await?, [(1, 1), (2, 10), (3, 23), (4, 30), (5, 300)]);
    Ok(())
}

#[creole::test]
async fn hostile_values_are_values(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Visit]).await?;
    let texts = ["'; DROP TABLE visits; --", "\\' OR 1=1 -- ", "$1 ?1 :x", "`\"[", "excluded.token"];
    for (page, text) in (1..).zip(texts) {
        let row = Visit { site: text.into(), ..visit(page, 1) };
        for outcome in [Outcome::Inserted, Outcome::Updated] {
            let upserted = insert(&row)
                .on_conflict((Visit::site, Visit::page))
                .set(Visit::token, text)
                .filter(Visit::site.eq(text))
                .upserted(&engine)
                .await?;
            assert_eq!((upserted.row.site.as_str(), upserted.outcome), (text, outcome));
        }
        let token = select(Visit::token).filter(Visit::page.eq(page)).one(&engine).await?;
        assert_eq!(token.as_deref(), Some(text));
    }
    Ok(())
}
