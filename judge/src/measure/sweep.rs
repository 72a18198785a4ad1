//! Along which parameter cost is looked at: what a problem declares, or what somebody asks for.

use problems::catalogue::suggestions;
use problems::{AnyProblem, Axis};
use reports::curve::THREADS;
use vocabulary::{CaseName, Growth, Parameters, Target};

use crate::solution::Solution;
use crate::usage::Usage;

/// More threads than any machine has processors.
const MOST_THREADS: i64 = 1024;

/// What somebody asks for instead of a problem's first axis.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The parameter that grows.
    pub parameter: Option<String>,
    /// Its least value.
    pub from: Option<i64>,
    /// Its greatest value.
    pub to: Option<i64>,
    /// Parameters that are held still.
    pub set: Parameters,
    /// Families, instead of those that the axis names.
    pub families: Vec<String>,
    /// The seed of all cases.
    pub seed: u64,
}

impl Wish {
    /// Whether threads are to grow, and nothing else.
    pub fn is_of_threads(&self) -> bool {
        self.parameter.as_deref() == Some(THREADS)
    }
}

/// A parameter that grows in some families, the others held still.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The parameter.
    pub parameter: &'static str,
    /// The families, one ladder each.
    pub families: Vec<String>,
    /// Least and greatest value.
    pub range: (i64, i64),
    /// What is held still.
    pub fixed: Parameters,
    /// Growths over several parameters, which only the problem knows of.
    pub products: Vec<Growth>,
    /// The seed of all cases.
    pub seed: u64,
}

impl Sweep {
    /// What is asked for, of a solution: without a wish the problem's first axis that it is for.
    pub fn of_solution(solution: &Solution, wish: &Wish) -> Result<Option<Sweep>, Usage> {
        let problem = solution.problem.as_ref();
        let mut axes = problem.axes();
        axes.retain(|axis| is_for(solution, axis));
        Self::among(problem, axes, wish)
    }

    /// What is asked for, of a problem. `None` if it has no axis and none is asked for.
    pub fn of(problem: &dyn AnyProblem, wish: &Wish) -> Result<Option<Sweep>, Usage> {
        Self::among(problem, problem.axes(), wish)
    }

    fn among(
        problem: &dyn AnyProblem,
        axes: Vec<Axis>,
        wish: &Wish,
    ) -> Result<Option<Sweep>, Usage> {
        let sweep = match &wish.parameter {
            None => axes.into_iter().next().map(Sweep::declared).transpose()?,
            Some(name) => match axes.iter().find(|axis| axis.parameter == *name) {
                Some(axis) => Some(Sweep::declared(axis.clone())?),
                None if wish.is_of_threads() => {
                    axes.into_iter().next().map(Sweep::of_threads).transpose()?
                }
                None => Some(Sweep::undeclared(problem, name, wish)?),
            },
        };
        sweep.map(|sweep| sweep.wished(problem, wish)).transpose()
    }

    fn declared(axis: Axis) -> Result<Sweep, Usage> {
        let fixed = axis.fixed.parse();
        let fixed = fixed.map_err(|error| Usage::new(format!("{}: {error}", axis.parameter)))?;
        // What grows with more than the axis is a product.
        let mut products: Vec<Growth> = Vec::new();
        for (_, growth) in axis.classes {
            if growth.parameters().len() > 1 && !products.contains(&growth) {
                products.push(growth);
            }
        }
        Ok(Sweep {
            parameter: axis.parameter,
            families: axis.families.iter().map(ToString::to_string).collect(),
            range: (axis.from, axis.to),
            fixed,
            products,
            seed: 0,
        })
    }

    /// Threads, on cases from the middle of an axis: the problem knows nothing of them.
    fn of_threads(axis: Axis) -> Result<Sweep, Usage> {
        let middle = ((axis.from as f64) * (axis.to as f64)).sqrt() as i64;
        let declared = Sweep::declared(axis)?;
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Sweep {
            fixed: declared.fixed.with(declared.parameter, middle),
            parameter: THREADS,
            range: (1, processors as i64),
            products: Vec::new(),
            ..declared
        })
    }

    /// Whether what grows is the number of threads.
    pub fn is_of_threads(&self) -> bool {
        self.parameter == THREADS
    }

    /// A parameter that the problem has, but has no axis for.
    fn undeclared(problem: &dyn AnyProblem, name: &str, wish: &Wish) -> Result<Sweep, Usage> {
        let all = problem
            .schema()
            .map_or(&[][..], |schema| &schema.parameters);
        let names = || all.iter().map(|parameter| parameter.name);
        let Some(parameter) = names().find(|known| *known == name) else {
            return Err(Usage::new(format!(
                "--axis {name}: {} has no such parameter{}; it has {}",
                problem.name(),
                suggestions(name, names()),
                names().collect::<Vec<_>>().join(", ")
            )));
        };
        let (Some(from), Some(to)) = (wish.from, wish.to) else {
            let declared: Vec<&str> = problem.axes().iter().map(|axis| axis.parameter).collect();
            return Err(Usage::new(format!(
                "--axis {name}: {} declares no range for it (but for {}); say --from and --to",
                problem.name(),
                declared.join(", ")
            )));
        };
        let first = problem.axes().into_iter().next();
        Ok(Sweep {
            parameter,
            families: first.map_or(Vec::new(), |axis| {
                axis.families.iter().map(ToString::to_string).collect()
            }),
            range: (from, to),
            fixed: Parameters::new(),
            products: Vec::new(),
            seed: 0,
        })
    }

    fn wished(mut self, problem: &dyn AnyProblem, wish: &Wish) -> Result<Sweep, Usage> {
        self.seed = wish.seed;
        if !wish.families.is_empty() {
            let known: Vec<&str> = problem
                .families()
                .iter()
                .map(|family| family.name)
                .collect();
            for family in &wish.families {
                if !known.contains(&family.as_str()) {
                    let hint = suggestions(family, known.iter().copied());
                    let message = format!("--family {family}: {} has none{hint}", problem.name());
                    return Err(Usage::new(message));
                }
            }
            self.families.clone_from(&wish.families);
        }
        for (name, value) in wish.set.iter() {
            if name == self.parameter {
                let message = format!("--set {name}: it is what grows; see --from and --to");
                return Err(Usage::new(message));
            }
            self.fixed.set(name, value.clone());
        }
        self.range = (
            wish.from.unwrap_or(self.range.0),
            wish.to.unwrap_or(self.range.1),
        );
        let (from, to) = self.range;
        if self.is_of_threads() && to > MOST_THREADS {
            return Err(Usage::new(format!(
                "--to {to}: at most {MOST_THREADS} threads"
            )));
        }
        if from < 1 || from >= to {
            return Err(Usage::new(format!(
                "--from {from} --to {to}: from 1 on, and less than --to"
            )));
        }
        Ok(self)
    }

    /// The axis of a solution that states a growth, or of one that states none.
    pub fn axis(&self, stated: Option<&Growth>) -> reports::Axis {
        let is_other = |growth: &&Growth| !Growth::classes(self.parameter).contains(growth);
        let stated = stated
            .filter(is_other)
            .filter(|growth| !self.products.contains(growth));
        reports::Axis {
            parameter: self.parameter.to_owned(),
            products: self.products.iter().chain(stated).cloned().collect(),
        }
    }

    /// The part that a target affords.
    #[must_use]
    pub fn within_reach_of(mut self, target: Target) -> Sweep {
        if target == Target::Emulator {
            self.range = (self.range.0.min(64), self.range.1.min(65_536));
        }
        self
    }
}

/// Whether a solution is for the cases of an axis.
fn is_for(solution: &Solution, axis: &Axis) -> bool {
    let fixed: Parameters = axis.fixed.parse().unwrap_or_default();
    let parameters = fixed.with(axis.parameter, axis.from);
    axis.families.iter().any(|family| {
        let name = CaseName::new(solution.problem.name(), family, parameters.clone());
        let case = solution.problem.resolve(&name);
        case.is_ok_and(|case| solution.takes(&case))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sweep(problem: &str, wish: &Wish) -> Result<Sweep, String> {
        let problem = problems::find(problem).unwrap();
        let sweep = Sweep::of(problem.as_ref(), wish);
        sweep
            .map(|sweep| sweep.unwrap())
            .map_err(|error| error.to_string())
    }

    fn wish(parameter: &str) -> Wish {
        Wish {
            parameter: Some(parameter.to_owned()),
            ..Wish::default()
        }
    }

    #[test]
    fn without_a_wish_the_first_axis_is_taken_with_its_products() {
        let sweep = sweep("knapsack", &Wish::default()).unwrap();
        assert_eq!(sweep.parameter, "n");
        assert_eq!(sweep.products, ["n*capacity".parse().unwrap()]);
    }

    #[test]
    fn what_a_solution_states_is_considered_where_it_is_no_class() {
        let sweep = sweep("knapsack", &Wish::default()).unwrap();
        let products = |stated: &str| sweep.axis(Some(&stated.parse().unwrap())).products;
        let growths = |texts: &[&str]| -> Vec<Growth> {
            texts.iter().map(|text| text.parse().unwrap()).collect()
        };
        assert_eq!(products("n*log(n)"), growths(&["n*capacity"]));
        assert_eq!(products("n*capacity"), growths(&["n*capacity"]));
        let both = growths(&["n*capacity", "n*log(n)*log(n)"]);
        assert_eq!(products("n*log(n)*log(n)"), both);
        assert_eq!(sweep.axis(None).products, growths(&["n*capacity"]));
    }

    #[test]
    fn any_parameter_can_grow_if_its_range_is_known() {
        assert_eq!(sweep("kth_largest", &wish("k")).unwrap().parameter, "k");
        let ranged = Wish {
            from: Some(1),
            to: Some(64),
            ..wish("k")
        };
        let window = sweep("sliding_window_maximum", &ranged).unwrap();
        assert_eq!((window.parameter, window.range), ("k", (1, 64)));
        let error = sweep("knapsack", &wish("range")).unwrap_err();
        assert!(error.contains("say --from and --to"), "{error}");
        let error = sweep("knapsack", &wish("capacty")).unwrap_err();
        assert!(error.contains("capacity"), "{error}");
    }

    #[test]
    fn what_grows_is_not_held_still() {
        let wish = Wish {
            set: "n=5".parse().unwrap(),
            ..Wish::default()
        };
        let error = sweep("knapsack", &wish).unwrap_err();
        assert!(error.contains("it is what grows"), "{error}");
    }

    #[test]
    fn threads_grow_on_a_case_from_the_middle_of_the_first_axis() {
        let wish = Wish {
            to: Some(6),
            set: "k=7".parse().unwrap(),
            ..wish("threads")
        };
        let sweep = sweep("sliding_window_maximum", &wish).unwrap();
        assert_eq!((sweep.parameter, sweep.range), ("threads", (1, 6)));
        // The root of 1,000 times 4,000,000.
        assert_eq!(sweep.fixed.to_string(), "n=63245,k=7");
        let problem = problems::find("sliding_window_maximum").unwrap();
        let ladders = super::super::ladder::ladders(problem.as_ref(), &sweep, 4).unwrap();
        assert_eq!(ladders[0].threads, [1, 2, 4, 6]);
        let rungs = ladders[0].rungs(problem);
        let threads: Vec<_> = rungs.iter().filter_map(|rung| rung.threads).collect();
        assert_eq!(threads, [1, 2, 4, 6]);
        assert!(std::sync::Arc::ptr_eq(&rungs[0].case, &rungs[3].case));
    }
}
