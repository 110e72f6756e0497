//! Exact ratios, and how they are rounded for people.

use std::cmp::Ordering;

/// 比率: exact, so that two units are equal only when they are.
#[derive(Debug, Clone, Copy)]
pub struct Ratio {
    part: u64,
    whole: u64,
}

impl Ratio {
    /// `part` of `whole`; `None` of nothing.
    pub fn new(part: u64, whole: u64) -> Option<Self> {
        (whole > 0).then_some(Self { part, whole })
    }

    pub fn part(self) -> u64 {
        self.part
    }

    pub fn whole(self) -> u64 {
        self.whole
    }

    /// 百分数 for people, with `decimals` places, 四舍五入 (half up). Never compared or added: the
    /// ratio itself is.
    pub fn percent_text(self, decimals: u32) -> String {
        let scale = 10_u128.pow(decimals);
        let (part, whole) = (u128::from(self.part), u128::from(self.whole));
        let rounded = (part * 100 * scale * 2 + whole) / (2 * whole);
        let (full, rest) = (rounded / scale, rounded % scale);
        if decimals == 0 {
            return format!("{full}%");
        }
        let width = decimals as usize;
        format!("{full}.{rest:0width$}%")
    }
}

impl PartialEq for Ratio {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ratio {}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        let across = |part: u64, whole: u64| u128::from(part) * u128::from(whole);
        across(self.part, other.whole).cmp(&across(other.part, self.whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_rounded_half_up() {
        let text = |part, whole, decimals| Ratio::new(part, whole).unwrap().percent_text(decimals);
        assert_eq!(text(1, 8, 0), "13%");
        assert_eq!(text(1, 8, 1), "12.5%");
        assert_eq!(text(1, 16, 2), "6.25%");
        assert_eq!(text(1, 16, 1), "6.3%");
        assert_eq!(text(2, 3, 2), "66.67%");
        assert_eq!(text(1, 3, 2), "33.33%");
        assert_eq!(text(0, 7, 2), "0.00%");
        assert_eq!(text(7, 7, 2), "100.00%");
        assert_eq!(text(19_999, 20_000, 2), "100.00%");
        assert_eq!(text(1, 200, 2), "0.50%");
    }

    #[test]
    fn ratios_are_compared_exactly() {
        let ratio = |part, whole| Ratio::new(part, whole).unwrap();
        assert_eq!(ratio(1, 2), ratio(50, 100));
        assert!(ratio(19_999, 20_000) < ratio(1, 1));
        assert!(ratio(2, 3) > ratio(66, 100));
        assert_eq!(Ratio::new(0, 0), None);
    }
}
