//! What nobody but creole implements.

use crate::tuples::for_each_tuple;

/// A bound of traits that are there to be used, so that they may gain methods. Each type with such a trait says it where it is
/// defined.
pub trait Sealed {}

/// The same for traits that every type of some kind has, where the bound can't be told: they ask for a function of this, which
/// nobody else can name.
#[derive(Debug)]
pub enum Seal {}

impl Sealed for () {}

macro_rules! tuples {
    ($count:literal: $($part:ident $other:ident $index:tt),+) => {
        impl<$($part),+> Sealed for ($($part,)+) {}
    };
}

for_each_tuple!(tuples);

/// As [`Sealed`], for handles of entities: the compiler lists what is sealed, and handles would stand among executors.
pub trait SealedEntities {}
