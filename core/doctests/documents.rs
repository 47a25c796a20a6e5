// Documents: the model and rows that the examples about JSON share. An example includes this file by a hidden line and begins
// with `let engine = documents().await?`.

use creole::prelude::*;
use creole::{JsonValue, json};
use serde::{Deserialize, Serialize};

/// What the documents of `Config::settings` are written from.
#[derive(JsonDoc, Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
struct Settings {
    theme: Option<String>,
    scale: f64,
    tags: Vec<String>,
    panels: Vec<Panel>,
}

#[derive(JsonDoc, Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
struct Panel {
    width: u32,
}

/// Documents of a known shape and of any.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "configs", default)]
struct Config {
    #[model(primary_key, auto)]
    id: i64,
    settings: Json<Settings>,
    extra: JsonValue,
}

/// Two of them in memory: 1, which is full, and 2, which lacks most things.
async fn documents() -> creole::Result<Engine> {
    let engine = Engine::connect("sqlite::memory:").await?;
    engine.create_all(tables![Config]).await?;
    let full = Settings {
        theme: Some("dark".into()),
        scale: 1.5,
        tags: vec!["rust".into(), "sql".into()],
        panels: vec![Panel { width: 300 }, Panel { width: 200 }],
    };
    let configs = [
        Config {
            id: 1,
            settings: Json(full),
            extra: json!({"beta": true, "visits": 7, "plan": {"name": "pro", "price": 9.5}}),
        },
        Config {
            id: 2,
            settings: Json(Settings { scale: 1.0, ..Default::default() }),
            extra: json!({"beta": null, "note": "hello"}),
        },
    ];
    insert_all(&configs).exec(&engine).await?;
    Ok(engine)
}
