//! What the tests of the binary share: a folder of their own, with a cache of its own.

use std::path::{Path, PathBuf};

use assert_cmd::Command;

/// A folder that a test writes its files into and runs the judge from.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Bench {
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// Writes a file and returns its path.
    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        std::fs::write(&path, content).expect("it can be written");
        path
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The judge, with its arguments split at spaces, run from the folder.
    pub(crate) fn judge(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_judge"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.path())
            .env("NO_COLOR", "1");
        command
    }

    /// Standard output of a run that must end with an exit code.
    pub(crate) fn output(&self, arguments: &str, code: i32) -> String {
        let output = self.judge(arguments).output().expect("the judge runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, errors) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(
            output.status.code(),
            Some(code),
            "judge {arguments}\n{out}\n{errors}"
        );
        out + &errors
    }
}
