//! [`FindTexts`]: the texts of SELECTs by primary key.

use std::collections::HashMap;
use std::ptr;
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::Result;
use crate::schema::Table;
use crate::sql::Tenants;

/// The texts of an engine's finds. They depend only on the table and on whether its rows are those of one tenant, and building and
/// rendering one takes longer than getting a connection for it.
#[derive(Default)]
pub(crate) struct FindTexts {
    /// By the address of the table, which is a static, and whether only rows of one tenant are found.
    texts: RwLock<HashMap<(usize, bool), Arc<str>>>,
}

impl FindTexts {
    /// The text for a table and these tenants, rendered the first time.
    pub(crate) fn get(
        &self,
        table: &'static Table,
        tenants: &Tenants,
        render: impl FnOnce() -> Result<String>,
    ) -> Result<Arc<str>> {
        let address = (ptr::from_ref(table).addr(), tenants.of(table).is_some());
        if let Some(text) = self.texts.read().unwrap_or_else(PoisonError::into_inner).get(&address) {
            return Ok(text.clone());
        }
        let text: Arc<str> = render()?.into();
        self.texts.write().unwrap_or_else(PoisonError::into_inner).insert(address, text.clone());
        Ok(text)
    }
}
