//! A dossier is of a number, not of a desk: opened at one, known at the others, and what two desks say of it
//! at the same time is all in it or comes back to a person.

use domain::caller_dossier::AbuseKind;

use super::redaction::carried;
use super::*;
use crate::caller::{
    ActOnDossier, CallEvidenceInput, CallerCard, DossierAct, act_on_dossier, caller_card, dossiers,
};
use crate::conflict::conflicts;
use crate::work_order::CallerPhone;

const PHONE: &str = "138 0000 1234";

fn evidence(recording: &str) -> CallEvidenceInput {
    CallEvidenceInput {
        duration_s: 320,
        recording: recording.to_owned(),
        note: "辱骂话务员".to_owned(),
    }
}

fn act(scene: &Scene, version: u32, act: DossierAct) {
    let phone = PHONE.to_owned();
    let request = ActOnDossier {
        phone,
        version,
        act,
    };
    act_on_dossier(&scene.desk(), request).unwrap();
}

fn open(scene: &Scene, recording: &str) {
    let kinds = vec![AbuseKind::Harassment];
    let evidence = evidence(recording);
    act(scene, 0, DossierAct::Open { kinds, evidence });
}

fn add(scene: &Scene, version: u32, recording: &str) {
    let evidence = evidence(recording);
    act(scene, version, DossierAct::AddEvidence { evidence });
}

fn card(scene: &Scene) -> CallerCard {
    let phone = "+86 13800001234".to_owned();
    caller_card(&scene.desk(), CallerPhone { phone }).unwrap()
}

/// The recordings in evidence, in order.
fn recordings(scene: &Scene) -> Vec<String> {
    let dossier = card(scene).dossier;
    let evidence = dossier.into_iter().flat_map(|it| it.evidence);
    evidence.map(|it| it.recording).collect()
}

/// Two desks of one center, whose only person is this one; `first` has the center.
pub(super) fn two(actor: Actor) -> (Scene, Scene) {
    let mut first = Scene::new();
    let staff = Reference::Staff(vec![StaffMember {
        actor,
        is_disabled: false,
        former_roles: Vec::new(),
    }]);
    first
        .center
        .change_reference(&staff, SystemClock.now())
        .unwrap();
    first.enrol();
    while first.carry(false) {}
    let mut second = first.beside("another");
    std::mem::swap(&mut first.center, &mut second.center);
    (first, second)
}

#[test]
fn a_dossier_of_one_desk_is_known_at_the_other() {
    let (mut first, mut second) = two(operator());
    open(&first, "R-1");
    carried(&mut first);
    assert_eq!(recordings(&second), [""; 0]);
    std::mem::swap(&mut first.center, &mut second.center);
    carried(&mut second);
    assert_eq!(recordings(&second), ["R-1"]);
    let shown = card(&second);
    assert_eq!(
        shown.handling_text,
        "此号码有异常来电档案，请照常接听，注意留证。"
    );
    let tally = second.desk().store.read(|it| Ok(it.tally()?)).unwrap();
    assert_eq!(tally, Some(second.center_tally()));
    assert_eq!(tally.unwrap().n_dossiers, 1);

    // Each lays a call by that the other does not know of yet.
    add(&second, 1, "R-2");
    add(&first, 1, "R-3");
    carried(&mut second);
    std::mem::swap(&mut first.center, &mut second.center);
    carried(&mut first);
    assert_eq!(recordings(&first), ["R-1", "R-2", "R-3"]);
    std::mem::swap(&mut first.center, &mut second.center);
    carried(&mut second);
    assert_eq!(recordings(&second), ["R-1", "R-2", "R-3"]);
    assert_eq!(conflicts(&second.desk(), ()).unwrap().len(), 0);
    assert_eq!(dossiers(&second.desk(), ()).unwrap().len(), 1);
}

#[test]
fn two_that_are_opened_at_once_are_one_and_the_second_comes_back() {
    let (mut first, mut second) = two(operator());
    open(&first, "R-1");
    open(&second, "R-2");
    assert_eq!(recordings(&second), ["R-2"]);
    carried(&mut first);
    std::mem::swap(&mut first.center, &mut second.center);
    carried(&mut second);
    assert_eq!(recordings(&second), ["R-1"]);
    let rows = conflicts(&second.desk(), ()).unwrap();
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(row.asked, "异常来电建档");
    assert_eq!(row.subject_text, "异常来电 138****1234");
    assert!(row.needs_action);
    // No number where subjects are written down.
    assert!(!row.subject_id.contains("1234"), "{}", row.subject_id);
    // What was laid by is not lost: the person adds it to the dossier that is there.
    add(&second, 1, "R-2");
    carried(&mut second);
    assert_eq!(recordings(&second), ["R-1", "R-2"]);
}
