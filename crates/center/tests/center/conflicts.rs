//! The table of conflicts is whole: every command at every stage has one line.

use center::conflict::{
    AMENDMENTS, ARTICLES, ASSESSMENTS, AmendmentAt, ArticleAt, AssessmentAt, CASES, DOSSIERS,
    DossierAt, EARLY_WARNINGS, EarlyWarningAt, ORDERS, TASKS, of_amendment, of_article,
    of_assessment, of_case, of_dossier, of_early_warning, of_order, of_task,
};
use domain::assessment::AssessmentCommandKind;
use domain::caller_dossier::DossierCommandKind;
use domain::dispatch_catalogue::AmendmentCommandKind;
use domain::early_warning::EarlyWarningCommandKind;
use domain::kb::KbCommandKind;
use domain::kb::task::{KbTaskCommandKind, KbTaskStage};
use domain::supervision::{SupervisoryCommandKind, SupervisoryStage};
use domain::work_order::{CommandKind, Stage};
use expect_test::expect_file;

fn stages() -> Vec<Option<Stage>> {
    let stages = Stage::ALL.into_iter().map(Some);
    std::iter::once(None).chain(stages).collect()
}

#[test]
fn every_command_at_every_stage_has_one_line() {
    let mut n_pairs = 0;
    for kind in CommandKind::ALL {
        for stage in stages() {
            let lines = ORDERS
                .iter()
                .filter(|line| line.kinds.contains(kind) && line.stages.contains(&stage));
            assert_eq!(lines.count(), 1, "{kind:?} at {stage:?}");
            n_pairs += 1;
        }
    }
    assert_eq!(n_pairs, CommandKind::ALL.len() * (Stage::ALL.len() + 1));
    for kind in KbCommandKind::ALL {
        for at in ArticleAt::ALL {
            let lines = ARTICLES
                .iter()
                .filter(|line| line.kinds.contains(&kind) && line.at.contains(&at));
            assert_eq!(lines.count(), 1, "{kind:?} at {at:?}");
        }
    }
}

fn task_stages() -> [Option<KbTaskStage>; 5] {
    [
        None,
        Some(KbTaskStage::Open),
        Some(KbTaskStage::Delivered),
        Some(KbTaskStage::Done),
        Some(KbTaskStage::Cancelled),
    ]
}

#[test]
fn every_command_about_a_task_has_one_line() {
    for kind in KbTaskCommandKind::ALL {
        for stage in task_stages() {
            let lines = TASKS
                .iter()
                .filter(|line| line.kinds.contains(&kind) && line.stages.contains(&stage));
            assert_eq!(lines.count(), 1, "{kind:?} at {stage:?}");
        }
    }
}

fn case_stages() -> Vec<Option<SupervisoryStage>> {
    let stages = SupervisoryStage::ALL.into_iter().map(Some);
    std::iter::once(None).chain(stages).collect()
}

#[test]
fn every_command_of_the_assessment_has_one_line() {
    for kind in AssessmentCommandKind::ALL {
        for at in AssessmentAt::ALL {
            let lines = ASSESSMENTS
                .iter()
                .filter(|line| line.kinds.contains(&kind) && line.at.contains(&at));
            assert_eq!(lines.count(), 1, "{kind:?} at {at:?}");
        }
    }
}

#[test]
fn every_command_about_a_case_has_one_line() {
    for kind in SupervisoryCommandKind::ALL {
        for stage in case_stages() {
            let lines = CASES
                .iter()
                .filter(|line| line.kinds.contains(&kind) && line.stages.contains(&stage));
            assert_eq!(lines.count(), 1, "{kind:?} at {stage:?}");
        }
    }
}

#[test]
fn every_command_about_an_amendment_has_one_line() {
    for kind in AmendmentCommandKind::ALL {
        for at in AmendmentAt::ALL {
            let lines = AMENDMENTS
                .iter()
                .filter(|line| line.kinds.contains(&kind) && line.at.contains(&at));
            assert_eq!(lines.count(), 1, "{kind:?} at {at:?}");
        }
    }
}

#[test]
fn every_command_about_a_dossier_has_one_line() {
    for kind in DossierCommandKind::ALL {
        for at in DossierAt::ALL {
            let lines = DOSSIERS
                .iter()
                .filter(|line| line.kinds.contains(&kind) && line.at.contains(&at));
            assert_eq!(lines.count(), 1, "{kind:?} at {at:?}");
        }
    }
}

#[test]
fn every_command_about_an_early_warning_has_one_line() {
    for kind in EarlyWarningCommandKind::ALL {
        for at in EarlyWarningAt::ALL {
            let lines = EARLY_WARNINGS
                .iter()
                .filter(|line| line.kinds.contains(&kind) && line.at.contains(&at));
            assert_eq!(lines.count(), 1, "{kind:?} at {at:?}");
        }
    }
}

/// A fact is never refused, so what was told is always kept.
#[test]
fn facts_are_kept_wherever_they_come() {
    for kind in CommandKind::ALL.iter().filter(|kind| kind.is_fact()) {
        // A registration and a delivery by the center have nothing but themselves to tell.
        if matches!(kind, CommandKind::Register | CommandKind::ConfirmDelivery) {
            continue;
        }
        for stage in stages() {
            let line = of_order(*kind, stage).unwrap();
            assert!(line.is_kept, "{kind:?} at {stage:?}");
        }
    }
}

/// The table in full, for people who know the work: which conflict, with + where what was written
/// is kept.
#[test]
fn the_table_in_full() {
    let mut text = String::new();
    for kind in CommandKind::ALL {
        let cells = stages().into_iter().map(|stage| {
            let line = of_order(*kind, stage).unwrap();
            let name = stage.map_or("Missing".to_owned(), |stage| format!("{stage:?}"));
            let kept = if line.is_kept { "+" } else { "" };
            (format!("{:?}{kept}", line.conflict), name)
        });
        text.push_str(&line(&format!("{kind:?}"), cells));
    }
    for kind in KbCommandKind::ALL {
        let cells = ArticleAt::ALL.into_iter().map(|at| {
            let line = of_article(kind, at).unwrap();
            let kept = if line.is_kept { "+" } else { "" };
            (format!("{:?}{kept}", line.conflict), format!("{at:?}"))
        });
        text.push_str(&line(&format!("Kb{kind:?}"), cells));
    }
    for kind in KbTaskCommandKind::ALL {
        let cells = task_stages().into_iter().map(|stage| {
            let line = of_task(kind, stage).unwrap();
            let name = stage.map_or("Missing".to_owned(), |stage| format!("{stage:?}"));
            let kept = if line.is_kept { "+" } else { "" };
            (format!("{:?}{kept}", line.conflict), name)
        });
        text.push_str(&line(&format!("KbTask{kind:?}"), cells));
    }
    for kind in SupervisoryCommandKind::ALL {
        let cells = case_stages().into_iter().map(|stage| {
            let line = of_case(kind, stage).unwrap();
            let name = stage.map_or("Missing".to_owned(), |stage| format!("{stage:?}"));
            (format!("{:?}", line.conflict), name)
        });
        text.push_str(&line(&format!("Case{kind:?}"), cells));
    }
    for kind in AmendmentCommandKind::ALL {
        let cells = AmendmentAt::ALL.into_iter().map(|at| {
            let line = of_amendment(kind, at).unwrap();
            (format!("{:?}", line.conflict), format!("{at:?}"))
        });
        text.push_str(&line(&format!("Amendment{kind:?}"), cells));
    }
    for kind in AssessmentCommandKind::ALL {
        let cells = AssessmentAt::ALL.into_iter().map(|at| {
            let line = of_assessment(kind, at).unwrap();
            (format!("{:?}", line.conflict), format!("{at:?}"))
        });
        text.push_str(&line(&format!("Assess{kind:?}"), cells));
    }
    for kind in DossierCommandKind::ALL {
        let cells = DossierAt::ALL.into_iter().map(|at| {
            let line = of_dossier(kind, at).unwrap();
            (format!("{:?}+", line.conflict), format!("{at:?}"))
        });
        text.push_str(&line(&format!("Dossier{kind:?}"), cells));
    }
    for kind in EarlyWarningCommandKind::ALL {
        let cells = EarlyWarningAt::ALL.into_iter().map(|at| {
            let line = of_early_warning(kind, at).unwrap();
            (format!("{:?}+", line.conflict), format!("{at:?}"))
        });
        text.push_str(&line(&format!("EarlyWarning{kind:?}"), cells));
    }
    expect_file!["conflicts.txt"].assert_eq(&text);
}

/// `Kind: Conflict (stages) …`, each conflict once.
fn line(kind: &str, cells: impl Iterator<Item = (String, String)>) -> String {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for (conflict, stage) in cells {
        match groups.iter_mut().find(|(name, _)| *name == conflict) {
            Some((_, stages)) => stages.push(stage),
            None => groups.push((conflict, vec![stage])),
        }
    }
    let groups = groups
        .iter()
        .map(|(name, stages)| format!("    {name}: {}\n", stages.join(" ")));
    format!("{kind}\n{}", groups.collect::<String>())
}
