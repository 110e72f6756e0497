//! A small county: a center, its people, and desks that push by hand.

use center::{Acted, Center, Errand, Ledger, MemoryLedger, Rules};
use chrono::{DateTime, TimeDelta, Utc};
use domain::calendar::WorkCalendar;
use domain::kb::KbCommand;
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
use domain::rule_set::RuleSets;
use domain::work_order::{AssignmentNumber, DispatchPlan};
use domain::{Actor, ActorId, Command, HandlingUnit, HandlingUnitId, Role};
use wire::{
    Act, Answer, Cover, Cursor, DeskId, DeskMoment, EnrolRequest, Entry, EntryBody, Envelope, Hash,
    Head, PROTOCOL, PullRequest, PushRequest, Reference, Request, Salt, StaffMember, Subject,
    Witness,
};

pub(crate) fn start() -> DateTime<Utc> {
    // 2026-11-23 09:00 in Beijing, a Monday.
    DateTime::from_timestamp(1_795_395_600, 0).unwrap()
}

pub(crate) fn rules() -> Rules {
    Rules {
        calendar: WorkCalendar::built_in(),
        rule_sets: RuleSets::built_in(),
    }
}

pub(crate) fn member(id: &str, roles: &[Role], unit: &str) -> StaffMember {
    StaffMember {
        actor: Actor {
            id: ActorId(id.to_owned()),
            name: id.to_owned(),
            roles: roles.to_vec(),
            unit: (!unit.is_empty()).then(|| HandlingUnitId(unit.to_owned())),
        },
        is_disabled: false,
        former_roles: Vec::new(),
    }
}

pub(crate) fn staff() -> Vec<StaffMember> {
    vec![
        member("受理员", &[Role::Operator], ""),
        member("值班长", &[Role::ShiftLead], ""),
        member("审核员", &[Role::Reviewer], ""),
        member("知识编辑", &[Role::KbEditor], ""),
        member("知识审核", &[Role::KbReviewer], ""),
        member("水务联络员", &[Role::Liaison], "水务"),
        member("中心", &[Role::Center], ""),
    ]
}

pub(crate) struct Town<L> {
    pub(crate) center: Center<L>,
    pub(crate) now: DateTime<Utc>,
    /// Of what desks push.
    pub(crate) cover: Cover,
    n_intents: u32,
}

/// One desk's chain, as a test gives it.
pub(crate) struct Desk {
    pub(crate) id: DeskId,
    pub(crate) head: Head,
}

pub(crate) fn town() -> Town<MemoryLedger> {
    Town::new(MemoryLedger::default())
}

impl<L: Ledger> Town<L> {
    pub(crate) fn new(ledger: L) -> Self {
        let mut center = Center::open(ledger, rules(), start()).unwrap();
        let units = ["水务", "教育"].map(|id| HandlingUnit {
            id: HandlingUnitId(id.to_owned()),
            name: id.to_owned(),
            aliases: Vec::new(),
            group: String::new(),
        });
        for reference in [Reference::Staff(staff()), Reference::Units(units.to_vec())] {
            center.change_reference(&reference, start()).unwrap();
        }
        Self {
            center,
            now: start(),
            cover: Cover::Salted(Salt([7; 16])),
            n_intents: 0,
        }
    }

    pub(crate) fn desk(&mut self, code: &str) -> Desk {
        self.center.allow_enrolment(code).unwrap();
        let Answer::Enrolled(enrolled) = self.ask(&Request::Enrol(EnrolRequest {
            protocol: PROTOCOL,
            code: code.to_owned(),
            machine: code.to_owned(),
            public_key: String::new(),
        })) else {
            panic!("not enrolled");
        };
        Desk {
            id: enrolled.desk,
            head: Head::START,
        }
    }

    pub(crate) fn ask(&mut self, request: &Request) -> Answer {
        self.center.handle(request, self.now).unwrap()
    }

    pub(crate) fn minutes_later(&mut self, minutes: i64) {
        self.now += TimeDelta::minutes(minutes);
    }

    /// An intent of the desk, not pushed yet.
    pub(crate) fn intent(
        &mut self,
        desk: &mut Desk,
        actor: &str,
        subject: &str,
        act: &Act,
    ) -> Envelope {
        self.n_intents += 1;
        let seen = self.center.subject(subject).unwrap();
        let (kind, command) = act.write().unwrap();
        let envelope = Envelope {
            desk: desk.id.clone(),
            number: desk.head.number + 1,
            id: format!("intent-{}", self.n_intents),
            subject: subject.to_owned(),
            kind,
            command,
            actor: ActorId(actor.to_owned()),
            occurred_at: self.now,
            rule_set: RuleSets::built_in()
                .in_force_on(domain::clock_face::date_of(self.now))
                .id
                .clone(),
            base_version: seen.as_ref().map_or(0, Subject::version),
            cover: self.cover,
            previous_hash: desk.head.hash,
            witness: Some(Witness {
                schema: 1,
                session: "s".to_owned(),
                seen_hash: None,
                round: seen.as_ref().and_then(Subject::round),
                skew_ms: None,
                uptime: None,
            }),
            hash: Hash::CHAIN_START,
        }
        .sealed();
        desk.head = envelope.head();
        envelope
    }

    pub(crate) fn order(
        &mut self,
        desk: &mut Desk,
        actor: &str,
        subject: &str,
        command: Command,
    ) -> Envelope {
        self.intent(desk, actor, subject, &Act::Order(command))
    }

    pub(crate) fn article(
        &mut self,
        desk: &mut Desk,
        actor: &str,
        subject: &str,
        command: KbCommand,
    ) -> Envelope {
        self.intent(desk, actor, subject, &Act::Article(command))
    }

    pub(crate) fn push(&mut self, envelopes: Vec<Envelope>) -> Answer {
        self.ask(&push_of(envelopes))
    }

    /// Pushes one intent and reads its verdict.
    pub(crate) fn verdict(&mut self, envelope: Envelope) -> EntryBody {
        let id = envelope.id.clone();
        let answer = self.push(vec![envelope]);
        assert!(matches!(answer, Answer::Pushed(_)), "{answer:?}");
        let entries = self.entries();
        let answers = entries.iter().filter(|entry| {
            let origin = entry.origin.as_ref();
            origin.is_some_and(|origin| origin.id == id)
        });
        let answers: Vec<_> = answers.collect();
        assert_eq!(answers.len(), 1, "one intent, one verdict");
        answers[0].read().unwrap()
    }

    /// Gives a command at the desk and expects it to be done.
    pub(crate) fn done(&mut self, desk: &mut Desk, actor: &str, subject: &str, command: Command) {
        let envelope = self.order(desk, actor, subject, command);
        let verdict = self.verdict(envelope);
        assert!(verdict.accepted().is_some(), "{verdict:?}");
    }

    /// 确认送达, by the center itself.
    pub(crate) fn deliver(&mut self, subject: &str, assignment: u32) {
        let errand = Errand {
            actor: ActorId("中心".to_owned()),
            subject: subject.to_owned(),
            id: format!("delivery-{subject}-{assignment}"),
            act: Act::Order(confirm_delivery(assignment)),
            seen_version: None,
        };
        let acted = self.center.act(&errand, self.now).unwrap();
        assert!(matches!(acted, Acted::Done { .. }), "{acted:?}");
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        let ledger = self.center.ledger();
        ledger
            .entries_after(0, usize::MAX >> 1, usize::MAX)
            .unwrap()
    }

    pub(crate) fn pull(&mut self, desk: &Desk, epoch: u64, cursor: Cursor) -> Answer {
        self.ask(&Request::Pull(PullRequest {
            desk: desk.id.clone(),
            protocol: PROTOCOL.last,
            epoch,
            cursor,
            entries_max: 100,
        }))
    }
}

pub(crate) fn push_of(envelopes: Vec<Envelope>) -> Request {
    Request::Push(PushRequest {
        desk: envelopes[0].desk.clone(),
        protocol: PROTOCOL.last,
        sent: DeskMoment {
            run: "run".to_owned(),
            ms: 0,
        },
        envelopes,
    })
}

pub(crate) fn register(number: &str, text: &str) -> Command {
    Command::Register {
        number: number.to_owned(),
        matter: Box::new(matter(text, "13800001234")),
    }
}

pub(crate) fn matter(text: &str, phone: &str) -> Matter {
    Matter {
        caller: Caller {
            phone: phone.to_owned(),
            ..Caller::default()
        },
        channel: Channel::Phone,
        kind: MatterKind::Complaint,
        class: MatterClass::Ordinary,
        category_id: "0302".to_owned(),
        title: String::new(),
        text: text.to_owned(),
        place: Place {
            township_code: "511725001".to_owned(),
            ..Place::default()
        },
        happened: String::new(),
        about: String::new(),
        wants: String::new(),
        is_confidential: false,
        wants_call_back: false,
        origin: Origin::default(),
    }
}

pub(crate) fn dispatch(unit: &str) -> Command {
    Command::Dispatch {
        unit: HandlingUnitId(unit.to_owned()),
        opinion: String::new(),
        plan: DispatchPlan::default(),
    }
}

pub(crate) fn sign_for(number: u32) -> Command {
    Command::SignFor {
        assignment: AssignmentNumber(number),
    }
}

pub(crate) fn confirm_delivery(number: u32) -> Command {
    Command::ConfirmDelivery {
        assignment: AssignmentNumber(number),
    }
}

pub(crate) fn supplement(text: &str) -> Command {
    Command::Supplement {
        text: text.to_owned(),
        files: Vec::new(),
    }
}
