//! creole on sqlite.
