//! Cases, built and written out when they are first needed, and kept for the next solution.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use problems::{AnyCase, AnyProblem, CaseError};
use vocabulary::CaseId;

use crate::lock::lock;

/// A case that is built when it is first looked into: a function's runner builds its own from the name.
pub struct Prepared {
    /// Its name.
    pub id: CaseId,
    problem: Arc<dyn AnyProblem>,
    is_named: bool,
    case: OnceLock<Result<Arc<dyn AnyCase>, CaseError>>,
    text: OnceLock<Arc<[u8]>>,
}

impl Prepared {
    /// The case of a whole name.
    pub fn of_name(problem: Arc<dyn AnyProblem>, id: CaseId) -> Self {
        Prepared {
            id,
            problem,
            is_named: true,
            case: OnceLock::new(),
            text: OnceLock::new(),
        }
    }

    /// A case that is there already, and that its name does not rebuild.
    pub fn of_case(problem: Arc<dyn AnyProblem>, case: Arc<dyn AnyCase>) -> Self {
        let mut prepared = Prepared::of_name(problem, case.id().clone());
        prepared.is_named = false;
        prepared.case.get_or_init(|| Ok(case));
        prepared
    }

    /// The case itself.
    pub fn case(&self) -> Result<&Arc<dyn AnyCase>, CaseError> {
        self.case
            .get_or_init(|| self.problem.case(&self.id))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// The input, if the case's name does not rebuild it.
    pub fn given_text(&self) -> Result<Option<String>, CaseError> {
        if self.is_named {
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&self.text()?).into_owned()))
    }

    /// The input as a program reads it.
    pub fn text(&self) -> Result<Arc<[u8]>, CaseError> {
        let case = self.case()?;
        Ok(self.text.get_or_init(|| case.input_text().into()).clone())
    }
}

/// The cases that were built last, shared by all workers.
#[derive(Default)]
pub struct CaseStore {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    cases: HashMap<CaseId, Arc<Prepared>>,
    bytes: u64,
}

/// What is kept at most. A case is counted three times its arrays: typed, and as text of about twice that size.
const MOST_BYTES: u64 = 1 << 30;

impl CaseStore {
    /// The case of a name, built if it is not kept.
    pub fn get(
        &self,
        problem: &Arc<dyn AnyProblem>,
        id: &CaseId,
    ) -> Result<Arc<Prepared>, CaseError> {
        if let Some(prepared) = lock(&self.kept).cases.get(id) {
            return Ok(prepared.clone());
        }
        let prepared = Arc::new(Prepared::of_name(problem.clone(), id.clone()));
        let bytes = 3 * prepared.case()?.bytes();
        let mut kept = lock(&self.kept);
        if kept.bytes + bytes > MOST_BYTES {
            *kept = Kept::default();
        }
        kept.bytes += bytes;
        Ok(kept.cases.entry(id.clone()).or_insert(prepared).clone())
    }
}
