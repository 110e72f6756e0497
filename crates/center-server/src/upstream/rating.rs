//! 上级评价: what the city's call-back found, row by row (第十二条). The county takes it as it is.

use anyhow::Result;
use center::{Acted, Errand};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::clock_face::end_of;
use domain::matter::Source;
use domain::work_order::{
    AssignmentNumber, AssignmentStage, DissatisfactionReason, RatingRecord, Satisfaction, Solved,
    Stage,
};
use domain::{ActorId, Command, WorkOrder};
use wire::{Act, Subject};
use wording::text;

use super::fields::{CellFault, Cells, Field, said};
use super::import::{Became, Faulty, Imported, Known, Wish, fault_of, find, source_key};
use super::order::{moment, one_of, or_fault, start_of};
use super::table::Row;
use crate::delivery::CENTER_ACTOR;
use crate::writer::Desk;

/// A rating as it is to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamRating {
    pub number: String,
    pub rating: RatingRecord,
}

/// Reads what a row says; all that is wrong at once. Without a time it is rated now.
pub fn read(cells: &Cells, now: DateTime<Utc>) -> Result<UpstreamRating, Vec<CellFault>> {
    let mut faults = Vec::new();
    let number = said(cells, Field::Number).to_owned();
    for field in [Field::Number, Field::Satisfaction, Field::Solved] {
        if said(cells, field).is_empty() {
            faults.push(CellFault::of(field, "没有填写"));
        }
    }
    let satisfaction = one_of(
        cells,
        Field::Satisfaction,
        &Satisfaction::ALL,
        text::satisfaction,
        Satisfaction::Satisfied,
    );
    let satisfaction = or_fault(satisfaction, &mut faults);
    let solved = one_of(
        cells,
        Field::Solved,
        &Solved::ALL,
        text::solved,
        Solved::Yes,
    );
    let solved = or_fault(solved, &mut faults);
    let reason = if said(cells, Field::Reason).is_empty() {
        None
    } else {
        let reason = one_of(
            cells,
            Field::Reason,
            &DissatisfactionReason::ALL,
            text::dissatisfaction_reason,
            DissatisfactionReason::Other,
        );
        or_fault(reason, &mut faults)
    };
    let word = said(cells, Field::RatedAt);
    let rated_at = if word.is_empty() {
        Ok(now)
    } else {
        moment(word, |date| some_time_on(date, now))
            .ok_or_else(|| CellFault::of(Field::RatedAt, format!("“{word}”不是日期或时间")))
    };
    let rated_at = or_fault(rated_at, &mut faults);
    match (satisfaction, solved, rated_at) {
        (Some(satisfaction), Some(solved), Some(rated_at)) if faults.is_empty() => {
            Ok(UpstreamRating {
                number,
                rating: RatingRecord {
                    satisfaction,
                    solved,
                    reason,
                    note: said(cells, Field::Note).to_owned(),
                    rated_at,
                },
            })
        }
        _ => Err(faults),
    }
}

/// A day without a time: its end, so that an order completed on that day was completed before; not
/// later than now, unless the whole day is.
fn some_time_on(date: NaiveDate, now: DateTime<Utc>) -> DateTime<Utc> {
    let last = end_of(date) - TimeDelta::milliseconds(1);
    last.min(now).max(start_of(date))
}

/// Takes the ratings of all rows, or none. For the writer alone.
pub fn import(
    desk: &mut Desk,
    source: Source,
    rows: Vec<Row>,
    now: DateTime<Utc>,
    wish: Wish,
) -> Result<Imported> {
    let mut faulty = Vec::new();
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        match look_up(desk, source, &row, now)? {
            Ok((rating, known, rated)) => found.push((row, rating, known, rated)),
            Err(faults) => faulty.push(Faulty {
                row: row.number,
                faults,
            }),
        }
    }
    let mut plan = desk.center.plan()?;
    let mut became = Vec::with_capacity(found.len());
    for (row, rating, known, rated) in found {
        let number = known.number;
        if rated.is_empty() {
            became.push((row, Became::Known { number }));
            continue;
        }
        let key = source_key(source, &rating.number);
        for assignment in rated {
            let nth = assignment.map_or(0, |it| it.0);
            let errand = Errand {
                actor: ActorId(CENTER_ACTOR.to_owned()),
                subject: known.subject.clone(),
                id: format!("rating-{key}-{nth}"),
                act: Act::Order(Command::ImportRating {
                    assignment,
                    rating: rating.rating.clone(),
                }),
                seen_version: None,
            };
            if let Acted::Refused(says) = plan.act(&errand, now)? {
                faulty.push(Faulty {
                    row: row.number,
                    faults: vec![fault_of(&says)],
                });
                break;
            }
        }
        became.push((row, Became::Registered { number }));
    }
    let planned = plan.finish();
    if !faulty.is_empty() {
        return Ok(Err(faulty));
    }
    if wish == Wish::Import {
        desk.center.commit(planned)?;
    }
    Ok(Ok(became))
}

/// The rating of a row, the order it is of, and what of the order has none yet.
type Found = (UpstreamRating, Known, Vec<Option<AssignmentNumber>>);

fn look_up(
    desk: &Desk,
    source: Source,
    row: &Row,
    now: DateTime<Utc>,
) -> Result<Result<Found, Vec<CellFault>>> {
    let rating = match read(&row.cells, now) {
        Ok(rating) => rating,
        Err(faults) => return Ok(Err(faults)),
    };
    let fault = |message: &str| Ok(Err(vec![CellFault::of(Field::Number, message)]));
    let Some(known) = find(&*desk.records, source, &rating.number)? else {
        return fault("没有这个上级编号的工单");
    };
    let subject = desk.center.subject(&known.subject)?;
    let Some(order) = subject.as_ref().and_then(Subject::order) else {
        return fault("没有这个上级编号的工单");
    };
    let rated = rated(order);
    if rated.is_empty() && !is_rated(order) {
        return fault("工单还没有办结，不能评价");
    }
    Ok(Ok((rating, known, rated)))
}

/// What a rating of the order is of: its answer on the spot, or each unit's that has none yet.
fn rated(order: &WorkOrder) -> Vec<Option<AssignmentNumber>> {
    if order.stage == Stage::AnsweredOnTheSpot {
        return if order.rating.is_none() {
            vec![None]
        } else {
            Vec::new()
        };
    }
    let is_redone = |number: AssignmentNumber| {
        let mut all = order.assignments.iter();
        all.any(|other| other.rework_of == Some(number))
    };
    let answered = order.assignments.iter().filter(|it| {
        it.part.answers()
            && it.rating.is_none()
            && !is_redone(it.number)
            && matches!(
                it.stage,
                AssignmentStage::Completed | AssignmentStage::FinallyClosed
            )
    });
    answered.map(|it| Some(it.number)).collect()
}

fn is_rated(order: &WorkOrder) -> bool {
    order.rating.is_some() || order.assignments.iter().any(|it| it.rating.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_as_the_city_writes_it() {
        let now = at_noon("2026-12-03");
        let mut cells = Cells::from([
            (Field::Number, "SD1".to_owned()),
            (Field::Satisfaction, "不满意".to_owned()),
            (Field::Solved, "未解决".to_owned()),
            (Field::Reason, "敷衍".to_owned()),
            (Field::RatedAt, "2026-11-30".to_owned()),
        ]);
        let rating = read(&cells, now).unwrap().rating;
        assert_eq!(rating.satisfaction, Satisfaction::Dissatisfied);
        assert_eq!(rating.reason, Some(DissatisfactionReason::Perfunctory));
        assert_eq!(
            rating.rated_at.to_rfc3339(),
            "2026-11-30T15:59:59.999+00:00"
        );
        cells.insert(Field::Satisfaction, "还行".to_owned());
        cells.remove(&Field::Solved);
        assert_eq!(read(&cells, now).unwrap_err().len(), 2);
    }

    #[test]
    fn a_day_alone_is_as_late_as_may_be() {
        let now = at_noon("2026-12-03");
        let on = |day: &str| some_time_on(day.parse().unwrap(), now);
        assert_eq!(
            on("2026-12-02"),
            start_of("2026-12-03".parse().unwrap()) - TimeDelta::milliseconds(1)
        );
        assert_eq!(on("2026-12-03"), now);
        assert!(
            on("2026-12-04") > now,
            "the rules refuse what has not happened"
        );
    }

    fn at_noon(day: &str) -> DateTime<Utc> {
        start_of(day.parse().unwrap()) + TimeDelta::hours(12)
    }
}
