//! 冻结: what was counted of a period, as it was when it was put out for appeals. Of the items only the
//! hash is kept: the orders hold them, and counting them again as of that instant says whether they still
//! say the same. The JSON form is frozen; variants and fields are only added.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use super::scheme::{AssessmentScheme, DeductedEvent, SchemeLine};
use super::score::{DeductionScore, Points, deductions, place, points_of, total};
use crate::clock_face::last_of_month;
use crate::handling_unit::HandlingUnitId;
use crate::indicators::{Indicator, Period, Ratio};

/// 考核期.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum AssessedPeriod {
    /// 月度.
    Month { year: i32, month: u32 },
    /// 年度.
    Year { year: i32 },
}

impl AssessedPeriod {
    /// The month that a day lies in.
    pub fn month_of(day: NaiveDate) -> Self {
        Self::Month {
            year: day.year(),
            month: day.month(),
        }
    }

    /// 2026-10 or 2026.
    pub fn id(self) -> String {
        match self {
            Self::Month { year, month } => format!("{year:04}-{month:02}"),
            Self::Year { year } => format!("{year:04}"),
        }
    }

    /// Reads 2026-10 or 2026; `None` for what no calendar has.
    pub fn of_id(id: &str) -> Option<Self> {
        let id = id.trim();
        let month = NaiveDate::parse_from_str(&format!("{id}-01"), "%Y-%m-%d");
        let period = match month {
            Ok(day) => Self::month_of(day),
            Err(_no_month) => Self::Year {
                year: id.parse().ok()?,
            },
        };
        period.days().map(|_| period)
    }

    pub fn year(self) -> i32 {
        match self {
            Self::Month { year, .. } | Self::Year { year } => year,
        }
    }

    /// The first and the last day; `None` where no calendar has it.
    pub fn days(self) -> Option<(NaiveDate, NaiveDate)> {
        let (year, first, last) = match self {
            Self::Month { year, month } => (year, month, month),
            Self::Year { year } => (year, 1, 12),
        };
        let is_of_our_time = (2000..=2999).contains(&year);
        let first = NaiveDate::from_ymd_opt(year, first, 1).filter(|_| is_of_our_time)?;
        let last = NaiveDate::from_ymd_opt(year, last, 1)?;
        Some((first, last_of_month(last)))
    }

    /// As what the indicators count; `None` where no calendar has it.
    pub fn period(self) -> Option<Period> {
        let (first, last) = self.days()?;
        Period::days(first, last)
    }
}

/// 冻结的指标值 of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenFigure {
    pub indicator: Indicator,
    pub points: u64,
    pub n_items: u32,
    /// 满分 of one item.
    pub full_points: u32,
    /// 封存: SHA-256 of the items, in hexadecimal.
    pub sha256: String,
}

impl FrozenFigure {
    /// The ratio; `None` is 未发生.
    pub fn ratio(&self) -> Option<Ratio> {
        let whole = u64::from(self.n_items).saturating_mul(u64::from(self.full_points));
        Ratio::new(self.points, whole)
    }
}

/// 冻结的扣分事项 of one unit, with the numbers of the cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenEvents {
    pub event: DeductedEvent,
    pub numbers: Vec<String>,
}

/// 冻结的单位数据.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenUnit {
    pub unit: HandlingUnitId,
    /// In the order of the scheme's lines.
    pub figures: Vec<FrozenFigure>,
    pub events: Vec<FrozenEvents>,
}

/// 冻结的考核项得分.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenLine {
    pub line: SchemeLine,
    pub figure: FrozenFigure,
    /// `None` where the line is left out.
    pub points: Option<Points>,
}

/// 冻结的单位得分.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrozenScore {
    pub unit: HandlingUnitId,
    pub lines: Vec<FrozenLine>,
    pub deductions: Vec<DeductionScore>,
    /// 考核得分, never below nothing.
    pub total: Points,
    /// 名次: units that are equal share one (1, 2, 2, 4).
    pub place: u32,
}

/// 计分 of what was frozen, by place, those that share one by their number.
pub fn score_frozen(scheme: &AssessmentScheme, units: &[FrozenUnit]) -> Vec<FrozenScore> {
    let mut scored: Vec<FrozenScore> = units.iter().map(|unit| score_of(scheme, unit)).collect();
    scored.sort_by(|one, other| (other.total, &one.unit).cmp(&(one.total, &other.unit)));
    let totals: Vec<Points> = scored.iter().map(|it| it.total).collect();
    for it in &mut scored {
        it.place = place(&totals, it.total);
    }
    scored
}

fn score_of(scheme: &AssessmentScheme, unit: &FrozenUnit) -> FrozenScore {
    let lines: Vec<FrozenLine> = scheme
        .lines
        .iter()
        .zip(&unit.figures)
        .map(|(line, figure)| FrozenLine {
            line: *line,
            points: points_of(*line, figure.ratio()),
            figure: figure.clone(),
        })
        .collect();
    let deductions = deductions(scheme, |event| {
        let all = unit.events.iter().filter(|it| it.event == event);
        all.flat_map(|it| it.numbers.iter().cloned()).collect()
    });
    let total = total(
        lines.iter().map(|it| (it.line.weight, it.points)),
        &deductions,
    );
    FrozenScore {
        unit: unit.unit.clone(),
        lines,
        deductions,
        total,
        place: 0,
    }
}
