//! From what somebody types to what is judged: problems, solutions, globs and files.

use std::path::PathBuf;
use std::sync::Arc;

use globset::{Glob, GlobMatcher};
use problems::AnyProblem;

use crate::solution::Solution;
use crate::usage::Usage;

/// What the words of a command line select.
pub struct Selection {
    /// Patterns over `problem` and `problem/solution`; none selects everything.
    patterns: Vec<Pattern>,
    /// Files of the user.
    pub files: Vec<PathBuf>,
}

struct Pattern {
    text: String,
    matcher: GlobMatcher,
}

impl Selection {
    /// Tells files from patterns: a word is a file if it names one, or if it looks like a path.
    pub fn parse(words: &[String]) -> Result<Self, Usage> {
        let (mut patterns, mut files) = (Vec::new(), Vec::new());
        for word in words {
            let path = PathBuf::from(word);
            if path.is_file() {
                files.push(path);
                continue;
            }
            if path.is_dir() && problems::find(word).is_none() {
                return Err(Usage::new(format!(
                    "`{word}` is a folder: name a file, or a problem (`judge list problems`)"
                )));
            }
            let looks_like_path = word.starts_with(['.', '/', '~']) || word.contains('\\');
            if looks_like_path {
                return Err(Usage::new(format!("`{word}`: no such file")));
            }
            let glob = Glob::new(word)
                .map_err(|error| Usage::new(format!("`{word}` is no pattern: {error}")))?;
            patterns.push(Pattern {
                text: word.clone(),
                matcher: glob.compile_matcher(),
            });
        }
        Ok(Selection { patterns, files })
    }

    /// Whether nothing is selected by name.
    pub fn is_everything(&self) -> bool {
        self.patterns.is_empty()
    }

    /// The problems that a pattern names, alone or with a solution.
    pub fn problems(&self) -> Result<Vec<Arc<dyn AnyProblem>>, Usage> {
        for pattern in &self.patterns {
            let problem = pattern.text.split('/').next().unwrap_or_default();
            let matches = |name: &str| {
                Glob::new(problem).is_ok_and(|glob| glob.compile_matcher().is_match(name))
            };
            if !problems::catalogue::all().any(|known| matches(known.name())) {
                return Err(unknown(&pattern.text, problem));
            }
        }
        let is_named = |problem: &&Arc<dyn AnyProblem>| {
            self.is_everything()
                || self.patterns.iter().any(|pattern| {
                    let first = pattern.text.split('/').next().unwrap_or_default();
                    Glob::new(first)
                        .is_ok_and(|glob| glob.compile_matcher().is_match(problem.name()))
                })
        };
        Ok(problems::catalogue::all()
            .filter(is_named)
            .cloned()
            .collect())
    }

    /// The labels among some that the patterns select; a pattern that selects nothing is an error.
    pub fn labels(&self, among: Vec<String>) -> Result<Vec<String>, Usage> {
        let mut is_selected = vec![self.is_everything(); among.len()];
        for pattern in &self.patterns {
            let by_pattern = pattern.selected(&among);
            if !by_pattern.contains(&true) {
                let names = among
                    .iter()
                    .map(String::as_str)
                    .chain(problems::catalogue::all().map(|p| p.name()));
                let near = problems::suggestions(&pattern.text, names);
                return Err(Usage::new(format!(
                    "nothing is called `{}`{near}; `judge list` shows all problems and solutions",
                    pattern.text
                )));
            }
            for (is_selected, by_pattern) in is_selected.iter_mut().zip(by_pattern) {
                *is_selected |= by_pattern;
            }
        }
        let selected = among.into_iter().zip(is_selected);
        Ok(selected
            .filter(|(_, is_selected)| *is_selected)
            .map(|(label, _)| label)
            .collect())
    }

    /// The solutions among some that the patterns select; a pattern that selects nothing is an error.
    pub fn solutions(&self, mut among: Vec<Solution>) -> Result<Vec<Solution>, Usage> {
        let selected = self.labels(among.iter().map(Solution::label).collect())?;
        // A kernel is there once for each device, under one label.
        among.retain(|solution| selected.contains(&solution.label()));
        Ok(among)
    }
}

impl Pattern {
    /// Which of some solutions it selects. Without `/` those of the problems it names. With one, the solution of just
    /// that label if there is one; else all whose label it matches, with the extension or without.
    fn selected(&self, among: &[String]) -> Vec<bool> {
        let is_whole = |label: &String| *label == self.text;
        if among.iter().any(is_whole) {
            return among.iter().map(is_whole).collect();
        }
        let matches = |label: &String| {
            let stem = label
                .rsplit_once('.')
                .map_or(label.as_str(), |(stem, _)| stem);
            if self.text.contains('/') {
                self.matcher.is_match(label) || self.matcher.is_match(stem)
            } else {
                let problem = label.split('/').next().unwrap_or_default();
                self.matcher.is_match(problem)
            }
        };
        among.iter().map(matches).collect()
    }
}

/// The label of a solution that may be named without its problem.
pub fn label_within(problem: &str, name: &str) -> String {
    if name.contains('/') {
        name.to_owned()
    } else {
        format!("{problem}/{name}")
    }
}

/// The problem of a name, or an error that suggests near names.
pub fn problem(name: &str) -> Result<Arc<dyn AnyProblem>, Usage> {
    problems::find(name)
        .cloned()
        .ok_or_else(|| unknown(name, name))
}

fn unknown(word: &str, problem: &str) -> Usage {
    let near = problems::suggestions(
        problem,
        problems::catalogue::all().map(|known| known.name()),
    );
    Usage::new(format!(
        "`{word}` is neither a file nor a problem{near}; `judge list problems` shows all"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Languages;
    use crate::solution::shipped;

    fn labels(words: &[&str]) -> Result<Vec<String>, Usage> {
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        let selection = Selection::parse(&words)?;
        selection.problems()?;
        let selected = selection.solutions(shipped(&Languages::built_in()))?;
        Ok(selected.iter().map(Solution::label).collect())
    }

    #[test]
    fn a_problem_a_solution_and_a_glob_select() {
        let all = labels(&[]).unwrap();
        let of_problem = labels(&["kth_largest"]).unwrap();
        assert!(
            of_problem.len() > 1
                && of_problem
                    .iter()
                    .all(|label| label.starts_with("kth_largest/"))
        );
        assert_eq!(
            labels(&["kth_largest/heap_of_k"]).unwrap(),
            ["kth_largest/heap_of_k"]
        );
        assert_eq!(
            labels(&["kth_largest/nth_element"]).unwrap(),
            ["kth_largest/nth_element.cpp"]
        );
        let programs = labels(&["*/*.cpp"]).unwrap();
        assert!(!programs.is_empty() && programs.len() < all.len());
    }

    #[test]
    fn what_selects_nothing_suggests_near_names() {
        let error = labels(&["kth_larges"]).unwrap_err().to_string();
        assert!(error.contains("did you mean kth_largest"), "{error}");
        let error = labels(&["kth_largest/heap_of"]).unwrap_err().to_string();
        assert!(error.contains("heap_of_k"), "{error}");
        assert!(
            labels(&["./absent.cpp"])
                .unwrap_err()
                .to_string()
                .contains("no such file")
        );
    }
}
