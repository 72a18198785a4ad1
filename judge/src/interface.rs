//! What a problem's schema means for launch plans: names and types of the array form.

use kernels::plan::{Field, Interface, Length};
use problems::{Allowed, Schema, Shape};
use vocabulary::ElementType;

/// The array form of a problem, as launch plans see it: a list of lists is its lengths and all its values.
pub fn interface_of(schema: &Schema) -> Interface {
    Interface {
        inputs: schema.inputs.iter().flat_map(fields).collect(),
        outputs: schema.outputs.iter().flat_map(fields).collect(),
    }
}

fn fields(field: &problems::Field) -> Vec<Field> {
    let make = |name: String, element, length| Field {
        name,
        element,
        length,
        optional: field.optional,
    };
    let name = field.name.to_owned();
    if let Allowed::Words(all) = field.allowed {
        return vec![make(name, field.element, Length::Word(all))];
    }
    match &field.shape {
        Shape::Scalar => vec![make(name, field.element, Length::Scalar)],
        Shape::Array(extents) => {
            vec![make(
                name,
                field.element,
                Length::Of(extents.length.clone()),
            )]
        }
        Shape::Line | Shape::Counted => vec![make(name, field.element, Length::Any)],
        Shape::Lists => vec![
            make(
                format!("{name}_lengths"),
                ElementType::U32.into(),
                Length::Any,
            ),
            make(name, field.element, Length::Any),
        ],
    }
}
