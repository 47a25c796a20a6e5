//! What tests that read this crate's sources share.

use std::path::Path;
use std::{fs, io};

/// Every source file of this crate: its path within `src`, with `/` between, and its text.
pub(crate) fn sources() -> io::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut found)?;
    Ok(found)
}

fn collect(folder: &Path, within: &str, found: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), format!("{within}{}", entry.file_name().display()));
        if path.is_dir() {
            collect(&path, &format!("{name}/"), found)?;
        } else if name.ends_with(".rs") {
            found.push((name, fs::read_to_string(path)?));
        }
    }
    Ok(())
}
