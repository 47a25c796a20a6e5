//! creole on postgres.
