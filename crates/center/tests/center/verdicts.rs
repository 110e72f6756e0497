//! What becomes of intents that were given on a state that is over (sync.md, the conflict table).

use center::{Ledger as _, MemoryLedger};
use domain::kb::{KbCommand, KbContent, KbTemplate};
use domain::matter::CallerCorrection;
use domain::work_order::{AssignmentNumber, Stage};
use domain::{Command, Role};
use wire::{Answer, Conflict, EntryBody, Flag, Reference, Subject};

use crate::town::{
    Town, confirm_delivery, dispatch, matter, member, register, sign_for, staff, supplement, town,
};

fn conflict(body: &EntryBody) -> Option<Conflict> {
    match body {
        EntryBody::Refused(refused) => Some(refused.conflict),
        EntryBody::LateFact(late) => Some(late.conflict),
        EntryBody::Accepted(_)
        | EntryBody::Redirected { .. }
        | EntryBody::Parked(_)
        | EntryBody::Recovered { .. }
        | EntryBody::ReferenceChanged { .. }
        | EntryBody::DeskEnrolled { .. }
        | EntryBody::DeskQuarantined { .. }
        | EntryBody::EpochBegan { .. }
        | EntryBody::Redacted(_) => None,
    }
}

#[test]
fn no_desk_speaks_for_the_center() {
    let mut town = town();
    let mut desk = town.desk("一");
    town.done(&mut desk, "受理员", "order-1", register("QX-1", "停水两天"));
    town.done(&mut desk, "受理员", "order-1", dispatch("水务"));
    let borrowed = town.order(&mut desk, "中心", "order-1", confirm_delivery(1));
    let verdict = town.verdict(borrowed);
    assert_eq!(conflict(&verdict), Some(Conflict::NotAuthorised));
    town.deliver("order-1", 1);
    // The desk goes on all the same.
    town.done(&mut desk, "水务联络员", "order-1", sign_for(1));
}

#[test]
fn two_dispatch_one_order() {
    let mut town = town();
    let (mut one, mut two) = (town.desk("一"), town.desk("二"));
    town.done(&mut one, "受理员", "order-1", register("QX-1", "停水两天"));
    let first = town.order(&mut one, "受理员", "order-1", dispatch("水务"));
    let same = town.order(&mut two, "值班长", "order-1", dispatch("水务"));
    let other = town.order(&mut two, "值班长", "order-1", dispatch("教育"));
    assert!(town.verdict(first).accepted().is_some());
    let same = town.verdict(same);
    assert_eq!(conflict(&same), Some(Conflict::AlreadyDispatched));
    assert!(!same.is_task(), "what was wanted is so");
    let other = town.verdict(other);
    assert_eq!(conflict(&other), Some(Conflict::DispatchedElsewhere));
    assert!(other.is_task());
}

#[test]
fn what_a_unit_wrote_in_a_round_that_is_over_is_kept() {
    let mut town = town();
    let (mut one, mut two) = (town.desk("一"), town.desk("二"));
    let liaison = "水务联络员";
    town.done(&mut one, "受理员", "order-1", register("QX-1", "停水两天"));
    town.done(&mut one, "受理员", "order-1", dispatch("水务"));
    town.deliver("order-1", 1);
    town.done(&mut one, liaison, "order-1", sign_for(1));
    let report = Command::SubmitReply {
        assignment: AssignmentNumber(1),
        reply: Box::new(domain::work_order::Reply {
            text: "已抢修".to_owned(),
            responsible_person: "张三".to_owned(),
            feedback: domain::work_order::Feedback::CallerNotReached,
            cited_opinions: Vec::new(),
        }),
    };
    let offline = town.order(&mut two, liaison, "order-1", report);
    let send_back = Command::SendBack {
        assignment: AssignmentNumber(1),
        reason: "不属本单位".to_owned(),
        basis: "三定方案".to_owned(),
        suggestion: "教育".to_owned(),
    };
    town.done(&mut one, liaison, "order-1", send_back);
    let ruling = Command::RuleOnSendBack {
        assignment: AssignmentNumber(1),
        is_accepted: true,
        reason: "属实".to_owned(),
    };
    town.done(&mut one, "审核员", "order-1", ruling);
    town.done(&mut one, "受理员", "order-1", dispatch("教育"));
    let verdict = town.verdict(offline);
    assert_eq!(conflict(&verdict), Some(Conflict::WrongRound));
    let EntryBody::Refused(refused) = verdict else {
        panic!("{verdict:?}");
    };
    assert!(refused.kept.unwrap().command.contains("已抢修"));
    assert!(refused.seen_version < refused.current_version);
}

#[test]
fn a_dispatch_of_another_round_does_not_pass() {
    let mut town = town();
    let (mut one, mut two) = (town.desk("一"), town.desk("二"));
    town.done(&mut one, "受理员", "order-1", register("QX-1", "停水两天"));
    let offline = town.order(&mut two, "值班长", "order-1", dispatch("水务"));
    town.done(&mut one, "受理员", "order-1", dispatch("教育"));
    town.deliver("order-1", 1);
    let education = member("教育联络员", &[Role::Liaison], "教育");
    let staff = Reference::Staff([staff(), vec![education]].concat());
    town.center.change_reference(&staff, town.now).unwrap();
    let send_back = Command::SendBack {
        assignment: AssignmentNumber(1),
        reason: "不属本单位".to_owned(),
        basis: "三定方案".to_owned(),
        suggestion: "水务".to_owned(),
    };
    town.done(&mut one, "教育联络员", "order-1", send_back);
    let ruling = Command::RuleOnSendBack {
        assignment: AssignmentNumber(1),
        is_accepted: true,
        reason: "属实".to_owned(),
    };
    town.done(&mut one, "审核员", "order-1", ruling);
    town.done(&mut one, "受理员", "order-1", dispatch("教育"));
    let verdict = town.verdict(offline);
    let expected = [Conflict::DispatchedElsewhere, Conflict::WrongRound];
    assert!(
        expected.contains(&conflict(&verdict).unwrap()),
        "{verdict:?}"
    );
}

#[test]
fn a_fact_is_never_refused() {
    let mut town = town();
    let (mut one, mut two) = (town.desk("一"), town.desk("二"));
    town.done(&mut one, "受理员", "order-1", register("QX-1", "停水两天"));
    let receipt = Command::RecordUrgeReceipt {
        assignment: AssignmentNumber(1),
        answered_by: "值班室".to_owned(),
    };
    let late = town.order(&mut two, "值班长", "order-1", receipt);
    let late = town.verdict(late);
    assert!(matches!(late, EntryBody::LateFact(_)), "{late:?}");
    assert!(late.is_task());
    let nowhere = town.order(&mut two, "值班长", "order-9", supplement("还没水"));
    let nowhere = town.verdict(nowhere);
    assert_eq!(conflict(&nowhere), Some(Conflict::NotThere));
    assert!(matches!(nowhere, EntryBody::LateFact(_)));
}

/// A call was taken while the person still might; what it decided counts no more.
#[test]
fn a_right_that_was_withdrawn() {
    let mut town = town();
    let mut desk = town.desk("一");
    let call = town.order(&mut desk, "受理员", "order-1", register("QX-1", "停水"));
    let sent = town.order(&mut desk, "受理员", "order-1", dispatch("水务"));
    let mut staff = staff();
    staff[0].actor.roles = vec![Role::Analyst];
    staff[0].former_roles = vec![Role::Operator];
    town.center
        .change_reference(&Reference::Staff(staff), town.now)
        .unwrap();
    let call = town.verdict(call);
    assert_eq!(call.accepted().unwrap().flags, [Flag::FormerRights]);
    let sent = town.verdict(sent);
    assert_eq!(conflict(&sent), Some(Conflict::NotAuthorised));
    let EntryBody::Refused(refused) = sent else {
        panic!("{sent:?}");
    };
    assert_eq!(refused.kept, None, "for the supervisor's eyes");
}

#[test]
fn what_is_wanted_of_a_merged_order_is_done_to_the_other() {
    let mut town = town();
    let (mut one, mut two) = (town.desk("一"), town.desk("二"));
    town.done(&mut one, "受理员", "order-1", register("QX-1", "停水两天"));
    town.done(&mut one, "受理员", "order-2", register("QX-2", "还是停水"));
    let offline = town.order(&mut two, "值班长", "order-2", supplement("老人病了"));
    let number = "QX-1".to_owned();
    town.done(&mut one, "受理员", "order-2", Command::MergeInto { number });
    let verdict = town.verdict(offline);
    assert!(matches!(&verdict, EntryBody::Redirected { from, .. } if from == "order-2"));
    let target = town.center.subject("order-1").unwrap().unwrap();
    assert_eq!(target.order().unwrap().supplements, ["老人病了"]);
    let sent = town.order(&mut two, "值班长", "order-2", dispatch("水务"));
    assert_eq!(conflict(&town.verdict(sent)), Some(Conflict::Merged));
}

#[test]
fn the_same_caller_twice_is_taken_twice_and_told() {
    let mut town = town();
    let (mut one, mut two) = (town.desk("一"), town.desk("二"));
    town.done(&mut one, "受理员", "order-1", register("QX-1", "停水两天"));
    let again = town.order(
        &mut two,
        "值班长",
        "order-2",
        register("QX-1", "停水两天了"),
    );
    let again = town.verdict(again);
    let subject = "order-1".to_owned();
    let number = "QX-1".to_owned();
    assert_eq!(
        again.accepted().unwrap().flags,
        [
            Flag::NumberTwice { subject },
            Flag::PossibleRepeat { number }
        ]
    );
    let another = Command::Register {
        number: "QX-3".to_owned(),
        matter: Box::new(matter("停水两天", "")),
    };
    let another = town.order(&mut two, "值班长", "order-3", another);
    assert!(town.verdict(another).accepted().unwrap().flags.is_empty());
}

fn content(answer: &str) -> Box<KbContent> {
    Box::new(KbContent {
        template: KbTemplate::StandardAnswer,
        title: "停水怎么办".to_owned(),
        questions: vec!["没水了".to_owned()],
        answer: answer.to_owned(),
        sections: Vec::new(),
        internal_note: String::new(),
        unit: "水务".to_owned(),
        unit_id: None,
        responsible_person: "张三".to_owned(),
        source: "水务".to_owned(),
        category_id: String::new(),
        township_code: String::new(),
        valid_from: None,
        valid_until: None,
        next_review_on: None,
    })
}

#[test]
fn a_second_editor_overwrites_nothing() {
    let mut town = town();
    let (mut one, mut two) = (town.desk("一"), town.desk("二"));
    let draft = KbCommand::Draft {
        content: content("请等待。"),
    };
    let draft = town.article(&mut one, "知识编辑", "kb-1", draft);
    assert!(town.verdict(draft).accepted().is_some());
    let edit = |answer: &str| KbCommand::Edit {
        content: content(answer),
        base_revision: 1,
    };
    let first = town.article(&mut one, "知识编辑", "kb-1", edit("请拨打电话。"));
    let second = town.article(&mut two, "知识编辑", "kb-1", edit("请检查总阀。"));
    assert!(town.verdict(first).accepted().unwrap().flags.is_empty());
    let second = town.verdict(second);
    assert_eq!(second.accepted().unwrap().flags, [Flag::KeptBeside]);
    let article = town.center.subject("kb-1").unwrap().unwrap();
    let record = article.article().unwrap();
    assert_eq!(
        record.draft.as_ref().unwrap().content.answer,
        "请拨打电话。"
    );
    assert_eq!(record.proposals[0].content.answer, "请检查总阀。");
}

#[test]
fn what_cannot_be_read_is_parked_and_holds_nothing_up() {
    let mut town = town();
    let mut desk = town.desk("一");
    town.done(&mut desk, "受理员", "order-1", register("QX-1", "停水两天"));
    let mut unknown = town.order(&mut desk, "受理员", "order-1", supplement("x"));
    unknown.kind = "hold_a_hearing".to_owned();
    let unknown = unknown.sealed();
    desk.head = unknown.head();
    let next = town.order(&mut desk, "受理员", "order-1", supplement("还没水"));
    assert!(matches!(town.verdict(unknown), EntryBody::Parked(_)));
    assert!(town.verdict(next).accepted().is_some());
}

/// The number decides: lower is skipped, the next is decided, higher is asked for again.
#[test]
fn pushed_twice_and_out_of_order() {
    let mut town = town();
    let mut desk = town.desk("一");
    let first = town.order(&mut desk, "受理员", "order-1", register("QX-1", "停水"));
    let second = town.order(&mut desk, "受理员", "order-1", supplement("还没水"));
    assert_eq!(town.push(vec![second.clone()]), Answer::Gap { expected: 1 });
    let both = vec![first.clone(), second];
    for _ in 0..3 {
        let answer = town.push(both.clone());
        assert!(matches!(answer, Answer::Pushed(pushed) if pushed.head == desk.head));
    }
    let order = town.center.subject("order-1").unwrap().unwrap();
    assert_eq!(order.order().unwrap().supplements.len(), 1);
    assert_eq!(order.order().unwrap().stage, Stage::Registered);
    let mut changed = first;
    changed.base_version = 7;
    let answer = town.push(vec![changed]);
    assert!(matches!(answer, Answer::Malformed { .. }), "{answer:?}");
}

/// Two machines go by one number: the second is found out, and nothing of either is decided until
/// somebody has looked.
#[test]
fn a_cloned_desk_is_quarantined() {
    let mut town = town();
    let mut desk = town.desk("一");
    town.done(&mut desk, "受理员", "order-1", register("QX-1", "停水两天"));
    let mut clone = crate::town::Desk {
        id: desk.id.clone(),
        head: desk.head,
    };
    town.done(&mut desk, "受理员", "order-1", supplement("还没水"));
    let other = town.order(&mut clone, "受理员", "order-1", supplement("来水了"));
    let answer = town.push(vec![other.clone()]);
    assert!(matches!(answer, Answer::Quarantined(_)), "{answer:?}");
    let next = town.order(&mut desk, "受理员", "order-1", supplement("又停了"));
    assert!(matches!(
        town.push(vec![next.clone()]),
        Answer::Quarantined(_)
    ));
    let branch = wire::PushRequest {
        desk: desk.id.clone(),
        protocol: wire::PROTOCOL.last,
        sent: wire::DeskMoment {
            run: String::new(),
            ms: 0,
        },
        envelopes: vec![next, other],
    };
    for _ in 0..2 {
        town.ask(&wire::Request::Recover(branch.clone()));
    }
    let entries = town.entries();
    let bodies = entries.iter().map(|entry| entry.read().unwrap());
    let recovered = bodies.filter(|body| matches!(body, EntryBody::Recovered { .. }));
    assert_eq!(recovered.count(), 2, "each once");
    let story = town.center.ledger().story_of("order-1").unwrap();
    let n_of_branch = story
        .iter()
        .filter(|it| it.body.contains("recovered"))
        .count();
    assert_eq!(n_of_branch, 2, "in the story that it is about");
    let order = town.center.subject("order-1").unwrap();
    let n_supplements = order
        .as_ref()
        .and_then(Subject::order)
        .unwrap()
        .supplements
        .len();
    assert_eq!(n_supplements, 1);
}

/// 更正诉求人信息: an order is found by the number that is right, and by the wrong one no more.
#[test]
fn an_order_is_found_by_the_number_that_was_put_right() {
    let mut town = town();
    let mut desk = town.desk("一");
    town.done(&mut desk, "受理员", "order-1", register("QX-1", "停水两天"));
    let correct = |phone: &str| Command::CorrectCaller {
        correction: Box::new(CallerCorrection {
            phone: Some(phone.to_owned()),
            ..CallerCorrection::default()
        }),
        reason: "来电更正".to_owned(),
    };
    town.done(&mut desk, "受理员", "order-1", correct("13900005678"));
    let of = |town: &Town<MemoryLedger>, phone: &str| {
        town.center.ledger().orders_of_phone(phone, 9).unwrap()
    };
    assert!(of(&town, "13800001234").is_empty());
    assert_eq!(of(&town, "13900005678"), ["order-1"]);
    let numbered = town.center.ledger().orders_numbered("QX-1").unwrap();
    assert_eq!(numbered, ["order-1"]);
    // Registered and put right in one push.
    let registered = town.order(&mut desk, "受理员", "order-2", register("QX-2", "又停水"));
    let mut corrected = town.order(&mut desk, "受理员", "order-2", correct("13900005679"));
    corrected.base_version = 2;
    let corrected = corrected.sealed();
    desk.head = corrected.head();
    let answer = town.push(vec![registered, corrected]);
    assert!(matches!(answer, Answer::Pushed(_)), "{answer:?}");
    assert!(of(&town, "13800001234").is_empty());
    assert_eq!(of(&town, "13900005679"), ["order-2"]);
}
