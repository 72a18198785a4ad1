//! What an answer is, where it ran, and how it fared.

use std::fmt;
use std::str::FromStr;

/// A closed set of words, each with its text.
macro_rules! words {
    ($(#[$about:meta])* $name:ident: $what:literal {
        $($(#[$doc:meta])* $variant:ident = $text:literal),* $(,)?
    }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$doc])* $variant),* }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[$name] = &[$($name::$variant),*];

            /// The word as it is written in tables and CSVs.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                let found = Self::ALL.iter().find(|word| word.as_str() == text);
                found.copied().ok_or_else(|| {
                    let known: Vec<&str> = Self::ALL.iter().map(|word| word.as_str()).collect();
                    format!("`{text}` is no {}: one of {}", $what, known.join(", "))
                })
            }
        }

        crate::serde_as_text!($name);
    };
}

words! {
    /// How an answer fared on a case, or a solution on all its cases.
    Verdict: "verdict" {
        /// Accepted.
        Accepted = "AC",
        /// Wrong answer.
        WrongAnswer = "WA",
        /// Time limit exceeded, by CPU or by wall clock.
        TimeLimit = "TLE",
        /// Memory limit exceeded.
        MemoryLimit = "MLE",
        /// Output limit exceeded.
        OutputLimit = "OLE",
        /// Runtime error: a signal, a nonzero exit code, a panic, a sanitizer's fault.
        RuntimeError = "RE",
        /// The source does not compile.
        CompileError = "CE",
        /// The judge's own fault, never the solution's.
        JudgeError = "JE",
        /// Not run; the reason is always given.
        Skipped = "SK",
    }
}

words! {
    /// Where an answer ran. Ranks and ratios stay within one target.
    Target: "target" {
        /// A program in the sandbox, standard input to standard output.
        Process = "process",
        /// A Rust function in a child of the judge.
        Function = "function",
        /// A kernel on a GPU.
        Cuda = "cuda",
        /// A kernel on the emulator: counters, no times.
        Emulator = "emulator",
    }
}

words! {
    /// What a solution is.
    Kind: "kind of solution" {
        /// A source or command that reads standard input.
        Program = "program",
        /// A Rust function that is linked in.
        Function = "function",
        /// A CUDA kernel.
        Kernel = "kernel",
    }
}

impl Verdict {
    /// The verdict in words, for people.
    pub const fn in_words(self) -> &'static str {
        match self {
            Verdict::Accepted => "accepted",
            Verdict::WrongAnswer => "wrong answer",
            Verdict::TimeLimit => "time limit exceeded",
            Verdict::MemoryLimit => "memory limit exceeded",
            Verdict::OutputLimit => "output limit exceeded",
            Verdict::RuntimeError => "runtime error",
            Verdict::CompileError => "compile error",
            Verdict::JudgeError => "judge error",
            Verdict::Skipped => "skipped",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_unknown_ones_list_the_known() {
        for verdict in Verdict::ALL {
            assert_eq!(verdict.as_str().parse(), Ok(*verdict));
        }
        let error = "ac".parse::<Verdict>().unwrap_err();
        assert!(error.contains("AC, WA, TLE"), "{error}");
    }
}
