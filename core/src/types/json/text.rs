//! Documents as text: one form, whoever writes it.

use std::io;

use serde::Serialize;
use serde_json::Value as Tree;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use super::strict;
use crate::error::{Error, ErrorKind, Result};

/// Something that becomes a JSON document when it is sent. Whatever serde writes is one.
pub trait JsonSource: Send + Sync {
    /// Writes the document as text.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) where JSON has no form for it.
    fn write(&self, text: &mut Vec<u8>) -> Result<()>;

    /// The document as a tree.
    ///
    /// # Errors
    /// [`InvalidValue`](crate::ErrorKind::InvalidValue) where JSON has no form for it.
    fn tree(&self) -> Result<Tree>;
}

impl<T: Serialize + Send + Sync> JsonSource for T {
    /// By way of the tree, in which keys have one order: equal documents have equal texts, and a database that compares
    /// the texts finds them equal.
    fn write(&self, text: &mut Vec<u8>) -> Result<()> {
        write_tree(&self.tree()?, text)
    }

    fn tree(&self) -> Result<Tree> {
        strict::check(self).map_err(invalid)?;
        serde_json::to_value(self).map_err(|_| invalid(strict::NO_FORM))
    }
}

/// Writes a tree as text.
pub(in crate::types) fn write_tree(tree: &Tree, text: &mut Vec<u8>) -> Result<()> {
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
fn invalid(reason: &'static str) -> Error {
    Error::new(ErrorKind::InvalidValue, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(document: &impl JsonSource) -> String {
        let mut text = Vec::new();
        document.write(&mut text).unwrap();
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
