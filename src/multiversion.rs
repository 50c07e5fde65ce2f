//! Functions that are built once for each kind of vector unit, of which the widest that this machine has is run.

/// Defines a function that is built for every vector unit there is; its first argument chooses one, `Arch::new()` the widest of
/// this machine. The results are the same to the bit on all: a product and a sum are never contracted into one.
macro_rules! multiversion {
    (
        $(#[$note:meta])*
        $access:vis fn $name:ident<$life:lifetime $(, const $constant:ident: $kind:ty)?>(
            $($argument:ident: $type:ty),+ $(,)?
        ) $body:block
    ) => {
        $(#[$note])*
        $access fn $name<$life $(, const $constant: $kind)?>(arch: pulp::Arch, $($argument: $type),+) {
            struct Call<$life $(, const $constant: $kind)?> {
                $($argument: $type),+
            }

            impl<$life $(, const $constant: $kind)?> pulp::WithSimd for Call<$life $(, $constant)?> {
                type Output = ();

                // What is not inlined is not built for the wider units.
                #[inline(always)]
                fn with_simd<S: pulp::Simd>(self, _: S) {
                    let Call { $($argument),+ } = self;
                    $body
                }
            }

            arch.dispatch(Call::<$life $(, $constant)?> { $($argument),+ });
        }
    };
}

pub(crate) use multiversion;
