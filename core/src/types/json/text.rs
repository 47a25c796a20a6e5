//! Documents as text: one form, whoever writes it.

use std::any::Any;
use std::io;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Tree;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use super::strict;
use crate::error::{Error, ErrorKind};

/// Something that becomes a JSON document when it is sent. Whatever serde writes is one.
pub trait JsonSource: Any + Send + Sync {
    /// The document as a tree, for which the value is serialized once.
    ///
    /// # Errors
    /// The reason, which shows nothing of the value, where JSON has no form for it.
    fn tree(&self) -> Result<Tree, &'static str>;

    /// A copy that lives by itself.
    fn to_shared(&self) -> Arc<dyn JsonSource>;
}

impl<T: Serialize + Clone + Send + Sync + 'static> JsonSource for T {
    fn tree(&self) -> Result<Tree, &'static str> {
        strict::tree(self)
    }

    fn to_shared(&self) -> Arc<dyn JsonSource> {
        Arc::new(self.clone())
    }
}

/// Writes a typed document as text, by way of its tree, in which keys have one order: equal documents have equal texts, and a
/// database that compares the texts finds them equal.
pub(in crate::types) fn write_typed(source: &dyn JsonSource, text: &mut Vec<u8>) -> Result<(), Error> {
    write_tree(&source.tree().map_err(invalid)?, text)
}

/// Writes a tree as text.
pub(in crate::types) fn write_tree(tree: &Tree, text: &mut Vec<u8>) -> Result<(), Error> {
    tree.serialize(&mut Serializer::with_formatter(text, Exact)).map_err(|_| invalid(strict::NO_FORM))
}

/// The compact form, but for large floats that are whole numbers: `1e16` is written out as `10000000000000000.0`. A
/// database that keeps JSON's numbers as decimals would hand out the first one as an integer, which is another value.
struct Exact;

impl Formatter for Exact {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        // Integers end at 2^64, so what is larger is read as a float however it is written.
        if (1e16..=18_446_744_073_709_551_616.0).contains(&value.abs()) {
            return write!(writer, "{value:.1}");
        }
        CompactFormatter.write_f64(writer, value)
    }
}

#[cold]
pub(in crate::types) fn invalid(reason: &'static str) -> Error {
    Error::new(ErrorKind::InvalidValue, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(document: &impl JsonSource) -> String {
        let mut text = Vec::new();
        write_typed(document, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn whole_floats_stay_floats() {
        assert_eq!(text(&1e16), "10000000000000000.0");
        assert_eq!(text(&-1.8e19), "-18000000000000000000.0");
        assert_eq!(text(&1e15), "1000000000000000.0");
        assert_eq!(text(&1e20), "1e+20");
        assert_eq!(text(&1e-7), "1e-7");
        assert_eq!(text(&u64::MAX), "18446744073709551615");
        let tree = serde_json::json!({"a": [1.0, 1, 1e17, null, "x\u{1}"]});
        assert_eq!(text(&tree), r#"{"a":[1.0,1,100000000000000000.0,null,"x\u0001"]}"#);
        assert_eq!(serde_json::from_str::<Tree>(&text(&tree)).unwrap(), tree);
    }
}
