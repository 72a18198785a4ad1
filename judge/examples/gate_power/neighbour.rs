//! A neighbour that keeps a processor and the memory busy, in bursts.

use std::hint::black_box;
use std::process::{Child, Command, Stdio};

/// A neighbour, gone when it is dropped.
pub(crate) struct Neighbour(Child);

impl Neighbour {
    /// Starts one.
    pub(crate) fn start() -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let child = Command::new(program)
            .arg("neighbour")
            .stdin(Stdio::piped())
            .spawn()?;
        Ok(Neighbour(child))
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Bytes that are streamed: more than caches hold.
const STREAM: usize = 64 << 20;

/// Computes and streams in turn until whoever started it is gone.
pub(crate) fn be_busy() -> anyhow::Result<()> {
    std::thread::spawn(|| {
        // The pipe closes when its other end dies, however it dies.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    let mut stream = vec![1_u64; STREAM / 8];
    loop {
        for word in &mut stream {
            *word = word.wrapping_mul(3);
        }
        black_box(&mut stream);
        let mut state = 1_u64;
        for step in 0..50_000_000_u64 {
            state = (state ^ step).rotate_left(7);
        }
        black_box(state);
        // So that the rest of the machine sees starts and ends.
        std::thread::sleep(std::time::Duration::from_millis(state % 40));
    }
}
