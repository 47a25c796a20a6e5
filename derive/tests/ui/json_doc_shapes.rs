//! What has no fields as the keys of a document.
use creole_derive::JsonDoc;
use serde::Serialize;

#[derive(JsonDoc)]
enum Theme {
    Dark,
}

#[derive(JsonDoc)]
struct Pair(i64, i64);

#[derive(JsonDoc)]
struct Nothing;

#[derive(JsonDoc, Serialize)]
#[serde(transparent)]
struct Around {
    inner: String,
}

#[derive(JsonDoc, Serialize, Clone)]
#[serde(into = "String")]
struct Text {
    inner: String,
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.inner
    }
}

#[derive(JsonDoc)]
#[json_doc(crat = creole, rename_all = "camelCase")]
struct Words {
    inner: String,
}

fn main() {}
