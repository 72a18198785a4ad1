//! Where control may come to, from step to step within a function.

use crate::program::Program;
use crate::program::step::{Action, Guard, Step};

/// Whether control may come from a step to another.
pub(super) fn leads(program: &Program, from: u32, to: u32) -> bool {
    let mut seen = vec![false; program.code.len()];
    let mut open = vec![from];
    while let Some(pc) = open.pop() {
        for next in successors(program, pc) {
            if next == to {
                return true;
            }
            let is_new = seen.get(next as usize) == Some(&false);
            if is_new {
                seen[next as usize] = true;
                open.push(next);
            }
        }
    }
    false
}

/// The steps that may come behind one; calls come back.
fn successors(program: &Program, pc: u32) -> Vec<u32> {
    let step = &program.code[pc as usize];
    let mut next = match step.action {
        Action::Branch(target) => vec![target],
        Action::BranchIndexed(table) => program.branch_tables[table as usize].clone(),
        Action::Exit | Action::Return | Action::Trap => Vec::new(),
        _ => return vec![pc + 1],
    };
    if step.guard != Guard::NONE {
        next.push(pc + 1);
    }
    next
}

/// Whether nothing comes behind a step: it exits, or branches to one that does.
pub(super) fn is_end(code: &[Step], mut pc: u32) -> bool {
    // Branches that lead to each other in a circle end nowhere.
    for _ in 0..code.len() {
        match code.get(pc as usize) {
            Some(step) if step.guard != Guard::NONE => return false,
            Some(step) => match step.action {
                Action::Branch(target) => pc = target,
                action => return matches!(action, Action::Exit),
            },
            None => return false,
        }
    }
    false
}
