//! A key has at most sixteen columns.
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
    #[model(primary_key)]
    f: i64,
    #[model(primary_key)]
    g: i64,
    #[model(primary_key)]
    h: i64,
    #[model(primary_key)]
    i: i64,
    #[model(primary_key)]
    j: i64,
    #[model(primary_key)]
    k: i64,
    #[model(primary_key)]
    l: i64,
    #[model(primary_key)]
    m: i64,
    #[model(primary_key)]
    n: i64,
    #[model(primary_key)]
    o: i64,
    #[model(primary_key)]
    p: i64,
    #[model(primary_key)]
    q: i64,
}

fn main() {}
