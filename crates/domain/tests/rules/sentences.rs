//! What a case file says of instants, refusals and orders.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use domain::clock_face::{date_of, time_of, weekday_text};
use domain::time_limit::{LimitState, TimeLimit};
use domain::work_order::{CitedArticle, Conclusion};
use domain::{Refusal, WorkOrder};

use crate::words;

/// `11-24`, with the year where it is not the case's own.
fn date(date: NaiveDate, year: i32) -> String {
    if date.year() == year {
        date.format("%m-%d").to_string()
    } else {
        date.format("%Y-%m-%d").to_string()
    }
}

/// The day and the time of day; midnight is 24:00 of the day before, as the regulation counts.
fn day_and_time(at: DateTime<Utc>) -> (NaiveDate, String) {
    let (date, time) = (date_of(at), time_of(at));
    if time == NaiveTime::MIN {
        return (date - Days::new(1), "24:00".to_owned());
    }
    let format = if time.format("%S%.f").to_string() == "00" {
        "%H:%M"
    } else {
        "%H:%M:%S%.f"
    };
    (date, time.format(format).to_string())
}

/// `11-24 24:00`.
pub(crate) fn instant(at: DateTime<Utc>, year: i32) -> String {
    let (day, time) = day_and_time(at);
    format!("{} {time}", date(day, year))
}

/// `11-24 周二 24:00`.
pub(crate) fn instant_with_weekday(at: DateTime<Utc>, year: i32) -> String {
    let (day, time) = day_and_time(at);
    format!("{} {} {time}", date(day, year), weekday_text(day))
}

pub(crate) fn refusal(refusal: &Refusal, year: i32) -> String {
    match refusal {
        Refusal::AlreadyRegistered => "已登记过".to_owned(),
        Refusal::NotRegistered => "尚未登记".to_owned(),
        Refusal::WrongStage { command, stage } => {
            format!("{}不能{}", words::stage(*stage), words::command(*command))
        }
        Refusal::NotPermitted { command, roles } => {
            let roles: Vec<_> = roles.iter().map(|role| words::role(*role)).collect();
            format!("{}须由{}", words::command(*command), roles.join("、"))
        }
        Refusal::TextMissing { field } => format!("{}为空", words::field(*field)),
        Refusal::TextTooLong {
            field,
            max_chars,
            n_chars,
        } => format!("{}有{n_chars}字，至多{max_chars}字", words::field(*field)),
        Refusal::PhoneInvalid { field } => format!("{}不是电话号码", words::field(*field)),
        Refusal::UnitUnknown { unit } => format!("{}不是承办单位", unit.0),
        Refusal::LegalBasisMissing { class } => format!("{}须写明法律依据", class.article()),
        Refusal::TransferInstead => "紧急事项应当转接".to_owned(),
        Refusal::DeliveryNeedsCenter => "一般事项由中心确认送达".to_owned(),
        Refusal::DeliveryTimeImpossible {
            delivered_at,
            earliest,
            latest,
        } => format!(
            "送达 {} 不在 {} 与 {} 之间",
            instant(*delivered_at, year),
            instant(*earliest, year),
            instant(*latest, year)
        ),
    }
}

/// The order as a case file ends: a line for what it is, one for what was done, one for each limit.
pub(crate) fn order(order: Option<&WorkOrder>, year: i32) -> String {
    let Some(order) = order else {
        return "未登记\n".to_owned();
    };
    let mut text = format!(
        "{} {} {} 「{}」\n",
        words::stage(order.stage),
        words::matter_kind(order.matter.kind),
        words::matter_class(order.matter.class),
        quoted(&order.matter.title)
    );
    if let Some(conclusion) = &order.conclusion {
        writeln!(text, "  {}", conclusion_line(conclusion, year)).unwrap();
    }
    for (limit, state) in &order.limits {
        writeln!(text, "  {}", limit_line(limit, *state, year)).unwrap();
    }
    text
}

fn conclusion_line(conclusion: &Conclusion, year: i32) -> String {
    match conclusion {
        Conclusion::Answer { answer, article } => {
            let source = article
                .as_ref()
                .map(|CitedArticle { id, version }| format!(" 引用 {} 第{version}版", id.0))
                .unwrap_or_default();
            format!("答复「{}」{source}", quoted(answer))
        }
        Conclusion::OutOfScope {
            class,
            guidance,
            legal_basis,
        } => format!(
            "{} 引导「{}」 依据「{}」",
            class.article(),
            quoted(guidance),
            quoted(legal_basis)
        ),
        Conclusion::Transfer { line, note } => {
            format!("转 {} 「{}」", line.number(), quoted(note))
        }
        Conclusion::Dispatch {
            unit,
            opinion,
            dispatched_at,
        } => format!(
            "派 {} {} 意见「{}」",
            unit.0,
            instant(*dispatched_at, year),
            quoted(opinion)
        ),
    }
}

fn limit_line(limit: &TimeLimit, state: LimitState, year: i32) -> String {
    let target = limit.target_at.map_or_else(
        || "无".to_owned(),
        |target_at| instant_with_weekday(target_at, year),
    );
    let state = match state {
        LimitState::Running => "进行中".to_owned(),
        LimitState::Met { at } => format!("按时 {}", instant(at, year)),
        LimitState::MetLate { at } => format!("超期 {}", instant(at, year)),
    };
    format!(
        "{} 截止 {} 目标 {target} 预警 {} {state} {}",
        padded(words::limit(limit.kind), 4),
        instant_with_weekday(limit.due_at, year),
        instant(limit.warn_at, year),
        limit.kind.article()
    )
}

/// The text, or its beginning and its length where it is long.
fn quoted(text: &str) -> String {
    let n_chars = text.chars().count();
    if n_chars <= 40 {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(5).collect();
    format!("{beginning}…共{n_chars}字")
}

/// Filled up with full-width spaces to `n_chars`, so that columns of Chinese words stand in line.
pub(crate) fn padded(word: &str, n_chars: usize) -> String {
    let missing = n_chars.saturating_sub(word.chars().count());
    format!("{word}{}", "　".repeat(missing))
}
