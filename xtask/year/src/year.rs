//! When what comes: seasons, days of the week, hours of the day, a flood in July, days without water.

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, TimeDelta, Utc};
use domain::calendar::WorkCalendar;
use domain::clock_face::at;

use crate::dice::Dice;
use crate::matter::{Disaster, FLOOD, NO_POWER, NO_WATER};

/// Orders of one year at most; a county of this size has some ten thousand.
pub(crate) const ORDERS_MAX: u64 = 2_000_000;
/// 洪水: the days of July.
const FLOOD_DAYS: std::ops::RangeInclusive<u32> = 9..=12;
const FLOODED_TOWNS: u64 = 6;
/// Days on which water or power fails somewhere.
const OUTAGE_DAYS: u64 = 14;

/// How much of a year is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    pub year: i32,
    pub seed: u64,
    pub n_orders: u64,
    /// 截至: what would come later stays undone, so that there is something to do.
    pub until: DateTime<Utc>,
}

/// One matter that comes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival {
    pub(crate) at: DateTime<Utc>,
    pub(crate) disaster: Option<(Disaster, usize)>,
}

impl Plan {
    /// 元旦零时.
    ///
    /// # Errors
    /// For a year that no calendar has.
    pub fn begins(&self) -> Result<DateTime<Utc>> {
        let first = NaiveDate::from_ymd_opt(self.year, 1, 1).context("A year")?;
        Ok(at(first, NaiveTime::MIN))
    }

    pub(crate) fn check(&self) -> Result<()> {
        ensure!(
            (1..=ORDERS_MAX).contains(&self.n_orders),
            "Between 1 and {ORDERS_MAX} orders"
        );
        Ok(())
    }

    /// Everything that comes, in order.
    pub(crate) fn arrivals(&self, calendar: &WorkCalendar) -> Result<Vec<Arrival>> {
        let first = NaiveDate::from_ymd_opt(self.year, 1, 1).context("A year")?;
        let days: Vec<NaiveDate> = first
            .iter_days()
            .take_while(|day| day.year() == self.year)
            .collect();
        let weights: Vec<u64> = days.iter().map(|day| weight(*day, calendar)).collect();
        let total: u64 = weights.iter().sum();
        let mut dice = Dice::new(self.seed ^ 0xA7);
        let outages: Vec<(usize, Disaster, usize)> = (0..OUTAGE_DAYS)
            .map(|n| {
                let day = usize::try_from(dice.below(days.len() as u64)).unwrap_or(0);
                let what = if n % 3 == 0 { NO_POWER } else { NO_WATER };
                (day, what, usize::try_from(dice.below(37)).unwrap_or(0))
            })
            .collect();
        let mut arrivals = Vec::new();
        let (mut due, mut come) = (0_u64, 0_u64);
        for (nth, (day, weight)) in days.iter().zip(&weights).enumerate() {
            // What is left over of a day comes with the next: the year has as many as were asked for.
            due += weight * self.n_orders;
            let n = (due / total.max(1)).saturating_sub(come);
            come += n;
            for _ in 0..n {
                let at = at(*day, time_of_day(&mut dice));
                arrivals.push(Arrival {
                    at,
                    disaster: Self::disaster(&mut dice, *day, nth, &outages),
                });
            }
        }
        arrivals.sort_by_key(|arrival| arrival.at);
        Ok(arrivals)
    }

    fn disaster(
        dice: &mut Dice,
        day: NaiveDate,
        nth: usize,
        outages: &[(usize, Disaster, usize)],
    ) -> Option<(Disaster, usize)> {
        if day.month() == 7 && FLOOD_DAYS.contains(&day.day()) && dice.per_mille(450) {
            let town = usize::try_from(dice.below(FLOODED_TOWNS)).unwrap_or(0);
            return Some((FLOOD, 3 + town));
        }
        let (_, what, town) = outages.iter().find(|(day, ..)| *day == nth)?;
        dice.per_mille(200).then_some((*what, *town))
    }
}

/// How much of the year falls on a day.
fn weight(day: NaiveDate, calendar: &WorkCalendar) -> u64 {
    let of_month = [90, 70, 100, 100, 105, 115, 140, 125, 105, 90, 95, 95];
    let month = usize::try_from(day.month0()).unwrap_or(0);
    let month = of_month.get(month).copied().unwrap_or(100);
    let is_flooded = day.month() == 7 && FLOOD_DAYS.contains(&day.day());
    let of_day = if calendar.is_working_day(day) { 10 } else { 5 };
    month * of_day * if is_flooded { 3 } else { 1 }
}

/// Most call in the morning and after noon, few at night.
fn time_of_day(dice: &mut Dice) -> NaiveTime {
    const HOURS: [(u32, u64); 24] = [
        (0, 4),
        (1, 2),
        (2, 2),
        (3, 1),
        (4, 1),
        (5, 3),
        (6, 10),
        (7, 25),
        (8, 70),
        (9, 110),
        (10, 105),
        (11, 80),
        (12, 45),
        (13, 45),
        (14, 75),
        (15, 90),
        (16, 85),
        (17, 65),
        (18, 45),
        (19, 40),
        (20, 38),
        (21, 28),
        (22, 16),
        (23, 8),
    ];
    let hour = dice.weighted(&HOURS).unwrap_or(10);
    let seconds = u32::try_from(dice.below(3_600)).unwrap_or(0);
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN)
        + TimeDelta::seconds(seconds.into())
}
