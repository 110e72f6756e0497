//! Which command may be given where, and by whom: the two tables in full.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::clock_face::at;
use domain::handling_unit::HandlingUnitId;
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Place};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::work_order::{CommandKind, Stage, commands_at, decide, fold};
use domain::{Command, Refusal, Role, WorkOrder};
use expect_test::expect;

use crate::sentences::padded;
use crate::{words, world};

fn at_09(minute: u32) -> DateTime<Utc> {
    let date = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    at(date, NaiveTime::from_hms_opt(9, minute, 0).unwrap())
}

/// A command of that kind whose content no rule has anything against.
fn sound_command(kind: CommandKind, class: MatterClass) -> Command {
    match kind {
        CommandKind::Register => Command::Register {
            number: "QX-1".to_owned(),
            matter: Box::new(Matter {
                caller: Caller::default(),
                channel: Channel::Phone,
                kind: MatterKind::Help,
                class,
                category_id: String::new(),
                title: String::new(),
                text: "小区停水两天了".to_owned(),
                place: Place::default(),
                wants: String::new(),
                is_confidential: false,
                wants_call_back: false,
            }),
        },
        CommandKind::AnswerOnTheSpot => Command::AnswerOnTheSpot {
            answer: "明天来水".to_owned(),
            article: None,
        },
        CommandKind::RefuseOutOfScope => Command::RefuseOutOfScope {
            class: OutOfScopeClass::Military,
            guidance: "请向军队机关反映".to_owned(),
            legal_basis: String::new(),
        },
        CommandKind::TransferToEmergency => Command::TransferToEmergency {
            line: EmergencyLine::Fire,
            note: String::new(),
        },
        CommandKind::Dispatch => Command::Dispatch {
            unit: HandlingUnitId("县水务局".to_owned()),
            opinion: String::new(),
        },
        CommandKind::RecordDelivery => Command::RecordDelivery {
            delivered_at: at_09(20),
            answered_by: "值班员".to_owned(),
            phone: "0818-7212345".to_owned(),
        },
    }
}

/// The commands that lead to a stage.
fn way_to(stage: Stage) -> Vec<CommandKind> {
    let mut way = vec![CommandKind::Register];
    way.extend(match stage {
        Stage::Registered => None,
        Stage::AnsweredOnTheSpot => Some(CommandKind::AnswerOnTheSpot),
        Stage::RefusedOutOfScope => Some(CommandKind::RefuseOutOfScope),
        Stage::TransferredToEmergency => Some(CommandKind::TransferToEmergency),
        Stage::Dispatched | Stage::Delivered => Some(CommandKind::Dispatch),
    });
    if stage == Stage::Delivered {
        way.push(CommandKind::RecordDelivery);
    }
    way
}

fn order_at(stage: Stage, class: MatterClass) -> WorkOrder {
    let actor = world::actor(&[Role::ShiftLead]);
    let facts = world::facts(at_09(20), &actor);
    let mut events = Vec::new();
    for kind in way_to(stage) {
        let order = fold(&events);
        events.extend(decide(order.as_ref(), &sound_command(kind, class), &facts).unwrap());
    }
    let order = fold(&events).unwrap();
    assert_eq!(order.stage, stage);
    order
}

/// What `decide` says to a sound command, in few words; `commands_at` must say the same.
fn answer(
    order: Option<&WorkOrder>,
    kind: CommandKind,
    class: MatterClass,
    roles: &[Role],
) -> &'static str {
    let actor = world::actor(roles);
    let facts = world::facts(at_09(30), &actor);
    let decided = decide(order, &sound_command(kind, class), &facts).err();
    if let Some(order) = order {
        let (_, shown) = commands_at(order, &facts)
            .find(|(shown, _)| *shown == kind)
            .unwrap();
        assert_eq!(shown, decided, "the window shows what the rules say");
    }
    match decided {
        None => "可",
        Some(Refusal::AlreadyRegistered) => "已登记",
        Some(Refusal::NotRegistered) => "未登记",
        Some(Refusal::WrongStage { .. }) => "环节不对",
        Some(Refusal::NotPermitted { .. }) => "无此权限",
        Some(Refusal::DeliveryNeedsCenter) => "须中心送达",
        Some(
            refusal @ (Refusal::TextMissing { .. }
            | Refusal::TextTooLong { .. }
            | Refusal::PhoneInvalid { .. }
            | Refusal::UnitUnknown { .. }
            | Refusal::LegalBasisMissing { .. }
            | Refusal::TransferInstead
            | Refusal::DeliveryTimeImpossible { .. }),
        ) => panic!("the command is sound, so only stage and role may speak: {refusal}"),
    }
}

fn heading(first: &str, width: usize) -> String {
    let mut line = padded(first, width);
    for kind in CommandKind::ALL {
        write!(line, "｜{}", padded(words::command(kind), 5)).unwrap();
    }
    line.push('\n');
    line
}

#[test]
fn every_command_at_every_stage() {
    let mut table = heading("", 10);
    for class in [MatterClass::Ordinary, MatterClass::Special] {
        let stages = std::iter::once(None).chain(Stage::ALL.map(Some));
        for stage in stages {
            // An ordinary matter cannot be delivered from the desk.
            if class == MatterClass::Ordinary && stage == Some(Stage::Delivered) {
                continue;
            }
            let order = stage.map(|stage| order_at(stage, class));
            let name = stage.map_or("未登记", words::stage);
            let name = format!(
                "{}{name}",
                if class.is_special() {
                    "特殊"
                } else {
                    "一般"
                }
            );
            table.push_str(&padded(&name, 10));
            for kind in CommandKind::ALL {
                let answer = answer(order.as_ref(), kind, class, &[Role::ShiftLead]);
                write!(table, "｜{}", padded(answer, 5)).unwrap();
            }
            table.push('\n');
        }
    }
    expect![[r"
        　　　　　　　　　　｜登记　　　｜当场答复　｜不予受理　｜转紧急　　｜派单　　　｜电话送达　
        一般未登记　　　　　｜可　　　　｜未登记　　｜未登记　　｜未登记　　｜未登记　　｜未登记　　
        一般待派　　　　　　｜已登记　　｜可　　　　｜可　　　　｜可　　　　｜可　　　　｜环节不对　
        一般已当场答复　　　｜已登记　　｜环节不对　｜环节不对　｜环节不对　｜环节不对　｜环节不对　
        一般已不予受理　　　｜已登记　　｜环节不对　｜环节不对　｜环节不对　｜环节不对　｜环节不对　
        一般已转紧急　　　　｜已登记　　｜环节不对　｜环节不对　｜环节不对　｜环节不对　｜环节不对　
        一般已派单　　　　　｜已登记　　｜环节不对　｜环节不对　｜环节不对　｜环节不对　｜须中心送达
        特殊未登记　　　　　｜可　　　　｜未登记　　｜未登记　　｜未登记　　｜未登记　　｜未登记　　
        特殊待派　　　　　　｜已登记　　｜可　　　　｜可　　　　｜可　　　　｜可　　　　｜环节不对　
        特殊已当场答复　　　｜已登记　　｜环节不对　｜环节不对　｜环节不对　｜环节不对　｜环节不对　
        特殊已不予受理　　　｜已登记　　｜环节不对　｜环节不对　｜环节不对　｜环节不对　｜环节不对　
        特殊已转紧急　　　　｜已登记　　｜环节不对　｜环节不对　｜环节不对　｜环节不对　｜环节不对　
        特殊已派单　　　　　｜已登记　　｜环节不对　｜环节不对　｜环节不对　｜环节不对　｜可　　　　
        特殊已送达　　　　　｜已登记　　｜环节不对　｜环节不对　｜环节不对　｜环节不对　｜环节不对　
    "]]
    .assert_eq(&table);
}

#[test]
fn every_command_by_every_role() {
    let holders: [&[Role]; 5] = [
        &[],
        &[Role::Operator],
        &[Role::Dispatcher],
        &[Role::ShiftLead],
        &[Role::Operator, Role::Dispatcher],
    ];
    let mut table = heading("", 7);
    for roles in holders {
        let names: Vec<_> = roles.iter().map(|role| words::role(*role)).collect();
        let name = if names.is_empty() {
            "无角色".to_owned()
        } else {
            names.join("兼")
        };
        table.push_str(&padded(&name, 7));
        for kind in CommandKind::ALL {
            let order = order_where_possible(kind);
            let answer = answer(order.as_ref(), kind, MatterClass::Special, roles);
            write!(table, "｜{}", padded(answer, 5)).unwrap();
        }
        table.push('\n');
    }
    expect![[r"
        　　　　　　　｜登记　　　｜当场答复　｜不予受理　｜转紧急　　｜派单　　　｜电话送达　
        无角色　　　　｜无此权限　｜无此权限　｜无此权限　｜无此权限　｜无此权限　｜无此权限　
        受理员　　　　｜可　　　　｜可　　　　｜可　　　　｜可　　　　｜可　　　　｜可　　　　
        调度员　　　　｜无此权限　｜无此权限　｜无此权限　｜无此权限　｜可　　　　｜可　　　　
        值班长　　　　｜可　　　　｜可　　　　｜可　　　　｜可　　　　｜可　　　　｜可　　　　
        受理员兼调度员｜可　　　　｜可　　　　｜可　　　　｜可　　　　｜可　　　　｜可　　　　
    "]]
    .assert_eq(&table);
}

/// An order at the stage that the command starts from, so that only the role can be wrong.
fn order_where_possible(kind: CommandKind) -> Option<WorkOrder> {
    let stage = match kind {
        CommandKind::Register => return None,
        CommandKind::AnswerOnTheSpot
        | CommandKind::RefuseOutOfScope
        | CommandKind::TransferToEmergency
        | CommandKind::Dispatch => Stage::Registered,
        CommandKind::RecordDelivery => Stage::Dispatched,
    };
    Some(order_at(stage, MatterClass::Special))
}
