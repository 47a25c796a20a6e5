//! [`TableName`].

use std::fmt;

use crate::schema::Table;

/// The name of a table, perhaps with the SQL namespace that it is in.
///
/// ```
/// use creole::inspect::TableName;
///
/// assert_eq!(TableName::from("users").to_string(), "users");
/// assert_eq!(TableName::from(("app", "users")).to_string(), "app.users");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableName {
    /// The namespace; without one, the table is looked for where the connection looks for tables.
    pub schema: Option<String>,
    /// The table's own name, as it is: points and capitals are part of it.
    pub name: String,
}

impl From<&str> for TableName {
    fn from(name: &str) -> TableName {
        TableName { schema: None, name: name.into() }
    }
}

impl From<String> for TableName {
    fn from(name: String) -> TableName {
        TableName { schema: None, name }
    }
}

/// A schema and a name.
impl From<(&str, &str)> for TableName {
    fn from((schema, name): (&str, &str)) -> TableName {
        TableName { schema: Some(schema.into()), name: name.into() }
    }
}

impl From<&Table> for TableName {
    fn from(table: &Table) -> TableName {
        TableName { schema: table.schema.map(Into::into), name: table.name.into() }
    }
}

/// `schema.name`
impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}.")?;
        }
        f.write_str(&self.name)
    }
}
