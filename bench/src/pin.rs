//! Keeping client and server on one core, where no call pays for waking an idle one: else figures below 200 µs have two
//! modes, and chance says which one a contestant gets.

use std::process::Command;

/// The core, as `taskset` counts them.
const CORE: &str = "0";

/// Moves a process or thread there; says so where that can't be done.
pub fn pin(process: u32) {
    let outcome = Command::new("taskset").args(["-a", "-c", "-p", CORE, &process.to_string()]).output();
    if !outcome.is_ok_and(|output| output.status.success()) {
        println!("(Process {process} could not be pinned to core {CORE}.)");
    }
}

/// Moves this process there.
pub fn pin_self() {
    pin(std::process::id());
}
