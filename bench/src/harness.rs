//! Timing contestants side by side.
//!
//! They take turns (A B C, A B C, …) in one process, a few milliseconds each, so that whatever else the machine does
//! falls on all of them. What holds is the ratio within a round; a table gives its median and its quartiles.

use std::time::{Duration, Instant};

/// How many rounds there are by default.
const ROUNDS: usize = 41;

/// How long a contestant's turn takes, about.
const TURN: Duration = Duration::from_millis(10);

/// One way to do the work.
pub struct Contestant<'a> {
    name: &'static str,
    /// Does the work so many times.
    run: Box<dyn FnMut(u32) -> Duration + 'a>,
}

/// What one case came to.
pub struct Case {
    name: String,
    results: Vec<Outcome>,
}

struct Outcome {
    name: &'static str,
    /// Nanoseconds for one time.
    median: f64,
    /// To the first contestant of the same round: the first quartile, the median, the third quartile.
    ratio: [f64; 3],
    /// The same the other way round: the first contestant to this one.
    inverse: [f64; 3],
}

impl<'a> Contestant<'a> {
    /// A contestant that blocks.
    pub fn new<R>(name: &'static str, mut work: impl FnMut() -> R + 'a) -> Contestant<'a> {
        let run = move |times| {
            let start = Instant::now();
            for _ in 0..times {
                std::hint::black_box(work());
            }
            start.elapsed()
        };
        Contestant { name, run: Box::new(run) }
    }

    /// A contestant that times itself.
    pub fn timed(name: &'static str, run: impl FnMut(u32) -> Duration + 'a) -> Contestant<'a> {
        Contestant { name, run: Box::new(run) }
    }

    /// How many times fill a turn.
    fn times(&mut self) -> u32 {
        let mut times = 1_u32;
        loop {
            let taken = (self.run)(times);
            if taken >= TURN / 4 {
                let one = taken.as_secs_f64() / f64::from(times);
                return ((TURN.as_secs_f64() / one) as u32).max(1);
            }
            times = times.saturating_mul(4);
        }
    }
}

/// Runs the work of an async contestant so many times.
pub async fn repeat<R>(times: u32, mut work: impl AsyncFnMut() -> R) -> Duration {
    let start = Instant::now();
    for _ in 0..times {
        std::hint::black_box(work().await);
    }
    start.elapsed()
}

/// Lets contestants take turns. The first is what the others are compared with.
pub fn compete(name: impl Into<String>, mut contestants: Vec<Contestant<'_>>) -> Case {
    let rounds = std::env::var("BENCH_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let times: Vec<u32> = contestants.iter_mut().map(Contestant::times).collect();
    let mut samples = vec![Vec::with_capacity(rounds); contestants.len()];
    for _ in 0..rounds {
        for ((contestant, &times), samples) in contestants.iter_mut().zip(&times).zip(&mut samples) {
            samples.push((contestant.run)(times).as_secs_f64() * 1e9 / f64::from(times));
        }
    }
    let results = contestants.iter().zip(&samples).map(|(contestant, own)| {
        let ratios: Vec<f64> = own.iter().zip(&samples[0]).map(|(own, first)| own / first).collect();
        let inverses: Vec<f64> = ratios.iter().map(|ratio| 1.0 / ratio).collect();
        let quartiles = |ratios: &[f64]| [0.25, 0.5, 0.75].map(|share| quantile(ratios, share));
        Outcome {
            name: contestant.name,
            median: quantile(own, 0.5),
            ratio: quartiles(&ratios),
            inverse: quartiles(&inverses),
        }
    });
    Case { name: name.into(), results: results.collect() }
}

/// Prints cases with the same contestants as a Markdown table.
pub fn print(title: &str, cases: &[Case]) {
    let Some(first) = cases.first() else { return };
    println!("\n### {title}\n");
    let names: Vec<&str> = first.results.iter().map(|result| result.name).collect();
    println!("| case | {} |", names.join(" | "));
    println!("| --- |{}", " --- |".repeat(names.len()));
    for case in cases {
        let cells: Vec<String> = case.results.iter().enumerate().map(|(place, result)| cell(place, result)).collect();
        println!("| {} | {} |", case.name, cells.join(" | "));
    }
}

/// Prints cases as [`print`] does, with a last column for the first contestant beside the fastest of the others.
pub fn print_with_fastest(title: &str, cases: &[Case]) {
    let Some(first) = cases.first() else { return };
    println!("\n### {title}\n");
    let names: Vec<&str> = first.results.iter().map(|result| result.name).collect();
    let own = names.first().copied().unwrap_or_default();
    println!("| case | {} | {own} to the fastest other |", names.join(" | "));
    println!("| --- |{}", " --- |".repeat(names.len() + 1));
    for case in cases {
        let cells: Vec<String> = case.results.iter().map(|result| time(result.median)).collect();
        let others = case.results.get(1..).unwrap_or_default();
        let fastest = others.iter().min_by(|a, b| a.median.total_cmp(&b.median));
        let last = fastest.map_or_else(String::new, |fastest| {
            let [low, median, high] = fastest.inverse;
            format!("**{median:.2}** ({low:.2}–{high:.2}), {}", fastest.name)
        });
        println!("| {} | {} | {last} |", case.name, cells.join(" | "));
    }
}

fn cell(place: usize, result: &Outcome) -> String {
    let time = time(result.median);
    if place == 0 {
        return time;
    }
    let [low, median, high] = result.ratio;
    format!("{time}, **{median:.2}** ({low:.2}–{high:.2})")
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        small if small < 1e5 => format!("{:.2} µs", small / 1e3),
        middle if middle < 1e6 => format!("{:.0} µs", middle / 1e3),
        large => format!("{:.2} ms", large / 1e6),
    }
}

fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}
