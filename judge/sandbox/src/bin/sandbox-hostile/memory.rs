//! Memory in every way that a process can have it.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::os::fd::FromRawFd;

const PIECE: usize = 1 << 20;

/// Maps memory and touches all of it.
fn touch(bytes: usize, flags: i32) -> *mut u8 {
    let address = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            bytes,
            libc::PROT_READ | libc::PROT_WRITE,
            flags | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    assert!(
        address != libc::MAP_FAILED,
        "{}",
        std::io::Error::last_os_error()
    );
    for offset in (0..bytes).step_by(4096) {
        unsafe { address.cast::<u8>().add(offset).write_volatile(1) };
    }
    address.cast()
}

/// Uses at least so many bytes of stack.
fn recurse(bytes: usize) -> usize {
    let frame = std::hint::black_box([0_u8; 4096]);
    if bytes < frame.len() {
        0
    } else {
        recurse(bytes - frame.len()) + usize::from(frame[4095])
    }
}

fn mebibytes(word: &str) -> usize {
    word.parse::<usize>().unwrap() << 20
}

pub(crate) fn act(words: &[&str]) -> bool {
    match *words {
        ["use-memory", amount] => {
            touch(mebibytes(amount), libc::MAP_PRIVATE);
        }
        ["heap-for-ever"] => {
            let mut kept = Vec::new();
            loop {
                kept.push(std::hint::black_box(vec![1_u8; PIECE]));
            }
        }
        ["shared-memory", amount] => {
            touch(mebibytes(amount), libc::MAP_SHARED);
        }
        ["stack", amount] => {
            println!("{}", recurse(mebibytes(amount)));
        }
        ["memory-file", amount] => {
            let descriptor = unsafe { libc::memfd_create(c"hidden".as_ptr(), 0) };
            if descriptor < 0 {
                std::process::exit(3);
            }
            let mut file = unsafe { File::from_raw_fd(descriptor) };
            for _ in 0..mebibytes(amount) / PIECE {
                file.write_all(&[1; PIECE]).unwrap();
            }
        }
        ["memory-in-files", amount] => {
            let mut file = File::create("/scratch/big").unwrap();
            for _ in 0..mebibytes(amount) / PIECE {
                file.write_all(&[1; PIECE]).unwrap();
            }
        }
        ["memory-in-children", count, amount] => {
            for _ in 0..count.parse().unwrap() {
                if unsafe { libc::fork() } == 0 {
                    touch(mebibytes(amount), libc::MAP_PRIVATE);
                    std::thread::sleep(std::time::Duration::from_secs(1));
                    std::process::exit(0);
                }
            }
            while unsafe { libc::wait(std::ptr::null_mut()) } > 0 {}
        }
        ["shared-with-children", count, amount] => {
            // Much resident in each, little together.
            touch(mebibytes(amount), libc::MAP_SHARED);
            for _ in 0..count.parse().unwrap() {
                if unsafe { libc::fork() } == 0 {
                    std::thread::sleep(std::time::Duration::from_millis(200));
                    std::process::exit(0);
                }
            }
            while unsafe { libc::wait(std::ptr::null_mut()) } > 0 {}
        }
        ["reserve", amount] => {
            let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
            let address = unsafe {
                libc::mmap(
                    std::ptr::null_mut(),
                    mebibytes(amount),
                    libc::PROT_NONE,
                    flags,
                    -1,
                    0,
                )
            };
            std::process::exit(i32::from(address == libc::MAP_FAILED));
        }
        ["fill-disk"] => {
            let mut file = File::create("/scratch/big").unwrap();
            let mut written = 0;
            while file.write_all(&[1; PIECE]).is_ok() {
                written += PIECE;
                assert!(written < 1 << 30);
            }
        }
        ["flood-inodes"] => {
            let made = (0..1_000_000)
                .take_while(|number| File::create(format!("/scratch/{number}")).is_ok());
            std::process::exit(i32::from(made.count() == 1_000_000));
        }
        ["sparse-file"] => {
            let mut file = File::create("/scratch/sparse").unwrap();
            file.seek(SeekFrom::Start(1 << 40)).unwrap();
            file.write_all(b"x").unwrap();
        }
        ["deep-folders"] => {
            for _ in 0..2000 {
                std::fs::create_dir("d").unwrap();
                std::env::set_current_dir("d").unwrap();
            }
        }
        ["lock-memory"] => {
            let address = touch(8 * PIECE, libc::MAP_PRIVATE);
            crate::refused(unsafe { libc::mlock(address.cast(), 8 * PIECE) } == 0)
        }
        _ => return false,
    }
    true
}
