//! Tests that need no server: what is rendered, and what errors mean.

mod classify;
mod ddl;
mod sql;
mod tables;
