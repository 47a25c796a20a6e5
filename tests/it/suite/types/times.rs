//! Dates and times: microseconds, the years 1 to 9999, and nothing that is changed without a word.

use creole::prelude::*;

use crate::health::healthy;
use crate::raw::Raw;

#[derive(Model, Debug, Clone, PartialEq, Default)]
#[model(table = "events")]
struct Event {
    #[model(primary_key)]
    id: i32,
    day: NaiveDate,
    hour: NaiveTime,
    moment: NaiveDateTime,
    instant: DateTime<Utc>,
    #[model(exact_time)]
    exact: Option<DateTime<Utc>>,
    #[model(exact_time)]
    exact_hour: Option<NaiveTime>,
    #[model(exact_time)]
    exact_moment: Option<NaiveDateTime>,
}

fn fine_instant() -> DateTime<Utc> {
    "1960-01-01T00:00:00.123456789Z".parse().unwrap()
}

fn cut_instant() -> DateTime<Utc> {
    "1960-01-01T00:00:00.123456Z".parse().unwrap()
}

#[creole::test]
async fn what_is_finer_is_cut_wherever_a_time_is_written_or_compared(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Event]).await?;
    let (fine, cut) = (fine_instant(), cut_instant());
    let row = Event { id: 1, hour: fine.time(), moment: fine.naive_utc(), instant: fine, ..Default::default() };
    let kept = Event { hour: cut.time(), moment: cut.naive_utc(), instant: cut, ..row.clone() };
    assert_eq!(insert(&row).returning().one(&engine).await?, kept);
    let count = |condition| Event::select().filter(condition).count(&engine);
    for instant in [fine, cut] {
        assert_eq!(count(Event::instant.eq(instant)).await?, 1);
        assert_eq!(count(Event::moment.eq(instant.naive_utc())).await?, 1);
        assert_eq!(count(Event::hour.eq(instant.time())).await?, 1);
        assert_eq!(count(Event::instant.ge(instant)).await?, 1);
        assert_eq!(count(Event::instant.lt(instant)).await?, 0);
        assert_eq!(count(Event::instant.between(instant, instant)).await?, 1);
        assert_eq!(count(Event::instant.is_in([instant])).await?, 1);
    }
    let mut session = engine.session();
    session.add(Event { id: 2, ..row.clone() });
    session.commit().await?;
    let second = session.get::<Event>(2).await?.unwrap();
    session.refresh(second).await?;
    assert_eq!(session[second], Event { id: 2, ..kept.clone() });
    update::<Event>().set(Event::instant, fine_instant()).all_rows().exec(&engine).await?;
    assert_eq!(Event::find(1, &engine).await?, Some(kept));
    Ok(())
}

#[creole::test]
async fn now_is_kept_as_it_is(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Event]).await?;
    let now = creole::now();
    let row = Event { id: 1, instant: now, exact: Some(now), ..Default::default() };
    insert(&row).exec(&engine).await?;
    assert_eq!(Event::find(1, &engine).await?, Some(row));
    Ok(())
}

#[creole::test]
async fn an_exact_time_is_refused_where_it_is_finer(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Event]).await?;
    let fine = fine_instant();
    let cut = cut_instant();
    let exact = Event {
        id: 1,
        exact: Some(cut),
        exact_hour: Some(cut.time()),
        exact_moment: Some(cut.naive_utc()),
        ..Default::default()
    };
    insert(&exact).exec(&engine).await?;
    assert_eq!(Event::find(1, &engine).await?, Some(exact.clone()));
    let all = || update::<Event>().all_rows();
    let finer = [
        ("exact", Event { exact: Some(fine), ..exact.clone() }, all().set(Event::exact, fine)),
        (
            "exact_hour",
            Event { exact_hour: Some(fine.time()), ..exact.clone() },
            all().set(Event::exact_hour, fine.time()),
        ),
        (
            "exact_moment",
            Event { exact_moment: Some(fine.naive_utc()), ..exact.clone() },
            all().set(Event::exact_moment, Some(fine.naive_utc())),
        ),
    ];
    for (column, row, update) in finer {
        let mut session = engine.session();
        let handle = session.get::<Event>(1).await?.unwrap();
        session[handle] = row.clone();
        // A change of nothing but what is cut off is a change here.
        let flushed = session.commit().await;
        drop(session);
        let mut session = engine.session();
        session.add(Event { id: 2, ..row.clone() });
        let errors = [
            insert(&Event { id: 2, ..row }).exec(&engine).await.unwrap_err(),
            update.exec(&engine).await.unwrap_err(),
            session.flush().await.unwrap_err(),
            flushed.unwrap_err(),
        ];
        for error in errors {
            assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
            assert_eq!((error.table(), error.columns().collect::<Vec<_>>()), (Some("events"), vec![column]), "{error}");
        }
    }
    assert_eq!(Event::select().all(&engine).await?, [exact]);
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn what_no_backend_keeps_is_refused_with_its_reason(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Event]).await?;
    let leap = NaiveTime::from_hms_nano_opt(23, 59, 59, 1_500_000_000).unwrap();
    let day = NaiveDate::from_ymd_opt(2016, 12, 31).unwrap();
    let too_late = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
    let too_early = NaiveDate::from_ymd_opt(0, 12, 31).unwrap();
    let midnight = NaiveTime::MIN;
    let years = "the year must lie between 1 and 9999";
    let leaps = "a leap second";
    let ordinary = Event { id: 1, ..Default::default() };
    let refused = [
        ("day", years, Event { day: too_late, ..ordinary.clone() }),
        ("day", years, Event { day: too_early, ..ordinary.clone() }),
        ("day", years, Event { day: NaiveDate::MAX, ..ordinary.clone() }),
        ("moment", years, Event { moment: too_late.and_time(midnight), ..ordinary.clone() }),
        ("moment", years, Event { moment: NaiveDateTime::MIN, ..ordinary.clone() }),
        ("instant", years, Event { instant: too_early.and_time(midnight).and_utc(), ..ordinary.clone() }),
        ("instant", years, Event { instant: DateTime::<Utc>::MAX_UTC, ..ordinary.clone() }),
        ("hour", leaps, Event { hour: leap, ..ordinary.clone() }),
        ("moment", leaps, Event { moment: day.and_time(leap), ..ordinary.clone() }),
        ("instant", leaps, Event { instant: day.and_time(leap).and_utc(), ..ordinary.clone() }),
    ];
    for (column, reason, row) in refused {
        let error = insert(&row).exec(&engine).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
        assert_eq!((error.table(), error.columns().collect::<Vec<_>>()), (Some("events"), vec![column]), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    // Compared, too: the databases would each answer something else.
    let errors = [
        Event::select().filter(Event::day.lt(too_late)).count(&engine).await.unwrap_err(),
        Event::select().filter(Event::instant.lt(DateTime::<Utc>::MAX_UTC)).count(&engine).await.unwrap_err(),
        Event::select().filter(Event::hour.eq(leap)).count(&engine).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
    }
    assert_eq!(Event::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn a_date_of_zeros_is_an_error_and_not_another_date(engine: Engine) -> creole::Result<()> {
    if !matches!(engine.dialect().name(), "mysql" | "mariadb") {
        return Ok(());
    }
    engine.create_all(tables![Event]).await?;
    let mut raw = Raw::open(&creole::testing::url()).await?;
    raw.run("SET SESSION sql_mode = ''").await?;
    let good = "'2024-01-01', '10:00:00', '2024-01-01', '2024-01-01'";
    for (id, (column, values)) in (0..).zip([
        ("day", good.replacen("2024-01-01", "0000-00-00", 1)),
        ("day", good.replacen("2024-01-01", "2024-00-00", 1)),
        ("hour", good.replace("10:00:00", "-10:00:00")),
        ("hour", good.replace("10:00:00", "24:00:00")),
        ("moment", good.replace(", '2024-01-01', ", ", '0000-00-00', ")),
        ("instant", format!("'2024-01-01', '10:00:00', '2024-01-01', {}", "'2024-01-00'")),
    ]) {
        raw.run(&format!("INSERT INTO events (id, day, hour, moment, instant) VALUES ({id}, {values})")).await?;
        let error = Event::find(id, &engine).await.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::Decode, Some("events")), "{column}: {error}");
        assert_eq!(error.columns().collect::<Vec<_>>(), [column], "{error}");
    }
    healthy(&engine).await;
    Ok(())
}

#[cfg(feature = "time")]
mod by_the_time_crate {
    //! The same of the crate `time`.

    use creole::prelude::*;
    use creole::time::macros::{date, datetime, offset, time, utc_datetime};
    use creole::time::{Date, OffsetDateTime, PrimitiveDateTime, Time, UtcDateTime};

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "visits")]
    struct Visit {
        #[model(primary_key)]
        id: i32,
        day: Date,
        hour: Time,
        moment: PrimitiveDateTime,
        instant: UtcDateTime,
        #[model(exact_time)]
        exact: Option<OffsetDateTime>,
    }

    fn visit(id: i32) -> Visit {
        Visit {
            id,
            day: date!(1960 - 02 - 29),
            hour: time!(23:59:59.999_999_999),
            moment: datetime!(1960-01-01 00:00:00.123_456_789),
            instant: utc_datetime!(1960-01-01 00:00:00.123_456_789),
            exact: None,
        }
    }

    #[creole::test]
    async fn what_is_finer_is_cut_or_refused(engine: Engine) -> creole::Result<()> {
        engine.create_all(tables![Visit]).await?;
        let kept = Visit {
            hour: time!(23:59:59.999_999),
            moment: datetime!(1960-01-01 00:00:00.123_456),
            instant: utc_datetime!(1960-01-01 00:00:00.123_456),
            ..visit(1)
        };
        assert_eq!(insert(&visit(1)).returning().one(&engine).await?, kept);
        for row in [visit(1), kept] {
            let same = Visit::hour.eq(row.hour).and(Visit::moment.eq(row.moment)).and(Visit::instant.eq(row.instant));
            assert_eq!(Visit::select().filter(same).count(&engine).await?, 1);
        }
        let fine = datetime!(2024-01-01 12:00:00.000_000_001).assume_offset(offset!(+2));
        let errors = [
            insert(&Visit { exact: Some(fine), ..visit(2) }).exec(&engine).await.unwrap_err(),
            update::<Visit>().set(Visit::exact, fine).all_rows().exec(&engine).await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!((error.kind(), error.columns().next()), (ErrorKind::InvalidValue, Some("exact")), "{error}");
        }
        Ok(())
    }

    #[creole::test]
    async fn years_that_no_backend_keeps_are_refused(engine: Engine) -> creole::Result<()> {
        engine.create_all(tables![Visit]).await?;
        let before = date!(0000 - 12 - 31);
        // The last hours of the last year, in a zone where they are of the next year in UTC.
        let beyond = datetime!(9999-12-31 23:00).assume_offset(offset!(-2));
        let refused = [
            ("day", Visit { day: before, ..visit(1) }),
            ("moment", Visit { moment: before.midnight(), ..visit(1) }),
            ("instant", Visit { instant: before.midnight().as_utc(), ..visit(1) }),
            ("exact", Visit { exact: Some(beyond), ..visit(1) }),
        ];
        for (column, row) in refused {
            let error = insert(&row).exec(&engine).await.unwrap_err();
            assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
            assert_eq!(error.columns().collect::<Vec<_>>(), [column], "{error}");
        }
        let error = Visit::select().filter(Visit::exact.eq(beyond)).count(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue);
        Ok(())
    }
}
