//! 审计记录: read by the auditor, who learns who did what to which order and nothing of any citizen.

use audit::{Break, Link};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use desk_store::{AUDIT_MAX_LISTED, AuditFilter, Reader};
use documents::workbook::{self, Sheet};
use domain::ActorId;
use domain::clock_face::at;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::export::Export;
use crate::handed::Handed;
use crate::host::DeskHost;
use crate::{api, text, time_text};

/// The most entries of one export.
const EXPORT_MAX: usize = 20_000;
const FILTER_MAX_CHARS: usize = 64;
/// What an export of the record is for, on its watermark.
const PURPOSE: &str = "审计";

/// What of the record is wanted; what is empty is not asked for.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AuditAsk {
    /// 工号.
    pub person: String,
    pub act: String,
    /// An order's number or id, a masked telephone number.
    pub object: String,
    /// 2026-11-23.
    pub from: String,
    /// The last day that is wanted.
    pub until: String,
    /// Where the page before ended.
    pub before: Option<u64>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct AuditRow {
    pub n: u64,
    pub at: i64,
    pub at_text: String,
    pub person: String,
    pub desk: String,
    pub act_text: String,
    pub object_text: String,
    pub purpose_text: String,
    /// Which fields were shown, which commands were given.
    pub fields_text: String,
    pub outcome_text: String,
    /// Refused, not permitted, or not done.
    pub is_notable: bool,
}

/// An act, to be chosen.
#[derive(Debug, Clone, Serialize, TS)]
pub struct NamedAct {
    pub id: String,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct AuditPage {
    pub rows: Vec<AuditRow>,
    pub next: Option<u64>,
    /// Everything that is recorded, by its name.
    pub acts: Vec<NamedAct>,
}

/// 核对: whether the record is whole.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AuditVerified {
    pub is_sound: bool,
    pub n_entries: u64,
    /// 核对无误, or where it breaks and how.
    pub message: String,
    /// How far the center keeps what it was told; empty where it was told nothing.
    pub kept_text: String,
}

struct Asked {
    person: String,
    act: String,
    object: String,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

/// 审计记录, one page, the last first.
pub(crate) fn audit_entries(desk: &Desk, request: AuditAsk) -> Result<AuditPage, CallError> {
    let asked = Asked::read(&request)?;
    let (rows, last) = desk.store.read(|reader| {
        let links = reader.audit_entries(&asked.filter(reader, request.before)?.as_filter())?;
        let last = links.last().map(|link| link.n);
        let is_full = links.len() == AUDIT_MAX_LISTED as usize;
        let rows: anyhow::Result<Vec<AuditRow>> =
            links.iter().map(|link| row(desk, reader, link)).collect();
        Ok((rows?, last.filter(|_| is_full)))
    })?;
    let acts = api::CALLS
        .iter()
        .filter_map(|name| text::audited_call(name).map(|text| (*name, text)));
    let acts = acts.chain(text::AUDITED_EVENTS.iter().copied());
    Ok(AuditPage {
        rows,
        next: last,
        acts: acts
            .map(|(id, text)| NamedAct {
                id: id.to_owned(),
                text: text.to_owned(),
            })
            .collect(),
    })
}

/// 核对审计链: reads all of it.
pub(crate) fn verify_audit(desk: &Desk, (): ()) -> Result<AuditVerified, CallError> {
    let (found, kept) = desk
        .store
        .read(|reader| Ok((reader.verify_audit()?, reader.audit_kept()?)))?;
    let kept_text = match kept.n {
        0 => String::new(),
        n => format!("中心已留存到第 {n} 条"),
    };
    Ok(match found {
        Ok(head) => AuditVerified {
            is_sound: true,
            n_entries: head.n,
            message: format!("核对无误，共 {} 条，没有改动、缺失或截断。", head.n),
            kept_text,
        },
        Err(Break { n, flaw }) => AuditVerified {
            is_sound: false,
            n_entries: n.saturating_sub(1),
            message: format!("第 {n} 条{}，请立即报告中心。", text::audit_flaw(flaw)),
            kept_text,
        },
    })
}

/// 导出审计记录: the same rows as a table, which says as little of any citizen.
pub(crate) fn export_audit(
    host: &DeskHost,
    export: Export<'_>,
    request: AuditAsk,
) -> Result<Handed, CallError> {
    let desk = export.desk;
    let export =
        export.freely("no citizen is in it, and those whom it is about do not decide of it");
    let asked = Asked::read(&request)?;
    let mut names = vec!["序号", "时间", "人员", "工作站", "操作", "对象", "用途"];
    names.extend(["字段", "结果"]);
    let mut sheet = Sheet::new("审计记录", &names);
    let mut before = None;
    while sheet.rows.len() < EXPORT_MAX {
        let (rows, last) = desk.store.read(|reader| {
            let links = reader.audit_entries(&asked.filter(reader, before)?.as_filter())?;
            let rows: anyhow::Result<Vec<AuditRow>> =
                links.iter().map(|link| row(desk, reader, link)).collect();
            Ok((rows?, links.last().map(|link| link.n)))
        })?;
        if rows.is_empty() {
            break;
        }
        sheet.rows.extend(rows.into_iter().map(cells));
        before = last;
    }
    let n_rows = sheet.rows.len();
    if n_rows == 0 {
        return Err(CallError::invalid("没有符合条件的审计记录。"));
    }
    let mark = export.watermark(PURPOSE);
    let bytes = workbook::write(&[sheet], Some(&mark)).map_err(anyhow::Error::from)?;
    host.hand_out(
        export,
        "审计记录.xlsx",
        bytes,
        format!("已导出 {n_rows} 条。"),
    )
}

fn cells(row: AuditRow) -> Vec<String> {
    vec![
        row.n.to_string(),
        row.at_text,
        row.person,
        row.desk,
        row.act_text,
        row.object_text,
        row.purpose_text,
        row.fields_text,
        row.outcome_text,
    ]
}

/// The filter with an order's number put into its id.
struct Filter<'a> {
    asked: &'a Asked,
    object: String,
    before: Option<u64>,
}

impl Filter<'_> {
    fn as_filter(&self) -> AuditFilter<'_> {
        AuditFilter {
            actor: &self.asked.person,
            act: &self.asked.act,
            object: &self.object,
            from: self.asked.from,
            until: self.asked.until,
            before: self.before,
        }
    }
}

impl Asked {
    fn read(ask: &AuditAsk) -> Result<Self, CallError> {
        let texts = [&ask.person, &ask.act, &ask.object];
        if texts.iter().any(|it| it.chars().count() > FILTER_MAX_CHARS) {
            return Err(CallError::invalid(format!(
                "查询条件最多 {FILTER_MAX_CHARS} 字。"
            )));
        }
        let [person, act, object] = texts.map(|it| it.trim().to_owned());
        let until = day(&ask.until)?;
        Ok(Self {
            person,
            act,
            object,
            from: day(&ask.from)?.map(midnight),
            until: until
                .and_then(|day| day.checked_add_days(Days::new(1)))
                .map(midnight),
        })
    }

    fn filter(&self, reader: &Reader, before: Option<u64>) -> anyhow::Result<Filter<'_>> {
        let ids = reader.work_orders_numbered(&self.object)?;
        Ok(Filter {
            asked: self,
            object: ids
                .into_iter()
                .next()
                .unwrap_or_else(|| self.object.clone()),
            before,
        })
    }
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    at(day, NaiveTime::MIN)
}

fn day(text: &str) -> Result<Option<NaiveDate>, CallError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d");
    day.map(Some)
        .map_err(|_unreadable| CallError::invalid("日期请写成 2026-11-23 的样子。"))
}

fn row(desk: &Desk, reader: &Reader, link: &Link) -> anyhow::Result<AuditRow> {
    let entry = &link.entry;
    let order = reader.work_order_record(&entry.object)?;
    let at = DateTime::from_timestamp_millis(entry.at_ms).unwrap_or_default();
    let fields: Vec<String> = entry
        .fields
        .iter()
        .map(|it| text::audited_field(it))
        .collect();
    Ok(AuditRow {
        n: link.n,
        at: entry.at_ms,
        at_text: time_text::moment(at),
        person: match entry.actor.as_str() {
            "" => String::new(),
            actor => desk.person_text(&ActorId(actor.to_owned())),
        },
        desk: entry.desk.clone(),
        act_text: text::audited(&entry.act),
        object_text: order.map_or_else(|| entry.object.clone(), |order| order.number),
        purpose_text: text::reveal_purpose_named(&entry.purpose),
        fields_text: fields.join("、"),
        outcome_text: text::audit_outcome(entry.outcome).to_owned(),
        is_notable: text::is_notable(entry.outcome),
    })
}
