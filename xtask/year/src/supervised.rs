//! What the bureau makes of a month in which units were late: proposals by the system, confirmed by one
//! supervisor, issued, answered and closed; for a third talk, the county government.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::HandlingUnitId;
use domain::calendar::WorkCalendar;
use domain::clock_face::{at, date_of};
use domain::supervision::admonition::AdmonishingBody;
use domain::supervision::{Evidence, SupervisoryCommand, SupervisoryGround};

use crate::county::{CENTER, COUNTY_OFFICE, County, DISCIPLINE};
use crate::dice::Dice;
use crate::life::Late;

/// Orders of one proposal at most: more would say no more.
const EVIDENCE_MAX: usize = 20;
/// Units that the bureau talks to in a month.
const TALKS_MAX: usize = 4;
const SUPERVISOR: &str = "1007";

/// One act about a case.
pub(crate) struct CaseStep {
    pub(crate) at: DateTime<Utc>,
    pub(crate) actor: &'static str,
    pub(crate) number: String,
    pub(crate) command: SupervisoryCommand,
}

/// The cases that the lateness of a month leads to, on the second working day after it.
pub(crate) fn cases(
    county: &County,
    calendar: &WorkCalendar,
    late: &[Late],
    talks: &mut BTreeMap<HandlingUnitId, u32>,
    month_end: DateTime<Utc>,
    dice: &mut Dice,
) -> Vec<CaseStep> {
    let mut by_unit: BTreeMap<&HandlingUnitId, Vec<&Late>> = BTreeMap::new();
    for it in late {
        by_unit.entry(&it.unit).or_default().push(it);
    }
    let mut by_unit: Vec<_> = by_unit.into_iter().collect();
    by_unit.sort_by_key(|(unit, late)| (std::cmp::Reverse(late.len()), (*unit).clone()));
    let day = calendar.add_working_days(date_of(month_end), 2);
    let morning = NaiveTime::from_hms_opt(9, 30, 0).unwrap_or(NaiveTime::MIN);
    let mut steps = Vec::new();
    for (nth, (unit, late)) in by_unit.into_iter().take(TALKS_MAX).enumerate() {
        let ordinal = talks.entry(unit.clone()).or_default();
        *ordinal += 1;
        let is_in_vain = *ordinal > 2;
        let ground = if is_in_vain {
            SupervisoryGround::AdmonishedInVain
        } else {
            SupervisoryGround::Overdue
        };
        let (issuer, reporter) = match *ordinal {
            1 => (SUPERVISOR, SUPERVISOR),
            2 => (SUPERVISOR, DISCIPLINE),
            _ => (COUNTY_OFFICE, COUNTY_OFFICE),
        };
        let began = at(day, morning) + TimeDelta::minutes(10 * i64::try_from(nth).unwrap_or(0));
        let number = format!("JD{}-{nth:02}", date_of(began).format("%Y%m%d"));
        let mut then = |after: TimeDelta, actor, command| {
            steps.push(CaseStep {
                at: began + after,
                actor,
                number: number.clone(),
                command,
            });
        };
        let name = county.name_of(unit);
        then(
            TimeDelta::zero(),
            CENTER,
            SupervisoryCommand::Propose {
                number: number.clone(),
                ground,
                unit: unit.clone(),
                body: match *ordinal {
                    1 => Some(AdmonishingBody::ApprovalBureau),
                    2 => Some(AdmonishingBody::DisciplineCommission),
                    _ => None,
                },
                facts: format!(
                    "{name}超期办理 {} 件，系本考核年度第 {ordinal} 次。",
                    late.len()
                ),
                evidence: late
                    .iter()
                    .take(EVIDENCE_MAX)
                    .map(|it| Evidence {
                        number: it.number.clone(),
                        note: "超期办理".to_owned(),
                        sha256: String::new(),
                    })
                    .collect(),
            },
        );
        if dice.per_mille(120) {
            let reason = "系统故障期间形成，另行核实".to_owned();
            then(
                TimeDelta::hours(4),
                SUPERVISOR,
                SupervisoryCommand::Reject { reason },
            );
            continue;
        }
        then(TimeDelta::hours(3), SUPERVISOR, SupervisoryCommand::Confirm);
        let answer_by = calendar.add_working_days(day, 7);
        then(
            TimeDelta::hours(5),
            issuer,
            SupervisoryCommand::Issue {
                document: format!("渠热督〔{}〕{number}", date_of(began).format("%Y")),
                addressee: name.to_owned(),
                answer_by: Some(answer_by),
            },
        );
        let answered = TimeDelta::hours(72 + i64::try_from(dice.below(96)).unwrap_or(0));
        then(
            answered,
            reporter,
            SupervisoryCommand::RecordAnswer {
                answered_at: began + answered,
                text: "已约谈，单位提交整改措施。".to_owned(),
            },
        );
        let reason = "整改到位".to_owned();
        then(
            answered + TimeDelta::hours(240),
            issuer,
            SupervisoryCommand::Close { reason },
        );
    }
    steps
}
