//! The comparison with what somebody would take on a GPU, as far as it goes without one.

use std::process::Command;

#[test]
fn what_peers_need_of_the_judge_is_there() {
    let peers = concat!(env!("CARGO_MANIFEST_DIR"), "/../kernels/peers");
    let ran = Command::new("python3")
        .args(["-B", "-m", "unittest", "--verbose", "tests"])
        .current_dir(peers)
        .env("JUDGE", env!("CARGO_BIN_EXE_judge"))
        .output();
    let Ok(ran) = ran else {
        eprintln!("SKIPPED: no python3 here");
        return;
    };
    let told = String::from_utf8_lossy(&ran.stderr);
    // What was skipped there stands in this output, with its reason.
    eprintln!("{told}");
    assert!(ran.status.success(), "{told}");
    assert!(told.contains("Ran 13 tests"), "{told}");
}
