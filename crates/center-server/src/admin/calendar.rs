//! 工作日历 and 规则集: by which days and rules everybody decides.

use std::sync::Arc;

use domain::calendar::YearNotice;
use domain::clock_face::date_of;
use domain::rule_set::ParameterValue;
use wire::Reference;
use wording::time_text;

use super::{AdminRefusal, Lines};
use crate::office::Office;

pub(super) fn list(office: &Office) -> Vec<String> {
    let references = office.references();
    let calendar = references.calendar(&office.rules.calendar);
    let years = calendar
        .notices()
        .map(|notice| format!("{}\t{}", notice.year, notice.document));
    years.collect()
}

/// Adds a year. It counts from here on; what runs and is not over yet is counted anew, order by order,
/// once the follower has read it (决定 I-20).
pub(super) async fn announce(office: &Office, notice: YearNotice) -> Lines {
    let year = notice.year;
    let clock = Arc::clone(&office.clock);
    let rules = Arc::clone(&office.rules);
    let changing = office.writer.alone(move |desk| {
        let references = desk.center.references();
        let known = references.calendar(&rules.calendar);
        if let Err(refusal) = known.announce(&notice) {
            return Ok(Err(AdminRefusal::Notice(refusal)));
        }
        let mut notices = references.holidays().to_vec();
        notices.push(notice);
        let reference = Reference::Holidays(notices);
        desk.center.change_reference(&reference, clock.now())?;
        Ok(Ok(()))
    });
    let changing = changing.map_err(anyhow::Error::from)?;
    changing.done().await.map_err(anyhow::Error::from)??;
    Ok(vec![format!(
        "已公布 {year} 年放假安排，所有工作站随下次同步生效；未到期的期限随后逐件重算，写入各工单的经过"
    )])
}

/// The rules in force today. They come with the program: a new regulation is new code, too.
pub(super) fn rule_sets(office: &Office) -> Vec<String> {
    let rules = office
        .rules
        .rule_sets
        .in_force_on(date_of(office.clock.now()));
    let from = time_text::date(rules.effective_from);
    let mut lines = vec![format!(
        "{}\t{}\t自 {from} 起施行",
        rules.id.0, rules.document
    )];
    lines.extend(rules.parameters().into_iter().map(|parameter| {
        let value = value(parameter.value);
        format!("{}\t{value}\t{}", parameter.term, parameter.article)
    }));
    lines
}

fn value(value: ParameterValue) -> String {
    let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    match value {
        ParameterValue::WorkingDays(n) => format!("{n} 个工作日"),
        ParameterValue::Hours(n) => format!("{n} 小时"),
        ParameterValue::HoursOnWorkingDays(n) => format!("工作日 {n} 小时"),
        ParameterValue::OfficeHours(n) => format!("{n} 个工作小时"),
        ParameterValue::Minutes(n) => format!("{n} 分钟"),
        ParameterValue::Seconds(n) => format!("{n} 秒"),
        ParameterValue::Days(n) => format!("{n} 天"),
        ParameterValue::Months(n) => format!("{n} 个月"),
        ParameterValue::StandardDeviations(n) => format!("{}.{:02} 个标准差", n / 100, n % 100),
        ParameterValue::Times(n) => format!("{n} 次"),
        ParameterValue::DailyHours(hours) => {
            let (opens, closes) = (u32::from(hours.opens), u32::from(hours.closes));
            format!("{}—{}", clock(opens), clock(closes))
        }
        ParameterValue::TimeOfDay(time) => time.format("%H:%M").to_string(),
        ParameterValue::Choice(choice) => choice.to_owned(),
    }
}
