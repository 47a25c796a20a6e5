//! A key has at most four columns.
use creole_derive::Model;

#[derive(Model)]
#[model(table = "cells")]
struct Cell {
    #[model(primary_key)]
    a: i64,
    #[model(primary_key)]
    b: i64,
    #[model(primary_key)]
    c: i64,
    #[model(primary_key)]
    d: i64,
    #[model(primary_key)]
    e: i64,
}

fn main() {}
