//! Looking into JSON documents, and changing parts of them.

mod reference;
mod documents;
mod random;
mod indexes;
mod same_with_indexes;
mod meaning;
mod changes;
mod json_type;
mod typed;
mod serialized;
mod merges;
mod merging_updates;
mod compliance;

use std::collections::BTreeMap;

use creole::JsonValue;
use creole::prelude::*;

use crate::models::Settings;

/// A row with a document, or none.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "documents")]
struct Row {
    #[model(primary_key)]
    id: i32,
    doc: Option<JsonValue>,
}

/// A row with documents of types that serde knows.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "typed")]
struct Typed {
    #[model(primary_key)]
    id: i32,
    settings: Json<Settings>,
    limits: Option<Json<BTreeMap<String, f64>>>,
}

/// Writes documents under the numbers of their places.
async fn write(engine: &Engine, documents: &[Option<JsonValue>]) -> creole::Result<()> {
    engine.create_all(tables![Row]).await?;
    let mut session = engine.session();
    for (place, doc) in documents.iter().enumerate() {
        session.add(Row { id: place as i32, doc: doc.clone() });
    }
    session.commit().await
}

/// The numbers of the rows for which this holds.
async fn ids(executor: &Engine, condition: creole::query::Expr<bool>) -> creole::Result<Vec<i32>> {
    select(Row::id).filter(condition).order_by(Row::id).all(executor).await
}
