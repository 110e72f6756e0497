//! What people see of a subject: what is confirmed, and this desk's own waiting intents decided on
//! top of it, by the same rules and in the same order as the center will.

use domain::Actor;
use wire::{Act, Envelope, Ground, RuleSays, Story, Subject};

/// An intent that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    pub envelope: Envelope,
    pub act: Act,
}

/// 视图 of one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub subject: Option<Subject>,
    /// What the waiting intents make of it, by their ids. The center may see it otherwise.
    pub provisional: Vec<(String, Story)>,
    /// Intents that what has come meanwhile does not let through any more. They wait all the same:
    /// the center has the last word.
    pub held_up: Vec<HeldUp>,
}

/// 待定: an intent that will probably be refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldUp {
    pub intent: String,
    pub says: RuleSays,
}

/// Decides the waiting intents of one subject in turn. Reads nothing but its arguments.
pub fn view(id: &str, confirmed: Option<Subject>, pending: &[Pending], ground: Ground<'_>) -> View {
    let mut view = View {
        subject: confirmed,
        provisional: Vec::new(),
        held_up: Vec::new(),
    };
    for Pending { envelope, act } in pending {
        let actor: Actor = if act.is_fact() {
            ground.references.actor_then(&envelope.actor)
        } else {
            ground.references.actor(&envelope.actor)
        };
        let facts = ground.facts(envelope.occurred_at, &actor);
        match Subject::decide(id, view.subject.as_ref(), act, &facts) {
            Ok(story) => {
                Subject::apply(&mut view.subject, &story);
                view.provisional.push((envelope.id.clone(), story));
            }
            Err(says) => view.held_up.push(HeldUp {
                intent: envelope.id.clone(),
                says,
            }),
        }
    }
    view
}
