//! A county that runs, a clock that tests move, and what people in it do.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use center::{Acted, Errand};
use center_server::api_key::{self, ApiKey, KeyUse};
use center_server::authority::Authority;
use center_server::{Clock, Config, Office, Server};
use chrono::{DateTime, Utc};
use domain::kb::{KbCommand, KbContent, KbTemplate, UnitConfirmation};
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
use domain::work_order::{
    AssignmentNumber, ContactOutcome, ContactRecord, DispatchPlan, Feedback, Reply, TownshipReport,
};
use domain::{Actor, ActorId, Command, HandlingUnit, HandlingUnitId, Role};
use wire::{Act, QueryCode, Reference, StaffMember};

/// 2026-11-23 09:00 in Beijing, a Monday, and how far the test has gone since.
#[derive(Debug, Default)]
pub(crate) struct TestClock {
    later_ms: AtomicI64,
}

impl TestClock {
    pub(crate) fn minutes_later(&self, minutes: i64) {
        self.later_ms.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        let later_ms = self.later_ms.load(Ordering::SeqCst);
        DateTime::from_timestamp_millis(1_795_395_600_000 + later_ms).unwrap()
    }
}

pub(crate) struct House {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) server: Server,
    config: Config,
}

/// What came back over HTTP.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::open_as(|_, _| ()).await
    }

    /// With something set otherwise.
    pub(crate) async fn open_as(set: impl FnOnce(&mut Config, &Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Authority::create(folder.path()).unwrap();
        let clock = Arc::new(TestClock::default());
        let mut config = Config::of(folder.path().to_owned());
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        (config.web.address, config.desks.address) = (anywhere, anywhere);
        // Tests come from many addresses.
        config.web.is_behind_proxy = true;
        set(&mut config, folder.path());
        let server = start(&config, &clock).await;
        let house = Self {
            folder,
            clock,
            server,
            config,
        };
        house.change(Reference::Staff(staff())).await;
        house.change(Reference::Units(units())).await;
        house
    }

    /// Stops the center and starts it again on the same folder.
    pub(crate) async fn again(self) -> Self {
        self.server.stop().await.unwrap();
        let server = start(&self.config, &self.clock).await;
        Self { server, ..self }
    }

    pub(crate) fn office(&self) -> &Arc<Office> {
        &self.server.office
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.web_address)
    }

    async fn change(&self, reference: Reference) {
        let clock: Arc<dyn Clock> = Arc::clone(&self.clock) as Arc<dyn Clock>;
        let changing = self.office().writer.change_reference(reference, clock);
        changing.unwrap().done().await.unwrap();
    }

    pub(crate) async fn act(&self, person: &str, subject: &str, act: Act) -> u64 {
        let errand = Errand {
            actor: ActorId(person.to_owned()),
            subject: subject.to_owned(),
            id: uuid::Uuid::now_v7().to_string(),
            act,
            seen_version: None,
        };
        let acted = self.office().act(errand).await.unwrap();
        let Acted::Done { seq } = acted else {
            panic!("{acted:?}")
        };
        seq
    }

    /// Does it, and waits until the rows show it.
    pub(crate) async fn order(&self, person: &str, subject: &str, command: Command) {
        let seq = self.act(person, subject, Act::Order(command)).await;
        self.office().drawn_to(seq).await;
    }

    pub(crate) async fn article(&self, person: &str, id: &str, command: KbCommand) {
        let seq = self.act(person, id, Act::Article(command)).await;
        self.office().drawn_to(seq).await;
    }

    /// Waits until the rows show all that is in the feed.
    pub(crate) async fn settled(&self) {
        let head = *self.office().head().borrow();
        self.office().drawn_to(head).await;
    }

    /// 登记 at a desk.
    pub(crate) async fn register(&self, subject: &str, number: &str, matter: Matter) -> String {
        let number = number.to_owned();
        let command = Command::Register {
            number: number.clone(),
            matter: Box::new(matter),
        };
        self.order("1001", subject, command).await;
        QueryCode::of(subject, &number).to_string()
    }

    pub(crate) async fn dispatch(&self, subject: &str) {
        let command = Command::Dispatch {
            unit: HandlingUnitId("水务".to_owned()),
            opinion: "请办理".to_owned(),
            plan: DispatchPlan::default(),
        };
        self.order("1001", subject, command).await;
        self.until_order(subject, |order| {
            order.assignments.iter().any(|it| it.delivered_at.is_some())
        })
        .await;
    }

    /// A special matter, with the report to the township that goes with it.
    pub(crate) async fn dispatch_special(&self, subject: &str) {
        let report = TownshipReport {
            township: HandlingUnitId("三汇镇".to_owned()),
            answered_by: "值班员".to_owned(),
            reported_at: self.clock.now(),
            method: "电话".to_owned(),
        };
        let command = Command::Dispatch {
            unit: HandlingUnitId("水务".to_owned()),
            opinion: "请办理".to_owned(),
            plan: DispatchPlan {
                report: Some(report),
                ..DispatchPlan::default()
            },
        };
        self.order("1001", subject, command).await;
        self.until_order(subject, |order| {
            order.assignments.iter().any(|it| it.delivered_at.is_some())
        })
        .await;
    }

    /// 签收、联系、答复、签发.
    pub(crate) async fn complete(&self, subject: &str, answer: &str) {
        let assignment = AssignmentNumber::FIRST;
        self.order("2001", subject, Command::SignFor { assignment })
            .await;
        let contact = ContactRecord {
            contacted_at: self.clock.now(),
            phone: "13800001234".to_owned(),
            outcome: ContactOutcome::Reached,
            note: String::new(),
        };
        let contacted = Command::RecordContact {
            assignment,
            contact,
        };
        self.order("2001", subject, contacted).await;
        let reply = Reply {
            text: answer.to_owned(),
            responsible_person: "赵主任".to_owned(),
            feedback: Feedback::Given {
                given_at: self.clock.now(),
                method: "电话".to_owned(),
            },
            cited_opinions: Vec::new(),
        };
        let reply = Box::new(reply);
        let replied = Command::SubmitReply { assignment, reply };
        self.order("2001", subject, replied).await;
        self.order("2002", subject, Command::SignReply { assignment })
            .await;
    }

    /// 发布 of an article, by all who have a hand in it.
    pub(crate) async fn publish(&self, id: &str, content: KbContent) {
        let content = Box::new(content);
        self.article("3001", id, KbCommand::Draft { content }).await;
        let submit = KbCommand::Submit { base_revision: 1 };
        self.article("3001", id, submit).await;
        let confirmation = UnitConfirmation::Recorded {
            name: "钱科长".to_owned(),
            evidence: "电话确认".to_owned(),
        };
        self.article("3001", id, KbCommand::Confirm { confirmation })
            .await;
        let publish = KbCommand::Publish {
            contradicts: Vec::new(),
            reason: String::new(),
        };
        self.article("3002", id, publish).await;
    }

    /// Waits until the order is so.
    pub(crate) async fn until_order(
        &self,
        subject: &str,
        is_so: impl Fn(&domain::WorkOrder) -> bool,
    ) {
        let mut head = self.office().head();
        loop {
            head.mark_unchanged();
            let found = self.office().subject(subject).await.unwrap();
            if found
                .as_ref()
                .and_then(wire::Subject::order)
                .is_some_and(&is_so)
            {
                return;
            }
            head.changed().await.unwrap();
        }
    }

    pub(crate) async fn key(&self, name: &str, usage: KeyUse) -> String {
        let mut random = [0; api_key::KEY_BYTES];
        getrandom::fill(&mut random).unwrap();
        let text = api_key::text_of(random);
        let key = ApiKey {
            name: name.to_owned(),
            usage,
            made_at: self.clock.now(),
            is_revoked: false,
        };
        let made = api_key::row(&text, &key).unwrap();
        let written = self.office().write(vec![made]).await.unwrap();
        assert_eq!(written, center::Written::Done);
        text
    }

    pub(crate) async fn open311_key(&self) -> String {
        let channel = Channel::App;
        self.key("市民通", KeyUse::Open311 { channel }).await
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        self.ask("GET", path, &[], Vec::new()).await
    }

    pub(crate) async fn post_form(&self, path: &str, form: &str) -> Got {
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.ask("POST", path, &[kind], form.as_bytes().to_vec())
            .await
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Got {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap();
        tokio::task::spawn_blocking(move || {
            let agent: ureq::Agent = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .allow_non_standard_methods(true)
                .build()
                .into();
            let answer = agent.run(request).unwrap();
            let (parts, mut body) = answer.into_parts();
            Got {
                status: parts.status.as_u16(),
                headers: parts.headers,
                body: body.read_to_string().unwrap(),
            }
        })
        .await
        .unwrap()
    }
}

async fn start(config: &Config, clock: &Arc<TestClock>) -> Server {
    let clock: Arc<dyn Clock> = Arc::clone(clock) as Arc<dyn Clock>;
    Server::start(config.clone(), clock).await.unwrap()
}

fn staff() -> Vec<StaffMember> {
    let member = |id: &str, roles: &[Role], unit: &str| StaffMember {
        actor: Actor {
            id: ActorId(id.to_owned()),
            name: id.to_owned(),
            roles: roles.to_vec(),
            unit: (!unit.is_empty()).then(|| HandlingUnitId(unit.to_owned())),
        },
        is_disabled: false,
        former_roles: Vec::new(),
    };
    vec![
        member("1001", &[Role::Operator, Role::Dispatcher], ""),
        member("1003", &[Role::Supervisor], ""),
        member("2001", &[Role::Liaison], "水务"),
        member("2002", &[Role::UnitReviewer], "水务"),
        member("3001", &[Role::KbEditor], ""),
        member("3002", &[Role::KbReviewer], ""),
        member("center", &[Role::Center], ""),
    ]
}

fn units() -> Vec<HandlingUnit> {
    let units = [("水务", "县水务局"), ("三汇镇", "三汇镇")];
    let unit = |(id, name): (&str, &str)| HandlingUnit {
        id: HandlingUnitId(id.to_owned()),
        name: name.to_owned(),
        aliases: Vec::new(),
        group: String::new(),
    };
    units.map(unit).to_vec()
}

pub(crate) fn matter(text: &str) -> Matter {
    Matter {
        caller: Caller {
            phone: "13800001234".to_owned(),
            contact_phone: String::new(),
            name: "张三丰".to_owned(),
            address: "三汇镇大桥头7号".to_owned(),
        },
        channel: Channel::Phone,
        kind: MatterKind::Help,
        class: MatterClass::Ordinary,
        category_id: String::new(),
        title: String::new(),
        text: text.to_owned(),
        place: Place::default(),
        happened: String::new(),
        about: String::new(),
        wants: String::new(),
        is_confidential: false,
        wants_call_back: false,
        origin: Origin::default(),
    }
}

pub(crate) fn content(title: &str, question: &str, answer: &str) -> KbContent {
    serde_json::from_value(serde_json::json!({
        "template": KbTemplate::StandardAnswer,
        "title": title,
        "questions": [question],
        "answer": answer,
        "sections": [{ "label": "咨询电话", "text": "0818-7212345" }],
        "internal_note": "内部口径不外传",
        "unit": "县水务局",
        "responsible_person": "孙小红",
        "source": "渠水发〔2026〕1号",
        "valid_from": null,
        "valid_until": "2027-12-31",
        "next_review_on": "2027-06-30",
    }))
    .unwrap()
}
