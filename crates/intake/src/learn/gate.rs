//! 换用模型: a new model replaces the one in use only if it is not worse.

use super::measure::Measure;

/// So many held-back orders a comparison needs.
pub const MIN_HELD_BACK: usize = 100;
/// So much worse among the first three is still "not worse": one order of a thousand.
const TOP3_TOLERANCE: f64 = 0.001;

/// 换用结论.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum GateVerdict {
    Replaces,
    /// Too few orders were held back to say anything.
    TooFew {
        n_orders: usize,
    },
    /// The one in use reads the same orders better.
    Worse {
        current: Measure,
    },
}

/// Decides by what both made of the same held-back orders. `None`: nothing is in use; then the
/// candidate is measured against what the keywords make of them, which the caller passes instead
/// where it has it.
pub fn gate(current: Option<Measure>, candidate: Measure) -> GateVerdict {
    if candidate.n_orders < MIN_HELD_BACK {
        return GateVerdict::TooFew {
            n_orders: candidate.n_orders,
        };
    }
    match current {
        Some(current)
            if candidate.macro_f1 < current.macro_f1
                || candidate.top3 < current.top3 - TOP3_TOLERANCE =>
        {
            GateVerdict::Worse { current }
        }
        _ => GateVerdict::Replaces,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(macro_f1: f64, top3: f64, n_orders: usize) -> Measure {
        Measure {
            macro_f1,
            accuracy: macro_f1,
            top3,
            calibration_error: 0.0,
            n_orders,
        }
    }

    #[test]
    fn not_worse_is_good_enough() {
        let current = measure(0.9, 0.99, 500);
        let replaces = |candidate| gate(Some(current), candidate) == GateVerdict::Replaces;
        assert!(replaces(measure(0.9, 0.99, 500)));
        assert!(replaces(measure(0.91, 0.9895, 500)));
        assert!(!replaces(measure(0.899, 0.999, 500)));
        assert!(!replaces(measure(0.92, 0.98, 500)));
        assert!(!replaces(measure(0.99, 1.0, MIN_HELD_BACK - 1)));
        assert_eq!(gate(None, measure(0.3, 0.5, 200)), GateVerdict::Replaces);
    }
}
