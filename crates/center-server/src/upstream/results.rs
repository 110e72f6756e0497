//! 结果回传: what became of an order goes back to who handed it down (第五条(二)).
//!
//! A result is a row from the entry that ended the order on. It is pushed where the superior has an
//! address, or taken by file or question; how far it has come is told to the feed by the center
//! itself, so that desks see it: 待回传, 已发出, 已接收, 失败.

use anyhow::Result;
use center::{Acted, Errand, RecordChange, Records, Written};
use chrono::{FixedOffset, SecondsFormat};
use domain::matter::Source;
use domain::work_order::{Conclusion, ResultReturn, Stage};
use domain::{ActorId, Command, WorkOrder};
use serde::{Deserialize, Serialize};
use wire::{Act, REDACTED_TEXT, References, Subject};
use wording::reference::wire_name;

use super::import::{KNOWN, Known, known_key};
use super::superior;
use crate::delivery::CENTER_ACTOR;
use crate::follower::{Projection, RedactedStory, Seen, Sheet};
use crate::office::Office;
use crate::outbox::sender::Sending;
use crate::outbox::{self, Outgoing, Standing, Target, Tried};
use crate::readers::Reader;

/// Results, by source and identity. They stay when all is drawn anew, with how far they have come.
const RESULT: &str = "upstream_result";
/// The source of a result, by its identity.
const SOURCE: &str = "upstream_result_source";
/// What is to be told to the feed, in order.
const SAY: &str = "upstream_say";
/// Results handed out at a time.
pub const RESULTS_MAX: usize = 1_000;
const SAID_AT_ONCE: usize = 100;

/// 办理结果.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultOutcome {
    AnsweredOnTheSpot,
    RefusedOutOfScope,
    Completed,
    /// 备注办结 (第十二条(二)).
    FinallyClosed,
    TransferredToEmergency,
}

impl ResultOutcome {
    pub fn text(self) -> &'static str {
        match self {
            Self::AnsweredOnTheSpot => "当场答复",
            Self::RefusedOutOfScope => "不予受理",
            Self::Completed => "办结",
            Self::FinallyClosed => "终结，备注办结",
            Self::TransferredToEmergency => "转应急处置",
        }
    }
}

/// 回传的结果, as it is sent and kept. Frozen: fields are only added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamResult {
    /// Also the idempotency key.
    pub id: String,
    pub upstream_number: String,
    pub order_number: String,
    pub outcome: ResultOutcome,
    /// The units that answered, by name.
    pub units: Vec<String>,
    pub answer: String,
    /// In the county's time, with its distance from Greenwich.
    pub answered_at: String,
    pub state: ResultReturn,
}

/// A result and whose it is, as the table has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    subject: String,
    result: UpstreamResult,
}

#[derive(Debug, Serialize, Deserialize)]
struct Say {
    subject: String,
    state: ResultReturn,
}

/// Draws which orders are known, and what goes back.
pub(super) struct Results {
    /// Superiors to which results are pushed.
    pushed: Vec<Source>,
}

impl Results {
    pub(super) fn new(pushed: Vec<Source>) -> Self {
        Self { pushed }
    }
}

impl Projection for Results {
    fn kinds(&self) -> &'static [&'static str] {
        &[KNOWN]
    }

    fn version(&self) -> u32 {
        1
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        let Some(order) = seen.after.and_then(Subject::order) else {
            return Ok(());
        };
        let origin = &order.matter.origin;
        if origin.upstream_number.is_empty() || superior(origin.source).is_none() {
            return Ok(());
        }
        if seen.before.is_none() {
            let key = known_key(origin.source, &origin.upstream_number);
            // Of two that were typed in twice the first is the order.
            if sheet.get(KNOWN, &key)?.is_none() {
                let known = Known {
                    subject: seen.entry.subject.clone(),
                    number: order.number.clone(),
                };
                sheet.write(KNOWN, key, &known)?;
            }
        }
        let before = seen.before.and_then(Subject::order).map(|it| it.stage);
        if !seen.is_new || before == Some(order.stage) {
            return Ok(());
        }
        let Some(outcome) = outcome(order.stage) else {
            return Ok(());
        };
        let origin_id = seen.entry.origin.as_ref().map(|it| it.id.as_str());
        let id = result_id(origin_id.unwrap_or_default(), &seen.entry.subject);
        if sheet.get(SOURCE, &id)?.is_some() {
            return Ok(());
        }
        let result = result(id.clone(), order, outcome, seen.references);
        let source = wire_name(&origin.source);
        let body = serde_json::to_string(&result)?;
        let kept = Kept {
            subject: seen.entry.subject.clone(),
            result,
        };
        sheet.write(RESULT, format!("{source} {id}"), &kept)?;
        sheet.put(SOURCE, id.clone(), source.clone());
        let say = Say {
            subject: kept.subject,
            state: ResultReturn::Pending,
        };
        sheet.write(SAY, say_key(&id, say.state), &say)?;
        if self.pushed.contains(&origin.source) {
            let target = Target::Upstream { source };
            let outgoing =
                Outgoing::new(format!("result {id}"), target, body, seen.entry.recorded_at);
            outbox::draw(sheet, &outgoing)?;
        }
        Ok(())
    }

    fn redacted(&mut self, story: &RedactedStory<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        let Some(order) = story.subject.order() else {
            return Ok(());
        };
        let source = wire_name(&order.matter.origin.source);
        for origin in story.entries.iter().filter_map(|it| it.origin.as_ref()) {
            let id = result_id(&origin.id, story.id);
            let key = format!("{source} {id}");
            if let Some(mut kept) = sheet.read::<Kept>(RESULT, &key)? {
                REDACTED_TEXT.clone_into(&mut kept.result.answer);
                sheet.write(RESULT, key, &kept)?;
            }
            outbox::redact(sheet, &format!("result {id}"))?;
        }
        Ok(())
    }
}

fn outcome(stage: Stage) -> Option<ResultOutcome> {
    match stage {
        Stage::AnsweredOnTheSpot => Some(ResultOutcome::AnsweredOnTheSpot),
        Stage::RefusedOutOfScope => Some(ResultOutcome::RefusedOutOfScope),
        Stage::Completed => Some(ResultOutcome::Completed),
        Stage::FinallyClosed => Some(ResultOutcome::FinallyClosed),
        Stage::TransferredToEmergency => Some(ResultOutcome::TransferredToEmergency),
        Stage::Registered
        | Stage::Dispatched
        | Stage::Delivered
        | Stage::UnderVerification
        | Stage::UnderCoordination
        | Stage::Merged
        | Stage::Withdrawn
        | Stage::Archived => None,
    }
}

/// By the intent that ended the order: after a restore the same has another place in the feed. The
/// order's own identity stays in the house.
fn result_id(intent: &str, subject: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let mut hash = Sha256::new();
    hash.update(b"hotline-desk/upstream-result/1\0");
    hash.update(intent);
    hash.update(b"\0");
    hash.update(subject);
    crate::hex::to_hex(hash.finalize().get(..16).unwrap_or_default())
}

fn result(
    id: String,
    order: &WorkOrder,
    outcome: ResultOutcome,
    references: &References,
) -> UpstreamResult {
    let name = |unit: &domain::HandlingUnitId| {
        let unit_of = references.units().get(unit);
        unit_of.map_or_else(|| unit.0.clone(), |unit| unit.name.clone())
    };
    let mut units = Vec::new();
    let mut answers = Vec::new();
    match &order.conclusion {
        Some(Conclusion::Answer { answer, .. }) => answers.push(answer.clone()),
        Some(Conclusion::OutOfScope { guidance, .. }) => answers.push(guidance.clone()),
        Some(Conclusion::Transfer { .. } | Conclusion::Dispatch { .. }) | None => {}
    }
    let answered = order.assignments.iter().filter(|it| it.part.answers());
    for assignment in answered.filter(|it| it.completed_at.is_some()) {
        let unit = name(&assignment.unit);
        if let Some(reply) = &assignment.reply {
            answers.push(reply.text.clone());
        }
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    let at = order.last_event_at;
    let answered_at = match FixedOffset::east_opt(8 * 3600) {
        Some(east) => at
            .with_timezone(&east)
            .to_rfc3339_opts(SecondsFormat::Secs, false),
        None => at.to_rfc3339_opts(SecondsFormat::Secs, true),
    };
    UpstreamResult {
        id,
        upstream_number: order.matter.origin.upstream_number.clone(),
        order_number: order.number.clone(),
        outcome,
        units,
        answer: answers.join("\n\n"),
        answered_at,
        state: ResultReturn::Pending,
    }
}

/// The states come in the order of their names' first letters, as they happen.
fn say_key(id: &str, state: ResultReturn) -> String {
    let nth = match state {
        ResultReturn::Pending => 0,
        ResultReturn::Sent => 1,
        ResultReturn::Received => 2,
        ResultReturn::Failed => 3,
    };
    format!("{id} {nth}")
}

/// The results of a source, of one state or of all.
pub fn list(
    records: &dyn Records,
    source: Source,
    state: Option<ResultReturn>,
) -> Result<Vec<UpstreamResult>> {
    let prefix = format!("{} ", wire_name(&source));
    let mut results = Vec::new();
    let mut from = prefix.clone();
    while results.len() < RESULTS_MAX {
        let rows = records.range(RESULT, &prefix, &from, SAID_AT_ONCE)?;
        let Some(last) = rows.last() else {
            break;
        };
        from = format!("{}\u{1}", last.key);
        for row in &rows {
            let kept: Kept = serde_json::from_str(&row.body)?;
            if state.is_none_or(|state| state == kept.result.state) {
                results.push(kept.result);
            }
        }
    }
    results.truncate(RESULTS_MAX);
    Ok(results)
}

/// Keeps how far results of a source have come, and that the feed is to be told; how many were
/// found. What was received is not sent again. For the writer alone.
pub fn mark(
    records: &mut dyn Records,
    source: Source,
    ids: &[String],
    state: ResultReturn,
) -> Result<usize> {
    let mut changes = Vec::new();
    let mut n_found = 0;
    for id in ids {
        if id.len() > 64 || id.contains('\0') {
            continue;
        }
        let key = format!("{} {id}", wire_name(&source));
        let Some(body) = records.get(RESULT, &key)? else {
            continue;
        };
        n_found += 1;
        let mut kept: Kept = serde_json::from_str(&body)?;
        let is_final = kept.result.state == ResultReturn::Received;
        if is_final || kept.result.state == state {
            continue;
        }
        kept.result.state = state;
        let say = Say {
            subject: kept.subject.clone(),
            state,
        };
        changes.push(RecordChange::put(
            RESULT,
            key,
            serde_json::to_string(&kept)?,
        ));
        let say_key = say_key(id, state);
        changes.push(RecordChange::put(
            SAY,
            say_key,
            serde_json::to_string(&say)?,
        ));
    }
    anyhow::ensure!(
        records.write(&changes)? == Written::Done,
        "Whatever stood there"
    );
    Ok(n_found)
}

/// Tells the feed what is to be told. For the sender's thread.
pub(crate) fn record_states(office: &Office, reader: &Reader) -> Result<()> {
    for row in reader.records.range(SAY, "", "", SAID_AT_ONCE)? {
        let say: Say = serde_json::from_str(&row.body)?;
        let errand = Errand {
            actor: ActorId(CENTER_ACTOR.to_owned()),
            subject: say.subject,
            id: format!("return-{}", row.key.replace(' ', "-")),
            act: Act::Order(Command::RecordResultReturn { state: say.state }),
            seen_version: None,
        };
        match office.writer.act_waiting(errand)?.done_blocking()? {
            Acted::Done { .. } | Acted::Before | Acted::Stale { .. } => {}
            // Done over since (重办): the next result tells the state anew.
            Acted::Refused(says) => tracing::info!(%says, "A state was not told"),
        }
        let removed = vec![RecordChange::remove(SAY, row.key)];
        let written = office.writer.write_waiting(removed)?.done_blocking()?;
        debug_assert_eq!(written, Written::Done, "Whatever stood there");
    }
    Ok(())
}

/// What a superior may answer besides its status.
#[derive(Debug, Default, Deserialize)]
struct Acknowledged {
    #[serde(default)]
    acknowledged: bool,
}

/// Pushes a result to its superior.
pub(crate) fn push(
    office: &Office,
    sending: &Sending,
    source: &str,
    outgoing: &Outgoing,
) -> (Tried, Option<ResultReturn>) {
    let mut pushes = office.config.upstream.iter();
    let Some(push) = pushes.find(|it| wire_name(&it.source) == source) else {
        let because = "配置中已没有这个上级的推送地址".to_owned();
        return (Tried::Rejected { because }, None);
    };
    let bearer = format!("Bearer {}", push.token.0);
    let id = outgoing.id.trim_start_matches("result ");
    let headers = [("authorization", bearer.as_str()), ("idempotency-key", id)];
    match sending.post(&push.url, &headers, &outgoing.body) {
        Ok(answer) => {
            let tried = outbox::sender::tried(answer.status);
            let told: Acknowledged = serde_json::from_str(&answer.body).unwrap_or_default();
            let state = (tried == Tried::Done).then_some(if told.acknowledged {
                ResultReturn::Received
            } else {
                ResultReturn::Sent
            });
            (tried, state)
        }
        Err(because) => (Tried::Failed { because }, None),
    }
}

/// Keeps how far a pushed result has come.
pub(crate) fn settled(
    office: &Office,
    outgoing: &Outgoing,
    state: Option<ResultReturn>,
) -> Result<()> {
    let Target::Upstream { source } = &outgoing.target else {
        return Ok(());
    };
    let state = match (&outgoing.standing, state) {
        (Standing::Dead { .. }, _) => ResultReturn::Failed,
        (_, Some(state)) => state,
        (_, None) => return Ok(()),
    };
    let source: Source = serde_json::from_value(serde_json::Value::String(source.clone()))?;
    let ids = vec![outgoing.id.trim_start_matches("result ").to_owned()];
    let marked = office
        .writer
        .alone(move |desk| mark(&mut *desk.records, source, &ids, state));
    marked?.done_blocking()?;
    Ok(())
}
