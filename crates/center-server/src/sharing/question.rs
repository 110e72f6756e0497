//! 查询条件: what a reader asks for, read strictly: what is not known would be overlooked, and nobody would
//! miss it.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Utc};
use domain::clock_face::at;
use domain::work_order::Stage;
use wording::reference::wire_name;

use super::problem::Problem;
use crate::form::Form;
use crate::hex::{from_hex, to_hex};

/// In one answer where nobody says otherwise, and at most.
const LIMIT: usize = 50;
const LIMIT_MAX: usize = 200;
/// Values of one filter.
const VALUES_MAX: usize = 50;
/// Characters of one.
const VALUE_MAX_CHARS: usize = 100;
/// Digits of a place in a list.
const CURSOR_MAX_DIGITS: usize = 1_000;
/// The first and the last year of a day.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

/// The fields of a question, all of which have to be known.
pub(super) fn fields(query: &str, known: &[&str]) -> Result<Form, Problem> {
    let form = Form::read(query.as_bytes())
        .map_err(|_fault| Problem::malformed("查询条件不是有效的 UTF-8 网址编码。"))?;
    let names = form.fields().map(|(name, _)| name);
    let unknown: Vec<&str> = names.filter(|name| !known.contains(name)).collect();
    if !unknown.is_empty() {
        let unknown = unknown.join("、");
        return Err(Problem::malformed(match known {
            [] => format!("这里没有查询条件 {unknown}。"),
            known => format!(
                "没有这些查询条件：{unknown}；可用的是 {}。",
                known.join("、")
            ),
        }));
    }
    // Nothing is no day, and a list of nothing is not all.
    let is_empty = |(_, value): &(&str, &str)| value.trim().is_empty();
    let empty = form
        .fields()
        .find(is_empty)
        .map(|(name, _)| name.to_owned());
    match empty {
        Some(name) => Err(Problem::malformed(format!("{name} 没有写内容。"))),
        None => Ok(form),
    }
}

/// Some whole days in Beijing, both included; where an end is not said, without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SharedDays {
    pub(super) first: Option<NaiveDate>,
    pub(super) last: Option<NaiveDate>,
}

impl SharedDays {
    pub(super) fn read(form: &Form) -> Result<Self, Problem> {
        let days = Self {
            first: day(form, "from")?,
            last: day(form, "until")?,
        };
        match (days.first, days.last) {
            (Some(first), Some(last)) if last < first => {
                Err(Problem::malformed("until 早于 from。"))
            }
            _ => Ok(days),
        }
    }

    /// When the first begins.
    pub(super) fn begin(self) -> Option<DateTime<Utc>> {
        self.first.map(|first| at(first, NaiveTime::MIN))
    }

    /// When the last is over.
    pub(super) fn end(self) -> Option<DateTime<Utc>> {
        let next = self
            .last
            .and_then(|last| last.checked_add_days(Days::new(1)));
        next.map(|next| at(next, NaiveTime::MIN))
    }
}

fn day(form: &Form, name: &str) -> Result<Option<NaiveDate>, Problem> {
    let Some(text) = form.get(name) else {
        return Ok(None);
    };
    let is_day = |it: &NaiveDate| YEARS.contains(&it.year()) && it.to_string() == text;
    let day = text.parse().ok().filter(is_day);
    let told = || Problem::malformed(format!("{name} 应为日期，如 2026-11-01。"));
    Ok(Some(day.ok_or_else(told)?))
}

/// Values of which any will do; all where there are none.
pub(super) fn values(form: &Form, name: &str) -> Result<Vec<String>, Problem> {
    let values = form.list(name);
    let is_long = |it: &String| it.chars().count() > VALUE_MAX_CHARS;
    if values.len() > VALUES_MAX || values.iter().any(is_long) {
        return Err(Problem::malformed(format!(
            "{name} 最多 {VALUES_MAX} 个，每个最多 {VALUE_MAX_CHARS} 字。"
        )));
    }
    Ok(values)
}

/// 状态: stages by their names, or all that are open, or all that are not.
pub(super) fn stages(form: &Form) -> Result<Vec<Stage>, Problem> {
    let mut stages = Vec::new();
    for word in values(form, "state")? {
        let of_word = Stage::ALL.into_iter().filter(|stage| match word.as_str() {
            "open" => stage.is_open(),
            "closed" => !stage.is_open(),
            name => wire_name(stage) == name,
        });
        let n_before = stages.len();
        stages.extend(of_word);
        if stages.len() == n_before {
            let all: Vec<String> = Stage::ALL.iter().map(wire_name).collect();
            return Err(Problem::malformed(format!(
                "没有状态 {word}；应为 open、closed 或 {}。",
                all.join("、")
            )));
        }
    }
    Ok(stages)
}

/// How many in one answer.
pub(super) fn limit(form: &Form) -> Result<usize, Problem> {
    let Some(text) = form.get("limit") else {
        return Ok(LIMIT);
    };
    let value = text.parse().ok();
    value
        .filter(|value| (1..=LIMIT_MAX).contains(value))
        .ok_or_else(|| Problem::malformed(format!("limit 应为 1 至 {LIMIT_MAX}。")))
}

/// A place in a list, as it is given out: readers take it as it is.
pub(super) fn cursor_of(key: &str) -> String {
    to_hex(key.as_bytes())
}

/// The place behind which to go on; none at the beginning. One that nobody was given is a place like another:
/// it opens nothing.
pub(super) fn cursor(form: &Form) -> Result<Option<String>, Problem> {
    let Some(text) = form.get("cursor") else {
        return Ok(None);
    };
    let bytes = (text.len() <= CURSOR_MAX_DIGITS)
        .then(|| from_hex(text))
        .flatten()
        .ok_or_else(|| Problem::malformed("cursor 应为上一页的 next，原样填写。"))?;
    // No key has any control character.
    let key = String::from_utf8_lossy(&bytes);
    Ok(Some(key.chars().filter(|it| !it.is_control()).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(query: &str) -> Form {
        Form::read(query.as_bytes()).unwrap()
    }

    #[test]
    fn a_place_comes_back_as_it_was_given_out() {
        let key = "8204604400000 00000000-0000-7000-8000-000000000001";
        let query = format!("cursor={}", cursor_of(key));
        assert_eq!(cursor(&form(&query)).unwrap().as_deref(), Some(key));
        for bad in ["cursor=1", "cursor=xy"] {
            assert!(cursor(&form(bad)).is_err(), "{bad}");
        }
        let long = format!("cursor={}", "61".repeat(501));
        assert!(cursor(&form(&long)).is_err());
    }

    #[test]
    fn what_is_not_known_is_told() {
        assert!(fields("unit=a&from=2026-11-01", &["unit", "from"]).is_ok());
        assert!(fields("units=a", &["unit"]).is_err());
        assert!(fields("unit=", &["unit"]).is_err());
        for bad in [
            "from=2026-11-1",
            "from=2026-11-31",
            "from=+12026-11-01",
            "from=1999-12-31",
            "from=2026-11-02&until=2026-11-01",
        ] {
            assert!(SharedDays::read(&form(bad)).is_err(), "{bad}");
        }
        assert!(limit(&form("limit=0")).is_err() && limit(&form("limit=201")).is_err());
        assert_eq!(limit(&form("")).unwrap(), LIMIT);
        assert!(stages(&form("state=done")).is_err());
        let all = stages(&form("state=open,closed")).unwrap();
        assert_eq!(all.len(), Stage::ALL.len());
    }

    #[test]
    fn days_begin_and_end_in_beijing() {
        let days = SharedDays::read(&form("from=2026-11-01&until=2026-11-02")).unwrap();
        let text = |it: Option<DateTime<Utc>>| it.unwrap().to_rfc3339();
        assert_eq!(text(days.begin()), "2026-10-31T16:00:00+00:00");
        assert_eq!(text(days.end()), "2026-11-02T16:00:00+00:00");
    }
}
