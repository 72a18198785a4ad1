//! What every run must do: limits, streams, mounts, collected files, and nothing of the host to see.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use sandbox::{
    Command, Ended, Error, Exit, Input, Limits, Mount, Outcome, Sandbox, Settings, Slot, Streams,
    Tier,
};

fn settings() -> Settings {
    Settings {
        helper: PathBuf::from(env!("CARGO_BIN_EXE_sandbox-helper")),
        allow_unsafe: false,
    }
}

/// A slot of the best tier; none, with a loud reason, where no sandbox works.
fn slot() -> Option<Slot> {
    match Sandbox::new(settings()) {
        Ok(sandbox) => Some(
            sandbox
                .slot(None)
                .expect("a tier that was probed gives slots"),
        ),
        Err(error) => {
            eprintln!("SKIPPED: {error}");
            None
        }
    }
}

fn shell(script: &str) -> Command {
    Command {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        ..Command::default()
    }
}

fn run(slot: &mut Slot, script: &str) -> Outcome {
    slot.run(&shell(script), &Limits::default(), Streams::default())
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_program_reads_its_input_and_its_output_and_errors_come_back() {
    let Some(mut slot) = slot() else { return };
    for _ in 0..2 {
        let streams = Streams {
            input: Input::Bytes(b"one\ntwo\n".as_slice().into()),
        };
        let command = shell("cat; cat /dev/stdin; echo oops >&2; exit 7");
        let outcome = slot.run(&command, &Limits::default(), streams).unwrap();
        assert_eq!(outcome.ended, Ended::ByItself);
        assert_eq!(outcome.exit, Exit::Code(7));
        assert_eq!(text(&outcome.output), "one\ntwo\none\ntwo\n");
        assert_eq!(text(&outcome.error_output), "oops\n");
        assert!(outcome.cpu > Duration::ZERO && outcome.wall > Duration::ZERO);
        assert!(
            outcome.peak_memory.is_some_and(|bytes| bytes < 64 << 20),
            "{:?}",
            outcome.peak_memory
        );
    }
}

#[test]
fn a_signal_is_told_from_an_exit_code() {
    let Some(mut slot) = slot() else { return };
    assert_eq!(run(&mut slot, "kill -ABRT $$").exit, Exit::Signal(6));
    assert_eq!(run(&mut slot, "kill -TERM $$").exit, Exit::Signal(15));
    assert_eq!(run(&mut slot, "exit 137").exit, Exit::Code(137));
}

#[test]
fn a_busy_loop_ends_at_the_cpu_limit_and_a_sleeper_at_the_wall_limit() {
    let Some(mut slot) = slot() else { return };
    let limits = Limits {
        cpu: Duration::from_millis(200),
        // Whatever else the machine does.
        wall: Duration::from_secs(60),
        ..Limits::default()
    };
    let busy = slot
        .run(&shell("while :; do :; done"), &limits, Streams::default())
        .unwrap();
    assert_eq!((busy.ended, busy.exit), (Ended::CpuLimit, Exit::Killed));
    assert!(busy.cpu >= Duration::from_millis(200), "{:?}", busy.cpu);
    let limits = Limits {
        wall: Duration::from_millis(900),
        ..limits
    };
    let asleep = slot
        .run(&shell("sleep 100 & sleep 100"), &limits, Streams::default())
        .unwrap();
    assert_eq!(
        (asleep.ended, asleep.exit),
        (Ended::WallLimit, Exit::Killed)
    );
    assert!(asleep.cpu < Duration::from_millis(200), "{:?}", asleep.cpu);
}

#[test]
fn a_flood_ends_at_the_output_limit_and_keeps_what_fits() {
    let Some(mut slot) = slot() else { return };
    let limits = Limits {
        output: 1000,
        error_output: 1000,
        ..Limits::default()
    };
    let flood = slot
        .run(&shell("yes"), &limits, Streams::default())
        .unwrap();
    assert_eq!(
        (flood.ended, flood.output.len()),
        (Ended::OutputLimit, 1000)
    );
    let errors = slot
        .run(&shell("yes >&2"), &limits, Streams::default())
        .unwrap();
    assert_eq!(
        (errors.ended, errors.error_output.len()),
        (Ended::OutputLimit, 1000)
    );
    let exact = slot
        .run(
            &shell("head -c 1000 /dev/zero"),
            &limits,
            Streams::default(),
        )
        .unwrap();
    assert_eq!((exact.ended, exact.output.len()), (Ended::ByItself, 1000));
}

#[test]
fn too_much_memory_is_the_memory_limit_and_no_crash() {
    let Some(mut slot) = slot() else { return };
    let limits = Limits {
        memory: 64 << 20,
        ..Limits::default()
    };
    // tail keeps all of a line that never ends.
    let outcome = slot
        .run(&shell("tail /dev/zero"), &limits, Streams::default())
        .unwrap();
    assert_eq!(outcome.ended, Ended::MemoryLimit, "{outcome:?}");
    let after = slot
        .run(&shell("echo fine"), &limits, Streams::default())
        .unwrap();
    assert_eq!(
        (after.ended, text(&after.output)),
        (Ended::ByItself, "fine\n")
    );
}

#[test]
fn files_in_memory_meet_the_limit_also_where_the_programs_own_file_is_first_read_by_the_run() {
    let Ok(sandbox) = Sandbox::new(settings()) else {
        return eprintln!("SKIPPED: no sandbox works here");
    };
    if !sandbox.tier().has_cgroup() {
        return eprintln!("SKIPPED: nobody counts files in memory without a cgroup");
    }
    let mut slot = sandbox.slot(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("hostile");
    std::fs::copy(env!("CARGO_BIN_EXE_sandbox-hostile"), &program).unwrap();
    // Out of memory with it: its pages are the run's then, and can be taken from it over and over.
    let file = std::fs::File::open(&program).unwrap();
    file.sync_all().unwrap();
    rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).unwrap();
    let target = PathBuf::from("/program/hostile");
    let command = Command {
        program: target.clone(),
        arguments: vec!["memory-file".into(), "200".into()],
        mounts: vec![Mount {
            source: program,
            target,
        }],
        ..Command::default()
    };
    let limits = Limits {
        memory: 64 << 20,
        ..Limits::default()
    };
    let outcome = slot.run(&command, &limits, Streams::default()).unwrap();
    assert_eq!(outcome.ended, Ended::MemoryLimit, "{outcome:?}");
}

#[test]
fn a_program_that_is_missing_could_not_start() {
    let Some(mut slot) = slot() else { return };
    let command = Command {
        program: "/no/such/program".into(),
        ..Command::default()
    };
    let outcome = slot
        .run(&command, &Limits::default(), Streams::default())
        .unwrap();
    let Ended::CouldNotStart(reason) = outcome.ended else {
        panic!("{outcome:?}")
    };
    assert!(
        reason.contains("/no/such/program") && reason.contains("No such file"),
        "{reason}"
    );
}

#[test]
fn scratch_and_tmp_are_fresh_writable_and_limited_and_all_else_is_read_only() {
    let Some(mut slot) = slot() else { return };
    let limits = Limits {
        scratch: 1 << 20,
        ..Limits::default()
    };
    let script = "pwd; echo $HOME; echo a > a; echo b > /tmp/b; ls; ls /tmp; \
        head -c 3000000 /dev/zero > big 2>/dev/null; stat -c %s big; \
        for d in / /usr /etc /dev /proc; do echo x 2>/dev/null > $d/x && echo wrote to $d; done; true";
    for _ in 0..2 {
        let outcome = slot
            .run(&shell(script), &limits, Streams::default())
            .unwrap();
        let lines: Vec<_> = text(&outcome.output).lines().collect();
        assert_eq!(lines[..4], ["/scratch", "/scratch", "a", "b"], "{lines:?}");
        let size: u64 = lines[4].parse().unwrap();
        assert!((900_000..=1 << 20).contains(&size), "{size}");
        assert_eq!(lines.len(), 5, "{lines:?}");
    }
}

#[test]
fn what_a_run_did_to_its_writable_folders_goes_with_it() {
    let Some(mut slot) = slot() else { return };
    let mut output = |script: &str| {
        let outcome = slot
            .run(&shell(script), &Limits::default(), Streams::default())
            .unwrap();
        text(&outcome.output).to_owned()
    };
    let look = "stat -c '%a %n %y' /scratch /tmp; ls -A /scratch /tmp";
    let new = output(look);
    assert!(new.starts_with("700 /scratch 2"), "{new}");
    // Nothing was changed, so all is as it was, to the nanosecond.
    assert_eq!(output(look), new);
    for change in [
        "chmod 711 /tmp",
        "touch -d 1999-01-01 /scratch",
        "touch -a -d 1999-01-01 /tmp",
        "touch file; rm file",
        "mkdir /tmp/folder",
    ] {
        output(change);
        let after = output(&format!("{look}; stat -c %x /tmp"));
        assert!(!after.contains("711 /tmp"), "{change}: {after}");
        assert!(!after.contains("1999-01-01"), "{change}: {after}");
        assert!(!after.contains("folder"), "{change}: {after}");
    }
}

#[test]
fn mounts_show_files_and_folders_read_only_and_follow_replaced_files() {
    let Some(mut slot) = slot() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "old").unwrap();
    let mount = |source: &Path, target: &str| Mount {
        source: source.into(),
        target: target.into(),
    };
    let mut command =
        shell("cat /data/file /one/here; echo x 2>/dev/null > /data/file && echo wrote; true");
    command.mounts = vec![mount(folder.path(), "/data"), mount(&file, "/one/here")];
    let mut output = |command: &Command| {
        let outcome = slot
            .run(command, &Limits::default(), Streams::default())
            .unwrap();
        text(&outcome.output).to_owned()
    };
    assert_eq!(output(&command), "oldold");
    std::fs::write(folder.path().join("new"), "new").unwrap();
    std::fs::rename(folder.path().join("new"), &file).unwrap();
    assert_eq!(output(&command), "newnew");
    assert_eq!(
        output(&shell("ls -d /data /one 2>/dev/null; true")),
        "",
        "mounts of one run are not seen in the next"
    );
}

#[test]
fn a_mount_that_cannot_be_made_is_an_error_that_names_it() {
    let Some(mut slot) = slot() else { return };
    for (source, target, what) in [
        ("/no/such/source", "/data", "No such file"),
        ("/usr", "data", "absolute"),
        ("/usr", "/scratch/data", "its own file system"),
        ("/usr", "/usr/no/such/place", "Read-only"),
    ] {
        let mount = Mount {
            source: source.into(),
            target: target.into(),
        };
        let command = Command {
            mounts: vec![mount],
            ..shell("true")
        };
        let error = slot
            .run(&command, &Limits::default(), Streams::default())
            .unwrap_err();
        assert!(matches!(error, Error::Mount { .. }), "{error:?}");
        assert!(error.to_string().contains(what), "{error}");
    }
    assert_eq!(
        run(&mut slot, "true").exit,
        Exit::Code(0),
        "the slot goes on"
    );
}

#[test]
fn regular_files_are_collected_and_links_are_not_followed() {
    let Some(mut slot) = slot() else { return };
    let target = tempfile::tempdir().unwrap();
    let script = "echo hi > out; mkdir d; echo x > d/run; chmod 4755 d/run; ln -s /etc/passwd link; mkfifo pipe";
    let command = Command {
        collect: Some(target.path().into()),
        ..shell(script)
    };
    let outcome = slot
        .run(&command, &Limits::default(), Streams::default())
        .unwrap();
    assert_eq!(outcome.exit, Exit::Code(0), "{outcome:?}");
    let mut names: Vec<_> = std::fs::read_dir(target.path())
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["d", "out"]);
    assert_eq!(
        std::fs::read_to_string(target.path().join("out")).unwrap(),
        "hi\n"
    );
    let mode = std::os::unix::fs::MetadataExt::mode(
        &std::fs::metadata(target.path().join("d/run")).unwrap(),
    );
    assert_eq!(mode & 0o7777, 0o755);
}

#[test]
fn more_files_than_may_be_collected_are_the_output_limit_and_no_fault_of_the_sandbox() {
    let Some(mut slot) = slot() else { return };
    let target = tempfile::tempdir().unwrap();
    for script in [
        "truncate -s 1T empty",
        "d=.; for i in $(seq 40); do d=$d/d; done; mkdir -p $d",
    ] {
        let command = Command {
            collect: Some(target.path().into()),
            ..shell(script)
        };
        let outcome = slot
            .run(&command, &Limits::default(), Streams::default())
            .unwrap();
        assert_eq!(
            (outcome.ended, outcome.exit),
            (Ended::OutputLimit, Exit::Code(0)),
            "{script}"
        );
    }
}

#[test]
fn a_pinned_slot_has_one_cpu_and_keeps_it() {
    let Ok(sandbox) = Sandbox::new(settings()) else {
        eprintln!("SKIPPED: no sandbox works here");
        return;
    };
    let mut slot = sandbox.slot(Some(0)).unwrap();
    let outcome = run(
        &mut slot,
        "nproc; taskset -p -c 1 $$ 2>/dev/null; grep Cpus_allowed_list /proc/self/status",
    );
    assert_eq!(
        text(&outcome.output).split_whitespace().next(),
        Some("1"),
        "{outcome:?}"
    );
    assert!(
        text(&outcome.output).ends_with("Cpus_allowed_list:\t0\n"),
        "{outcome:?}"
    );
    let error = sandbox.slot(Some(4000)).unwrap_err();
    assert!(error.to_string().contains("CPU"), "{error}");
}

#[test]
fn every_tier_that_works_says_so_and_the_weaker_ones_work_too() {
    let probe = Sandbox::probe(&settings());
    let Some(best) = probe.tier else {
        eprintln!("SKIPPED: no tier works here: {:?}", probe.obstacles);
        return;
    };
    eprintln!("tier under test: {best}");
    for obstacle in &probe.obstacles {
        eprintln!("{obstacle}");
        assert!(obstacle.tier < best && !obstacle.reason.is_empty() && !obstacle.mend.is_empty());
    }
    for tier in [best, Tier::Namespaces, Tier::Unsafe] {
        let mut slot = Sandbox::with_tier(settings(), tier).slot(None).unwrap();
        let outcome = run(&mut slot, "echo here");
        assert_eq!(
            (outcome.ended, text(&outcome.output)),
            (Ended::ByItself, "here\n"),
            "{tier}"
        );
    }
}

#[test]
fn processes_are_limited_in_every_tier() {
    let Some(best) = Sandbox::probe(&settings()).tier else {
        return eprintln!("SKIPPED: no sandbox works here");
    };
    let limits = Limits {
        processes: 20,
        ..Limits::default()
    };
    // No bomb: should nothing limit it, it ends by itself.
    let script = "for i in $(seq 200); do sleep 5 & done 2>/dev/null; echo all of them";
    for tier in [best, Tier::Namespaces] {
        let mut slot = Sandbox::with_tier(settings(), tier).slot(None).unwrap();
        let outcome = slot
            .run(&shell(script), &limits, Streams::default())
            .unwrap();
        assert_eq!(outcome.ended, Ended::ByItself, "{tier}: {outcome:?}");
        assert_ne!(outcome.exit, Exit::Code(0), "{tier}: {outcome:?}");
    }
}

/// The kernel's limit of processes is not for root, whatever its rights.
#[test]
fn processes_are_limited_also_for_a_root_that_may_not_make_namespaces() {
    if !rustix::process::getuid().is_root() {
        return eprintln!("SKIPPED: this needs root");
    }
    let status = std::process::Command::new("setpriv")
        .args(["--bounding-set=-sys_admin", "--inh-caps=-sys_admin"])
        .arg(std::env::current_exe().unwrap())
        .args([
            "processes_are_limited_in_every_tier",
            "--exact",
            "--nocapture",
        ])
        .status();
    match status {
        Ok(status) => assert!(status.success(), "{status}"),
        Err(error) => eprintln!("SKIPPED: setpriv: {error}"),
    }
}

#[test]
fn with_a_fixed_layout_every_run_lies_at_the_same_addresses() {
    let Some(mut slot) = slot() else { return };
    if !sandbox::can_fix_layout() {
        eprintln!("SKIPPED: address-space randomisation cannot be switched off here");
        return;
    }
    let mut stack = |fixed_layout| {
        let command = Command {
            fixed_layout,
            ..shell("grep stack /proc/self/maps")
        };
        let outcome = slot
            .run(&command, &Limits::default(), Streams::default())
            .unwrap();
        assert_eq!(outcome.exit, sandbox::Exit::Code(0), "{outcome:?}");
        outcome.output
    };
    assert_eq!(stack(true), stack(true));
    assert_ne!(stack(false), stack(false));
}

#[test]
fn a_run_has_as_many_processors_as_it_is_to_use() {
    let Some(mut slot) = slot() else { return };
    let there_are = std::thread::available_parallelism().unwrap().get();
    for (count, expected) in [(1, 1), (2, there_are.min(2)), (10_000, there_are)] {
        slot.use_processors(count).unwrap();
        let shown = run(&mut slot, "nproc");
        assert_eq!(text(&shown.output).trim(), expected.to_string());
    }
}
