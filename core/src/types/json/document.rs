//! [`Json`].

use std::any::{Any, type_name};
use std::ops::{Deref, DerefMut};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Document, invalid, not_json};
use crate::error::{Error, Result};
use crate::types::sql_type::mismatch;
use crate::types::{ColumnType, JsonRef, SqlValue, ValueRef};

/// A JSON column that is read as a type of the program's own: `settings: Json<Settings>`.
///
/// `T` is anything that serde reads and writes. It is written as JSON, and read into `T`; what is not of `T`'s shape is an
/// error of kind [`Decode`](crate::ErrorKind::Decode) that names the table, the column and the path in the document.
/// Two values are equal if their `T`s are. In the program a `Json<T>` is used as the `T` that it is.
///
/// `T` is serialized once for each row that is sent. A session serializes it too where an entity was written to, to see whether the
/// document has changed, and sends what came of that.
///
/// What JSON has no form for is refused when it is written, and never becomes something else: NaN and the infinities, map
/// keys that are no text, and integers beyond 64 bits and `RawValue`, since not every database keeps their numbers.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doctests/documents.rs"));
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> creole::Result<()> {
/// # let engine = documents().await?;
/// let config = Config::find(1, &engine).await?.expect("it is there");
/// assert_eq!(config.settings.scale, 1.5); // As if it were the `Settings`.
///
/// let other = Config { settings: Json(Settings { scale: 2.0, ..Default::default() }), ..Default::default() };
/// insert(&other).exec(&engine).await?;
/// assert_eq!(Config::select().filter(Config::settings.field(Settings::scale).eq(2.0)).count(&engine).await?, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    /// The value by itself.
    ///
    /// ```
    /// use creole::Json;
    ///
    /// assert_eq!(Json(vec![1, 2]).into_inner(), [1, 2]);
    /// ```
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> SqlValue for Json<T> {
    const TYPE: ColumnType = ColumnType::Json;

    #[inline]
    fn bind(&self) -> ValueRef<'_> {
        ValueRef::Json(JsonRef::Typed(&self.0))
    }

    fn from_value(value: ValueRef<'_>) -> Result<Json<T>> {
        match value {
            ValueRef::Json(JsonRef::Text(text)) => read_text(text),
            ValueRef::Json(JsonRef::Tree(tree)) => T::deserialize(tree).or_else(|_| locate(tree)),
            ValueRef::Json(JsonRef::Typed(source)) => match (source as &dyn Any).downcast_ref::<T>() {
                Some(value) => Ok(value.clone()),
                None => return Self::from_value(source.tree().map_err(invalid)?.bind()),
            },
            other => Err(mismatch::<Json<T>>(other)),
        }
        .map(Json)
    }
}

impl<T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static> Document for Json<T> {}

fn read_text<T: DeserializeOwned>(text: &str) -> Result<T> {
    match serde_json::from_str(text) {
        Ok(value) => Ok(value),
        Err(error) if error.is_data() => locate(&mut serde_json::Deserializer::from_str(text)),
        Err(_) => Err(not_json(type_name::<T>())),
    }
}

/// Reads a document again, to find out where in it the reading failed.
#[cold]
fn locate<'de, T: Deserialize<'de>>(document: impl Deserializer<'de, Error = serde_json::Error>) -> Result<T> {
    serde_path_to_error::deserialize(document).map_err(|error| {
        let path = error.path().to_string();
        let at = if path == "." { String::new() } else { format!(" at `{path}`") };
        // Other messages of serde show the value that they found.
        let found =
            match error.inner().to_string().strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
                Some((field, _)) => format!("json without the field `{field}`{at}"),
                None => format!("json of another shape{at}"),
            };
        Error::decode(type_name::<T>(), found)
    })
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Json<T> {
        Json(value)
    }
}

impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Json<T>, D::Error> {
        T::deserialize(deserializer).map(Json)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::error::ErrorKind;

    type Scores = BTreeMap<String, Vec<i32>>;

    fn read(text: &str) -> Result<Json<Scores>> {
        SqlValue::from_value(ValueRef::Json(JsonRef::Text(text)))
    }

    #[test]
    fn an_error_says_where_and_not_what() {
        assert_eq!(read(r#"{"ada": [1, 2]}"#).unwrap().get("ada"), Some(&vec![1, 2]));
        let error = read(r#"{"ada": [1, "canary"]}"#).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains("at `ada[1]`") && !error.to_string().contains("canary"), "{error}");
        let error = read("\"canary\"").unwrap_err();
        assert!(!error.to_string().contains("canary") && !error.to_string().contains(" at "), "{error}");
        assert!(read("{").unwrap_err().to_string().contains("not JSON"));
        let tree = serde_json::json!({"ada": [1, "canary"]});
        let error = Json::<Scores>::from_value(tree.bind()).unwrap_err();
        assert!(error.to_string().contains("at `ada[1]`"), "{error}");
    }

    #[test]
    fn it_is_transparent_to_serde() {
        let scores = Json(vec![1, 2]);
        assert_eq!(serde_json::to_string(&scores).unwrap(), "[1,2]");
        assert_eq!(serde_json::from_str::<Json<Vec<i32>>>("[1,2]").unwrap(), scores);
    }
}
