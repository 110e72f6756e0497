//! What holds for every history.

use domain::kb::{
    ErrorKind, KbArticleId, KbCommand, KbContent, KbFacts, KbRecord, KbStanding, ReportNumber,
    UnitConfirmation, apply, commands_at, decide, fold,
};
use proptest::prelude::*;

use crate::story::{date, person, ten_o_clock, whole};

/// The version that came with the program, where one did.
const ADOPTED: u32 = 7;

fn content() -> impl Strategy<Value = Box<KbContent>> {
    (0_u8..6, any::<bool>()).prop_map(|(n, is_whole)| {
        let mut content = whole();
        content.answer = format!("第{n}种答案");
        if !is_whole {
            content.source = String::new();
        }
        Box::new(content)
    })
}

fn command() -> impl Strategy<Value = KbCommand> {
    let reason = || Just("理由".to_owned());
    let small = 0_u32..5;
    prop_oneof![
        1 => content().prop_map(|content| KbCommand::Draft { content }),
        1 => content().prop_map(|content| KbCommand::Adopt { content, version: ADOPTED }),
        4 => (content(), small.clone()).prop_map(|(content, base_revision)| KbCommand::Edit { content, base_revision }),
        1 => (content(), small.clone()).prop_map(|(content, base_version)| KbCommand::ProposeBeside { content, base_version }),
        1 => (content(), small.clone(), 0_u32..20).prop_map(|(content, base_revision, proposal)| KbCommand::TakeProposal { proposal, content, base_revision }),
        4 => small.clone().prop_map(|base_revision| KbCommand::Submit { base_revision }),
        4 => Just(KbCommand::Confirm { confirmation: UnitConfirmation::InPerson }),
        1 => reason().prop_map(|reason| KbCommand::RejectByUnit { reason }),
        4 => Just(KbCommand::publish()),
        1 => reason().prop_map(|reason| KbCommand::Publish { contradicts: vec![KbArticleId("kb-2".to_owned())], reason }),
        1 => reason().prop_map(|reason| KbCommand::RejectByCenter { reason }),
        1 => reason().prop_map(|reason| KbCommand::Suspend { reason }),
        1 => reason().prop_map(|reason| KbCommand::Resume { reason }),
        1 => reason().prop_map(|reason| KbCommand::Withdraw { reason }),
        1 => reason().prop_map(|reason| KbCommand::MergeInto { into: KbArticleId("kb-2".to_owned()), reason }),
        1 => reason().prop_map(|reason| KbCommand::DiscardDraft { reason }),
        1 => small.clone().prop_map(|version| KbCommand::ReportError { kind: ErrorKind::Wrong, version, passage: String::new(), note: String::new() }),
        1 => small.clone().prop_map(|number| KbCommand::NoteReport { report: ReportNumber(number), note: "空号".to_owned() }),
        1 => small.prop_map(|number| KbCommand::AcceptReport { report: ReportNumber(number) }),
    ]
}

fn step() -> impl Strategy<Value = (&'static str, KbCommand)> {
    let who = prop_oneof![
        3 => Just("编辑甲"),
        1 => Just("编辑乙"),
        3 => Just("审核丙"),
        1 => Just("兼职丁"),
        3 => Just("人社联络员"),
        1 => Just("受理员"),
    ];
    (who, command())
}

proptest! {
    #[test]
    fn every_history(steps in prop::collection::vec(step(), 1..80)) {
        let id = KbArticleId("kb-1".to_owned());
        let today = date("11-24");
        let (mut record, mut events): (Option<KbRecord>, Vec<_>) = (None, Vec::new());
        for (who, command) in steps {
            let actor = person(who);
            let facts = KbFacts { now: ten_o_clock(today), actor: &actor };
            let before = record.clone();
            let decided = decide(&id, record.as_ref(), &command, &facts);
            if let Some(record) = &record {
                let allowed = commands_at(record, &facts).find(|(kind, _)| *kind == command.kind()).unwrap().1;
                // What is allowed depends on the content only where it is allowed at all.
                if let Some(refusal) = allowed {
                    prop_assert_eq!(decided.as_ref().unwrap_err(), &refusal);
                }
            }
            let Ok(event) = decided else { continue };
            apply(&mut record, &event);
            events.push(event);
            let after = record.as_ref().unwrap();
            let versions_before = before.as_ref().map_or(&[][..], |before| &before.versions);
            prop_assert!(after.versions.starts_with(versions_before), "a version was lost or changed");
            prop_assert!(after.versions.len() <= versions_before.len() + 1);
            for version in &after.versions {
                let Some(signed) = &version.signatures else {
                    prop_assert!(version.number == ADOPTED, "published without a signature");
                    continue;
                };
                prop_assert!(!version.editors.contains(&signed.published_by), "one pair of eyes");
                prop_assert!(version.content.missing().is_empty());
            }
            let is_shown = after.standing_on(today) == KbStanding::InUse;
            prop_assert!(!is_shown || after.article().is_some());
        }
        prop_assert_eq!(fold(&events), record);
    }
}
