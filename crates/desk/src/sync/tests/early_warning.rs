//! Every desk finds a warning by itself; what people do about it is one record for all desks, and so are the
//! thresholds.

use chrono::{DateTime, Utc};
use desk_store::StoredEarlyWarning;
use domain::Role;
use domain::early_warning::{EarlyWarningGround, EarlyWarningStage};
use wire::early_warning_subject;

use super::redaction::carried;
use super::*;
use crate::conflict::conflicts;
use crate::early_warning::act::{
    ActOnEarlyWarning, EarlyWarningActForm, SetThresholds, act_on_early_warning,
    set_early_warning_thresholds,
};
use crate::early_warning::{
    EarlyWarningId, EarlyWarnings, EarlyWarningsAsk, early_warning, early_warnings,
};

const ABOUT: &str = "words 记者";

fn analyst() -> Actor {
    let roles = vec![Role::Operator, Role::Analyst];
    Actor {
        roles,
        ..operator()
    }
}

fn find(scene: &Scene, id: &str, found_at: DateTime<Utc>) {
    let warning = StoredEarlyWarning {
        id: id.to_owned(),
        about: ABOUT.to_owned(),
        subject: early_warning_subject(ABOUT),
        ground: EarlyWarningGround::Words {
            word: "记者".to_owned(),
        },
        found_at,
        closed_at: None,
    };
    let found = scene.desk().store.commit(|writer| {
        writer.append_early_warning(&warning)?;
        writer.add_order_to_early_warning(id, &format!("order of {id}"), found_at)
    });
    found.unwrap();
}

fn list(scene: &Scene, closed: bool) -> EarlyWarnings {
    early_warnings(&scene.desk(), EarlyWarningsAsk { closed }).unwrap()
}

fn stages(scene: &Scene) -> Vec<(EarlyWarningStage, u32)> {
    let rows = list(scene, false).rows.into_iter();
    rows.map(|row| (row.stage, row.n_orders)).collect()
}

fn act(scene: &Scene, id: &str, version: u32, act: EarlyWarningActForm) {
    let id = id.to_owned();
    act_on_early_warning(&scene.desk(), ActOnEarlyWarning { id, version, act }).unwrap();
}

fn note(scene: &Scene, id: &str, version: u32) {
    let note = String::new();
    act(scene, id, version, EarlyWarningActForm::Note { note });
}

fn close(scene: &Scene, id: &str, version: u32, reason: &str) {
    let reason = reason.to_owned();
    act(scene, id, version, EarlyWarningActForm::Close { reason });
}

/// What is at the center comes to both.
fn exchange(first: &mut Scene, second: &mut Scene) {
    carried(first);
    std::mem::swap(&mut first.center, &mut second.center);
    carried(second);
    std::mem::swap(&mut first.center, &mut second.center);
    carried(first);
}

/// Two desks of one center at which analysts sit; `first` has the center.
fn two() -> (Scene, Scene) {
    let (first, second) = dossier::two(analyst());
    for scene in [&first, &second] {
        let at_desk = |desk: &Desk| desk.with_operator(analyst(), "");
        scene.office.replace(at_desk);
    }
    (first, second)
}

#[test]
fn what_is_done_at_one_desk_is_known_at_the_others() {
    let (mut first, mut second) = two();
    let now = SystemClock.now();
    find(&first, "a", now);
    note(&first, "a", 0);
    assert_eq!(stages(&first), [(EarlyWarningStage::Noted, 1)]);
    exchange(&mut first, &mut second);
    // The second has not found it, and has it with the order that the first has told.
    assert_eq!(stages(&second), [(EarlyWarningStage::Noted, 1)]);
    assert_eq!(
        second
            .desk()
            .store
            .read(|it| Ok(it.count_open_early_warnings()?))
            .unwrap(),
        1
    );
    let tally = second.desk().store.read(|it| Ok(it.tally()?)).unwrap();
    assert_eq!(tally.unwrap().n_early_warnings, 1);
    // Then it finds it too: one warning, of two orders.
    find(&second, "b", now);
    assert_eq!(stages(&second), [(EarlyWarningStage::Noted, 2)]);
    close(&second, "b", 1, "已答复");
    assert_eq!(stages(&second), []);
    exchange(&mut first, &mut second);
    assert_eq!(stages(&first), []);
    let closed = list(&first, true).rows;
    assert_eq!(
        (closed.len(), closed[0].stage),
        (1, EarlyWarningStage::Closed)
    );
    let id = closed[0].id.clone();
    let detail = early_warning(&first.desk(), EarlyWarningId { id }).unwrap();
    let steps: Vec<&str> = detail.steps.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(steps, ["已知悉", "已关闭：已答复"]);
    assert!(first.is_drawn_as_told() && second.is_drawn_as_told());
}

#[test]
fn who_closes_second_is_told_that_it_was_closed() {
    let (mut first, mut second) = two();
    let now = SystemClock.now();
    find(&first, "a", now);
    find(&second, "b", now);
    close(&first, "a", 0, "甲桌已办");
    close(&second, "b", 0, "乙桌也办了");
    exchange(&mut first, &mut second);
    for scene in [&first, &second] {
        let closed = list(scene, true).rows;
        assert_eq!(closed.len(), 1);
        let id = closed[0].id.clone();
        let detail = early_warning(&scene.desk(), EarlyWarningId { id }).unwrap();
        assert_eq!(detail.steps.len(), 1);
        assert_eq!(detail.steps[0].text, "已关闭：甲桌已办");
    }
    let rows = conflicts(&second.desk(), ()).unwrap();
    let told: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row.asked.as_str(), row.subject_text.as_str()))
        .collect();
    assert_eq!(told, [("关闭预警", "预警 “记者”")]);
}

#[test]
fn thresholds_are_those_of_the_center() {
    let (mut first, mut second) = two();
    let mut form = list(&first, false).thresholds.form;
    form.repeat_min = 4;
    let set = SetThresholds { version: 0, form };
    set_early_warning_thresholds(&first.desk(), set).unwrap();
    exchange(&mut first, &mut second);
    for scene in [&first, &second] {
        let thresholds = list(scene, false).thresholds;
        assert_eq!((thresholds.version, thresholds.form.repeat_min), (1, 4));
        assert_eq!(thresholds.versions.len(), 1);
    }
}
