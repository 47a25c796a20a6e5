//! What came back and what should have: printed as it happens, wrong answers collected.

use std::fmt::Debug;
use std::process::ExitCode;

/// The answers so far.
#[derive(Default)]
pub(crate) struct Report {
    group: &'static str,
    answers: usize,
    wrong: Vec<String>,
}

impl Report {
    /// Begins a group of patterns.
    pub(crate) fn group(&mut self, name: &'static str) {
        self.group = name;
        println!("\n{name}");
    }

    /// Compares an answer with the right one.
    pub(crate) fn check<A: PartialEq<B> + Debug, B: Debug>(&mut self, pattern: &str, answer: A, right: B) {
        self.answers += 1;
        if answer == right {
            println!("  ok     {pattern}: {answer:?}");
            return;
        }
        println!("  WRONG  {pattern}: {answer:?} instead of {right:?}");
        self.wrong.push(format!("{}: {pattern}", self.group));
    }

    /// Says how it went.
    pub(crate) fn finish(self) -> ExitCode {
        println!("\n{} answers, {} of them wrong", self.answers, self.wrong.len());
        for pattern in &self.wrong {
            eprintln!("wrong: {pattern}");
        }
        if self.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
