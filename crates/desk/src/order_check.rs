//! 填写检查 of a written order before it is submitted: hints with the words they are about. Nothing
//! is held up but what the rules refuse.

use ::intake::quality::{ConcernKind, Written, check};
use domain::matter::Matter;
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
    Ok(OrderChecked {
        refusal: None,
        concerns: (concerns.iter())
            .map(|concern| OrderConcern {
                kind: kind(&concern.what),
                message: text::concern(&concern.what),
                spans: spans.all(&concern.ranges),
            })
            .collect(),
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
