use domain::early_warning::EarlyWarningFound;
use wire::early_warning_subject;

use super::*;
use crate::tests::{Desk, at};

const ABOUT: &str = "words 记者";

fn ground() -> EarlyWarningGround {
    EarlyWarningGround::Words {
        word: "记者".to_owned(),
    }
}

fn warning(id: &str, found_at: &str) -> StoredEarlyWarning {
    StoredEarlyWarning {
        id: id.to_owned(),
        about: ABOUT.to_owned(),
        subject: early_warning_subject(ABOUT),
        ground: ground(),
        found_at: at(found_at),
        closed_at: None,
    }
}

fn event(found_at: &str, acted_at: &str, act: EarlyWarningAct) -> EarlyWarningEvent {
    let found = EarlyWarningFound {
        ground: ground(),
        found_at: at(found_at),
        orders: vec!["order-1".to_owned()],
    };
    EarlyWarningEvent {
        occurred_at: at(acted_at),
        actor: ActorId("2001".to_owned()),
        kind: EarlyWarningCommand::Act { found, act },
    }
}

fn note() -> EarlyWarningAct {
    EarlyWarningAct::Noted {
        note: String::new(),
    }
}

fn close() -> EarlyWarningAct {
    EarlyWarningAct::Closed {
        reason: "已答复".to_owned(),
    }
}

#[test]
fn a_warning_is_kept_as_it_was_found_and_closed_by_what_was_done() {
    let mut desk = Desk::new();
    let first = warning("a", "2026-11-23 09:15");
    let subject = first.subject.clone();
    desk.change(|writer| {
        writer.append_early_warning(&first)?;
        for order in ["order-1", "order-2", "order-1"] {
            writer.add_order_to_early_warning("a", order, at("2026-11-23 09:15"))?;
        }
        let noted = event("2026-11-23 09:15", "2026-11-23 10:00", note());
        writer.append_early_warning_event(&subject, 1, 0, &noted)
    });
    let open = desk.query(Reader::open_early_warnings);
    assert_eq!(open, std::slice::from_ref(&first));
    assert_eq!(desk.query(Reader::count_open_early_warnings), 1);
    desk.change(|writer| {
        let closed = event("2026-11-23 09:15", "2026-11-23 11:00", close());
        writer.append_early_warning_event(&subject, 2, 1, &closed)?;
        writer.append_early_warning(&warning("b", "2026-11-24 09:15"))
    });
    for change in [
        "DELETE FROM early_warning",
        "UPDATE early_warning SET about = '' WHERE id = 'b'",
        "UPDATE early_warning SET found_at = 0 WHERE id = 'b'",
    ] {
        let refused = desk.store().commit(|writer| -> Result<(), StoreFault> {
            Ok(writer.connection().execute_batch(change)?)
        });
        assert!(refused.is_err(), "{change}");
    }
    desk.restart();
    let closed = desk.query(Reader::closed_early_warnings);
    let closed_at = Some(at("2026-11-23 11:00"));
    assert_eq!(closed, [StoredEarlyWarning { closed_at, ..first }]);
    let record = desk.query(|reader| reader.early_warning_record(&subject));
    let round = closed[0].round(record.as_ref()).unwrap();
    assert_eq!(round.steps.len(), 2);
    // What was found after it was closed is open, and nobody has done anything about it.
    let open = desk.query(Reader::open_early_warnings);
    assert_eq!(open, [warning("b", "2026-11-24 09:15")]);
    assert_eq!(open[0].round(record.as_ref()), None);
    let (orders, n_orders) = desk.query(|reader| reader.orders_of_early_warning("a"));
    assert_eq!((orders.len(), n_orders), (2, 2));
    let last = desk.query(|reader| reader.last_early_warning_about(ABOUT));
    assert_eq!(last.unwrap().id, "b");

    // The center did not take the closing: it is open again.
    desk.change(|writer| {
        let noted = event("2026-11-23 09:15", "2026-11-23 10:00", note());
        writer.replace_early_warning_events(&subject, &[(0, &[noted])])
    });
    assert_eq!(desk.query(Reader::count_open_early_warnings), 2);
    desk.change(|writer| writer.replace_early_warning_events(&subject, &[]));
    assert_eq!(
        desk.query(|reader| reader.early_warning_record(&subject)),
        None
    );
}

/// A desk that has not found it, because it was off.
#[test]
fn what_was_found_elsewhere_is_listed_with_its_record() {
    let desk = Desk::new();
    let subject = early_warning_subject(ABOUT);
    let noted = event("2026-11-23 09:15", "2026-11-23 10:00", note());
    let closed = event("2026-11-23 09:15", "2026-11-23 11:00", close());
    let story = [noted, closed];
    desk.change(|writer| writer.replace_early_warning_events(&subject, &[(0, &story[..1])]));
    let open = desk.query(Reader::open_early_warnings);
    assert_eq!((open.len(), open[0].ground.clone()), (1, ground()));
    assert_eq!(desk.query(Reader::count_open_early_warnings), 1);
    let id = open[0].id.clone();
    let found = desk.query(|reader| reader.early_warning(&id));
    assert_eq!(found.as_ref(), open.first());
    desk.change(|writer| writer.replace_early_warning_events(&subject, &[(0, &story)]));
    assert_eq!(desk.query(Reader::count_open_early_warnings), 0);
    assert_eq!(desk.query(Reader::closed_early_warnings).len(), 1);
    // Found here as well, before it was closed there: one warning, not two.
    desk.change(|writer| {
        writer.append_early_warning(&warning("a", "2026-11-23 09:20"))?;
        writer.replace_early_warning_events(&subject, &[(0, &story)])
    });
    let closed = desk.query(Reader::closed_early_warnings);
    assert_eq!((closed.len(), closed[0].id.as_str()), (1, "a"));
    for none in ["none", "early-warning-x/1", "early-warning-x/0", "/"] {
        assert_eq!(desk.query(|reader| reader.early_warning(none)), None);
    }
}

/// Of a desk that had warnings before all desks knew of each other.
#[test]
fn what_was_done_alone_stays() {
    let desk = Desk::new();
    desk.change(|writer| {
        writer.append_early_warning(&StoredEarlyWarning {
            subject: String::new(),
            ..warning("a", "2026-11-23 09:15")
        })?;
        Ok(writer.connection().execute_batch(
            r#"INSERT INTO early_warning_step (warning_id, number, act, by_id, at)
               VALUES ('a', 1, '{"type":"noted","note":""}', '2001', 1795396500000);
               INSERT INTO early_warning_thresholds (version, body, by_id, at)
               SELECT 1, '{"surge_in_a_day":5,"surge_z_hundredths":300,"repeat_min":4,
                   "repeat_days":30,"words":[],"hears_crowds":true,
                   "satisfaction_floor_percent":85,"satisfaction_min_rated":10,
                   "satisfaction_days":30,"quiet_hours":24}', '2001', 1795396500000;"#,
        )?)
    });
    let unnamed = desk.query(Reader::unnamed_early_warnings);
    assert_eq!(unnamed.len(), 1);
    let subject = early_warning_subject(ABOUT);
    desk.change(|writer| writer.name_early_warning("a", &subject));
    assert_eq!(desk.query(Reader::unnamed_early_warnings), []);
    assert_eq!(desk.query(Reader::open_early_warnings)[0].subject, subject);
    let steps = desk.query(|reader| reader.early_warning_steps_before("a"));
    assert_eq!(steps.len(), 1);
    let set = EarlyWarningEvent {
        occurred_at: at("2026-11-24 09:15"),
        actor: ActorId("2002".to_owned()),
        kind: EarlyWarningCommand::SetThresholds {
            thresholds: EarlyWarningThresholds::built_in(),
        },
    };
    desk.change(|writer| writer.append_early_warning_event(EARLY_WARNING_THRESHOLDS, 1, 0, &set));
    let sets = desk.query(Reader::early_warning_thresholds);
    let versions: Vec<(u32, u32)> = sets
        .iter()
        .map(|it| (it.version, it.thresholds.repeat_min))
        .collect();
    assert_eq!(versions, [(2, 3), (1, 4)]);
}

#[test]
fn plans_of_the_warnings() {
    let desk = Desk::new();
    let elsewhere = [OPEN_ELSEWHERE, CLOSED_ELSEWHERE];
    let elsewhere = elsewhere.map(|from| format!("SELECT subject, number {from} LIMIT ?1"));
    let all = [sql_of_open(), sql_of_closed(), sql_of_about()];
    for sql in all.iter().chain(&elsewhere) {
        let plan = desk.plan(sql);
        assert!(!plan.contains("SCAN"), "{plan}");
    }
}
