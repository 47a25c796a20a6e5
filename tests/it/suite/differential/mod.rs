//! Random statements, on each database and on SQLite beside it: the same rows, or the same kind of error.

mod tables;
mod expressions;
mod statements;

use creole::prelude::*;

use crate::random::{Random, seed};
use statements::{Row, statement};

/// How many statements are tried. More are tried where `DIFFERENTIAL` says so.
const STATEMENTS: u64 = 700;

/// What came of a statement.
#[derive(Debug, PartialEq)]
enum Answer {
    Rows(Vec<Row>),
    /// What is computed has more digits than can be read.
    TooLong,
    /// The database can't do it, and says so.
    Refused,
}

async fn answer(engine: &Engine, seed: u64) -> creole::Result<Answer> {
    match statement(&mut Random(seed)).all(engine).await {
        Ok(mut rows) => {
            // Equal numbers may be written with more zeros or fewer.
            for row in &mut rows {
                row.1 = row.1.map(|number| number.normalize());
            }
            Ok(Answer::Rows(rows))
        }
        Err(error) if error.kind() == ErrorKind::InvalidValue => Ok(Answer::TooLong),
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(Answer::Refused),
        Err(error) => Err(error),
    }
}

#[creole::test]
async fn a_statement_means_the_same_here_and_on_sqlite(engine: Engine) -> creole::Result<()> {
    let seed = seed();
    let count = std::env::var("DIFFERENTIAL").ok().and_then(|count| count.parse().ok()).unwrap_or(STATEMENTS);
    let reference = Engine::connect("sqlite::memory:?connections=1").await?;
    for engine in [&engine, &reference] {
        tables::create(engine).await?;
    }
    let mut yielding = 0;
    for place in 0..count {
        let seed = seed.wrapping_add(place);
        let sql = || statement(&mut Random(seed)).sql(engine.dialect()).unwrap_or_else(|error| error.to_string());
        let expected = match answer(&reference, seed).await {
            Ok(answer) => answer,
            Err(error) => panic!("SEED={seed}: sqlite: {error}: {:?}\n{}", error.server_message(), sql()),
        };
        let found = match answer(&engine, seed).await {
            Ok(answer) => answer,
            Err(error) => panic!("SEED={seed}: {error}: {:?}\n{}", error.server_message(), sql()),
        };
        if found == Answer::Refused || expected == Answer::Refused {
            continue;
        }
        assert_eq!(found, expected, "SEED={seed}\n{}", sql());
        yielding += u64::from(matches!(&found, Answer::Rows(rows) if !rows.is_empty()));
    }
    assert!(yielding > count / 3, "only {yielding} of {count} statements yielded rows");
    Ok(())
}
