//! 查询: which of the public rows a client asks for.

use anyhow::Result;
use center::Records;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use wording::reference::ReferenceTables;

use super::answer::Refused;
use super::rows::{NUMBER, ROW, Row, key_from};
use crate::form::Form;

/// What GeoReport allows between the two dates.
const SPAN_MAX_DAYS: i64 = 90;
const PAGE_SIZE: usize = 50;
const PAGE_SIZE_MAX: usize = 200;
const PAGE_MAX: usize = 1_000;
/// Ids in one question.
const IDS_MAX: usize = 50;
/// Rows looked at for one answer: three months of a county.
const LOOKED_AT_MAX: usize = 20_000;
const STEP: usize = 500;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// Overrules all others where there are any.
    ids: Vec<String>,
    codes: Vec<String>,
    /// Open, closed; `None` for both.
    is_open: Option<bool>,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    page: usize,
    page_size: usize,
}

impl Question {
    pub(super) fn read(form: &Form, now: DateTime<Utc>) -> Result<Self, Refused> {
        let ids = form.list("service_request_id");
        if ids.len() > IDS_MAX {
            return Err(Refused::bad(format!(
                "service_request_id has more than {IDS_MAX} values"
            )));
        }
        let span = TimeDelta::days(SPAN_MAX_DAYS);
        let (from, until) = match (date(form, "start_date")?, date(form, "end_date")?) {
            (None, None) => (now - span, now),
            (Some(from), None) => (from, from.checked_add_signed(span).unwrap_or(from)),
            (None, Some(until)) => (until.checked_sub_signed(span).unwrap_or(until), until),
            (Some(from), Some(until)) => (from, until),
        };
        if until < from {
            return Err(Refused::bad("end_date lies before start_date"));
        }
        if until - from > span {
            return Err(Refused::bad(format!(
                "start_date and end_date span more than {SPAN_MAX_DAYS} days"
            )));
        }
        Ok(Self {
            ids,
            codes: form.list("service_code"),
            is_open: status(form)?,
            from,
            until,
            page: number(form, "page", 1, PAGE_MAX)?,
            page_size: number(form, "page_size", PAGE_SIZE, PAGE_SIZE_MAX)?,
        })
    }

    pub(super) fn answer(&self, records: &dyn Records, tables: &ReferenceTables) -> Result<Value> {
        let rows = if self.ids.is_empty() {
            self.page_of(records)?
        } else {
            let rows = self.ids.iter().map(|id| find(records, id));
            rows.filter_map(Result::transpose)
                .collect::<Result<Vec<_>>>()?
        };
        Ok(rows.iter().map(|row| row.view(tables)).collect())
    }

    fn page_of(&self, records: &dyn Records) -> Result<Vec<Row>> {
        let mut from = key_from(self.until);
        let n_before = (self.page - 1) * self.page_size;
        let (mut n_found, mut n_looked_at) = (0, 0);
        let mut page = Vec::new();
        while n_looked_at < LOOKED_AT_MAX {
            let rows = records.range(ROW, "", &from, STEP)?;
            let Some(last) = rows.last() else {
                return Ok(page);
            };
            from = format!("{}\u{1}", last.key);
            n_looked_at += rows.len();
            for row in &rows {
                let row: Row = serde_json::from_str(&row.body)?;
                if row.requested_at() < self.from || page.len() == self.page_size {
                    return Ok(page);
                }
                if self.wants(&row) {
                    n_found += 1;
                    if n_found > n_before {
                        page.push(row);
                    }
                }
            }
        }
        Ok(page)
    }

    fn wants(&self, row: &Row) -> bool {
        let is_of_service = self.codes.is_empty() || self.codes.contains(&row.service_code);
        is_of_service && self.is_open.is_none_or(|is_open| is_open == row.is_open)
    }
}

/// The row of one number.
pub(super) fn find(records: &dyn Records, number: &str) -> Result<Option<Row>> {
    // No key is longer, and no number has such characters.
    if number.len() > 64 || number.contains('\0') {
        return Ok(None);
    }
    let Some(key) = records.get(NUMBER, number)? else {
        return Ok(None);
    };
    let body = records.get(ROW, &key)?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

fn date(form: &Form, name: &str) -> Result<Option<DateTime<Utc>>, Refused> {
    let Some(text) = form.get(name) else {
        return Ok(None);
    };
    // A plus sign that was not escaped arrives as a space.
    let parsed = DateTime::parse_from_rfc3339(&text.replace(' ', "+"));
    match parsed {
        Ok(at) => Ok(Some(at.to_utc())),
        Err(_) => Err(Refused::bad(format!(
            "{name} is not of the form 2010-01-01T00:00:00Z"
        ))),
    }
}

fn status(form: &Form) -> Result<Option<bool>, Refused> {
    let mut wanted = Vec::new();
    for word in form.list("status") {
        wanted.push(match word.as_str() {
            "open" => true,
            "closed" => false,
            _ => return Err(Refused::bad("status is open or closed")),
        });
    }
    let is_both = wanted.contains(&true) && wanted.contains(&false);
    Ok(wanted.first().copied().filter(|_| !is_both))
}

fn number(form: &Form, name: &str, unsaid: usize, max: usize) -> Result<usize, Refused> {
    let Some(text) = form.get(name) else {
        return Ok(unsaid);
    };
    let value = text.parse().ok();
    value
        .filter(|value| (1..=max).contains(value))
        .ok_or_else(|| Refused::bad(format!("{name} is a number from 1 to {max}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-26T02:00:00Z".parse().unwrap()
    }

    fn question(form: &str) -> Result<Question, Refused> {
        Question::read(&Form::read(form.as_bytes()).unwrap(), now())
    }

    #[test]
    fn the_last_ninety_days_unless_it_says_otherwise() {
        let all = question("").unwrap();
        assert_eq!(all.until - all.from, TimeDelta::days(90));
        let one = question("start_date=2026-01-01T00:00:00%2B08:00").unwrap();
        assert_eq!(one.from.to_rfc3339(), "2025-12-31T16:00:00+00:00");
        assert_eq!(question("status=open,closed").unwrap().is_open, None);
        assert_eq!(question("status=closed").unwrap().is_open, Some(false));
        // Not escaped, as some clients send it.
        assert!(question("start_date=2026-01-01T00:00:00+08:00").is_ok());
    }

    #[test]
    fn what_cannot_be_answered_is_refused() {
        let many = format!("service_request_id={}", "1,".repeat(51));
        for form in [
            "start_date=yesterday",
            "start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z",
            "start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z",
            "status=done",
            "page=0",
            "page=many",
            "page_size=201",
            many.as_str(),
        ] {
            assert_eq!(question(form).unwrap_err().status.as_u16(), 400, "{form}");
        }
    }
}
