//! The filter's answers, by a machine of the few instructions that it uses.

use super::*;

/// What the filter answers to a call, by a machine of the few instructions that it uses.
fn answer(program: &[sock_filter], arch: u32, number: u32, argument: u32) -> u32 {
    let (mut at, mut accumulator) = (0, 0);
    loop {
        let step = program[at];
        at += 1;
        let code = u32::from(step.code);
        let branch = |yes: bool| usize::from(if yes { step.jt } else { step.jf });
        at += match code & 0x07 {
            BPF_LD => {
                accumulator = match step.k {
                    NUMBER => number,
                    ARCH => arch,
                    ARGUMENTS => argument,
                    other => panic!("a load from {other}"),
                };
                0
            }
            BPF_RET => return step.k,
            _ => match code & 0xf0 {
                BPF_JA => step.k as usize,
                BPF_JEQ => branch(accumulator == step.k),
                BPF_JGE => branch(accumulator >= step.k),
                BPF_JSET => branch(accumulator & step.k != 0),
                other => panic!("a jump {other:#x}"),
            },
        };
    }
}

#[test]
fn every_call_gets_the_action_of_the_list_and_no_other_is_refused() {
    for tight in [false, true] {
        let program = filter(tight);
        assert!(program.len() < 200, "{} instructions", program.len());
        let rules = rules(tight);
        for number in 0..600_u32 {
            let rule = rules
                .iter()
                .find(|rule| rule.0 == c_long::from(number))
                .map(|rule| rule.1);
            let got = answer(&program, ARCHITECTURE, number, 0x1000_0000);
            let expected = match rule {
                None | Some(Action::Allow) => libc::SECCOMP_RET_ALLOW,
                Some(Action::Refuse(error)) => libc::SECCOMP_RET_ERRNO | error.cast_unsigned(),
                // 0x1000_0000 is CLONE_NEWUSER, and no value of a short list.
                Some(Action::RefuseBits(..) | Action::Only(..)) => {
                    libc::SECCOMP_RET_ERRNO | libc::EPERM.cast_unsigned()
                }
            };
            assert_eq!(got, expected, "call {number}");
        }
    }
}

#[test]
fn plain_clone_and_local_pairs_are_allowed() {
    let program = filter(false);
    let ask = |call: c_long, argument: u32| {
        answer(
            &program,
            ARCHITECTURE,
            u32::try_from(call).unwrap(),
            argument,
        ) == libc::SECCOMP_RET_ALLOW
    };
    assert!(ask(
        libc::SYS_clone,
        (libc::CLONE_VM | libc::CLONE_THREAD).cast_unsigned()
    ));
    assert!(ask(libc::SYS_socketpair, libc::AF_UNIX.cast_unsigned()));
    assert!(!ask(libc::SYS_socketpair, libc::AF_NETLINK.cast_unsigned()));
    assert!(ask(libc::SYS_personality, u32::MAX));
    assert!(!ask(libc::SYS_personality, 0x0040_0000), "executable data");
}

#[test]
fn calls_of_other_architectures_end_the_process_and_x32_is_absent() {
    let program = filter(false);
    assert_eq!(
        answer(&program, 0x4000_0003, 1, 0),
        libc::SECCOMP_RET_KILL_PROCESS
    );
    let absent = libc::SECCOMP_RET_ERRNO | libc::ENOSYS.cast_unsigned();
    assert_eq!(answer(&program, ARCHITECTURE, 0x4000_0001, 0), absent);
}
