//! By what rule texts are compared: `case_insensitive` and `collation`, on every backend alike where it can be.

use creole::prelude::*;
use creole::schema::Collation;

use crate::models::Account;

fn account(login: &str, tenant: i32) -> Account {
    Account { login: login.into(), tenant, plan: "free".into(), ..Default::default() }
}

#[creole::test]
async fn equality_ignores_case_and_nothing_else(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Account]).await?;
    let names = ["Ada", "ÉMILE", "emile", "Σίσυφος", "ада", "ada ", "straße", "strasse", "İ", "i", "ı"];
    for (tenant, name) in names.into_iter().enumerate() {
        insert(&account(name, tenant as i32)).exec(&engine).await?;
    }
    let found = async |name: &str| -> creole::Result<Vec<i32>> {
        let rows = Account::select().filter(Account::login.eq(name)).order_by(Account::tenant).all(&engine).await?;
        Ok(rows.into_iter().map(|account| account.tenant).collect())
    };
    for (name, places) in [
        ("aDA", vec![0]),
        ("Émile", vec![1]),
        ("Emile", vec![2]),
        ("ΣΊΣΥΦΟΣ", vec![3]),
        ("АДА", vec![4]),
        ("ADA ", vec![5]),
        ("STRAßE", vec![6]),
        ("STRASSE", vec![7]),
        ("İ", vec![8]),
        ("I", vec![9]),
        ("ı", vec![10]),
        ("ad", vec![]),
    ] {
        assert_eq!(found(name).await?, places, "{name}");
    }
    let is_in = Account::select().filter(Account::login.is_in(["ADA", "éMILE"])).count(&engine).await?;
    let not_in = Account::select().filter(Account::login.not_in(["ADA", "éMILE"])).count(&engine).await?;
    assert_eq!((is_in, not_in), (2, 9));
    let others = Account::select().filter(Account::login.ne("ADA")).count(&engine).await?;
    assert_eq!(others, 10);
    let between = Account::select().filter(Account::login.between("AD", "ADA")).count(&engine).await?;
    assert_eq!(between, 1);
    Ok(())
}

#[creole::test]
async fn null_and_case_go_together(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Account]).await?;
    for (tenant, motto) in [Some("Sapere Aude"), None].into_iter().enumerate() {
        insert(&Account { motto: motto.map(Into::into), ..account("ada", tenant as i32) }).exec(&engine).await?;
    }
    assert_eq!(Account::select().filter(Account::motto.eq("SAPERE AUDE")).count(&engine).await?, 1);
    assert_eq!(Account::select().filter(Account::motto.ne("SAPERE AUDE")).count(&engine).await?, 1);
    assert_eq!(Account::select().filter(Account::motto.eq(None)).count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn a_unique_index_ignores_case_with_the_column(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Account]).await?;
    insert(&account("Émile", 1)).exec(&engine).await?;
    insert(&account("Emile", 1)).exec(&engine).await?;
    insert(&account("éMILE", 2)).exec(&engine).await?;
    let error = insert(&account("ÉMILE", 1)).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::UniqueViolation, Some("accounts")), "{error:?}");
    assert_eq!(error.columns().collect::<Vec<_>>(), ["tenant", "login"]);
    assert_eq!(error.constraint(), Some("ux_accounts_tenant_login"));
    Ok(())
}

#[creole::test]
async fn printable_ascii_sorts_alike(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Account]).await?;
    let mut rows: Vec<Account> = (' '..='~').map(|sign| account(&format!("x{sign}y"), i32::from(sign as u8))).collect();
    rows.extend(["x", "xy z", "xyz", "X YZ"].map(|name| account(name, 0)));
    for row in &rows {
        insert(row).exec(&engine).await?;
    }
    // Texts that differ in nothing but case are in no order, so the tenant, which is the sign's code, decides.
    let sorted = Account::select().order_by((Account::login, Account::tenant)).all(&engine).await?;
    let sorted: String = sorted.iter().map(|row| format!("{};", row.login)).collect();
    let signs = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";
    let mut expected: Vec<String> = signs.chars().map(|sign| format!("x{sign}y;")).collect();
    for letter in 'a'..='z' {
        expected.extend([format!("x{}y;", letter.to_ascii_uppercase()), format!("x{letter}y;")]);
    }
    // A text stands before those that it begins.
    expected.insert(0, "x;".into());
    expected.insert(2, "X YZ;".into());
    expected.insert(expected.len() - 4, "xy z;".into());
    expected.insert(expected.len() - 2, "xyz;".into());
    assert_eq!(sorted, expected.concat());
    let down = Account::select().order_by((Account::login.desc(), Account::tenant)).limit(1).one(&engine).await?;
    assert_eq!(down.login, "xZy");
    Ok(())
}

#[creole::test]
async fn like_tells_case_apart_on_every_column(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Account]).await?;
    insert(&Account { motto: Some("Sapere Aude".into()), ..account("Ada", 1) }).exec(&engine).await?;
    for (pattern, expected) in [("A%", 1), ("a%", 0), ("%d%", 1), ("%D%", 0), ("Ada", 1), ("Ada ", 0)] {
        assert_eq!(Account::select().filter(Account::login.like(pattern)).count(&engine).await?, expected, "{pattern}");
    }
    assert_eq!(Account::select().filter(Account::motto.like("sapere%")).count(&engine).await?, 0);
    assert_eq!(Account::select().filter(not(Account::motto.like("sapere%"))).count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn what_functions_make_of_a_column_is_compared_by_code_point(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Account]).await?;
    insert(&account("Ada", 1)).exec(&engine).await?;
    for (condition, expected) in [
        (Account::login.lower().eq("ada"), 1),
        (Account::login.lower().eq("ADA"), 0),
        (Account::login.upper().eq("ADA"), 1),
        (Account::login.upper().ne("ada"), 1),
        (Account::login.ilike("aD%"), 1),
        (Account::login.lower().like("A%"), 0),
        (Account::login.starts_with("A"), 1),
        (Account::login.starts_with("a"), 0),
        (Account::login.contains("D"), 0),
        (Account::login.length().eq(3), 1),
    ] {
        assert_eq!(Account::select().filter(condition.clone()).count(&engine).await?, expected, "{condition:?}");
    }
    Ok(())
}

#[creole::test]
async fn a_session_knows_an_entity_by_the_key_it_has(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Badge]).await?;
    insert(&Badge { code: "Blue".into(), owner: 1 }).exec(&engine).await?;
    let mut session = engine.session();
    let first = session.get::<Badge>("BLUE").await?.unwrap();
    session.try_get_mut(first)?.owner = 7;
    let second = session.get::<Badge>("bLUE").await?.unwrap();
    assert_eq!(session.try_get(second)?.owner, 7, "both are one entity");
    session.commit().await?;
    assert_eq!(Badge::select().one(&engine).await?, Badge { code: "Blue".into(), owner: 7 });
    Ok(())
}

#[creole::test]
async fn columns_of_different_collations_are_not_compared(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Account]).await?;
    insert(&Account { motto: Some("ADA".into()), ..account("Ada", 1) }).exec(&engine).await?;
    assert_eq!(Account::select().filter(Account::motto.eq(Account::login)).count(&engine).await?, 1);
    let error = Account::select().filter(Account::plan.eq(Account::login)).count(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("accounts.plan and accounts.login can't be compared"), "{error}");
    for condition in [Account::login.between("a", Account::plan), Account::login.is_in([Account::plan])] {
        let error = Account::select().filter(condition).count(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
    assert_eq!(Account::select().filter(Account::login.is_in([Account::login])).count(&engine).await?, 1);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "badges")]
struct Badge {
    #[model(primary_key, length = 20, case_insensitive)]
    code: String,
    owner: i32,
}

#[derive(Model)]
#[model(table = "scans")]
struct Scan {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 20, references = Badge::code)]
    badge: String,
}

#[derive(Model, Default)]
#[model(table = "checked_scans")]
struct CheckedScan {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 20, collation = case_insensitive, references = Badge::code, on_update = cascade)]
    badge: String,
}

#[creole::test]
async fn a_foreign_key_has_the_collation_of_what_it_refers_to(engine: Engine) -> creole::Result<()> {
    let error = engine.create_all(tables![Badge, Scan]).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Unsupported, Some("scans")));
    assert!(error.to_string().contains("fk_scans_badge_badges can't refer to badges.code"), "{error}");
    assert_eq!(Badge::select().count(&engine).await.unwrap_err().kind(), ErrorKind::UndefinedTable);

    engine.create_all(tables![Badge, CheckedScan]).await?;
    insert(&Badge { code: "Blue".into(), owner: 1 }).exec(&engine).await?;
    insert(&CheckedScan { badge: "bLUE".into(), ..Default::default() }).exec(&engine).await?;
    let error = insert(&CheckedScan { badge: "red".into(), ..Default::default() }).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation);
    Ok(())
}

#[creole::test]
async fn a_key_that_ignores_case_is_one_entity(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Badge]).await?;
    insert(&Badge { code: "Blue".into(), owner: 1 }).exec(&engine).await?;
    let found = Badge::find("BLUE", &engine).await?;
    assert_eq!(found, Some(Badge { code: "Blue".into(), owner: 1 }));
    let error = insert(&Badge { code: "BLUE".into(), owner: 2 }).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.constraint()), (ErrorKind::UniqueViolation, Some("pk_badges")));
    Ok(())
}

/// A column of a subquery is compared as the column that it selects.
#[creole::test]
async fn a_subquery_keeps_the_collation(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Badge, Account]).await?;
    insert_all(&[Badge { code: "Blue".into(), owner: 1 }, Badge { code: "red".into(), owner: 2 }])
        .exec(&engine)
        .await?;
    for (login, plan) in [("BLUE", "Blue"), ("Red", "x")] {
        let account = Account { login: login.into(), tenant: 1, plan: plan.into(), ..Default::default() };
        insert(&account).set(Account::rank, 1).exec(&engine).await?;
    }
    let codes = select((Badge::code, Badge::owner)).subquery("codes");
    let joined = |on: creole::query::Expr<bool>| {
        let columns = (Account::login, codes.col(Badge::owner));
        select(columns).join(codes.on(on)).order_by(Account::login)
    };
    let same = joined(codes.col(Badge::code).eq(Account::login)).all(&engine).await?;
    assert_eq!(same, [("BLUE".to_owned(), 1), ("Red".to_owned(), 2)]);
    let like = joined(codes.col(Badge::code).like("B%").and(Account::plan.eq("Blue"))).all(&engine).await?;
    assert_eq!(like, [("BLUE".to_owned(), 1)]);
    let error = joined(codes.col(Badge::code).eq(Account::plan)).all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert!(error.to_string().contains("a column of codes and accounts.plan"), "{error}");
    Ok(())
}

/// Letters that came with a later version of Unicode than MySQL's collation knows, which is 9.
const LATER: [std::ops::RangeInclusive<char>; 7] = [
    '\u{1c89}'..='\u{1cbf}',
    '\u{2c2f}'..='\u{2c2f}',
    '\u{a7b8}'..='\u{a7f5}',
    '\u{10570}'..='\u{10595}',
    '\u{10d50}'..='\u{10d65}',
    '\u{16e40}'..='\u{16e5f}',
    '\u{16ea0}'..='\u{16eb8}',
];

#[creole::test]
async fn unicodes_pairs_of_letters_are_equal(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Default)]
    #[model(table = "letters")]
    struct Letters {
        #[model(primary_key)]
        id: i32,
        #[model(length = 1, case_insensitive)]
        upper: String,
        #[model(length = 1, case_insensitive)]
        lower: String,
    }
    engine.create_all(tables![Letters]).await?;
    let pairs = ('\u{80}'..='\u{1e943}').filter_map(|upper| {
        let mut lower = upper.to_lowercase();
        let (Some(lower), None) = (lower.next(), lower.next()) else { return None };
        let is_known = !LATER.iter().any(|range| range.contains(&upper));
        (lower != upper && is_known).then_some((upper, lower))
    });
    let rows: Vec<Letters> =
        pairs.map(|(upper, lower)| Letters { id: upper as i32, upper: upper.into(), lower: lower.into() }).collect();
    assert!(rows.len() > 1_200, "{}", rows.len());
    let mut session = engine.session();
    for row in rows {
        session.add(row);
    }
    session.commit().await?;
    let apart = Letters::select().filter(Letters::upper.ne(Letters::lower)).all(&engine).await?;
    let apart: Vec<String> = apart.iter().map(|row| format!("{:x}", row.id)).collect();
    assert_eq!(apart, Vec::<String>::new());
    Ok(())
}

#[derive(Model, Default)]
#[model(table = "words")]
struct Unknown {
    #[model(primary_key)]
    id: i32,
    #[model(length = 20, collation = "no_such_collation")]
    word: String,
}

macro_rules! named {
    ($($model:ident $name:literal;)*) => {$(
        #[derive(Model, Default)]
        #[model(table = "words")]
        struct $model {
            #[model(primary_key)]
            id: i32,
            #[model(length = 20, collation = $name)]
            word: String,
        }
    )*};
}

named! {
    OnSqlite "NOCASE";
    OnPostgres "de-x-icu";
    OnMySql "utf8mb4_0900_ai_ci";
    OnMariaDb "utf8mb4_unicode_ci";
}

#[creole::test]
async fn a_collation_of_the_databases_own(engine: Engine) -> creole::Result<()> {
    macro_rules! check {
        ($model:ident) => {{
            assert!(matches!($model::TABLE.columns[1].collation, Collation::Named(_)));
            engine.create_table::<$model>().await?;
            for (id, word) in ["b", "A", "a", "B"].into_iter().enumerate() {
                insert(&$model { id: id as i32, word: word.into() }).exec(&engine).await?;
            }
            let rows = $model::select().order_by(($model::word, $model::id)).all(&engine).await?;
            let words: String = rows.iter().map(|row| row.word.as_str()).collect();
            // LIKE is by code point all the same.
            (words, $model::select().filter($model::word.like("a%")).count(&engine).await?)
        }};
    }
    let name = engine.dialect().name();
    let (words, like) = match name {
        "sqlite" => check!(OnSqlite),
        "postgres" => check!(OnPostgres),
        "mysql" => check!(OnMySql),
        _ => check!(OnMariaDb),
    };
    // PostgreSQL's tells case apart, after everything else.
    assert_eq!(words, if name == "postgres" { "aAbB" } else { "AabB" });
    assert_eq!(like, 1);
    Ok(())
}

#[creole::test]
async fn a_collation_that_is_not_there_is_an_error(engine: Engine) -> creole::Result<()> {
    let error = engine.create_table::<Unknown>().await.unwrap_err();
    // Which collations there are, only SQLite's dialect knows without asking.
    let is_refused = error.kind() == ErrorKind::Unsupported && error.to_string().contains("no_such_collation");
    assert!(is_refused || matches!(error.code(), Some("42704" | "1273")), "{error:?}");
    assert_eq!(Unknown::select().count(&engine).await.unwrap_err().kind(), ErrorKind::UndefinedTable);
    Ok(())
}
