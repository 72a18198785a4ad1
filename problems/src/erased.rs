//! A problem without its types: what the judge handles, and what problems that are not ours implement.

use std::any::Any;
use std::sync::{Arc, OnceLock};

use vocabulary::{Arrays, CaseId, CaseName, Parameters};

use crate::contract::{Accepted, Axis, Limits, Mismatch, Problem};
use crate::family::{At, Family, FamilyInfo};
use crate::resolve::{CaseError, resolve};
use crate::sampling::Random;
use crate::schema::{Cost, Schema};
use crate::statement;
use crate::{Record, Sample};

/// A problem whose types nobody needs to know.
pub trait AnyProblem: Send + Sync {
    /// Its name.
    fn name(&self) -> &str;

    /// Its statement in Markdown, whole.
    fn statement(&self) -> String;

    /// The worked samples of the statement.
    fn samples(&self) -> Vec<Sample>;

    /// Its schema; `None` if it has nothing but a text form.
    fn schema(&self) -> Option<&Schema>;

    /// Its families.
    fn families(&self) -> Vec<&FamilyInfo>;

    /// See [`Problem::trial_sizes`].
    fn trial_sizes(&self) -> Vec<i64>;

    /// See [`Problem::settings`].
    fn settings(&self) -> Vec<Parameters>;

    /// See [`Problem::axes`].
    fn axes(&self) -> Vec<Axis>;

    /// Limits of a program in a language without a time multiplier.
    fn limits(&self) -> Limits;

    /// The whole name of a case: defaults filled in, bounds held.
    fn resolve(&self, name: &CaseName) -> Result<CaseId, CaseError>;

    /// Builds a case from its whole name.
    fn case(&self, case: &CaseId) -> Result<Arc<dyn AnyCase>, CaseError>;

    /// A case with an input of somebody else's making, under a name that cannot be rebuilt; it is held against the
    /// schema.
    fn case_of_text(
        &self,
        name: CaseId,
        input: &[u8],
    ) -> Result<Arc<dyn AnyCase>, crate::FormError>;
}

/// One case of a problem.
pub trait AnyCase: Send + Sync {
    /// Its name.
    fn id(&self) -> &CaseId;

    /// The input as a program reads it.
    fn input_text(&self) -> Vec<u8>;

    /// A right output as a program writes it.
    fn expected_text(&self) -> Vec<u8>;

    /// The input as named buffers, sizes included; `None` without an array form.
    fn input_arrays(&self) -> Option<Arrays>;

    /// Whether an output is right.
    fn check_text(&self, output: &[u8]) -> Result<Accepted, Mismatch>;

    /// The typed input, for functions.
    fn input(&self) -> &(dyn Any + Sync);

    /// Memory for a typed output; see [`Problem::prepare`].
    fn prepare(&self) -> Box<dyn Any + Send>;

    /// A typed output of the array form, such as a kernel leaves.
    fn output_of_arrays(&self, arrays: Arrays) -> Result<Box<dyn Any + Send>, Mismatch>;

    /// A typed output as a program would write it.
    ///
    /// # Panics
    /// If it is not of the problem's output type.
    fn output_text(&self, output: &dyn Any) -> Vec<u8>;

    /// Whether a typed output is right.
    ///
    /// # Panics
    /// If it is not of the problem's output type.
    fn check(&self, output: &dyn Any) -> Result<Accepted, Mismatch>;

    /// What an answer must do at least; see [`Schema::cost`].
    fn cost(&self) -> Option<Cost>;

    /// How many elements the input's arrays have together.
    fn items(&self) -> u64;

    /// How many bytes the input's arrays take together.
    fn bytes(&self) -> u64;
}

/// A typed problem as an [`AnyProblem`].
pub struct Typed<P: Problem> {
    schema: Arc<Schema>,
    families: Vec<Family<P>>,
}

impl<P: Problem> Typed<P> {
    /// Takes schema and families from the problem's type.
    pub fn new() -> Self {
        Typed {
            schema: Arc::new(P::schema()),
            families: P::families(),
        }
    }

    /// The families with their types.
    pub fn typed_families(&self) -> &[Family<P>] {
        &self.families
    }

    /// Generates the typed input of a whole case name.
    pub fn generate(&self, case: &CaseId) -> Result<P::Input, CaseError> {
        // A case name may come from anywhere: resolving it again holds its bounds.
        let whole = self.resolve(&case.clone().into())?;
        let family = self
            .families
            .iter()
            .find(|family| family.info.name == whole.family);
        let family = family.expect("resolve knows the family");
        Ok((family.generate)(
            &At(&whole.parameters),
            &mut Random::of_case(&whole),
        ))
    }

    /// Whether an input keeps its family's promise.
    pub fn keeps_promise(&self, case: &CaseId, input: &P::Input) -> bool {
        let family = self
            .families
            .iter()
            .find(|family| family.info.name == case.family);
        family.is_some_and(|family| (family.holds)(&At(&case.parameters), input))
    }

    fn typed_case(&self, id: CaseId, input: P::Input) -> Arc<dyn AnyCase> {
        Arc::new(TypedCase::<P> {
            id,
            schema: self.schema.clone(),
            input,
            sizes: OnceLock::new(),
            answer: OnceLock::new(),
        })
    }
}

impl<P: Problem> Default for Typed<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Problem> AnyProblem for Typed<P> {
    fn name(&self) -> &str {
        self.schema.problem
    }

    fn statement(&self) -> String {
        statement::whole(P::STATEMENT, &self.schema, &P::limits())
    }

    fn samples(&self) -> Vec<Sample> {
        statement::samples(P::STATEMENT)
    }

    fn schema(&self) -> Option<&Schema> {
        Some(&self.schema)
    }

    fn families(&self) -> Vec<&FamilyInfo> {
        self.families.iter().map(|family| &family.info).collect()
    }

    fn trial_sizes(&self) -> Vec<i64> {
        P::trial_sizes()
    }

    fn settings(&self) -> Vec<Parameters> {
        let settings = P::settings().iter();
        let parsed = settings.map(|setting| setting.parse().expect("parameters"));
        parsed.collect()
    }

    fn axes(&self) -> Vec<Axis> {
        P::axes()
    }

    fn limits(&self) -> Limits {
        P::limits()
    }

    fn resolve(&self, name: &CaseName) -> Result<CaseId, CaseError> {
        resolve(&self.schema, &self.families(), name)
    }

    fn case(&self, case: &CaseId) -> Result<Arc<dyn AnyCase>, CaseError> {
        Ok(self.typed_case(case.clone(), self.generate(case)?))
    }

    fn case_of_text(
        &self,
        name: CaseId,
        input: &[u8],
    ) -> Result<Arc<dyn AnyCase>, crate::FormError> {
        let mut arrays = self.schema.read_input(input)?;
        Ok(self.typed_case(name, P::Input::load(&mut arrays)?))
    }
}

struct TypedCase<P: Problem> {
    id: CaseId,
    schema: Arc<Schema>,
    input: P::Input,
    /// The scalars of the input, on which lengths and types of outputs depend.
    sizes: OnceLock<Arrays>,
    answer: OnceLock<P::Answer>,
}

impl<P: Problem> TypedCase<P> {
    fn arrays(&self) -> Arrays {
        let mut arrays = Arrays::new();
        self.input.store(&mut arrays);
        self.schema.complete(&mut arrays);
        arrays
    }

    fn sizes(&self) -> &Arrays {
        self.sizes.get_or_init(|| {
            let (mut sizes, arrays) = (Arrays::new(), self.arrays());
            for field in self.schema.inputs.iter().filter(|field| field.is_scalar()) {
                if let Some(array) = arrays.get(field.name) {
                    sizes.set(field.name, array.clone());
                }
            }
            sizes
        })
    }

    fn check_typed(&self, output: &P::Output) -> Result<Accepted, Mismatch> {
        let answer = self.answer.get_or_init(|| P::answer(&self.input));
        P::check(&self.input, answer, output)
    }
}

impl<P: Problem> AnyCase for TypedCase<P> {
    fn id(&self) -> &CaseId {
        &self.id
    }

    fn input_text(&self) -> Vec<u8> {
        self.schema.write_input(&self.arrays())
    }

    fn expected_text(&self) -> Vec<u8> {
        let [first, _] = P::references();
        self.output_text(&(first.solve)(&self.input))
    }

    fn input_arrays(&self) -> Option<Arrays> {
        Some(self.arrays())
    }

    fn check_text(&self, output: &[u8]) -> Result<Accepted, Mismatch> {
        let form = |error: crate::FormError| Mismatch::new(error.to_string());
        let mut arrays = self
            .schema
            .read_output(output, self.sizes())
            .map_err(form)?;
        self.check_typed(&P::Output::load(&mut arrays).map_err(form)?)
    }

    fn input(&self) -> &(dyn Any + Sync) {
        &self.input
    }

    fn prepare(&self) -> Box<dyn Any + Send> {
        Box::new(P::prepare(&self.input))
    }

    fn output_of_arrays(&self, mut arrays: Arrays) -> Result<Box<dyn Any + Send>, Mismatch> {
        let output = P::Output::load(&mut arrays);
        let output = output.map_err(|error| Mismatch::new(error.to_string()))?;
        Ok(Box::new(output))
    }

    fn output_text(&self, output: &dyn Any) -> Vec<u8> {
        let output: &P::Output = output.downcast_ref().expect("an output of this problem");
        let mut arrays = Arrays::new();
        output.store(&mut arrays);
        self.schema.write_output(&arrays)
    }

    fn check(&self, output: &dyn Any) -> Result<Accepted, Mismatch> {
        let output = output.downcast_ref().expect("an output of this problem");
        self.check_typed(output)
    }

    fn cost(&self) -> Option<Cost> {
        self.schema.cost(self.sizes())
    }

    fn items(&self) -> u64 {
        self.arrays()
            .iter()
            .map(|(_, array)| array.len() as u64)
            .sum()
    }

    fn bytes(&self) -> u64 {
        let of = |array: &vocabulary::Array| (array.len() * array.element_type().bytes()) as u64;
        self.arrays().iter().map(|(_, array)| of(array)).sum()
    }
}
