//! Creating and dropping the tables of models.

mod create;
mod ddl;
mod drop;
mod run;
mod sequences;

pub use ddl::Tables;
