//! `on_update` of a field, which means two things: of a foreign key, what happens when the key that is referred to changes;
//! else what an UPDATE writes to the column that says nothing of it.

use syn::{Expr, ExprPath, Ident};

use super::field::ACTIONS;
use crate::attribute::Entry;
use crate::errors::Errors;
use crate::suggest;

/// What `on_update` says, with the key that errors about it point at.
pub(super) struct OnUpdate {
    key: Ident,
    meaning: Meaning,
}

enum Meaning {
    Action(Ident),
    Value(Expr),
}

impl OnUpdate {
    /// The actions are words that no value is likely to be called; whatever else stands there is a value.
    pub(super) fn read(entry: &Entry, errors: &mut Errors) -> Option<OnUpdate> {
        let value = entry.expression("on_update = creole::now()", errors)?;
        let meaning = match word(value).filter(|word| ACTIONS.iter().any(|action| word == action)) {
            Some(action) => Meaning::Action(action.clone()),
            None => Meaning::Value(value.clone()),
        };
        Some(OnUpdate { key: entry.key.clone(), meaning })
    }

    pub(super) fn key(&self) -> &Ident {
        &self.key
    }

    pub(super) fn action(&self) -> Option<&Ident> {
        match &self.meaning {
            Meaning::Action(action) => Some(action),
            Meaning::Value(_) => None,
        }
    }

    pub(super) fn value(&self) -> Option<&Expr> {
        match &self.meaning {
            Meaning::Value(value) => Some(value),
            Meaning::Action(_) => None,
        }
    }

    /// What a value does not go together with, and words that were meant for actions.
    pub(super) fn check(&self, is_key: bool, is_reference: bool, errors: &mut Errors) {
        let Some(value) = self.value() else { return };
        if is_key {
            errors.at(&self.key, "an update does not change a primary key by itself: `on_update` is for other columns");
        }
        if let Some(word) = word(value).filter(|_| is_reference)
            && let Some(near) = suggest::nearest(&word.to_string(), ACTIONS)
        {
            let actions = suggest::list(ACTIONS);
            errors.at(word, format!("`{word}` is no such action; did you mean `{near}`?\nthere are {actions}"));
        }
    }
}

fn word(value: &Expr) -> Option<&Ident> {
    match value {
        Expr::Path(ExprPath { qself: None, path, .. }) => path.get_ident(),
        _ => None,
    }
}
