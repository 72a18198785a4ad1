//! Instructions that only compute: from registers to a register, the same for each lane.
//!
//! `compute!((x: u32, y: u32) -> u32 { x.wrapping_add(y) })` makes an [`Operation`]: a function over all 32 lanes, compiled
//! twice, plainly and for processors with 256-bit vectors, of which the right one is chosen when a module is translated.

use super::registers::{Class, Registers, WARP};
use crate::matrix::Lanes;

/// The registers and numbers of an instruction.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Operands {
    /// The slot that is written.
    pub(crate) d: u32,
    /// The slots that are read.
    pub(crate) a: u32,
    pub(crate) b: u32,
    pub(crate) c: u32,
    /// A second slot that is written, or where a list of slots begins.
    pub(crate) e: u32,
    /// A constant: the offset of an address, a mode.
    pub(crate) immediate: i64,
}

/// Computes all lanes of a mask.
///
/// # Safety
/// The processor must have the features that [`has_wide_vectors`] asks for, if that said so when the function was chosen.
pub(crate) type Compute = unsafe fn(&mut Registers, &Operands, u32);

/// Computes the first lane alone, if all that is read lies on lines and the result then does, too; false if not. The sets are
/// those of the slots that are read and written.
pub(crate) type Follow = fn(&mut Registers, &Operands, u64, u64) -> bool;

/// A function, and the classes of the registers that it works on.
#[derive(Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) run: Compute,
    /// None where it is not worth looking.
    pub(crate) follow: Option<Follow>,
    pub(crate) result: Class,
    /// The class of the second result, where there is one.
    pub(crate) second: Option<Class>,
    pub(crate) sources: [Option<Class>; 3],
}

/// Whether the processor has the vector instructions that the faster half of all functions is compiled for.
#[inline]
pub(crate) fn has_wide_vectors() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("f16c")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
    }
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// A value of one lane, and how the values of all lanes are kept.
pub(crate) trait Element: Copy {
    const CLASS: Class;
    const NONE: Self::All;
    type All: Copy;

    fn read(registers: &Registers, slot: u32) -> &Self::All;
    fn get(all: &Self::All, lane: usize) -> Self;
    fn set(all: &mut Self::All, lane: usize, value: Self);
    fn write(registers: &mut Registers, slot: u32, mask: u32, all: &Self::All);
    /// Writes the first lane; of a predicate all of them.
    fn write_first(registers: &mut Registers, slot: u32, value: Self);
}

macro_rules! elements {
    ($($type:ty: $class:ident, $all:ty, $read:ident, $mutable:ident, $write:ident,
       |$raw:ident| $of:expr, |$value:ident| $into:expr;)*) => {$(
        impl Element for $type {
            const CLASS: Class = Class::$class;
            const NONE: $all = [0; WARP];
            type All = $all;

            #[inline(always)]
            fn read(registers: &Registers, slot: u32) -> &$all {
                registers.$read(slot)
            }
            #[inline(always)]
            fn get(all: &$all, lane: usize) -> $type {
                let $raw = all[lane];
                $of
            }
            #[inline(always)]
            fn set(all: &mut $all, lane: usize, $value: $type) {
                all[lane] = $into;
            }
            #[inline(always)]
            fn write(registers: &mut Registers, slot: u32, mask: u32, all: &$all) {
                registers.$write(slot, mask, all);
            }
            #[inline(always)]
            fn write_first(registers: &mut Registers, slot: u32, $value: $type) {
                registers.$mutable(slot)[0] = $into;
            }
        }
    )*};
}
elements! {
    u32: Narrow, Lanes, narrow, narrow_mut, set_narrow, |raw| raw, |value| value;
    i32: Narrow, Lanes, narrow, narrow_mut, set_narrow, |raw| raw as i32, |value| value as u32;
    f32: Narrow, Lanes, narrow, narrow_mut, set_narrow, |raw| f32::from_bits(raw), |value| value.to_bits();
    u16: Narrow, Lanes, narrow, narrow_mut, set_narrow, |raw| raw as u16, |value| value.into();
    i16: Narrow, Lanes, narrow, narrow_mut, set_narrow, |raw| raw as i16, |value| (value as u16).into();
    u64: Wide, [u64; WARP], wide, wide_mut, set_wide, |raw| raw, |value| value;
    i64: Wide, [u64; WARP], wide, wide_mut, set_wide, |raw| raw as i64, |value| value as u64;
    f64: Wide, [u64; WARP], wide, wide_mut, set_wide, |raw| f64::from_bits(raw), |value| value.to_bits();
}

impl Element for bool {
    const CLASS: Class = Class::Predicate;
    const NONE: u32 = 0;
    type All = u32;

    #[inline(always)]
    fn read(registers: &Registers, slot: u32) -> &u32 {
        &registers.predicates[slot as usize]
    }
    #[inline(always)]
    fn get(all: &u32, lane: usize) -> bool {
        all >> lane & 1 != 0
    }
    #[inline(always)]
    fn set(all: &mut u32, lane: usize, value: bool) {
        *all |= u32::from(value) << lane;
    }
    #[inline(always)]
    fn write(registers: &mut Registers, slot: u32, mask: u32, all: &u32) {
        registers.set_predicate(slot, mask, *all);
    }
    #[inline(always)]
    fn write_first(registers: &mut Registers, slot: u32, value: bool) {
        registers.predicates[slot as usize] = if value { u32::MAX } else { 0 };
    }
}

/// Makes an [`Operation`] of an expression over up to three sources, with one or two results.
///
/// A name before the arrow and behind a semicolon stands for the instruction's constant. A rule in brackets before it all says
/// how the results lie on lines.
macro_rules! compute {
    (($($x:ident: $t:ty),* $(; $immediate:ident)?) -> ($d:ty, $e:ty) $body:block) => {{
        #[inline(always)]
        #[allow(unused_variables)]
        fn body(registers: &mut Registers, operands: &Operands, mask: u32) {
            $(let $immediate = operands.immediate;)?
            let (mut first, mut second) = (<$d as Element>::NONE, <$e as Element>::NONE);
            compute!(@read registers, operands, (a b c), $($x: $t),*);
            for lane in 0..WARP {
                $(let $x = <$t as Element>::get($x, lane);)*
                let (one, two): ($d, $e) = $body;
                <$d as Element>::set(&mut first, lane, one);
                <$e as Element>::set(&mut second, lane, two);
            }
            <$d as Element>::write(registers, operands.d, mask, &first);
            <$e as Element>::write(registers, operands.e, mask, &second);
        }
        Operation {
            run: compute!(@versions body),
            follow: None,
            result: <$d as Element>::CLASS,
            second: Some(<$e as Element>::CLASS),
            sources: compute!(@sources $($t),*),
        }
    }};
    (($($x:ident: $t:ty),* $(; $immediate:ident)?) -> $d:ty $body:block) => {{
        #[inline(always)]
        #[allow(unused_variables)]
        fn body(registers: &mut Registers, operands: &Operands, mask: u32) {
            $(let $immediate = operands.immediate;)?
            let mut result = <$d as Element>::NONE;
            compute!(@read registers, operands, (a b c), $($x: $t),*);
            for lane in 0..WARP {
                $(let $x = <$t as Element>::get($x, lane);)*
                <$d as Element>::set(&mut result, lane, $body);
            }
            <$d as Element>::write(registers, operands.d, mask, &result);
        }
        Operation {
            run: compute!(@versions body),
            follow: None,
            result: <$d as Element>::CLASS,
            second: None,
            sources: compute!(@sources $($t),*),
        }
    }};
    ([$rule:expr] ($($x:ident: $t:ty),* $(; $immediate:ident)?) -> $d:ty $body:block) => {{
        #[allow(unused_variables)]
        fn follow(registers: &mut Registers, operands: &Operands, reads: u64, writes: u64) -> bool {
            const RULE: crate::machine::lines::Rule = $rule;
            let Some(step) = registers.follow(RULE, operands, reads) else {
                return false;
            };
            $(let $immediate = operands.immediate;)?
            compute!(@read registers, operands, (a b c), $($x: $t),*);
            $(let $x = <$t as Element>::get($x, 0);)*
            let value: $d = $body;
            <$d as Element>::write_first(registers, operands.d, value);
            if <$d as Element>::CLASS != Class::Predicate {
                registers.note_stale(<$d as Element>::CLASS, operands.d, writes, step);
            }
            true
        }
        Operation {
            follow: Some(follow),
            ..compute!(($($x: $t),* $(; $immediate)?) -> $d $body)
        }
    }};
    (@read $registers:ident, $operands:ident, ($place:ident $($places:ident)*), $x:ident: $t:ty $(, $xs:ident: $ts:ty)*) => {
        let $x = <$t as Element>::read($registers, $operands.$place);
        compute!(@read $registers, $operands, ($($places)*), $($xs: $ts),*);
    };
    (@read $registers:ident, $operands:ident, ($($places:ident)*),) => {};
    (@sources) => { [None, None, None] };
    (@sources $a:ty) => { [Some(<$a as Element>::CLASS), None, None] };
    (@sources $a:ty, $b:ty) => { [Some(<$a as Element>::CLASS), Some(<$b as Element>::CLASS), None] };
    (@sources $a:ty, $b:ty, $c:ty) => {
        [Some(<$a as Element>::CLASS), Some(<$b as Element>::CLASS), Some(<$c as Element>::CLASS)]
    };
    (@versions $body:ident) => {{
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma,f16c,bmi1,bmi2,lzcnt,popcnt")]
        fn wide(registers: &mut Registers, operands: &Operands, mask: u32) {
            $body(registers, operands, mask);
        }
        #[cfg(target_arch = "x86_64")]
        let run: Compute = if crate::machine::compute::has_wide_vectors() { wide } else { $body };
        #[cfg(not(target_arch = "x86_64"))]
        let run: Compute = $body;
        run
    }};
}
pub(crate) use compute;
