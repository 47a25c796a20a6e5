//! Derives of creole.
