//! A secret at every place a value can go, for every error that can be had: it must not be seen in the error's texts, in
//! the `Debug` of anything, or in what is logged at the finest level. The server's own words may hold it; they are handed
//! out by name only.

use std::error::Error as _;
use std::fmt::Debug;
use std::time::Duration;

use creole::Error;
use creole::prelude::*;
use futures_util::StreamExt as _;

use crate::health::healthy;
use crate::lab::Lab;
use crate::logs::Watch;
use crate::models::{Order, Product, Stock, User, product, user};
use crate::raw::Raw;

/// Looks for one secret.
struct Canary {
    secret: String,
    logs: Watch,
    /// The kinds of the errors that were looked at.
    kinds: Vec<ErrorKind>,
    /// In how many of them the server told the secret.
    told_by_server: usize,
}

impl Canary {
    fn new() -> Canary {
        // Short enough for a text of twenty characters, long enough to be nowhere by chance.
        let secret = format!("canary{:012x}", Uuid::now_v7().as_u128() & 0xffff_ffff_ffff);
        Canary { logs: Watch::for_secret(&secret), secret, kinds: Vec::new(), told_by_server: 0 }
    }

    fn text(&self) -> String {
        self.secret.clone()
    }

    /// Looks at all that an error shows of itself.
    #[track_caller]
    fn error(&mut self, error: &Error) {
        self.kinds.push(error.kind());
        self.debug(error);
        self.text_is_clean(&error.to_string());
        self.text_is_clean(&format!("{error:#}"));
        let mut source = error.source();
        while let Some(cause) = source {
            self.text_is_clean(&format!("{cause} {cause:?} {cause:#?}"));
            source = cause.source();
        }
        let names = [error.table(), error.constraint(), error.code(), error.backend()];
        names.into_iter().flatten().chain(error.columns()).for_each(|name| self.text_is_clean(name));
        self.told_by_server += usize::from(error.server_message().is_some_and(|text| text.contains(&self.secret)));
    }

    /// Looks at an error that must come.
    #[track_caller]
    fn fails<T>(&mut self, kind: ErrorKind, outcome: creole::Result<T>) {
        match outcome {
            Ok(_) => panic!("{kind:?} was to come"),
            Err(error) => {
                self.error(&error);
                assert_eq!(error.kind(), kind, "{error}");
            }
        }
    }

    /// Looks at what something shows of itself.
    #[track_caller]
    fn debug(&self, thing: &dyn Debug) {
        self.text_is_clean(&format!("{thing:?}"));
        self.text_is_clean(&format!("{thing:#?}"));
    }

    #[track_caller]
    fn text_is_clean(&self, text: &str) {
        assert!(!text.contains(&self.secret), "the secret is told: {text}");
    }

    /// Looks at the logs, where one line must be found, to prove that they are searched.
    #[track_caller]
    fn logs_are_clean(&self) {
        tracing::trace!(target: "creole", proof = self.secret);
        let (hits, _) = self.logs.found();
        assert_eq!(hits.len(), 1, "the secret is logged, or the logs were not searched: {hits:#?}");
    }
}

/// The table of [`User`] as a struct has it that allows more, and less.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "users", default)]
struct LaxUser {
    #[model(primary_key, auto)]
    id: i64,
    email: Option<String>,
    nickname: Option<String>,
}

/// The same table with a text read as a number.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "users")]
struct NumberedUser {
    #[model(primary_key)]
    id: i64,
    email: i64,
}

/// The same table with a column that it has not.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "users", default)]
struct TaggedUser {
    #[model(primary_key, auto)]
    id: i64,
    email: String,
    tag: String,
}

/// A table that is not there.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "nowhere")]
struct Nowhere {
    #[model(primary_key)]
    id: String,
}

#[creole::test]
async fn in_errors_of_constraints(engine: Engine) -> creole::Result<()> {
    use ErrorKind::*;
    let mut canary = Canary::new();
    engine.create_all(tables![User, Order, Product, Stock]).await?;
    let secret = User { nickname: Some(canary.text()), ..user(&canary.text()) };
    let kept = insert(&secret).returning().one(&engine).await?;

    canary.fails(UniqueViolation, insert(&secret).exec(&engine).await);
    canary.fails(UniqueViolation, insert(&secret).returning().one(&engine).await);
    let other = insert(&user("other")).returning().one(&engine).await?;
    let rename = || update::<User>().set(User::email, canary.text()).filter(User::id.eq(other.id)).exec(&engine);
    let outcome = rename().await;
    canary.fails(UniqueViolation, outcome);
    let mut session = engine.session();
    session.add(secret.clone());
    canary.fails(UniqueViolation, session.flush().await);
    canary.debug(&session);
    canary.fails(TransactionAborted, session.commit().await);
    session.rollback().await?;
    let handle = session.get::<User>(other.id).await?.expect("the other one");
    session[handle].email = canary.text();
    canary.fails(UniqueViolation, session.commit().await);
    canary.debug(&session);
    canary.debug(&handle);
    canary.fails(TransactionAborted, User::select().filter(User::email.eq(canary.text())).all(&mut session).await);
    drop(session);
    let stock = Stock { warehouse: canary.text(), item: 1, shelf: Some(1), amount: 1 };
    insert(&stock).exec(&engine).await?;
    canary.fails(UniqueViolation, insert(&stock).exec(&engine).await);
    canary.fails(UniqueViolation, insert(&Stock { item: 2, ..stock }).exec(&engine).await);

    let lax = LaxUser { nickname: Some(canary.text()), ..Default::default() };
    canary.fails(NotNullViolation, insert(&lax).exec(&engine).await);
    let unset = update::<LaxUser>().set(LaxUser::email, None).filter(LaxUser::nickname.eq(canary.text()));
    canary.fails(NotNullViolation, unset.exec(&engine).await);
    canary.fails(CheckViolation, insert(&product(&canary.text(), &canary.text(), dec!(-1))).exec(&engine).await);
    insert(&Order { user_id: kept.id, total: dec!(1), ..Default::default() }).exec(&engine).await?;

    if engine.dialect().name() != "sqlite" {
        assert!(canary.told_by_server > 0, "no server has told the secret, so this proves nothing");
    }
    canary.debug(&engine);
    canary.logs_are_clean();
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn in_errors_of_values(engine: Engine) -> creole::Result<()> {
    use ErrorKind::*;
    let mut canary = Canary::new();
    engine.create_all(tables![User, Product, Stock]).await?;
    let too_long = canary.text().repeat(100);
    canary.fails(InvalidValue, insert(&user(&too_long)).exec(&engine).await);
    canary.fails(InvalidValue, insert(&user(&format!("{}\0", canary.secret))).exec(&engine).await);
    canary.fails(InvalidValue, update::<User>().set(User::email, too_long.clone()).all_rows().exec(&engine).await);
    let with_nul = format!("{}\0", canary.secret);
    canary.fails(InvalidValue, User::select().filter(User::email.eq(with_nul.clone())).all(&engine).await);
    canary.fails(InvalidValue, User::select().filter(User::email.is_in([with_nul.clone()])).count(&engine).await);
    let mut session = engine.session();
    session.add(user(&too_long));
    canary.fails(InvalidValue, session.flush().await);
    drop(session);

    // What creole lets through because the struct allows it, and the server refuses.
    let lax = LaxUser { email: Some(too_long), ..Default::default() };
    canary.fails(InvalidValue, insert(&lax).exec(&engine).await);
    insert(&user(&canary.text())).exec(&engine).await?;
    let lengthen = update::<LaxUser>().set(LaxUser::email, lax.email.clone()).all_rows();
    canary.fails(InvalidValue, lengthen.exec(&engine).await);
    canary.fails(Decode, NumberedUser::select().all(&engine).await);
    canary.fails(Decode, NumberedUser::select().filter(NumberedUser::id.gt(0)).first(&engine).await);
    let mut stream = NumberedUser::select().stream(&engine);
    canary.fails(Decode, stream.next().await.expect("an error"));
    drop(stream);
    let mut session = engine.session();
    canary.fails(Decode, NumberedUser::select().track(&mut session).await);
    drop(session);
    canary.logs_are_clean();
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn in_errors_of_statements(engine: Engine) -> creole::Result<()> {
    use ErrorKind::*;
    let mut canary = Canary::new();
    engine.create_all(tables![User, Stock]).await?;
    let secret = canary.text();
    canary.fails(UndefinedTable, insert(&Nowhere { id: secret.clone() }).exec(&engine).await);
    canary.fails(UndefinedTable, Nowhere::find(secret.clone(), &engine).await);
    canary.fails(UndefinedTable, Nowhere::select().filter(Nowhere::id.eq(secret.clone())).all(&engine).await);
    let tagged = TaggedUser { tag: secret.clone(), email: secret.clone(), ..Default::default() };
    canary.fails(UndefinedColumn, insert(&tagged).exec(&engine).await);
    canary.fails(UndefinedColumn, TaggedUser::select().filter(TaggedUser::tag.eq(secret.clone())).all(&engine).await);
    canary.fails(UndefinedColumn, User::select().filter(Stock::warehouse.eq(secret.clone())).all(&engine).await);

    canary.fails(NotFound, User::select().filter(User::email.eq(secret.clone())).one(&engine).await);
    for number in 0..2 {
        insert(&User { nickname: Some(secret.clone()), ..user(&format!("{secret}{number}")) }).exec(&engine).await?;
    }
    let both = || User::select().filter(User::nickname.eq(secret.clone()));
    canary.fails(MultipleFound, both().one(&engine).await);
    canary.fails(Syntax, update::<User>().set(User::email, secret.clone()).exec(&engine).await);
    canary.fails(Limit, both().limit(u64::MAX).all(&engine).await);
    let many = (0..70_000).map(|_| creole::query::val(secret.clone())).chain([User::email.lower()]);
    canary.fails(Limit, User::select().filter(User::email.is_in(many)).all(&engine).await);
    let read_only = async |tx: &mut Session| insert(&user(&secret)).exec(&mut *tx).await;
    canary.fails(ReadOnly, engine.transaction_with(TxOptions::new().read_only(), read_only).await);

    let mut session = engine.session();
    let handle = both().track(&mut session).await?.remove(0);
    session.commit().await?;
    delete::<User>().filter(User::nickname.eq(secret.clone())).exec(&engine).await?;
    session[handle].nickname = Some(format!("{secret}!"));
    canary.fails(StaleVersion, session.commit().await);
    session.rollback().await?;
    assert_eq!(session[handle].nickname.as_deref(), Some(&*secret));
    canary.fails(NotFound, session.refresh(handle).await);
    // Once it is known that the row is gone.
    canary.fails(Detached, session.try_get(handle).map(drop));
    session.rollback().await?;
    canary.fails(Detached, session.try_get(handle).map(drop));
    drop(session);
    canary.logs_are_clean();
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn in_errors_of_connections(engine: Engine) -> creole::Result<()> {
    use ErrorKind::*;
    let mut canary = Canary::new();
    let lab = Lab::of(&engine);
    let engine = lab.builder().max_connections(1).acquire_timeout(Duration::from_secs(3)).connect().await?;
    engine.create_all(tables![User]).await?;
    let mut session = engine.session();
    session.add(user(&canary.text()));
    session.flush().await?;
    canary.fails(PoolTimeout, insert(&user(&canary.text())).exec(&engine).await);
    canary.debug(&engine);
    canary.debug(&session);
    if engine.dialect().name() != "sqlite" {
        let mut raw = Raw::open(lab.url()).await?;
        for id in raw.connections().await? {
            raw.kill(id).await?;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        session.add(user(&format!("{}2", canary.secret)));
        canary.fails(ConnectionLost, session.flush().await);
        canary.fails(TransactionAborted, session.commit().await);
        session.rollback().await?;
        session.add(user(&canary.text()));
        session.flush().await?;
        for id in raw.connections().await? {
            raw.kill(id).await?;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        canary.fails(CommitUnknown, session.commit().await);
    }
    drop(session);
    engine.close().await;
    canary.fails(ConnectionLost, insert(&user(&canary.text())).exec(&engine).await);
    canary.logs_are_clean();
    Ok(())
}

#[creole::test]
async fn in_statements(engine: Engine) -> creole::Result<()> {
    let canary = Canary::new();
    engine.create_all(tables![User, Stock]).await?;
    let dialect = engine.dialect();
    let secret = canary.text();
    let row = User { nickname: Some(secret.clone()), ..user(&secret) };
    let condition = || User::email.eq(secret.clone()).or(User::nickname.is_in([Some(secret.clone()), None]));
    let select = User::select().filter(condition()).filter(User::email.like(secret.clone())).order_by(User::id);
    let update = update::<User>().set(User::email, secret.clone()).filter(condition());
    let delete = delete::<User>().filter(condition());
    canary.debug(&condition());
    canary.debug(&User::email.between(secret.clone(), secret.clone()));
    canary.debug(&select);
    canary.debug(&update);
    canary.debug(&delete);
    canary.debug(&insert(&row));
    canary.debug(&insert(&row).returning());
    canary.debug(&select.compile(dialect)?);
    canary.debug(&insert(&row).compile(dialect)?);
    canary.debug(&dialect);
    for text in [select.sql(dialect)?, update.sql(dialect)?, delete.sql(dialect)?, insert(&row).sql(dialect)?] {
        canary.text_is_clean(&text);
    }

    // What works is logged too.
    insert(&row).exec(&engine).await?;
    assert_eq!(select.clone().all(&engine).await?.len(), 1);
    assert_eq!(select.stream(&engine).collect::<Vec<_>>().await.len(), 1);
    assert_eq!(update.exec(&engine).await?, 1);
    let mut session = engine.session();
    let handle = User::select().track(&mut session).await?.remove(0);
    session[handle].nickname = Some(format!("{secret}!"));
    session.commit().await?;
    assert_eq!(delete.exec(&engine).await?, 1);
    healthy(&engine).await;
    let (_, lines) = canary.logs.found();
    assert!(lines > 20, "hardly anything was logged: {lines} lines");
    canary.logs_are_clean();
    Ok(())
}

#[creole::test]
async fn in_the_password(engine: Engine) -> creole::Result<()> {
    let mut canary = Canary::new();
    let secret = canary.text();
    let backend = engine.dialect().name();
    if backend == "sqlite" {
        return Ok(());
    }
    let url = creole::testing::url();
    let (scheme, rest) = url.split_once("://").expect("a server's URL");
    let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
    let (address, database) = rest.split_once('/').expect("a database in the URL");
    let closed = "127.0.0.1:1";
    let urls = [
        // Nobody listens, no such host, no such user, no such database.
        format!("{scheme}://root:{secret}@{closed}/{database}"),
        format!("{scheme}://root:{secret}@no-such-host.invalid/{database}"),
        format!("{scheme}://creole_nobody:{secret}@{address}/{database}"),
        // Malformed, each in another way; the last are what comes of a password that was not encoded.
        format!("{scheme}://root:{secret}@{address}/{database}?no-such-option=1"),
        format!("{scheme}://root:{secret}@{address}/{database}?connect_timeout={secret}"),
        format!("{scheme}://root:{secret}@{address}/{database}?{secret}"),
        format!("{scheme}://root:{secret}@:99999/{database}"),
        format!("{scheme}://root:{secret}%ff@{address}/{database}"),
        format!("{scheme}://root:{secret}%00@{address}/{database}"),
        format!("{scheme}://root:{secret}@{address}/a/b"),
        format!("{scheme}://root:{secret}/{secret}@{address}/{database}"),
        format!("{scheme}://root:{secret}?{secret}@{address}/{database}"),
        format!("{scheme}:root:{secret}@{address}/{database}"),
        format!("{scheme}:/root:{secret}@{address}/{database}"),
        format!("://root:{secret}@{address}/{database}"),
        secret.clone(),
    ];
    for url in urls {
        canary.debug(&Engine::builder(&url));
        let error =
            Engine::builder(&url).acquire_timeout(Duration::from_secs(20)).connect().await.map(drop).unwrap_err();
        canary.error(&error);
        assert!(!error.server_message().unwrap_or_default().contains(&secret), "{error}");
        let kinds = [ErrorKind::Config, ErrorKind::Auth, ErrorKind::ConnectionLost];
        assert!(kinds.contains(&error.kind()), "{error}");
    }
    for kind in [ErrorKind::Config, ErrorKind::Auth, ErrorKind::ConnectionLost] {
        assert!(canary.kinds.contains(&kind), "{kind:?} did not come: {:?}", canary.kinds);
    }
    // The driver that keeps the password does not show it either.
    let driver = crate::raw::driver(&format!("{scheme}://root:{secret}@{address}/{database}")).await;
    match driver {
        Ok(driver) => canary.debug(&driver),
        Err(error) => canary.error(&error),
    }
    canary.logs_are_clean();
    Ok(())
}
