//! Arithmetic on numbers as PTX defines it: every format, rounding and saturation.
