//! Input, output, descriptors and files.

use std::fs;
use std::io::{Read, Write};

use crate::refused;

pub(crate) fn act(words: &[&str]) -> bool {
    match *words {
        ["answer-then-flood"] => {
            println!("42");
            loop {
                if std::io::stdout().write_all(&[b' '; 4096]).is_err() {
                    unsafe { libc::pause() };
                }
            }
        }
        ["answer-then-sleep"] => {
            println!("42");
            unsafe { libc::pause() };
        }
        ["flood-errors"] => loop {
            let _ = std::io::stderr().write_all(&[b'e'; 4096]);
        },
        ["hide-behind-nul"] => print!("42\n\0garbage\n"),
        ["close-all"] => {
            for descriptor in 0..3 {
                unsafe { libc::close(descriptor) };
            }
        }
        ["write-to-closed"] => {
            unsafe { libc::close(1) };
            let written = unsafe { libc::write(1, b"x".as_ptr().cast(), 1) };
            refused(written == 1)
        }
        ["read-past-end"] => {
            let mut sum = 0;
            for _ in 0..1000 {
                let mut rest = Vec::new();
                sum += std::io::stdin().read_to_end(&mut rest).unwrap();
            }
            println!("{sum}");
        }
        ["forge-messages"] => {
            // The zygote's "done", on every descriptor that it could be behind.
            let forged = [0, 0, 0, 0, 4];
            let worked = (3..1024).any(
                |descriptor| unsafe { libc::write(descriptor, forged.as_ptr().cast(), 5) } >= 0,
            );
            refused(worked)
        }
        ["inherited-descriptors"] => {
            let open = (3..100_000)
                .filter(|&descriptor| unsafe { libc::fcntl(descriptor, libc::F_GETFD) } >= 0);
            refused(open.count() > 0)
        }
        ["write-input"] => {
            let direct = unsafe { libc::write(0, b"x".as_ptr().cast(), 1) } == 1;
            let again = fs::OpenOptions::new().write(true).open("/proc/self/fd/0");
            let again = again.is_ok_and(|mut file| file.write_all(b"x").is_ok());
            refused(direct || again || unsafe { libc::ftruncate(0, 0) } == 0)
        }
        ["write-file", path] => refused(
            fs::OpenOptions::new()
                .append(true)
                .create(true)
                .open(path)
                .is_ok(),
        ),
        ["read-file", path] => refused(fs::read(path).is_ok()),
        ["list-folder", path] => {
            refused(fs::read_dir(path).is_ok_and(|entries| entries.count() > 0))
        }
        ["hard-link", path] => refused(fs::hard_link(path, "/scratch/link").is_ok()),
        ["through-link", path] => {
            std::os::unix::fs::symlink(path, "/scratch/link").unwrap();
            refused(fs::read("/scratch/link").is_ok())
        }
        ["make-device"] => {
            let made = unsafe {
                libc::mknod(
                    c"/scratch/disk".as_ptr(),
                    libc::S_IFBLK | 0o666,
                    libc::makedev(8, 0),
                )
            };
            refused(made == 0)
        }
        ["many-descriptors"] => {
            let count = (0..100_000)
                .take_while(|_| unsafe { libc::dup(0) } >= 0)
                .count();
            refused(count > 1024)
        }
        ["see-only-own-processes"] => {
            let entries = fs::read_dir("/proc").unwrap().flatten();
            let numbers =
                entries.filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok());
            refused(numbers.count() > 2)
        }
        ["lower-own-badness"] => refused(fs::write("/proc/self/oom_score_adj", "-1000").is_ok()),
        _ => return false,
    }
    true
}
