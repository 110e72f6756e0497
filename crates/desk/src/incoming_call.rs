//! 来电弹屏: a telephone system, or a link of its own, says which number rings; a draft for the number
//! is opened and the window is told. Several at once are several drafts.
//!
//! Calls live in memory: what matters is in the drafts, which outlive the program.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use desk_store::PutDraftError;
use domain::matter::{Channel, MatterClass, MatterKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::host::DeskHost;
use crate::intake::{CallerInput, Intake, PlaceInput};
use crate::time_text;

/// Calls that are remembered; the oldest is let go. A desk has one telephone.
const CALLS_MAX: usize = 50;
/// 来电号码, in digits.
const NUMBER_DIGITS: std::ops::RangeInclusive<usize> = 3..=20;
/// The longest id that a telephone system gives a call.
const CALL_ID_MAX: usize = 64;
/// The longest link.
const LINK_MAX: usize = 200;
const CHANGED: &[&str] = &["incoming_calls", "drafts"];

/// A call as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ringing {
    pub(crate) number: String,
    /// 话务系统的通话编号: told twice, it is one call. Empty where there is none.
    #[serde(default)]
    pub(crate) call_id: String,
}

/// A call that rang and was not taken to yet.
#[derive(Debug, Clone, Serialize, TS)]
pub struct IncomingCall {
    pub call_id: String,
    pub number: String,
    /// The draft for it; null while nobody is signed in.
    pub draft_id: Option<String>,
    pub rang_at: i64,
    pub rang_text: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct CallId {
    pub call_id: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct AnsweredCall {
    pub draft_id: String,
    pub number: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct CallLink {
    /// `hotline://call?number=13800001234`.
    pub url: String,
}

#[derive(Debug)]
struct Call {
    id: String,
    number: String,
    draft_id: Option<String>,
    rang_at: DateTime<Utc>,
    is_answered: bool,
}

/// The calls of this run.
#[derive(Debug, Default)]
pub(crate) struct IncomingCalls(Mutex<VecDeque<Call>>);

impl IncomingCalls {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Call>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ringing {
    /// Takes what is a number and an id, and nothing else.
    pub(crate) fn checked(self) -> Result<Self, CallError> {
        let digits = self.number.strip_prefix('+').unwrap_or(&self.number);
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || !NUMBER_DIGITS.contains(&digits.len()) {
            return Err(CallError::invalid("来电号码应为 3 至 20 位数字。"));
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
        if self.call_id.len() > CALL_ID_MAX || !self.call_id.bytes().all(is_plain) {
            return Err(CallError::invalid(
                "通话编号最多 64 个字符，只能有字母、数字和 . _ : -。",
            ));
        }
        Ok(self)
    }

    /// Reads `hotline://call?number=…`, and `&id=…` where there is one; nothing else is taken.
    pub(crate) fn of_link(link: &str) -> Result<Self, CallError> {
        let wrong = || CallError::invalid("链接不对，应为 hotline://call?number=来电号码。");
        if link.len() > LINK_MAX {
            return Err(wrong());
        }
        let query = link
            .strip_prefix("hotline://call?")
            .or_else(|| link.strip_prefix("hotline://call/?"))
            .ok_or_else(wrong)?;
        let (mut number, mut call_id) = (None, None);
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').ok_or_else(wrong)?;
            let field = match name {
                "number" => &mut number,
                "id" => &mut call_id,
                _ => return Err(wrong()),
            };
            if field.replace(value.to_owned()).is_some() {
                return Err(wrong());
            }
        }
        Self {
            number: number.ok_or_else(wrong)?,
            call_id: call_id.unwrap_or_default(),
        }
        .checked()
    }
}

impl DeskHost {
    /// 来电: remembers the call, opens a draft for it where somebody is signed in, and tells the
    /// window. Told twice, it is one call.
    pub(crate) fn ring(&self, ringing: Ringing) -> Result<IncomingCall, CallError> {
        let Ringing { number, call_id } = ringing.checked()?;
        let call_id = if call_id.is_empty() {
            new_id()
        } else {
            call_id
        };
        let mut calls = self.office.incoming_calls.lock();
        if let Some(call) = calls.iter().find(|it| it.id == call_id) {
            return Ok(call.view());
        }
        let mut call = Call {
            id: call_id,
            number,
            draft_id: None,
            rang_at: self.clock().now(),
            is_answered: false,
        };
        // A call is no touch: it does not keep a desk awake that nobody sits at.
        if self.office.admit(false).is_ok()
            && let Ok(desk) = self.desk()
        {
            call.draft_id = Some(open_draft(&desk, &call.number)?);
        }
        let view = call.view();
        while calls.len() >= CALLS_MAX {
            calls.pop_front();
        }
        calls.push_back(call);
        drop(calls);
        self.tell_changed(CHANGED);
        Ok(view)
    }

    /// 来电 by a link that the system was asked to open.
    pub fn open_link(&self, link: &str) -> Result<(), CallError> {
        self.ring(Ringing::of_link(link)?).map(drop)
    }
}

/// 未接入的来电, the one that rang first first.
pub(crate) fn incoming_calls(host: &DeskHost, (): ()) -> Result<Vec<IncomingCall>, CallError> {
    let calls = host.office.incoming_calls.lock();
    let open = calls.iter().filter(|call| !call.is_answered);
    Ok(open.map(Call::view).collect())
}

/// 接入: the draft of a call, opened now where nobody was signed in when it rang.
pub(crate) fn answer_call(host: &DeskHost, request: CallId) -> Result<AnsweredCall, CallError> {
    let desk = host.desk()?;
    let mut calls = host.office.incoming_calls.lock();
    let call = calls
        .iter_mut()
        .find(|call| call.id == request.call_id)
        .ok_or_else(|| CallError::invalid("这次来电已不在列表中。"))?;
    let draft_id = match &call.draft_id {
        Some(draft_id) => draft_id.clone(),
        None => open_draft(&desk, &call.number)?,
    };
    call.draft_id = Some(draft_id.clone());
    call.is_answered = true;
    Ok(AnsweredCall {
        draft_id,
        number: call.number.clone(),
    })
}

/// 打开来电链接.
pub(crate) fn open_link(host: &DeskHost, request: CallLink) -> Result<(), CallError> {
    host.open_link(&request.url)
}

impl Call {
    fn view(&self) -> IncomingCall {
        IncomingCall {
            call_id: self.id.clone(),
            number: self.number.clone(),
            draft_id: self.draft_id.clone(),
            rang_at: self.rang_at.timestamp_millis(),
            rang_text: time_text::moment(self.rang_at),
        }
    }
}

/// Keeps an empty form with the number in it, and tells its id.
fn open_draft(desk: &Desk, number: &str) -> Result<String, CallError> {
    let id = new_id();
    let form = Intake {
        caller: CallerInput {
            phone: number.to_owned(),
            ..CallerInput::default()
        },
        channel: Channel::Phone,
        kind: MatterKind::Consultation,
        class: MatterClass::Ordinary,
        category_id: String::new(),
        title: String::new(),
        text: String::new(),
        place: PlaceInput::default(),
        happened: String::new(),
        about: String::new(),
        wants: String::new(),
        is_confidential: false,
        wants_call_back: false,
    };
    let body = serde_json::to_string(&form).map_err(anyhow::Error::from)?;
    let now = desk.now();
    desk.store.commit(|writer| -> Result<(), CallError> {
        let kept = writer.put_draft(&id, desk.draft_owner(), &body, now);
        kept.map_err(|error| match error {
            PutDraftError::TooLarge { .. } => CallError::invalid("草稿太长。"),
            PutDraftError::Fault(fault) => CallError::Store(fault),
        })
    })?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_a_number_and_nothing_else() {
        let ringing = Ringing::of_link("hotline://call?number=13800001234&id=a-1").unwrap();
        assert_eq!(ringing.number, "13800001234");
        assert_eq!(ringing.call_id, "a-1");
        assert!(Ringing::of_link("hotline://call/?number=%2B8613800001234").is_err());
        assert!(Ringing::of_link("hotline://call/?number=+8613800001234").is_ok());
        for wrong in [
            "",
            "hotline://call",
            "hotline://call?",
            "hotline://call?number=",
            "hotline://call?number=12",
            "hotline://call?number=138000012345678901234",
            "hotline://call?number=1380000a234",
            "hotline://call?number=１３８００００１２３４",
            "hotline://call?number=13800001234&number=110",
            "hotline://call?number=13800001234&run=rm",
            "hotline://call?number=13800001234#x",
            "hotline://call?id=a",
            "hotline://call?number=13800001234&id=<script>",
            "hotline://delete?number=13800001234",
            "http://call?number=13800001234",
            "HOTLINE://call?number=13800001234",
        ] {
            assert!(Ringing::of_link(wrong).is_err(), "{wrong}");
        }
        let long = format!("hotline://call?number=110&id={}", "a".repeat(65));
        assert!(Ringing::of_link(&long).is_err());
    }
}
