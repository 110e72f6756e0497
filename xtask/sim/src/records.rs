//! What people do beside orders and articles: tasks of the knowledge base, supervisory cases, amendments of the
//! dispatch catalogue, dossiers of callers, early warnings and their thresholds. A few of each, so that desks meet.
//! Half of what is tried the rules do not let happen: then nothing is saved.

use chrono::{DateTime, TimeDelta, Utc};
use domain::caller_dossier::{AbuseKind, CallEvidence, DossierCommand};
use domain::clock_face::date_of;
use domain::dispatch_catalogue::{AmendmentCommand, CatalogueAmendment};
use domain::early_warning::{
    EarlyWarningAct, EarlyWarningCommand, EarlyWarningFound, EarlyWarningGround,
    EarlyWarningThresholds,
};
use domain::kb::KbArticleId;
use domain::kb::task::{KbTaskCommand, KbTaskKind};
use domain::supervision::admonition::AdmonishingBody;
use domain::supervision::{Evidence, SupervisoryCommand, SupervisoryGround};
use wire::{
    Act, DISPATCH_CATALOGUE, EARLY_WARNING_THRESHOLDS, Subject, dossier_subject,
    early_warning_subject,
};

use crate::dice::Dice;
use crate::people::unit;

/// Which subject, and what is tried, by what `see` shows of it.
pub(crate) fn choose(
    mut see: impl FnMut(&str) -> Option<Subject>,
    now: DateTime<Utc>,
    dice: &mut Dice,
) -> (String, Act) {
    let nth = dice.below(5);
    match dice.below(6) {
        0 => {
            let id = format!("t-{nth}");
            let command = task(&id, see(&id).is_some(), dice);
            (id, Act::Task(command))
        }
        1 => {
            let id = format!("j-{nth}");
            let command = case(&id, see(&id).is_some(), now, dice);
            (id, Act::Case(command))
        }
        2 => {
            let known = see(DISPATCH_CATALOGUE);
            let command = amendment_command(known.as_ref(), dice);
            (DISPATCH_CATALOGUE.to_owned(), Act::Amendment(command))
        }
        3 => {
            let phone = format!("1380000000{nth}");
            let id = dossier_subject(&phone);
            let command = dossier(phone, see(&id).is_some(), now, dice);
            (id, Act::Dossier(command))
        }
        4 if dice.one_in(4) => {
            let mut thresholds = EarlyWarningThresholds::built_in();
            thresholds.words.push(format!("词{}", dice.below(50)));
            let command = EarlyWarningCommand::SetThresholds { thresholds };
            (
                EARLY_WARNING_THRESHOLDS.to_owned(),
                Act::EarlyWarning(command),
            )
        }
        _ => {
            let word = format!("聚众{nth}");
            let id = early_warning_subject(&word);
            (id, Act::EarlyWarning(warning(word, now, dice)))
        }
    }
}

fn task(number: &str, is_known: bool, dice: &mut Dice) -> KbTaskCommand {
    let article = || KbArticleId("kb-1".to_owned());
    let reason = "缺电话".to_owned();
    if !is_known {
        return KbTaskCommand::Assign {
            number: number.to_owned(),
            kind: KbTaskKind::Review,
            unit: unit(dice),
            article: Some(article()),
            subject: "停水多久算长".to_owned(),
            note: String::new(),
        };
    }
    match dice.below(6) {
        0..3 => KbTaskCommand::Deliver {
            article: Some(article()),
            note: "已更新".to_owned(),
        },
        3 => KbTaskCommand::Accept,
        4 => KbTaskCommand::Return { reason },
        _ => KbTaskCommand::Cancel { reason },
    }
}

fn case(number: &str, is_known: bool, now: DateTime<Utc>, dice: &mut Dice) -> SupervisoryCommand {
    let evidence = vec![Evidence {
        number: format!("W00-000{}", dice.below(9)),
        note: "超期".to_owned(),
        sha256: String::new(),
    }];
    let reason = "已核实".to_owned();
    if !is_known {
        return SupervisoryCommand::Propose {
            number: number.to_owned(),
            ground: SupervisoryGround::Overdue,
            unit: unit(dice),
            body: Some(AdmonishingBody::ApprovalBureau),
            facts: "超期办理".to_owned(),
            evidence,
        };
    }
    match dice.below(6) {
        0 => SupervisoryCommand::AddEvidence { evidence },
        1 => SupervisoryCommand::Confirm,
        2 => SupervisoryCommand::Reject { reason },
        3 => SupervisoryCommand::Issue {
            document: "渠热督〔2026〕1号".to_owned(),
            addressee: "负责人".to_owned(),
            answer_by: Some(date_of(now + TimeDelta::days(9))),
        },
        4 => SupervisoryCommand::RecordAnswer {
            answered_at: now,
            text: "已整改".to_owned(),
        },
        _ => SupervisoryCommand::Close { reason },
    }
}

fn amendment_command(known: Option<&Subject>, dice: &mut Dice) -> AmendmentCommand {
    let cases = if let Some(Subject::Catalogue(record)) = known {
        record.cases.as_slice()
    } else {
        &[]
    };
    let open = cases.iter().find(|case| case.ruling.is_none());
    match open.filter(|_| !dice.one_in(3)) {
        Some(case) => AmendmentCommand::Rule {
            id: case.id.clone(),
            is_adopted: dice.one_in(2),
            reason: "已研究".to_owned(),
        },
        None => AmendmentCommand::Propose {
            id: format!("x-{}", dice.below(1_000)),
            amendment: amendment(dice),
        },
    }
}

fn amendment(dice: &mut Dice) -> CatalogueAmendment {
    let number = || "W00-0001".to_owned();
    CatalogueAmendment {
        category_id: format!("03{:02}", dice.below(6)),
        from: unit(dice),
        to: unit(dice),
        because: vec![number(), number(), number()],
    }
}

fn dossier(phone: String, is_known: bool, now: DateTime<Utc>, dice: &mut Dice) -> DossierCommand {
    let evidence = CallEvidence {
        called_at: now,
        duration_s: u32::try_from(dice.between(10, 900)).unwrap_or(10),
        recording: format!("录音{}", dice.below(100)),
        note: "反复拨打".to_owned(),
    };
    let reason = "影响他人来电".to_owned();
    if !is_known {
        return DossierCommand::Open {
            phone,
            kinds: vec![AbuseKind::HoldsTheLine],
            evidence,
        };
    }
    match dice.below(8) {
        0..3 => DossierCommand::AddEvidence { evidence },
        3 => DossierCommand::TakeOver { reason },
        4 => DossierCommand::RequestRestriction {
            until: date_of(now + TimeDelta::days(20)),
            reason,
        },
        5 => DossierCommand::RuleOnRestriction {
            is_approved: dice.one_in(2),
            reason,
        },
        6 => DossierCommand::Refer {
            document: "渠热移〔2026〕1号".to_owned(),
            authority: "县公安局".to_owned(),
        },
        _ => DossierCommand::Close { reason },
    }
}

fn warning(word: String, now: DateTime<Utc>, dice: &mut Dice) -> EarlyWarningCommand {
    let note = "已知悉".to_owned();
    EarlyWarningCommand::Act {
        found: EarlyWarningFound {
            ground: EarlyWarningGround::Words { word },
            found_at: now,
            orders: vec!["o0-1".to_owned()],
        },
        act: match dice.below(4) {
            0 => EarlyWarningAct::Closed { reason: note },
            1 => EarlyWarningAct::PassedOn {
                to: "县应急局".to_owned(),
                note,
            },
            _ => EarlyWarningAct::Noted { note },
        },
    }
}
