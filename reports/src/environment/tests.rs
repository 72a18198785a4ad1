//! Probing a machine that is made of files.

use super::*;

/// Files of a small machine, below a folder.
fn machine() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let cache = "sys/devices/system/cpu/cpu0/cache";
    for (path, text) in [
        (
            "proc/cpuinfo",
            "processor\t: 0\nmodel name\t: Slow CPU @ 1.00GHz\n\nprocessor\t: 1\nmodel name\t: Slow CPU @ 1.00GHz\n",
        ),
        (
            "proc/meminfo",
            "MemTotal:       2097152 kB\nMemFree: 1 kB\n",
        ),
        ("proc/loadavg", "0.25 0.36 0.26 1/100 4242\n"),
        ("proc/sys/kernel/osrelease", "6.1.0\n"),
        (
            "etc/os-release",
            "ID=small\nPRETTY_NAME=\"Small Linux 1\"\n",
        ),
        ("etc/machine-id", "0123456789abcdef0123456789abcdef\n"),
        (&format!("{cache}/index0/level"), "1\n"),
        (&format!("{cache}/index0/type"), "Data\n"),
        (&format!("{cache}/index0/size"), "32K\n"),
        (&format!("{cache}/index1/level"), "2\n"),
        (&format!("{cache}/index1/type"), "Unified\n"),
        (&format!("{cache}/index1/size"), "2M\n"),
    ] {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

#[test]
fn a_machine_is_described_by_its_files() {
    let root = machine();
    let found = probe::probe(root.path());
    assert_eq!(found.cpu_model.as_deref(), Some("Slow CPU @ 1.00GHz"));
    assert_eq!(found.logical_cores, Some(2));
    assert_eq!(found.memory_bytes, Some(2 << 30));
    assert_eq!(found.load_average, Some(0.25));
    assert_eq!(found.kernel.as_deref(), Some("6.1.0"));
    assert_eq!(found.os.as_deref(), Some("Small Linux 1"));
    assert_eq!(found.cpu_governor, None);
    let cache = |level, kind: &str, bytes| Cache {
        level,
        kind: kind.to_owned(),
        bytes,
    };
    assert_eq!(
        found.caches,
        [cache(1, "Data", 32 << 10), cache(2, "Unified", 2 << 20)]
    );
}

#[test]
fn a_host_keeps_its_digest_and_shows_no_name() {
    let root = machine();
    let host_id = probe::probe(root.path()).host_id;
    // printf 'Slow CPU @ 1.00GHz\n0123456789abcdef0123456789abcdef' | sha256sum
    assert_eq!(host_id, "e3b53ad2329d");
    // More memory is the same machine; another identity is another one.
    fs::write(root.path().join("proc/meminfo"), "MemTotal: 9000000 kB\n").unwrap();
    assert_eq!(probe::probe(root.path()).host_id, host_id);
    fs::write(root.path().join("etc/machine-id"), "other\n").unwrap();
    assert_ne!(probe::probe(root.path()).host_id, host_id);
}

#[test]
fn two_runs_have_two_names_that_sort_by_time() {
    let (first, second) = (Environment::probe(), Environment::probe());
    assert_ne!(first.run_id, second.run_id);
    let time = first.utc.replace(['-', ':'], "");
    assert!(first.run_id.starts_with(&time), "{} {time}", first.run_id);
    assert_eq!(first.run_info().run_id, first.run_id);
    assert_eq!(first.host_id, second.host_id);
}

#[test]
fn a_machine_that_tells_nothing_still_has_an_environment() {
    let empty = tempfile::tempdir().unwrap();
    let found = probe::probe(empty.path());
    assert_eq!((found.cpu_model, found.memory_bytes), (None, None));
    assert_eq!(found.host_id.len(), 12);
    assert!(found.logical_cores.is_some());
}

#[test]
fn an_environment_reads_back_as_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("environment.json");
    let written = Environment {
        judge_version: Some("0.1.0".to_owned()),
        compilers: BTreeMap::from([("gcc".to_owned(), "12.2.0".to_owned())]),
        sandbox: SandboxTier {
            tier: Some("namespaces".to_owned()),
            reasons: vec!["no writable control group".to_owned()],
        },
        limits: BTreeMap::from([("cpu_ns".to_owned(), 2_000_000_000)]),
        device: Some(Device::default()),
        ..probe::probe(machine().path())
    };
    written.write(&path).unwrap();
    assert_eq!(Environment::read(&path).unwrap(), written);
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .contains("\"cpu_governor\": null")
    );
}

#[test]
fn a_file_that_is_no_environment_is_named_with_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("environment.json");
    fs::write(&path, "{\n  \"run_id\": 7\n}").unwrap();
    let error = Environment::read(&path).unwrap_err().to_string();
    assert!(
        error.contains("environment.json") && error.contains("line 2"),
        "{error}"
    );
    let error = Environment::read(folder.path().join("none.json")).unwrap_err();
    assert!(matches!(error, EnvironmentError::File { .. }));
}
