//! The whole comparison: `cargo bench --package sse-benches`.

use std::process::ExitCode;
use sse_benches::*;
use sse_benches::chunking::Chunking;
use sse_benches::workload::Kind;

fn run() -> Result<(), Error> {
    let size = 8 << 20;
    let mut outcomes = vec![];
    for kind in Kind::ALL {
        let w = kind.stream(size)?;
        println!("{} {} {:?}", kind.name(), w.text.len() / w.events().len(), w.payloads[0].len());
        println!("{}", String::from_utf8_lossy(&w.events()[0][..w.events()[0].len().min(1700)]));
        for c in Chunking::ALL { outcomes.push(decode::compare(kind, &w, c, 5)?); }
    }
    for c in Chunking::ALL { print!("{}", decode::table(c, &outcomes, |s: &str| s.to_string())); }
    Ok(())
}

fn main() -> ExitCode {
    if let Err(e) = run() { eprintln!("{e}"); return ExitCode::FAILURE }
    ExitCode::SUCCESS
}
