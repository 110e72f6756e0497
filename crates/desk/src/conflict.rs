//! 待处理: what the center did not take of what people gave, or took and found odd: why, what had come
//! between, what was written, and what can be done about it.

use desk_store::{Reader, Settlement, TaskKind, TaskScope};
use domain::matter::phone_digits;
use domain::work_order::{CommandKind, commands_at, fold};
use domain::{Command, HandlingUnitId, Role};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use wire::{
    DISPATCH_CATALOGUE, EARLY_WARNING_THRESHOLDS, Entry, EntryBody, is_dossier, is_early_warning,
};

use crate::desk::Desk;
use crate::error::CallError;
use crate::intake::Intake;
use crate::reference::ReferenceTables;
use crate::story::Teller;
use crate::work_order::StoryEntry;
use crate::{mask, text, time_text};

const NOTE_MAX_CHARS: usize = 500;
/// So much of what came between is told.
const BETWEEN_MAX: usize = 30;

/// What it is about, for opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ConflictSubject {
    Order,
    Article,
    Task,
    /// 监督件.
    Case,
    /// 派单目录.
    Catalogue,
    /// 考核.
    Assessment,
    /// 异常来电档案.
    Dossier,
    /// 预警.
    EarlyWarning,
    /// A whole desk, or what cannot be told yet.
    Desk,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct ConflictRow {
    pub seq: u64,
    pub at: i64,
    pub at_text: String,
    /// 未采纳, 暂存, 已采纳，有提示 …
    pub verdict: String,
    /// What was asked: 派单.
    pub asked: String,
    pub why: String,
    pub subject: ConflictSubject,
    pub subject_id: String,
    /// Number and title, as far as they are known here.
    pub subject_text: String,
    pub person: String,
    /// Whether this person gave it.
    pub is_own: bool,
    /// Whether somebody has to act; otherwise it is enough to know.
    pub needs_action: bool,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ConflictKey {
    pub seq: u64,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct AskedLine {
    pub label: String,
    pub text: String,
}

/// 重新提交: the form it was given by, with what was written in it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConflictAgain {
    /// As a new draft: the registration was not taken.
    Draft { intake: Box<Intake> },
    /// As a new command on the order.
    Act {
        #[ts(type = "CommandKind")]
        command: CommandKind,
        /// What stood in the fields, by their names in the command.
        fields: Vec<AgainField>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct AgainField {
    pub name: String,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct ConflictDetail {
    pub row: ConflictRow,
    pub advice: String,
    pub lines: Vec<AskedLine>,
    /// What others had done after the person looked.
    pub between: Vec<StoryEntry>,
    pub again: Option<ConflictAgain>,
    /// Whether it may still be closed: nobody has yet.
    pub is_open: bool,
    /// 改派: whether the order may be given to another unit now, as the rules have it.
    pub may_redispatch: bool,
}

/// 知悉 or 关闭.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SettleConflict {
    pub seq: u64,
    pub note: String,
}

/// 待处理, what wants an act first, the latest of each first.
pub(crate) fn conflicts(desk: &Desk, (): ()) -> Result<Vec<ConflictRow>, CallError> {
    let rows = desk.store.read(|reader| {
        let mut entries = reader.tasks(TaskKind::ToSettle, scope(desk))?;
        let n_to_settle = entries.len();
        entries.extend(reader.tasks(TaskKind::ToKnow, scope(desk))?);
        let rows = entries.iter().enumerate();
        rows.map(|(nth, entry)| row(desk, reader, entry, nth < n_to_settle))
            .collect::<anyhow::Result<Vec<_>>>()
    })?;
    Ok(rows)
}

/// Those that want an act of the person at the desk.
pub(crate) fn open(desk: &Desk, reader: &Reader) -> Result<Vec<Entry>, CallError> {
    Ok(reader.tasks(TaskKind::ToSettle, scope(desk))?)
}

/// How many there are for the person at the desk.
pub(crate) fn count(desk: &Desk) -> Result<u64, CallError> {
    let count = desk.store.read(|reader| {
        let to_settle = reader.count_tasks(TaskKind::ToSettle, scope(desk))?;
        Ok(to_settle + reader.count_tasks(TaskKind::ToKnow, scope(desk))?)
    })?;
    Ok(count)
}

/// One of them, whole.
pub(crate) fn conflict(desk: &Desk, request: ConflictKey) -> Result<ConflictDetail, CallError> {
    let found = desk.store.read(|reader| {
        let found = reader.entry(request.seq)?;
        let Some(entry) = found.filter(|entry| may_settle(desk, entry)) else {
            return Ok(None);
        };
        Ok(Some(detail(desk, reader, &entry)?))
    })?;
    found.ok_or_else(|| CallError::invalid("这一条已不在列表中，请重新打开列表。"))
}

/// 知悉 / 关闭: what it says stays in the feed; that somebody saw to it stays beside it.
pub(crate) fn settle_conflict(desk: &Desk, request: SettleConflict) -> Result<(), CallError> {
    let note = request.note.trim().to_owned();
    if note.chars().count() > NOTE_MAX_CHARS {
        return Err(CallError::invalid(format!(
            "说明最多 {NOTE_MAX_CHARS} 字。"
        )));
    }
    let settlement = Settlement {
        by: desk.operator.id.clone(),
        at: desk.now(),
        note,
    };
    desk.store.commit(|writer| -> Result<(), CallError> {
        let entry = writer.entry(request.seq)?;
        let entry = entry.ok_or_else(|| CallError::invalid("这一条已不在列表中。"))?;
        if !may_settle(desk, &entry) {
            return Err(CallError::invalid("这一条由办理的人或值班长关闭。"));
        }
        writer.settle_task(request.seq, &settlement)?;
        Ok(())
    })
}

/// Everybody sees to what came of their own acts, the shift lead to all.
fn scope(desk: &Desk) -> TaskScope<'_> {
    if leads(desk) {
        TaskScope::All
    } else {
        TaskScope::Of(&desk.operator.id)
    }
}

fn leads(desk: &Desk) -> bool {
    desk.operator.roles.contains(&Role::ShiftLead)
}

fn is_own(desk: &Desk, entry: &Entry) -> bool {
    let origin = entry.origin.as_ref();
    origin.is_some_and(|origin| origin.actor == desk.operator.id)
}

fn may_settle(desk: &Desk, entry: &Entry) -> bool {
    leads(desk) || is_own(desk, entry)
}

fn row(
    desk: &Desk,
    reader: &Reader,
    entry: &Entry,
    needs_action: bool,
) -> anyhow::Result<ConflictRow> {
    let body = entry.read().ok();
    let origin = entry.origin.as_ref();
    let kind = kind_of(entry, body.as_ref());
    let (subject, subject_text) = subject_of(reader, &desk.reference, &entry.subject)?;
    Ok(ConflictRow {
        seq: entry.seq,
        at: entry.recorded_at.timestamp_millis(),
        at_text: time_text::moment(entry.recorded_at),
        verdict: text::verdict_title(body.as_ref()).to_owned(),
        asked: text::intent(&kind).unwrap_or_default().to_owned(),
        why: why(body.as_ref()),
        subject,
        subject_id: entry.subject.clone(),
        subject_text,
        person: origin.map_or_else(String::new, |it| desk.person_text(&it.actor)),
        is_own: is_own(desk, entry),
        needs_action,
    })
}

fn detail(desk: &Desk, reader: &Reader, entry: &Entry) -> anyhow::Result<ConflictDetail> {
    let body = entry.read().ok();
    let is_open = reader.is_task_open(entry.seq)?;
    let needs_action = body.as_ref().is_none_or(EntryBody::is_task);
    let row = row(desk, reader, entry, needs_action)?;
    let (kind, command) = given(reader, entry, body.as_ref())?;
    let command: Value = serde_json::from_str(&command).unwrap_or_default();
    let order = match row.subject {
        ConflictSubject::Order => reader.load_work_order(&row.subject_id)?,
        ConflictSubject::Article
        | ConflictSubject::Task
        | ConflictSubject::Case
        | ConflictSubject::Catalogue
        | ConflictSubject::Assessment
        | ConflictSubject::Dossier
        | ConflictSubject::EarlyWarning
        | ConflictSubject::Desk => None,
    };
    let facts = desk.facts(desk.now());
    let takes = |command: CommandKind| {
        let order = order.as_ref();
        order.is_some_and(|order| {
            let mut commands = commands_at(order, &facts);
            commands.any(|(kind, refusal)| kind == command && refusal.is_none())
        })
    };
    // What the rules refuse as things stand is not offered again.
    let again = again(&kind, &command, body.as_ref()).filter(|again| match again {
        ConflictAgain::Draft { .. } => true,
        ConflictAgain::Act { command, .. } => takes(*command),
    });
    Ok(ConflictDetail {
        advice: advice(body.as_ref()),
        lines: lines(desk, &command),
        between: between(desk, reader, entry, body.as_ref())?,
        again,
        is_open: is_open && may_settle(desk, entry),
        may_redispatch: takes(CommandKind::Dispatch),
        row,
    })
}

/// The name of the command that was given; empty for news.
fn kind_of(entry: &Entry, body: Option<&EntryBody>) -> String {
    match body {
        Some(EntryBody::Recovered { kind, .. }) => kind.clone(),
        Some(_) | None => entry
            .origin
            .as_ref()
            .map_or_else(String::new, |origin| origin.kind.clone()),
    }
}

/// What was given, with its name: as this desk kept it, or as the feed does.
fn given(
    reader: &Reader,
    entry: &Entry,
    body: Option<&EntryBody>,
) -> anyhow::Result<(String, String)> {
    if let Some(origin) = &entry.origin
        && let Some(own) = reader.own_intent(&origin.id)?
    {
        return Ok((own.kind, own.command));
    }
    let kept = match body {
        Some(EntryBody::Refused(refused)) => refused.kept.clone(),
        Some(EntryBody::LateFact(late)) => Some(late.told.clone()),
        Some(EntryBody::Recovered { kind, command, .. }) => {
            return Ok((kind.clone(), command.clone()));
        }
        Some(_) | None => None,
    };
    Ok(kept.map_or_else(
        || (kind_of(entry, body), String::new()),
        |kept| (kept.kind, kept.command),
    ))
}

fn why(body: Option<&EntryBody>) -> String {
    match body {
        None => "中心的这条记录，本机程序的版本还看不懂。".to_owned(),
        Some(EntryBody::Refused(refused)) => text::conflict(refused.conflict).to_owned(),
        Some(EntryBody::LateFact(late)) => format!(
            "{}您记录的事实已原样留存，没有改动工单。",
            text::conflict(late.conflict)
        ),
        Some(EntryBody::Parked(_)) => {
            "中心程序的版本还看不懂这一步，已原样留存，升级后再处理。".to_owned()
        }
        Some(EntryBody::Recovered { .. }) => {
            "来自一台已隔离的工作站，中心没有直接采纳，由人决定是否仍要办。".to_owned()
        }
        Some(EntryBody::Accepted(accepted)) => flags(&accepted.flags),
        Some(EntryBody::Redirected { accepted, .. }) => {
            format!(
                "工单已并入另一件，这一步已办在那一件上。{}",
                flags(&accepted.flags)
            )
        }
        Some(EntryBody::DeskQuarantined { desk, fork_at }) => {
            format!("工作站 {} 从第 {fork_at} 号操作起出现了两个分支。", desk.0)
        }
        Some(
            EntryBody::ReferenceChanged { .. }
            | EntryBody::DeskEnrolled { .. }
            | EntryBody::EpochBegan { .. }
            | EntryBody::Redacted(_),
        ) => String::new(),
    }
}

fn flags(flags: &[wire::Flag]) -> String {
    flags.iter().map(text::flag).collect()
}

fn advice(body: Option<&EntryBody>) -> String {
    let advice = match body {
        None => "请升级本机程序；升级前，相关工单只能查看。",
        Some(EntryBody::Refused(refused)) => text::conflict_advice(refused.conflict),
        Some(EntryBody::LateFact(_)) => "请打开工单看是否需要据此再办；不需要就关闭。",
        Some(EntryBody::Parked(_)) => "请告诉管理员升级中心；升级后会自动处理。",
        Some(EntryBody::Recovered { .. }) => "请核对是否仍要办：要办就重新提交，不要就关闭。",
        Some(EntryBody::Accepted(_) | EntryBody::Redirected { .. }) => "请核对；没有问题就关闭。",
        Some(EntryBody::DeskQuarantined { .. }) => {
            "请管理员查明哪一台是复制或恢复的，并给它一个新的登记码。"
        }
        Some(
            EntryBody::ReferenceChanged { .. }
            | EntryBody::DeskEnrolled { .. }
            | EntryBody::EpochBegan { .. }
            | EntryBody::Redacted(_),
        ) => "",
    };
    advice.to_owned()
}

/// What a command is called, whatever it is about.
fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(Value::String(name.to_owned())).ok()
}

fn subject_of(
    reader: &Reader,
    reference: &ReferenceTables,
    id: &str,
) -> anyhow::Result<(ConflictSubject, String)> {
    if id.is_empty() {
        return Ok((ConflictSubject::Desk, String::new()));
    }
    if id == DISPATCH_CATALOGUE {
        return Ok((ConflictSubject::Catalogue, "派单目录".to_owned()));
    }
    if is_dossier(id) {
        let stored = reader.dossier_of(id)?;
        let phone = stored.map_or_else(String::new, |it| {
            mask::masked(&phone_digits(&it.dossier.phone))
        });
        return Ok((ConflictSubject::Dossier, format!("异常来电 {phone}")));
    }
    if id == EARLY_WARNING_THRESHOLDS {
        return Ok((ConflictSubject::EarlyWarning, "预警阈值".to_owned()));
    }
    if is_early_warning(id) {
        let record = reader.early_warning_record(id)?;
        let last = record.as_ref().and_then(|record| record.rounds.last());
        let title = last.map_or_else(String::new, |last| {
            text::early_warning_ground(reference, &last.found.ground).0
        });
        return Ok((ConflictSubject::EarlyWarning, format!("预警 {title}")));
    }
    if let Some(order) = reader.work_order_record(id)? {
        let shown = format!("{} {}", order.number, order.title);
        return Ok((ConflictSubject::Order, shown));
    }
    let article = domain::kb::KbArticleId(id.to_owned());
    if let Some(stored) = reader.article(&article)? {
        return Ok((ConflictSubject::Article, stored.article.title));
    }
    if let Some(record) = reader.load_kb_record(&article)? {
        let title = record.draft.map(|draft| draft.content.title);
        return Ok((ConflictSubject::Article, title.unwrap_or_default()));
    }
    if let Some(task) = reader.load_kb_task(id)? {
        let shown = format!("{} {}", task.number, task.subject);
        return Ok((ConflictSubject::Task, shown));
    }
    if let Some(case) = reader.load_supervisory_case(id)? {
        return Ok((ConflictSubject::Case, case.number));
    }
    if let Some(record) = reader.load_assessment(id)? {
        return Ok((ConflictSubject::Assessment, record.scheme.name));
    }
    Ok((ConflictSubject::Desk, String::new()))
}

/// What was written, field by field, in the words of the forms.
fn lines(desk: &Desk, command: &Value) -> Vec<AskedLine> {
    let mut lines = Vec::new();
    collect(desk, command, &mut lines);
    lines
}

fn collect(desk: &Desk, value: &Value, lines: &mut Vec<AskedLine>) {
    let Value::Object(fields) = value else {
        return;
    };
    for (name, value) in fields {
        if matches!(value, Value::Object(_)) {
            collect(desk, value, lines);
            continue;
        }
        let Some(label) = label(name) else {
            continue;
        };
        let text = match value {
            Value::String(unit) if name == "unit" => {
                let unit = HandlingUnitId(unit.clone());
                desk.reference.unit_name(&unit).to_owned()
            }
            // Of whom it is shown on request stands in the record of reveals (第十七条).
            Value::String(phone) if name == "phone" => mask::masked(phone),
            Value::String(text) => mask::masked_in_text(text),
            Value::Bool(is_so) => if *is_so { "是" } else { "否" }.to_owned(),
            Value::Number(n) => n.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => continue,
        };
        if !text.is_empty() {
            lines.push(AskedLine {
                label: label.to_owned(),
                text,
            });
        }
    }
}

/// The fields of commands that a person has written or chosen.
fn label(field: &str) -> Option<&'static str> {
    Some(match field {
        "number" => "编号",
        "title" => "标题",
        "text" => "内容",
        "happened" => "事发时间",
        "about" => "诉求对象",
        "wants" => "希望",
        "unit" => "承办单位",
        "opinion" => "转办意见",
        "answer" => "答复",
        "guidance" => "告知内容",
        "legal_basis" => "法律依据",
        "note" => "说明",
        "reason" => "理由",
        "basis" => "依据",
        "suggestion" => "转送建议",
        "method" => "方式",
        "phone" => "电话",
        "answered_by" => "接听人",
        "asked" => "被询单位或人员",
        "question" => "核实内容",
        "finding" => "核实结论",
        "document" => "文号",
        "supervisor_statement" => "监督员说明",
        "notice" => "放假通知",
        "is_accepted" | "is_approved" => "同意",
        "is_removed" => "评价剔除",
        "is_forwarded" => "报市",
        "result" => "办理结果",
        "facts" => "事实",
        "addressee" => "发往单位",
        "to" => "转交",
        _ => return None,
    })
}

/// What others did between what the person saw and what the center decided on.
fn between(
    desk: &Desk,
    reader: &Reader,
    entry: &Entry,
    body: Option<&EntryBody>,
) -> anyhow::Result<Vec<StoryEntry>> {
    let versions = match body {
        Some(EntryBody::Refused(it)) => Some((it.seen_version, it.current_version)),
        Some(EntryBody::LateFact(it)) => Some((it.seen_version, it.current_version)),
        Some(EntryBody::Accepted(it)) => Some((it.seen_version, it.current_version)),
        Some(_) | None => None,
    };
    let Some((seen, current)) = versions else {
        return Ok(Vec::new());
    };
    let events = reader.events_of(&entry.subject)?;
    let Some(order) = fold(events.iter().map(|stored| &stored.event)) else {
        return Ok(Vec::new());
    };
    let teller = Teller {
        order: &order,
        reference: &desk.reference,
    };
    let came = events
        .iter()
        .filter(|stored| stored.version > seen && stored.version <= current);
    Ok(came
        .take(BETWEEN_MAX)
        .map(|stored| desk.story_entry(&teller, stored))
        .collect())
}

/// The form with what was written in it. What was taken is not given again.
fn again(kind: &str, command: &Value, body: Option<&EntryBody>) -> Option<ConflictAgain> {
    let is_refused = match body {
        Some(EntryBody::Refused(refused)) => !refused.conflict.is_settled(),
        Some(EntryBody::LateFact(_) | EntryBody::Recovered { .. }) => true,
        Some(_) | None => false,
    };
    if !is_refused {
        return None;
    }
    let command_kind: CommandKind = named(kind)?;
    if command_kind == CommandKind::Register {
        let Ok(Command::Register { matter, .. }) = serde_json::from_value(command.clone()) else {
            return None;
        };
        return Some(ConflictAgain::Draft {
            intake: Box::new(Intake::from(*matter)),
        });
    }
    let mut fields = Vec::new();
    flatten(command, &mut fields);
    Some(ConflictAgain::Act {
        command: command_kind,
        fields,
    })
}

fn flatten(value: &Value, fields: &mut Vec<AgainField>) {
    let Value::Object(object) = value else {
        return;
    };
    // The name of the command itself stands beside them.
    let fields_of = object.iter().filter(|(name, _)| *name != "command");
    // Of several each stands by itself, under the same name.
    let each = fields_of.flat_map(|(name, value)| match value {
        Value::Array(items) => items.iter().map(|item| (name, item)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            vec![(name, value)]
        }
    });
    for (name, value) in each {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(n) => n.to_string(),
            Value::Bool(is_so) => if *is_so { "yes" } else { "no" }.to_owned(),
            Value::Object(_) => {
                flatten(value, fields);
                continue;
            }
            Value::Null | Value::Array(_) => continue,
        };
        fields.push(AgainField {
            name: name.clone(),
            text,
        });
    }
}
