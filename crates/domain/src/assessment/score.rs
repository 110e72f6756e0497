//! 计分: exact up to the line. A line is rounded half up to a hundredth of a point, and only there, so that
//! what people add up on paper is what stands below the line.

use std::collections::BTreeMap;

use super::scheme::{AssessmentScheme, DeductedEvent, FULL_POINTS, NoneRule, SchemeLine};
use crate::handling_unit::HandlingUnitId;
use crate::indicators::{Basis, Figure, Holder, Ratio, Sources, Tally, tally};

/// 分, in hundredths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Points(pub u32);

impl Points {
    /// 95.20.
    pub fn text(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// 考核依据: the figures, and what was held against a unit in the period.
#[derive(Debug, Clone, Copy)]
pub struct AssessmentInput<'a> {
    pub sources: Sources<'a>,
    /// 监督件 that took effect in the period: unit, what it was, and its number.
    pub events: &'a [(HandlingUnitId, DeductedEvent, String)],
}

/// 考核项得分 of one unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineScore {
    pub line: SchemeLine,
    pub figure: Figure,
    /// `None` where the line is left out.
    pub points: Option<Points>,
}

/// 扣分 of one unit, with what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeductionScore {
    pub event: DeductedEvent,
    pub numbers: Vec<String>,
    pub points: Points,
}

/// 单位得分.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitScore {
    pub unit: HandlingUnitId,
    pub lines: Vec<LineScore>,
    pub deductions: Vec<DeductionScore>,
    /// 考核得分, never below nothing.
    pub total: Points,
    /// 名次: units that are equal share one (1, 2, 2, 4).
    pub place: u32,
}

/// 考核结果 of one period by one scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// By place, those that share one by their number.
    pub units: Vec<UnitScore>,
    /// 未参评: units of which nothing at all was to be counted.
    pub not_assessed: Vec<HandlingUnitId>,
}

/// 分单位指标值 of a scheme's lines, counted in one go or order by order.
#[derive(Debug, Clone)]
pub struct UnitFigures {
    /// What a unit has of which nothing was to be counted.
    empty: Vec<Figure>,
    of_units: BTreeMap<HandlingUnitId, Vec<Figure>>,
}

impl UnitFigures {
    /// Counts the lines of a scheme.
    ///
    /// # Panics
    /// As [`tally`], when an item is given twice.
    pub fn count(scheme: &AssessmentScheme, sources: Sources<'_>, basis: &Basis<'_>) -> Self {
        let tallies: Vec<Tally> = scheme
            .lines
            .iter()
            .map(|line| tally(line.indicator, sources, basis))
            .collect();
        // The center's own is no unit's, so a unit that no item names has nothing of it.
        let empty: Vec<Figure> = tallies.iter().map(Tally::nothing).collect();
        let mut of_units = BTreeMap::<HandlingUnitId, Vec<Figure>>::new();
        for (nth, tally) in tallies.iter().enumerate() {
            for (holder, figure) in tally.by_holder() {
                let Holder::Unit(unit) = holder else {
                    continue;
                };
                let figures = of_units.entry(unit).or_insert_with(|| empty.clone());
                if let Some(it) = figures.get_mut(nth) {
                    *it = figure;
                }
            }
        }
        Self { empty, of_units }
    }

    /// Adds what was counted of other items by the same scheme.
    ///
    /// # Panics
    /// When an item was counted in both.
    pub fn add(&mut self, other: Self) {
        for (unit, figures) in other.of_units {
            match self.of_units.get_mut(&unit) {
                Some(before) => {
                    for (one, more) in before.iter_mut().zip(figures) {
                        one.add(more);
                    }
                }
                None => {
                    self.of_units.insert(unit, figures);
                }
            }
        }
    }

    /// The figures of a unit, in the order of the lines.
    pub fn of(&self, unit: &HandlingUnitId) -> &[Figure] {
        self.of_units.get(unit).unwrap_or(&self.empty)
    }
}

/// 考核 of `units`.
///
/// # Panics
/// As [`tally`], when an item is given twice.
pub fn assess<'a>(
    scheme: &AssessmentScheme,
    input: AssessmentInput<'_>,
    basis: &Basis<'_>,
    units: impl IntoIterator<Item = &'a HandlingUnitId>,
) -> Assessment {
    let figures = UnitFigures::count(scheme, input.sources, basis);
    score(scheme, &figures, input.events, units)
}

/// 考核 of `units` by what was counted of them.
pub fn score<'a>(
    scheme: &AssessmentScheme,
    figures: &UnitFigures,
    events: &[(HandlingUnitId, DeductedEvent, String)],
    units: impl IntoIterator<Item = &'a HandlingUnitId>,
) -> Assessment {
    let (mut scored, mut not_assessed) = (Vec::new(), Vec::new());
    for unit in units {
        let lines: Vec<LineScore> = scheme
            .lines
            .iter()
            .zip(figures.of(unit))
            .map(|(line, figure)| LineScore {
                line: *line,
                points: points_of(*line, figure.ratio()),
                figure: figure.clone(),
            })
            .collect();
        let deductions = deductions(scheme, |event| {
            let all = events
                .iter()
                .filter(|(of, what, _)| of == unit && *what == event);
            all.map(|(_, _, number)| number.clone()).collect()
        });
        if deductions.is_empty() && lines.iter().all(|it| it.figure.ratio().is_none()) {
            not_assessed.push(unit.clone());
            continue;
        }
        let total = total(
            lines.iter().map(|it| (it.line.weight, it.points)),
            &deductions,
        );
        scored.push(UnitScore {
            unit: unit.clone(),
            lines,
            deductions,
            total,
            place: 0,
        });
    }
    scored.sort_by(|one, other| (other.total, &one.unit).cmp(&(one.total, &other.unit)));
    let totals: Vec<Points> = scored.iter().map(|it| it.total).collect();
    for it in &mut scored {
        it.place = place(&totals, it.total);
    }
    Assessment {
        units: scored,
        not_assessed,
    }
}

/// 名次 among all totals.
pub(super) fn place(totals: &[Points], of: Points) -> u32 {
    let ahead = totals.iter().filter(|total| **total > of).count();
    u32::try_from(ahead).unwrap_or(u32::MAX).saturating_add(1)
}

/// 得分 of a line, rounded half up to a hundredth of a point.
pub(super) fn points_of(line: SchemeLine, ratio: Option<Ratio>) -> Option<Points> {
    let Some(ratio) = ratio else {
        return match line.none {
            NoneRule::Full => Some(Points(line.weight)),
            NoneRule::LeftOut => None,
        };
    };
    // All in ten-thousandths of the whole, so that nothing is rounded before the end.
    let whole = i128::from(ratio.whole());
    let reached = i128::from(ratio.part()) * 10_000 - i128::from(line.floor) * whole;
    let scale = (i128::from(line.full) - i128::from(line.floor)) * whole;
    let (reached, scale) = if scale < 0 {
        (-reached, -scale)
    } else {
        (reached, scale)
    };
    let reached = reached.clamp(0, scale);
    let rounded = (i128::from(line.weight) * reached * 2 + scale) / (scale * 2);
    Some(Points(u32::try_from(rounded).unwrap_or(line.weight)))
}

pub(super) fn deductions(
    scheme: &AssessmentScheme,
    numbers_of: impl Fn(DeductedEvent) -> Vec<String>,
) -> Vec<DeductionScore> {
    scheme
        .deductions
        .iter()
        .map(|deduction| {
            let numbers = numbers_of(deduction.event);
            let n = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            let points = Points(deduction.each.saturating_mul(n).min(deduction.at_most));
            DeductionScore {
                event: deduction.event,
                numbers,
                points,
            }
        })
        .filter(|it| !it.numbers.is_empty())
        .collect()
}

/// What is left out is made up for by the others in proportion; then the deductions come off.
/// `lines` are weights and points.
pub(super) fn total(
    lines: impl Iterator<Item = (u32, Option<Points>)>,
    deductions: &[DeductionScore],
) -> Points {
    let counted = lines.filter_map(|(weight, points)| Some((weight, points?)));
    let (weights, points) = counted.fold((0_u64, 0_u64), |(weights, sum), (weight, points)| {
        (weights + u64::from(weight), sum + u64::from(points.0))
    });
    let full = u64::from(FULL_POINTS);
    let scaled = match weights {
        0 => full,
        weights => (points * full * 2 + weights) / (weights * 2),
    };
    let off: u64 = deductions.iter().map(|it| u64::from(it.points.0)).sum();
    Points(u32::try_from(scaled.saturating_sub(off)).unwrap_or(FULL_POINTS))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::expect;

    use super::*;
    use crate::assessment::{AssessmentPart, SchemeRefusal};
    use crate::indicators::Indicator;

    fn line(indicator: Indicator, floor: u32, full: u32, none: NoneRule) -> SchemeLine {
        SchemeLine {
            part: AssessmentPart::Handling,
            indicator,
            weight: 2_500,
            floor,
            full,
            none,
        }
    }

    /// 25 分: floor 80 %, full at 98 %; and the other way round, floor 20 %, full at 5 %.
    #[test]
    fn points_go_evenly_between_the_floor_and_the_full_mark() {
        let higher = line(Indicator::TimelyCompletion, 8_000, 9_800, NoneRule::Full);
        let lower = line(Indicator::SendBack, 2_000, 500, NoneRule::LeftOut);
        let mut table = String::new();
        for (part, whole) in [
            (0, 9),
            (8, 10),
            (801, 1_000),
            (89, 100),
            (98, 100),
            (1, 1),
            (5, 100),
            (1, 8),
            (2, 10),
        ] {
            let ratio = Ratio::new(part, whole);
            let text = |line| points_of(line, ratio).unwrap().text();
            writeln!(
                table,
                "{part}/{whole} 按时 {} 退单 {}",
                text(higher),
                text(lower)
            )
            .unwrap();
        }
        expect![[r#"
            0/9 按时 0.00 退单 25.00
            8/10 按时 0.00 退单 0.00
            801/1000 按时 0.14 退单 0.00
            89/100 按时 12.50 退单 0.00
            98/100 按时 25.00 退单 0.00
            1/1 按时 25.00 退单 0.00
            5/100 按时 0.00 退单 25.00
            1/8 按时 0.00 退单 12.50
            2/10 按时 0.00 退单 0.00
        "#]]
        .assert_eq(&table);
        assert_eq!(points_of(higher, None), Some(Points(2_500)));
        assert_eq!(points_of(lower, None), None);
    }

    #[test]
    fn what_is_left_out_is_made_up_for_and_deductions_stop() {
        let lines = || [(2_500, Some(Points(2_000))), (2_500, None)].into_iter();
        assert_eq!(total(lines(), &[]).text(), "80.00");
        assert_eq!(total([(2_500, None)].into_iter(), &[]).text(), "100.00");
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let scheme = AssessmentScheme::of_the_house(day);
        let talks = |event| match event {
            DeductedEvent::Admonition => {
                ["JD-1", "JD-2", "JD-3", "JD-4"].map(str::to_owned).to_vec()
            }
            DeductedEvent::Supervision | DeductedEvent::Referral => Vec::new(),
        };
        let off = deductions(&scheme, talks);
        assert_eq!((off.len(), off[0].points.text()), (1, "3.00".to_owned()));
        assert_eq!(total(lines(), &off).text(), "77.00");
    }

    #[test]
    fn a_scheme_adds_up_or_is_refused() {
        type Change = fn(&mut AssessmentScheme);
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let scheme = AssessmentScheme::of_the_house(day);
        assert_eq!(scheme.check(), Ok(()));
        let changes: [(Change, SchemeRefusal); 8] = [
            (
                |it| it.name = "考".repeat(61),
                SchemeRefusal::NameTooLong { max_chars: 60 },
            ),
            (
                |it| it.deductions[1] = it.deductions[0],
                SchemeRefusal::DeductedTwice {
                    event: DeductedEvent::Admonition,
                },
            ),
            (
                |it| it.deductions[0].at_most = 99,
                SchemeRefusal::NoDeduction {
                    event: DeductedEvent::Admonition,
                },
            ),
            (|it| it.name = " ".to_owned(), SchemeRefusal::NameMissing),
            (
                |it| it.lines[0].weight += 1,
                SchemeRefusal::WeightsDoNotAdd { sum: 10_001 },
            ),
            (
                |it| it.lines[1] = it.lines[0],
                SchemeRefusal::Twice {
                    indicator: Indicator::TimelySigning,
                },
            ),
            (
                |it| it.lines[0].indicator = Indicator::AcceptedSendBack,
                SchemeRefusal::NotRanked {
                    indicator: Indicator::AcceptedSendBack,
                },
            ),
            (
                |it| it.lines[0].full = 8_000,
                SchemeRefusal::NoScale {
                    indicator: Indicator::TimelySigning,
                },
            ),
        ];
        for (change, refusal) in changes {
            let mut other = scheme.clone();
            change(&mut other);
            assert_eq!(other.check(), Err(refusal));
        }
    }
}
