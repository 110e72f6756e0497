//! 审计: what people of the units do, and read of any citizen. What is shown is recorded before, what is
//! done before it is answered; what cannot be recorded is a fault.

use ::audit::Outcome;
use serde_json::Value;

use super::api::{self, Reply};
use super::doorway::Doorway;
use super::error::CallError;
use crate::audit;

/// How a call is recorded, and which field of the request says what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Audited {
    /// A list without any citizen, figures, knowledge.
    Not,
    Shown {
        of: &'static str,
    },
    Done {
        of: &'static str,
    },
}

/// What is not named is recorded.
fn rule(name: &str) -> Audited {
    match name {
        "who_am_i" | "reference" | "overview" | "work_orders" | "kb_tasks" | "kb_task"
        | "kb_records" | "kb_record" | "statistics" | "figure_items" | "unit_rounds"
        | "unit_round" | "unit_score_items" => Audited::Not,
        "work_order" | "reveal_caller" => Audited::Shown { of: "id" },
        "sign_in" => Audited::Done { of: "person" },
        "handle_order" | "act_on_kb_record" => Audited::Done { of: "id" },
        "deliver_kb_task" | "appeal_score" => Audited::Done { of: "number" },
        _ => Audited::Done { of: "" },
    }
}

/// Does a call of the table and records it.
pub(super) async fn dispatch(
    doorway: &Doorway,
    name: &str,
    request: Value,
) -> Result<Reply, CallError> {
    let field = |of: &str| {
        let text = request.get(of).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    match rule(name) {
        Audited::Not => api::dispatch(doorway, name, request).await,
        Audited::Shown { of } => {
            // Who is not let in is told so by the call, and was shown nothing.
            if doorway.visit().is_ok() {
                record(doorway, name, &field(of), Outcome::Shown).await?;
            }
            api::dispatch(doorway, name, request).await
        }
        Audited::Done { of } => {
            let object = field(of);
            let reply = api::dispatch(doorway, name, request).await;
            record(doorway, name, &object, outcome(&reply)).await?;
            reply
        }
    }
}

pub(super) fn outcome<T>(reply: &Result<T, CallError>) -> Outcome {
    match reply {
        Ok(_) => Outcome::Done,
        Err(CallError::SignedOut | CallError::MustChange) => Outcome::Denied,
        Err(CallError::NotWritten(_) | CallError::Fault(_)) => Outcome::Failed,
        Err(
            CallError::Refused(_)
            | CallError::KbRefused(_)
            | CallError::KbTaskRefused(_)
            | CallError::AssessmentRefused(_)
            | CallError::Stale { .. }
            | CallError::Invalid { .. },
        ) => Outcome::Refused,
    }
}

pub(super) async fn record(
    doorway: &Doorway,
    act: &str,
    object: &str,
    outcome: Outcome,
) -> Result<(), CallError> {
    let session = doorway.session.as_ref();
    let person = session.map_or("", |it| it.actor.id.0.as_str());
    let act = format!("portal_{act}");
    let entry = audit::entry(doorway.office.clock.now(), person, &act, object, outcome);
    Ok(doorway.office.audit(entry).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A call that is added is recorded until somebody says here that it need not be.
    #[test]
    fn what_is_not_recorded() {
        let not: Vec<&str> = api::CALLS
            .iter()
            .filter(|name| rule(name) == Audited::Not)
            .copied()
            .collect();
        expect_test::expect![[r#"
            [
                "who_am_i",
                "reference",
                "overview",
                "work_orders",
                "kb_tasks",
                "kb_task",
                "kb_records",
                "kb_record",
                "statistics",
                "unit_rounds",
                "unit_round",
                "unit_score_items",
                "figure_items",
            ]
        "#]]
        .assert_debug_eq(&not);
        assert_eq!(rule("of_tomorrow"), Audited::Done { of: "" });
    }
}
