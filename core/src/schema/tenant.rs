//! The column that says whose a row is: `#[model(tenant)]`.

use crate::types::{ColumnType, TypeFamily};

impl ColumnType {
    /// The same type, of the column that says whose a row is. The derive writes calls to it, which run while the model is compiled.
    ///
    /// # Panics
    /// If the type is not an integer, a text or a UUID, or may be NULL.
    #[track_caller]
    pub const fn of_tenant(self, nullable: bool) -> ColumnType {
        if nullable {
            panic!(
                "a row always is a tenant's, so the field is no `Option`: what belongs to nobody is a table of its own"
            );
        }
        match self.family() {
            TypeFamily::Integer | TypeFamily::Text | TypeFamily::Uuid => self,
            _ => panic!("`tenant` is for integers, texts and UUIDs"),
        }
    }
}
