//! Keeping client and server on one core, where no call pays for waking an idle one: else figures below 200 µs have two
//! modes, and chance says which one a contestant gets.

use std::process::Command;

/// The core, as `taskset` counts them.
const CORE: &str = "0";

/// A process that is kept there until this is dropped, for one that goes on when the benchmark has ended.
#[must_use]
pub struct Kept {
    process: u32,
    before: String,
}

/// Moves a process or thread there; says so where that can't be done.
pub fn pin(process: u32) {
    if !moved(process, CORE) {
        println!("(Process {process} could not be pinned to core {CORE}.)");
    }
}

/// Moves this process there.
pub fn pin_self() {
    pin(std::process::id());
}

/// Keeps a process there; `None` where it is not on this machine or not ours to move.
pub fn keep(process: u32) -> Option<Kept> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let before = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?.trim().to_owned();
    moved(process, CORE).then_some(Kept { process, before })
}

impl Drop for Kept {
    fn drop(&mut self) {
        moved(self.process, &self.before);
    }
}

/// Moves all threads of a process, or one thread; says whether that was done.
fn moved(process: u32, cores: &str) -> bool {
    let outcome = Command::new("taskset").args(["-a", "-c", "-p", cores, &process.to_string()]).output();
    outcome.is_ok_and(|output| output.status.success())
}
