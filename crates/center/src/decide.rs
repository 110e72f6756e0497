//! What becomes of one intent.

use anyhow::Result;
use chrono::{DateTime, Utc};
use domain::clock_face::date_of;
use domain::desk_clock::{ActedAt, acted_at};
use domain::kb::{KbCommand, KbRefusal};
use domain::repeat::{RepeatRelation, propose_repeats};
use domain::work_order::{EventKind, Stage};
use domain::{Command, Refusal, Role, WorkOrder};
use wire::limit::ID_MAX_CHARS;
use wire::{
    Accepted, Act, Conflict, DeskMoment, EntryBody, Envelope, Flag, Ground, Kept, LateFact, Parked,
    Refused, RuleSays, Story, Subject,
};

use crate::conflict::{self, WHEREVER};
use crate::draft::Draft;
use crate::ledger::{Ledger, OrderKey};
use crate::plan::OWN_DESK;
use crate::prepared::PreparedIntent;
use crate::push::is_id;

/// So often an order may have been merged into one that was merged itself.
const MERGES_FOLLOWED_MAX: usize = 8;
/// So many earlier orders of a caller are looked at.
const EARLIER_ORDERS_MAX: usize = 20;

/// A verdict, and whose story it goes into.
pub(crate) struct Verdict {
    pub(crate) subject: String,
    pub(crate) body: EntryBody,
    pub(crate) key: Option<OrderKey>,
}

/// Decides an intent by where its subject stands now. The rules of `domain` have the word; what they
/// refuse is named by the table of conflicts.
pub(crate) fn decide<L: Ledger>(
    draft: &mut Draft<'_, L>,
    ground: Ground<'_>,
    intent: &PreparedIntent,
    sent: &DeskMoment,
    received_at: DateTime<Utc>,
) -> Result<Verdict> {
    let envelope = intent.kept.envelope();
    let own = |body| Verdict {
        subject: envelope.subject.clone(),
        body,
        key: None,
    };
    let act = match &intent.act {
        Ok(act) => act,
        Err(unread) => {
            let because = unread.to_string();
            return Ok(own(EntryBody::Parked(Parked { because })));
        }
    };
    if is_borrowed(envelope, ground) {
        return Ok(own(EntryBody::Refused(Refused {
            conflict: Conflict::NotAuthorised,
            rule: "the center does not sit at a desk".to_owned(),
            seen_version: envelope.base_version,
            current_version: draft
                .subject(&envelope.subject)?
                .map_or(0, Subject::version),
            kept: None,
        })));
    }
    let acted = acted_at(envelope.clock(sent), received_at);
    if let Some(verdict) = redirected(draft, ground, envelope, act, acted)? {
        return Ok(verdict);
    }
    let subject = draft.subject(&envelope.subject)?;
    let current_version = subject.map_or(0, Subject::version);
    let says = by_the_rules(envelope, act, subject, ground, acted.at).map_err(|says| {
        let outcome = conflict::outcome(act, subject, &says);
        (outcome.conflict, says.to_string())
    });
    let says = match says {
        Ok(_) if is_of_another_round(envelope, act, subject) => {
            let rule = "the order was dispatched and came back".to_owned();
            Err((Conflict::WrongRound, rule))
        }
        says => says,
    };
    let is_kept = conflict::listed(act, subject);
    let is_kept = is_kept.is_some_and(|outcome| outcome.is_kept);
    let kept = || Kept {
        kind: envelope.kind.clone(),
        command: envelope.command.clone(),
        acted_at: Some(acted.at),
    };
    match says {
        Ok((story, flags)) => {
            let mut flags: Vec<Flag> = flags.into_iter().collect();
            flags.extend(oddities(draft, ground, envelope, act, acted)?);
            let key = key_of(envelope, &story);
            let accepted = Accepted {
                story,
                acted_at: acted.at,
                seen_version: envelope.base_version,
                current_version,
                flags,
            };
            Ok(Verdict {
                key,
                ..own(EntryBody::Accepted(accepted))
            })
        }
        Err((conflict, rule)) if act.is_fact() => Ok(own(EntryBody::LateFact(LateFact {
            conflict,
            rule,
            seen_version: envelope.base_version,
            current_version,
            told: kept(),
        }))),
        Err((conflict, rule)) => {
            // What somebody may not do any more is for the supervisor's eyes, not in the feed.
            let is_kept = is_kept && conflict != Conflict::NotAuthorised;
            Ok(own(EntryBody::Refused(Refused {
                conflict,
                rule,
                seen_version: envelope.base_version,
                current_version,
                kept: is_kept.then(kept),
            })))
        }
    }
}

/// Whether a desk speaks for the center itself, which only gives commands here.
fn is_borrowed(envelope: &Envelope, ground: Ground<'_>) -> bool {
    let actor = ground.references.actor_then(&envelope.actor);
    envelope.desk.0 != OWN_DESK && actor.roles.contains(&Role::Center)
}

/// The rules' word on it. A fact was told while the person still might; an article that somebody
/// else has changed gets what was written beside it.
fn by_the_rules(
    envelope: &Envelope,
    act: &Act,
    subject: Option<&Subject>,
    ground: Ground<'_>,
    at: DateTime<Utc>,
) -> Result<(Story, Option<Flag>), RuleSays> {
    let id = &envelope.subject;
    let actor = ground.references.actor(&envelope.actor);
    let says = Subject::decide(id, subject, act, &ground.facts(at, &actor));
    match says {
        Ok(story) => Ok((story, None)),
        Err(RuleSays::Order(Refusal::NotPermitted { .. })) if act.is_fact() => {
            let then = ground.references.actor_then(&envelope.actor);
            let story = Subject::decide(id, subject, act, &ground.facts(at, &then))?;
            Ok((story, Some(Flag::FormerRights)))
        }
        Err(says) => {
            let Some(beside) = beside(act, subject, &says) else {
                return Err(says);
            };
            let facts = ground.facts(at, &actor);
            match Subject::decide(id, subject, &beside, &facts) {
                Ok(story) => Ok((story, Some(Flag::KeptBeside))),
                Err(_not_that_either) => Err(says),
            }
        }
    }
}

/// 另存修改稿, for an edit that came second.
fn beside(act: &Act, subject: Option<&Subject>, says: &RuleSays) -> Option<Act> {
    let Act::Article(KbCommand::Edit { content, .. }) = act else {
        return None;
    };
    let came_second = matches!(
        says,
        RuleSays::Article(
            KbRefusal::StaleDraft { .. } | KbRefusal::NoDraft | KbRefusal::WrongDraftStage { .. }
        )
    );
    let record = subject.and_then(Subject::article)?;
    let base_version = record.current().map_or(0, |version| version.number);
    came_second.then(|| {
        Act::Article(KbCommand::ProposeBeside {
            content: content.clone(),
            base_version,
        })
    })
}

/// Whether the order was given to somebody since the person saw it. Commands that name an assignment need
/// no such check: a number is given once.
fn is_of_another_round(envelope: &Envelope, act: &Act, subject: Option<&Subject>) -> bool {
    let is_checked = act
        .order_kind()
        .is_some_and(|kind| WHEREVER.contains(&kind));
    let seen = envelope.witness.as_ref().and_then(|witness| witness.round);
    let now = subject.and_then(Subject::round);
    is_checked && seen.is_some() && now.is_some() && seen != now
}

/// 并入: decides on the order that the one was merged into. `None` where it was not, or where the
/// rules do not let it through there either.
fn redirected<L: Ledger>(
    draft: &mut Draft<'_, L>,
    ground: Ground<'_>,
    envelope: &Envelope,
    act: &Act,
    acted: ActedAt,
) -> Result<Option<Verdict>> {
    if !conflict::is_redirected(act) {
        return Ok(None);
    }
    let mut at = envelope.subject.clone();
    for _ in 0..MERGES_FOLLOWED_MAX {
        let order = draft.subject(&at)?.and_then(Subject::order);
        let Some(number) = order.and_then(|order| merged_into(order)) else {
            break;
        };
        let number = number.to_owned();
        let Some(next) = draft.orders_numbered(&number)?.into_iter().next() else {
            break;
        };
        at = next;
    }
    if at == envelope.subject {
        return Ok(None);
    }
    let target = draft.subject(&at)?;
    let current_version = target.map_or(0, Subject::version);
    let Ok((story, flag)) = by_the_rules(envelope, act, target, ground, acted.at) else {
        return Ok(None);
    };
    let mut flags: Vec<Flag> = flag.into_iter().collect();
    flags.extend(acted.is_doubtful.then_some(Flag::ClockDoubtful));
    let accepted = Accepted {
        story,
        acted_at: acted.at,
        seen_version: envelope.base_version,
        current_version,
        flags,
    };
    Ok(Some(Verdict {
        subject: at,
        body: EntryBody::Redirected {
            from: envelope.subject.clone(),
            accepted,
        },
        key: None,
    }))
}

fn merged_into(order: &WorkOrder) -> Option<&str> {
    (order.stage == Stage::Merged)
        .then_some(order.merged_into.as_deref())
        .flatten()
}

/// What is odd about what was accepted.
fn oddities<L: Ledger>(
    draft: &mut Draft<'_, L>,
    ground: Ground<'_>,
    envelope: &Envelope,
    act: &Act,
    acted: ActedAt,
) -> Result<Vec<Flag>> {
    let mut flags = Vec::new();
    if acted.is_doubtful {
        flags.push(Flag::ClockDoubtful);
    }
    if ground.rule_sets.in_force_on(date_of(acted.at)).id != envelope.rule_set {
        flags.push(Flag::OtherRuleSet);
    }
    match act {
        Act::Order(Command::Register { number, matter }) => {
            let same = draft.orders_numbered(number)?.into_iter();
            flags.extend(same.map(|subject| Flag::NumberTwice { subject }));
            let phone = digits(&matter.caller.phone);
            if !phone.is_empty() {
                let mut earlier = Vec::new();
                for id in draft.orders_of_phone(&phone, EARLIER_ORDERS_MAX)? {
                    earlier.extend(draft.subject(&id)?.and_then(Subject::order).cloned());
                }
                let proposals = propose_repeats(matter, &earlier).into_iter();
                let repeat = proposals
                    .filter(|it| {
                        matches!(
                            it.relation,
                            RepeatRelation::SameDelivery | RepeatRelation::MergeInto
                        )
                    })
                    .map(|it| Flag::PossibleRepeat { number: it.number });
                flags.extend(repeat.take(1));
            }
        }
        Act::Order(Command::AnswerOnTheSpot {
            article: Some(cited),
            ..
        }) => {
            let record = draft.subject(&cited.id.0)?.and_then(Subject::article);
            let is_retired = |record: &domain::kb::KbRecord| {
                !matches!(record.holding, domain::kb::KbHolding::InUse)
            };
            if record.is_some_and(is_retired) {
                flags.push(Flag::CitesRetiredArticle {
                    article: cited.id.0.clone(),
                });
            }
        }
        Act::Order(_)
        | Act::Article(_)
        | Act::Task(_)
        | Act::Case(_)
        | Act::Amendment(_)
        | Act::Assessment(_)
        | Act::Dossier(_)
        | Act::EarlyWarning(_) => {}
    }
    Ok(flags)
}

/// By what an order is found, for the registration of one and for who turns out to have called.
fn key_of(envelope: &Envelope, story: &Story) -> Option<OrderKey> {
    let Story::Order(events) = story else {
        return None;
    };
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "nothing else says what an order is found by"
    )]
    events.iter().find_map(|event| {
        let (number, caller) = match &event.kind {
            EventKind::Registered { number, matter, .. } => (number.as_str(), &matter.caller),
            EventKind::CallerCorrected { caller, .. } => ("", caller.as_ref()),
            _ => return None,
        };
        // A text that nobody would call an order by stays in the order alone.
        let number = if is_id(number) { number } else { "" };
        Some(OrderKey {
            subject: envelope.subject.clone(),
            number: number.to_owned(),
            phone: digits(&caller.phone),
        })
    })
}

fn digits(phone: &str) -> String {
    let digits = phone.chars().filter(char::is_ascii_digit);
    digits.take(ID_MAX_CHARS).collect()
}

/// Whether an intent builds on what the center does not have: it was restored, and the desk that
/// sent what is missing has not come back yet.
pub(crate) fn builds_on_missing<L: Ledger>(
    draft: &mut Draft<'_, L>,
    envelope: &Envelope,
) -> Result<bool> {
    let is_registration = envelope.base_version == 0;
    let version = draft
        .subject(&envelope.subject)?
        .map_or(0, Subject::version);
    Ok(!is_registration && version < envelope.base_version)
}
