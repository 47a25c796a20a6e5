//! Expected SQL of all dialects side by side, without a server.

mod check;
mod ddl;
mod defaults;
mod indexes;
mod select;
mod compute;
mod storages;
mod types;
mod queries;
mod relations;
mod nesting;
mod names_alike;
mod lists;
mod sources;
mod names_in_errors;
mod clauses;
mod raw;
mod write;
mod insert;
mod update;
mod two_models;
mod delete;
mod json;
mod json_typed;
mod json_merge;
mod json_injection;
