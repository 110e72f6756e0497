//! What was ruled about a unit's part, as far as only the events still say it.

use chrono::{DateTime, Utc};
use domain::ActorId;
use domain::time_limit::LimitKind;
use domain::work_order::{Event, EventKind, LimitMove};

use super::values::Seen;
use crate::{text, time_text};

impl Seen<'_> {
    /// The latest event of the unit's that is looked for.
    fn last<T>(&self, find: impl Fn(&EventKind) -> Option<T>) -> Option<(T, &Event)> {
        let mut own = self
            .events
            .iter()
            .rev()
            .filter(|event| event.kind.assignment() == Some(self.assignment.number));
        own.find_map(|event| Some((find(&event.kind)?, event)))
    }

    /// 最近一次催办: why, how, when and by whom.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one kind of event is looked for"
    )]
    pub(super) fn urging(&self) -> Option<(String, String, DateTime<Utc>, ActorId)> {
        let ((reason, method), event) = self.last(|kind| match kind {
            EventKind::Urged { reason, method, .. } => Some((reason.clone(), method.clone())),
            _ => None,
        })?;
        Some((reason, method, event.occurred_at, event.actor.clone()))
    }

    /// 原办结期限: the latest that no extension gave.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "two kinds of events are looked for"
    )]
    pub(super) fn due_without_extension(&self) -> Option<DateTime<Utc>> {
        let found = self.last(|kind| {
            match kind {
                EventKind::LimitStarted { limit, .. } => Some(limit.clone()),
                EventKind::LimitMoved { limit, because, .. } if *because != LimitMove::Extended => {
                    Some(limit.clone())
                }
                _ => None,
            }
            .filter(|limit| limit.kind == LimitKind::Handle)
        });
        found.map(|(limit, _)| limit.due_at)
    }

    /// 县审延期.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one kind of event is looked for"
    )]
    pub(super) fn county_on_extension(&self) -> String {
        let found = self.last(|kind| match kind {
            EventKind::ExtensionReviewed {
                is_forwarded,
                reason,
                ..
            } => Some(ruled(*is_forwarded, "同意报市", "不予上报", reason)),
            _ => None,
        });
        signed(self, found)
    }

    /// 市批复延期.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one kind of event is looked for"
    )]
    pub(super) fn city_on_extension(&self) -> String {
        let found = self.last(|kind| match kind {
            EventKind::CityRuled {
                granted_until,
                document,
                ..
            } => Some(match granted_until {
                Some(until) => format!("同意延期至{}。{document}", time_text::deadline(*until)),
                None => format!("不同意延期。{document}"),
            }),
            _ => None,
        });
        found.map(|(said, _)| said).unwrap_or_default()
    }

    /// 甄别初审.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one kind of event is looked for"
    )]
    pub(super) fn county_on_screening(&self) -> String {
        let found = self.last(|kind| match kind {
            EventKind::ScreeningReviewed { review, reason, .. } => {
                Some(with_reason(text::screening_review(*review), reason))
            }
            _ => None,
        });
        signed(self, found)
    }

    /// 补证.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one kind of event is looked for"
    )]
    pub(super) fn evidence_supplied(&self) -> String {
        let found = self.last(|kind| match kind {
            EventKind::EvidenceSupplied { evidence, .. } => Some(evidence.join("、")),
            _ => None,
        });
        found.map(|(said, _)| said).unwrap_or_default()
    }

    /// 市裁定甄别.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one kind of event is looked for"
    )]
    pub(super) fn city_on_screening(&self) -> String {
        let found = self.last(|kind| match kind {
            EventKind::ScreeningRuled {
                is_removed,
                document,
                ..
            } => Some(ruled(
                *is_removed,
                "甄别成功，评价剔除",
                "甄别不成立，维持评价",
                document,
            )),
            _ => None,
        });
        found.map(|(said, _)| said).unwrap_or_default()
    }

    /// 终结审查: 结果, 时间, 意见.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one kind of event is looked for"
    )]
    pub(super) fn closure_review(&self) -> Option<(&'static str, DateTime<Utc>, String)> {
        let ((is_accepted, reason), event) = self.last(|kind| match kind {
            EventKind::FinalClosureReviewed {
                is_accepted,
                reason,
                ..
            } => Some((*is_accepted, reason.clone())),
            _ => None,
        })?;
        let result = if is_accepted {
            "同意终结"
        } else {
            "不同意终结"
        };
        Some((result, event.occurred_at, reason))
    }

    /// 电话送达: who answered, and at which number.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "one kind of event is looked for"
    )]
    pub(super) fn answered(&self) -> Option<(String, String)> {
        let found = self.last(|kind| match kind {
            EventKind::Delivered {
                answered_by, phone, ..
            } => Some((answered_by.clone(), phone.clone())),
            _ => None,
        });
        found.map(|(answered, _)| answered)
    }
}

fn ruled(is_accepted: bool, yes: &str, no: &str, reason: &str) -> String {
    with_reason(if is_accepted { yes } else { no }, reason)
}

fn with_reason(what: &str, reason: &str) -> String {
    if reason.is_empty() {
        format!("{what}。")
    } else {
        format!("{what}：{reason}")
    }
}

/// What was ruled, by whom and when.
fn signed(seen: &Seen<'_>, found: Option<(String, &Event)>) -> String {
    found.map_or_else(String::new, |(said, event)| {
        format!(
            "{said}（{}，{}）",
            (seen.person)(&event.actor),
            time_text::dated(event.occurred_at)
        )
    })
}
