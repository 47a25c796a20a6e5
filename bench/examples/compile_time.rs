//! What `cargo check` takes for 200 models of ten columns: creole's derive, serde's two for scale, and with
//! `--features peers` sea-orm's and diesel's.
//!
//! Each is a package of its own under `target/compile_time/`, with the versions of this package's lock file. What it depends on is
//! checked beforehand; then the package alone, three times, of which the quickest counts: processor time of the compiler as
//! the system counts it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use creole_bench::Failure;

const MODELS: usize = 200;
const ROUNDS: usize = 3;

struct Contestant {
    name: &'static str,
    dependencies: &'static str,
    model: fn(usize) -> String,
}

const CREOLE: Contestant = Contestant {
    name: "creole",
    dependencies: "creole = { path = \"CREOLE\", default-features = false, features = [\"sqlite\"] }",
    model: |n| {
        format!(
            "pub mod m{n} {{ use creole::prelude::*; #[derive(Model, Debug, Clone, PartialEq)] #[model(table = \"t{n}\")] pub struct Row {{ \
             #[model(primary_key)] pub id: i64, {} }} }}",
            fields()
        )
    },
};

const SERDE: Contestant = Contestant {
    name: "serde",
    dependencies: "serde = { version = \"1\", features = [\"derive\"] }",
    model: |n| {
        format!(
            "pub mod m{n} {{ #[derive(serde::Serialize, serde::Deserialize, Debug, Clone, PartialEq)] pub struct Row {{ pub id: i64, {} }} }}",
            fields()
        )
    },
};

const SEA_ORM: Contestant = Contestant {
    name: "sea-orm",
    dependencies: "sea-orm = { version = \"2.0\", default-features = false, features = [\"macros\", \"sqlx-sqlite\", \"runtime-tokio\"] }",
    model: |n| {
        format!(
            "pub mod m{n} {{ use sea_orm::entity::prelude::*; #[derive(Clone, Debug, PartialEq, DeriveEntityModel)] \
             #[sea_orm(table_name = \"t{n}\")] pub struct Model {{ #[sea_orm(primary_key, auto_increment = false)] pub id: i64, {} }} \
             #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)] pub enum Relation {{}} \
             impl ActiveModelBehavior for ActiveModel {{}} }}",
            fields()
        )
    },
};

const DIESEL: Contestant = Contestant {
    name: "diesel",
    dependencies: "diesel = { version = \"2.3\", default-features = false, features = [\"sqlite\", \"32-column-tables\"] }",
    model: |n| {
        format!(
            "pub mod m{n} {{ diesel::table! {{ t{n} (id) {{ id -> BigInt, {} }} }} use diesel::prelude::*; \
             #[derive(Queryable, Selectable, Identifiable, Insertable, AsChangeset, Debug, Clone, PartialEq)] \
             #[diesel(table_name = t{n})] pub struct Row {{ pub id: i64, {} }} }}",
            COLUMNS.map(|(name, _, sql)| format!("{name} -> {sql}, ")).concat(),
            fields()
        )
    },
};

/// The columns besides the key: their names, Rust types and diesel's SQL types.
const COLUMNS: [(&str, &str, &str); 9] = [
    ("name", "String", "Text"),
    ("email", "Option<String>", "Nullable<Text>"),
    ("age", "i32", "Integer"),
    ("score", "f64", "Double"),
    ("active", "bool", "Bool"),
    ("title", "String", "Text"),
    ("note", "Option<String>", "Nullable<Text>"),
    ("rank", "i32", "Integer"),
    ("parent", "Option<i64>", "Nullable<BigInt>"),
];

fn fields() -> String {
    COLUMNS.map(|(name, rust, _)| format!("pub {name}: {rust}, ")).concat()
}

fn main() -> Result<(), Failure> {
    let mut contestants = vec![CREOLE, SERDE];
    if cfg!(feature = "peers") {
        contestants.extend([SEA_ORM, DIESEL]);
    }
    println!("| {MODELS} models | `cargo check`, processor time | ratio |\n| --- | --- | --- |");
    let mut first = None;
    for contestant in contestants {
        let package = write(&contestant)?;
        check(&package)?;
        let mut best = u64::MAX;
        for _ in 0..ROUNDS {
            // Nothing but the package itself is checked again.
            fs::write(package.join("src/lib.rs"), source(&contestant))?;
            let before = ticks_of_children()?;
            check(&package)?;
            best = best.min(ticks_of_children()? - before);
        }
        let ratio = best as f64 / *first.get_or_insert(best) as f64;
        println!("| {} | {:.1} s | {ratio:.1} |", contestant.name, best as f64 / TICKS_PER_SECOND);
    }
    Ok(())
}

/// Writes the package of a contestant; where it is.
fn write(contestant: &Contestant) -> Result<PathBuf, Failure> {
    let bench = Path::new(env!("CARGO_MANIFEST_DIR"));
    let package = bench.join("target/compile_time").join(contestant.name);
    fs::create_dir_all(package.join("src"))?;
    let creole = bench.parent().ok_or("the benchmark has no parent folder")?;
    let dependencies = contestant.dependencies.replace("CREOLE", &creole.display().to_string());
    let manifest = format!(
        "[package]\nname = \"models\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}\n"
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::copy(bench.join("Cargo.lock"), package.join("Cargo.lock"))?;
    fs::write(package.join("src/lib.rs"), source(contestant))?;
    Ok(package)
}

fn source(contestant: &Contestant) -> String {
    (0..MODELS).fold(String::new(), |mut source, n| {
        let _ = writeln!(source, "{}", (contestant.model)(n));
        source
    })
}

fn check(package: &Path) -> Result<(), Failure> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["check", "--quiet", "--manifest-path"])
        .arg(package.join("Cargo.toml"))
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", package.join("target"))
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("{} does not compile", package.display()).into()) }
}

/// Linux counts processor time in hundredths of a second for programs to read, whatever its own clock is.
const TICKS_PER_SECOND: f64 = 100.0;

/// The processor time in user mode of the processes that this one has waited for: field 16 of `/proc/self/stat`, see proc(5).
fn ticks_of_children() -> Result<u64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name of the program, in parentheses, may have blanks.
    let after_name = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let field = after_name.split_whitespace().nth(13).ok_or("/proc/self/stat has no field 16")?;
    Ok(field.parse()?)
}
