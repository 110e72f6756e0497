//! What the center's own people do, so that units have something to do.

use center::{Acted, Errand};
use domain::kb::task::{KbTaskCommand, KbTaskKind};
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
use domain::work_order::{
    AssignmentNumber, DispatchForm, DispatchPlan, RatingRecord, Satisfaction, Solved,
};
use domain::{ActorId, Command, HandlingUnitId, Role};
use wire::{Act, Reference};

use super::browser::Browser;
use crate::house::{House, member};

pub(crate) const PASSWORD: &str = "渠江边的老码头很热闹早上六点";
pub(crate) const WATER: &str = "水务";
pub(crate) const SCHOOLS: &str = "教育";

/// A house with its people, every unit with a liaison and a reviewer.
pub(crate) struct Town {
    pub(crate) house: House,
    n_errands: u32,
}

impl Town {
    pub(crate) async fn open() -> Self {
        let house = House::open().await;
        let staff = [
            member("1001", "李明", &[Role::Operator, Role::Dispatcher], ""),
            member("1002", "王芳", &[Role::Reviewer], ""),
            member("1003", "周敏", &[Role::KbEditor], ""),
            member("1004", "吴强", &[Role::KbReviewer], ""),
            member("1005", "唐静", &[Role::Analyst], ""),
            member("1006", "何光", &[Role::Supervisor], ""),
            member("2001", "张强", &[Role::Liaison], WATER),
            member("2002", "刘洋", &[Role::UnitReviewer], WATER),
            member("2003", "陈静", &[Role::Liaison, Role::UnitReviewer], WATER),
            member("3001", "赵磊", &[Role::Liaison], SCHOOLS),
            member("3002", "孙丽", &[Role::UnitReviewer], SCHOOLS),
            member("center", "中心系统", &[Role::Center], ""),
        ];
        house.change(Reference::Staff(staff.to_vec())).await;
        Self {
            house,
            n_errands: 0,
        }
    }

    /// A person at the portal, whose first password is changed already.
    pub(crate) async fn at_the_portal(&self, person: &str) -> Browser {
        let office = self.house.office();
        let id = ActorId(person.to_owned());
        if !office.has_account(&id).await.unwrap() {
            self.house.give_password(person, PASSWORD).await;
        }
        let token = office.begin_session(&id).await.unwrap();
        Browser::with_session(office, &token).await
    }

    /// Does what somebody of the center asks, and waits until the lists show it.
    pub(crate) async fn does(&mut self, person: &str, subject: &str, act: Act) {
        self.n_errands += 1;
        let errand = Errand {
            actor: ActorId(person.to_owned()),
            subject: subject.to_owned(),
            id: format!("errand-{}", self.n_errands),
            act,
            seen_version: None,
        };
        let office = self.house.office();
        match office.act(errand).await.unwrap() {
            Acted::Done { seq } => office.drawn_to(seq).await,
            other @ (Acted::Before | Acted::Stale { .. } | Acted::Refused(_)) => {
                panic!("{other:?}")
            }
        }
    }

    pub(crate) async fn orders(&mut self, person: &str, subject: &str, command: Command) {
        self.does(person, subject, Act::Order(command)).await;
    }

    /// An order of that unit, delivered.
    pub(crate) async fn given(&mut self, subject: &str, unit: &str, matter: Matter) {
        self.registered(subject, matter).await;
        self.orders("1001", subject, dispatch(unit, DispatchPlan::default()))
            .await;
        self.delivered(subject, 1).await;
    }

    pub(crate) async fn registered(&mut self, subject: &str, matter: Matter) {
        let number = format!("QX-{subject}");
        let matter = Box::new(matter);
        self.orders("1001", subject, Command::Register { number, matter })
            .await;
    }

    /// The follower delivers by itself; this waits for it.
    pub(crate) async fn delivered(&self, subject: &str, n: usize) {
        let office = self.house.office();
        let mut head = office.head();
        loop {
            let order = office.subject(subject).await.unwrap();
            let order = order.as_ref().and_then(wire::Subject::order).unwrap();
            let delivered = order
                .assignments
                .iter()
                .filter(|it| it.delivered_at.is_some());
            if delivered.count() >= n {
                let seq = *head.borrow();
                office.drawn_to(seq).await;
                return;
            }
            head.changed().await.unwrap();
        }
    }

    /// The city's word on the answer of the first unit.
    pub(crate) async fn rated(&mut self, subject: &str, satisfaction: Satisfaction) {
        use center_server::Clock as _;
        let rating = RatingRecord {
            satisfaction,
            solved: Solved::No,
            reason: None,
            note: String::new(),
            rated_at: self.house.clock.now(),
        };
        let assignment = Some(AssignmentNumber::FIRST);
        let command = Command::ImportRating { assignment, rating };
        self.orders("center", subject, command).await;
    }

    /// 编写 asked of the water office.
    pub(crate) async fn asked_to_write(&mut self, number: &str) {
        let command = KbTaskCommand::Assign {
            number: number.to_owned(),
            kind: KbTaskKind::Write,
            unit: HandlingUnitId(WATER.to_owned()),
            article: None,
            subject: "停水多久算长时间".to_owned(),
            note: "群众常问".to_owned(),
        };
        self.does("1003", number, Act::Task(command)).await;
    }
}

pub(crate) fn dispatch(unit: &str, plan: DispatchPlan) -> Command {
    Command::Dispatch {
        unit: HandlingUnitId(unit.to_owned()),
        opinion: "请核实处理".to_owned(),
        plan,
    }
}

pub(crate) fn together(form: DispatchForm, other: &str) -> DispatchPlan {
    DispatchPlan {
        form,
        others: vec![HandlingUnitId(other.to_owned())],
        ..DispatchPlan::default()
    }
}

pub(crate) fn matter(text: &str) -> Matter {
    Matter {
        caller: Caller {
            phone: "13800001234".to_owned(),
            contact_phone: "13900005678".to_owned(),
            name: "王秀英".to_owned(),
            address: "渠江街道老码头12号".to_owned(),
        },
        channel: Channel::Phone,
        kind: MatterKind::Complaint,
        class: MatterClass::Ordinary,
        category_id: String::new(),
        title: String::new(),
        text: text.to_owned(),
        place: Place {
            detail: "老码头路口".to_owned(),
            ..Place::default()
        },
        happened: "11月21日（周六）起".to_owned(),
        about: "供水公司".to_owned(),
        wants: "尽快恢复供水".to_owned(),
        is_confidential: false,
        wants_call_back: true,
        origin: Origin::default(),
    }
}
