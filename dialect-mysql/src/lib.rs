//! creole on mysql.
