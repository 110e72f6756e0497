//! 填写检查 of a written order before it is submitted: hints with the words they are about. Nothing
//! is held up but what the rules refuse.

use ::intake::identity;
use ::intake::quality::{ConcernKind, Written, check};
use domain::matter::{Matter, MatterKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::intake::Intake;
use crate::listen::read_fields;
use crate::listen::span::{Span, Spans};
use crate::text;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct CheckOrder {
    pub intake: Intake,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OrderConcernKind {
    PlaceMissing,
    TwoMatters,
    Insult,
    OthersPhone,
    IdentityNumber,
    KindContradicts,
    /// 自我透露 in what is sealed from units.
    TellsWhoSpeaks,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct OrderConcern {
    pub kind: OrderConcernKind,
    pub message: String,
    /// Stretches of `intake.text` in UTF-16 code units; none where something is missing.
    pub spans: Vec<Span>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct OrderChecked {
    /// Why it cannot be submitted as it stands; null where it can.
    pub refusal: Option<String>,
    /// Hints; none of them holds anything up.
    pub concerns: Vec<OrderConcern>,
}

/// 填写检查.
pub(crate) fn check_order(desk: &Desk, request: CheckOrder) -> Result<OrderChecked, CallError> {
    let matter = Matter::from(request.intake).tidied();
    if let Err(refusal) = matter.check() {
        return Ok(OrderChecked {
            refusal: Some(text::refusal(&refusal)),
            concerns: Vec::new(),
        });
    }
    let fields = read_fields(desk, &matter.text, desk.now());
    let phones = [&matter.caller.phone, &matter.caller.contact_phone];
    let caller_phones: Vec<String> = phones
        .map(|phone| domain::matter::phone_digits(phone))
        .into_iter()
        .filter(|digits| !digits.is_empty())
        .collect();
    let place = &matter.place;
    let written = Written {
        title: &matter.title,
        text: &matter.text,
        kind: matter.kind,
        has_place: !place.township_code.is_empty() || !place.detail.is_empty(),
        caller_phones: &caller_phones,
    };
    let spans = Spans::of(&matter.text);
    let concerns = check(&written, &fields, &desk.listening.keywords);
    // First: a unit that reads it is not to learn who brought it (第十七条).
    let mut told: Vec<OrderConcern> = tells_who_speaks(&matter, &spans).into_iter().collect();
    told.extend(concerns.iter().map(|concern| OrderConcern {
        kind: kind(&concern.what),
        message: text::concern(&concern.what),
        spans: spans.all(&concern.ranges),
    }));
    Ok(OrderChecked {
        refusal: None,
        concerns: told,
    })
}

/// Where a sealed matter says itself who speaks.
fn tells_who_speaks(matter: &Matter, spans: &Spans) -> Option<OrderConcern> {
    let is_sealed = matter.is_confidential || matter.kind == MatterKind::Report;
    let ranges: Vec<_> = identity::told(&matter.text)
        .into_iter()
        .map(|told| told.range)
        .collect();
    (is_sealed && !ranges.is_empty()).then(|| OrderConcern {
        kind: OrderConcernKind::TellsWhoSpeaks,
        message: text::TELLS_WHO_SPEAKS.to_owned(),
        spans: spans.all(&ranges),
    })
}

fn kind(what: &ConcernKind) -> OrderConcernKind {
    match what {
        ConcernKind::PlaceMissing => OrderConcernKind::PlaceMissing,
        ConcernKind::TwoMatters => OrderConcernKind::TwoMatters,
        ConcernKind::Insult => OrderConcernKind::Insult,
        ConcernKind::OthersPhone => OrderConcernKind::OthersPhone,
        ConcernKind::IdentityNumber => OrderConcernKind::IdentityNumber,
        ConcernKind::KindContradicts { .. } => OrderConcernKind::KindContradicts,
    }
}
