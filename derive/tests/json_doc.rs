//! `#[derive(JsonDoc)]`: its keys are those that serde writes.
#![allow(missing_docs)]

use std::marker::PhantomData;

use creole::query::JsonField;
use creole_derive::JsonDoc;
use serde::Serialize;
use serde_json::{Value, json};

mod facade {
    pub(crate) mod orm {
        pub(crate) use creole::*;
    }
}

#[derive(JsonDoc, Serialize)]
#[json_doc(crate = crate::facade::orm)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
struct Renamed {
    font_size: u8,
    #[serde(rename = "a \"key\"")]
    odd: u8,
    #[serde(rename(serialize = "written", deserialize = "read"))]
    two: u8,
    r#type: u8,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    maybe: Option<u8>,
    #[serde(skip)]
    #[allow(dead_code)]
    skipped: u8,
    #[serde(flatten)]
    inner: Inner,
    #[serde(serialize_with = "as_text")]
    own: u8,
}

#[derive(JsonDoc, Serialize)]
struct Inner {
    deep: Option<u8>,
}

#[derive(JsonDoc, Serialize)]
#[serde(rename_all(serialize = "camelCase", deserialize = "snake_case"))]
struct Generic<'a, T: Clone, const N: usize>
where
    T: Copy,
{
    pub(crate) first_one: T,
    second_one: &'a str,
    #[serde(skip)]
    of: PhantomData<[(); N]>,
}

/// Every way of serde's to write names.
macro_rules! cases {
    ($($name:ident $case:literal;)*) => {
        $(
            #[derive(JsonDoc, Serialize, Default)]
            #[serde(rename_all = $case)]
            #[allow(non_snake_case)]
            struct $name {
                a: u8,
                very_happy2: u8,
                _a__b_: u8,
            }
        )*

        #[test]
        fn keys_are_those_that_serde_writes() {
            $(
                let keys = [$name::a.key(), $name::very_happy2.key(), $name::_a__b_.key()];
                assert_eq!(sorted(&keys), keys_of(&$name::default()), $case);
            )*
        }
    };
}

cases! {
    Lower "lowercase";
    Upper "UPPERCASE";
    Pascal "PascalCase";
    Camel "camelCase";
    Snake "snake_case";
    ScreamingSnake "SCREAMING_SNAKE_CASE";
    Kebab "kebab-case";
    ScreamingKebab "SCREAMING-KEBAB-CASE";
}

fn as_text<S: serde::Serializer>(value: &u8, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.to_string())
}

fn keys_of(document: &impl Serialize) -> Vec<String> {
    let Ok(Value::Object(entries)) = serde_json::to_value(document) else { panic!("it is no object") };
    let mut keys: Vec<String> = entries.into_iter().map(|(key, _)| key).collect();
    keys.sort();
    keys
}

fn sorted(keys: &[&str]) -> Vec<String> {
    let mut keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    keys.sort();
    keys
}

#[test]
fn what_serde_is_told_counts() {
    let inner = Inner { deep: None };
    let written = Renamed { font_size: 1, odd: 2, two: 3, r#type: 4, maybe: Some(5), skipped: 6, inner, own: 7 };
    let own = [
        Renamed::font_size.key(),
        Renamed::odd.key(),
        Renamed::two.key(),
        Renamed::r#type.key(),
        Renamed::maybe.key(),
        Renamed::own.key(),
    ];
    // What is flattened has its key in the document itself.
    let mut keys = own.to_vec();
    keys.push(Inner::deep.key());
    assert_eq!(sorted(&keys), keys_of(&written));
    assert_eq!(serde_json::to_value(&written).unwrap()["TYPE"], json!(4));
}

#[test]
fn a_field_holds_what_its_type_says() {
    // An `Option` is what is in it, and what has a form of its own is anything.
    let _: JsonField<Renamed, u8> = Renamed::maybe;
    let _: JsonField<Renamed, u8> = Renamed::font_size;
    let _: JsonField<Renamed, Value> = Renamed::own;
    let _: JsonField<Generic<'_, i32, 3>, i32> = Generic::first_one;
    let _: JsonField<Generic<'_, i32, 3>, &str> = Generic::second_one;
    let generic = Generic::<i32, 3> { first_one: 1, second_one: "", of: PhantomData };
    assert_eq!(sorted(&[Generic::<i32, 3>::first_one.key(), Generic::<i32, 3>::second_one.key()]), keys_of(&generic));
    assert_eq!(format!("{:?}", Inner::deep), "JsonField(\"deep\")");
}
