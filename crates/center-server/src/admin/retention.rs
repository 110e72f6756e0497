//! 到期待涂销, 个人信息的导出 and 涂销 (个人信息保护法 第四十五条、第四十七条).
//!
//! Nothing is taken out by one person, and nothing that is still being handled.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use ::audit::Outcome;
use anyhow::Context as _;
use center::{Ledger as _, RedactionOrder};
use chrono::NaiveDate;
use domain::clock_face::date_of;
use domain::matter::phone_digits;
use domain::retention::RetentionClass;
use domain::{Actor, ActorId, Role};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wire::{EntryBody, RedactionGround, SignIn, Subject, dossier_subject};
use wording::text;

use super::export::{check_new, write_lines};
use super::{AdminError, AdminRefusal, Lines};
use crate::account::TriedAt;
use crate::audit;
use crate::office::Office;
use crate::readers::Reader;
use crate::retention::{DUE_MAX, due};

/// Orders of one telephone number.
const ORDERS_OF_PERSON_MAX: usize = 10_000;

/// Somebody who answers for it, and the proof that it is he.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    pub number: ActorId,
    pub password: String,
}

/// The password is shown nowhere.
impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Proof").field(&self.number).finish()
    }
}

/// The two people without whom nothing is taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwoPeople {
    pub asked_by: Proof,
    pub granted_by: Proof,
}

/// 待涂销 on a day.
pub(super) async fn list_due(office: &Office, on: Option<NaiveDate>) -> Lines {
    let on = on.unwrap_or_else(|| date_of(office.clock.now()));
    let years = office.config.retention;
    let read = office.readers.read(move |reader| due(reader, years, on));
    let (found, n_held) = read.await?;
    let mut lines: Vec<String> = found
        .iter()
        .map(|it| {
            format!(
                "{}\t{}\t{} 办结\t{} 到期",
                it.number,
                text::retention_class(it.class),
                it.ended_on,
                it.due_on
            )
        })
        .collect();
    let more = if found.len() == DUE_MAX {
        "（先列这些）"
    } else {
        ""
    };
    lines.push(format!(
        "{on} 到期待涂销 {} 件{more}；保存年限：{}",
        found.len(),
        RetentionClass::ALL
            .map(|class| format!("{} {} 年", text::retention_class(class), years.of(class)))
            .join("、")
    ));
    if n_held > 0 {
        lines.push(format!(
            "另有 {n_held} 件已到期，因督办、约谈未销号，继续保存"
        ));
    }
    Ok(lines)
}

/// 涂销 of all that is due.
pub(super) async fn redact_due(office: &Office, people: TwoPeople) -> Lines {
    let order = prove(office, people, RedactionGround::Expired).await?;
    let (on, years) = (date_of(office.clock.now()), office.config.retention);
    let read = office.readers.read(move |reader| due(reader, years, on));
    let (found, _held) = read.await?;
    if found.is_empty() {
        return Ok(vec!["没有到期待涂销的工单".to_owned()]);
    }
    let orders = found.into_iter().map(|it| (it.subject, it.number));
    take_out(office, orders.collect(), order).await
}

/// What the center has of a person, by the telephone number.
struct OfPerson {
    /// Identity and number of each order, and whether it is open.
    orders: Vec<(String, String, bool)>,
    dossier: Option<String>,
}

fn of_person(reader: &Reader, phone: &str) -> anyhow::Result<OfPerson> {
    let mut orders = Vec::new();
    for subject in reader.ledger.orders_of_phone(phone, ORDERS_OF_PERSON_MAX)? {
        let folded = center::subject(&*reader.ledger, &subject)?;
        if let Some(order) = folded.as_ref().and_then(Subject::order) {
            orders.push((subject, order.number.clone(), order.stage.is_open()));
        }
    }
    let dossier = dossier_subject(phone);
    let story = reader.ledger.story_of(&dossier)?;
    let is_there = story.iter().any(|entry| !entry.cover.is_redacted());
    Ok(OfPerson {
        orders,
        dossier: is_there.then_some(dossier),
    })
}

/// 导出个人信息: every order of a number, and its dossier, whole: for the person whose number it is.
pub(super) async fn export_person(office: &Office, phone: &str, to: PathBuf) -> Lines {
    let phone = checked_phone(phone)?;
    check_new(&to)?;
    let path = to.clone();
    let exported = office.readers.read(move |reader| {
        let person = of_person(reader, &phone)?;
        let subjects = person.orders.iter().map(|(subject, ..)| subject);
        let subjects: Vec<String> = subjects.chain(&person.dossier).cloned().collect();
        let lines = subjects.iter().map(|subject| {
            let entries = reader.ledger.story_of(subject)?;
            let events: Result<Vec<EntryBody>, _> = entries.iter().map(wire::Entry::read).collect();
            let events = events.context("Reading a story")?;
            Ok(json!({ "subject": subject, "events": events }))
        });
        let n_subjects = write_lines(&path, lines)?;
        Ok((n_subjects, person.orders.len()))
    });
    let (n_subjects, n_orders) = exported.await?;
    let dossier = if n_subjects > n_orders as u64 {
        "，另有来电记录"
    } else {
        ""
    };
    Ok(vec![format!(
        "已导出 {n_orders} 件工单{dossier}到 {}；内容未遮盖，请核实身份后当面交给本人",
        to.display()
    )])
}

/// 涂销个人信息 at the person's own wish.
pub(super) async fn redact_person(office: &Office, phone: &str, people: TwoPeople) -> Lines {
    let phone = checked_phone(phone)?;
    let order = prove(office, people, RedactionGround::Asked).await?;
    let read = office.readers.read(move |reader| of_person(reader, &phone));
    let person = read.await?;
    let open = person.orders.iter().filter(|(.., is_open)| *is_open);
    let numbers: Vec<&str> = open.map(|(_, number, _)| number.as_str()).collect();
    if !numbers.is_empty() {
        let numbers = numbers.join("、");
        return Err(AdminRefusal::StillHandled { numbers }.into());
    }
    let orders = person
        .orders
        .into_iter()
        .map(|(subject, number, _)| (subject, number));
    let dossier = person.dossier.map(|it| (it.clone(), it));
    let all: Vec<(String, String)> = orders.chain(dossier).collect();
    if all.is_empty() {
        return Err(AdminRefusal::NothingOfPerson.into());
    }
    take_out(office, all, order).await
}

async fn take_out(office: &Office, stories: Vec<(String, String)>, order: RedactionOrder) -> Lines {
    let subjects: Vec<String> = stories.iter().map(|(subject, _)| subject.clone()).collect();
    let (done, is_off_disk) = office.redact(subjects, order.clone()).await?;
    let now = office.clock.now();
    for (subject, name) in &stories {
        if done.subjects.contains(subject) {
            let entry = audit::entry(now, &order.asked_by.0, "redact", name, Outcome::Done);
            let granted = ::audit::Entry {
                purpose: format!("{} 批准", order.granted_by.0),
                ..entry
            };
            office.audit(granted).await?;
        }
    }
    let mut lines = vec![format!(
        "已涂销 {} 件：变更记录 {} 条、操作 {} 条；各工作站联系中心后照办",
        done.subjects.len(),
        done.n_entries,
        done.n_intents
    )];
    if !done.bare.is_empty() {
        lines.push(format!(
            "{} 件含旧版程序登记的内容，不能涂销，没有改动",
            done.bare.len()
        ));
    }
    if !is_off_disk {
        lines.push("数据库日志里暂时还有原文，中心停止时清除".to_owned());
    }
    lines.push("此前的备份里仍有原文，请按备份的保留期限销毁".to_owned());
    Ok(lines)
}

/// Whether the two are who they say, may do it, and are two.
async fn prove(
    office: &Office,
    people: TwoPeople,
    ground: RedactionGround,
) -> Result<RedactionOrder, AdminError> {
    let TwoPeople {
        asked_by,
        granted_by,
    } = people;
    if asked_by.number == granted_by.number {
        return Err(AdminRefusal::GrantedByHimself.into());
    }
    let asked_by = proven(office, asked_by).await?;
    if asked_by.unit.is_some() {
        let number = asked_by.id.0;
        return Err(AdminRefusal::NotOfCenter { number }.into());
    }
    let granted_by = proven(office, granted_by).await?;
    if !granted_by.holds_any(&[Role::ShiftLead, Role::Supervisor]) {
        let number = granted_by.id.0;
        return Err(AdminRefusal::MayNotGrant { number }.into());
    }
    Ok(RedactionOrder {
        ground,
        asked_by: asked_by.id,
        granted_by: granted_by.id,
    })
}

async fn proven(office: &Office, proof: Proof) -> Result<Actor, AdminError> {
    let number = proof.number.0.clone();
    let who = SignIn {
        person: proof.number.0,
        password: proof.password,
    };
    let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let because = match office.sign_in(who, here, TriedAt::Portal).await? {
        // Whoever gave it knows it too.
        Ok(signed_in) if signed_in.must_change => {
            "初始密码还没有改，请本人先登录改密码。".to_owned()
        }
        Ok(signed_in) => return Ok(signed_in.actor),
        Err(refusal) => text::sign_in_refusal(&refusal),
    };
    Err(AdminRefusal::NotProven { number, because }.into())
}

fn checked_phone(phone: &str) -> Result<String, AdminRefusal> {
    let digits = phone_digits(phone);
    if digits.is_empty() {
        let phone = phone.to_owned();
        return Err(AdminRefusal::BadPhone { phone });
    }
    Ok(digits)
}
