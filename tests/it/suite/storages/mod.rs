//! Columns that SQLite keeps in another form than the usual one: decimals as scaled integers, UUIDs as text. The same tests hold
//! on the other backends, where the option changes nothing.

mod decimals;
mod uuids;
mod schema;
mod writing;
