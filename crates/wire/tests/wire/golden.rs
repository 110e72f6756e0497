//! The frozen forms: one golden JSON file for each, and one fingerprint for all.
//!
//! A desk and a center of different age must read each other, and what crossed the network is kept
//! for ever. So a golden file is never edited but together with the protocol's version.

use std::collections::BTreeSet;
use std::fmt::Debug;

use audit::{Claim, Link, Outcome};
use chrono::DateTime;
use domain::assessment::{
    AssessedPeriod, AssessmentCommand, AssessmentEvent, DeductedEvent, FrozenEvents, FrozenFigure,
    FrozenUnit,
};
use domain::calendar::{HolidayRun, MakeUpWorkday, YearNotice};
use domain::caller_dossier::{CallEvidence, DossierCommand, DossierEvent};
use domain::dispatch_catalogue::{AmendmentCommand, AmendmentEvent, CatalogueAmendment};
use domain::early_warning::{
    EarlyWarningAct, EarlyWarningCommand, EarlyWarningEvent, EarlyWarningFound, EarlyWarningGround,
};
use domain::indicators::Indicator;
use domain::kb::task::{KbTaskCommand, KbTaskEvent};
use domain::kb::{KbArticleId, KbCommand, KbEvent};
use domain::liaison::{LiaisonPost, LiaisonRegister, LiaisonTerm};
use domain::local_name::{LocalName, LocalNames};
use domain::precedent::PrecedentRegister;
use domain::rule_set::RuleSetId;
use domain::supervision::{SupervisoryCommand, SupervisoryEvent};
use domain::work_order::{AssignmentNumber, EventKind};
use domain::{Actor, ActorId, Event, HandlingUnit, HandlingUnitId, Role};
use expect_test::{expect, expect_file};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::{
    Accepted, Answer, AuditCopied, AuditCopy, AuditKept, BlobState, ChangePassword, Conflict,
    Cover, Cursor, DeskId, DeskMoment, EnrolRequest, Enrolled, Entry, EntryBody, Envelope, Flag,
    Greeting, Hash, Head, Hello, Kept, LateFact, PROTOCOL, Page, Parked, PartBody, PasswordChanged,
    PullRequest, PushAnswer, PushRequest, Quarantine, RecallRequest, Recalled, RedactedSubject,
    Redaction, RedactionGround, Reference, Refused, Request, Rewind, Salt, Sealing, SignIn,
    SignInRefusal, SignedIn, SnapshotManifest, SnapshotPart, StaffMember, Story, StoryRequest,
    StoryTold, Stream, Tally, TooOld, Verification, VerifyRequest, Witness,
};

fn moment() -> DateTime<chrono::Utc> {
    DateTime::from_timestamp_millis(1_795_396_530_125).unwrap()
}

fn day(year: i32, month: u32, day: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn desk() -> DeskId {
    DeskId("W01".to_owned())
}

fn head() -> Head {
    Head {
        number: 7,
        hash: Hash([0xab; 32]),
    }
}

fn cursor() -> Cursor {
    Cursor {
        seq: 41,
        hash: Hash([0xcd; 32]),
    }
}

fn envelope() -> Envelope {
    Envelope {
        desk: desk(),
        number: 8,
        id: "0198f0c2-0000-7000-8000-000000000001".to_owned(),
        subject: "order-1".to_owned(),
        kind: "supplement".to_owned(),
        command: r#"{"command":"supplement","text":"又来电：\"还没水\""}"#.to_owned(),
        actor: ActorId("1001".to_owned()),
        occurred_at: moment(),
        rule_set: RuleSetId("QX-2023-66".to_owned()),
        base_version: 3,
        cover: Cover::Bare,
        previous_hash: Hash([0xab; 32]),
        witness: Some(Witness {
            schema: 1,
            session: "s-1".to_owned(),
            seen_hash: Some(Hash([1; 32])),
            round: Some(AssignmentNumber(1)),
            skew_ms: Some(-40),
            uptime: Some(DeskMoment {
                run: "r-1".to_owned(),
                ms: 90_000,
            }),
        }),
        hash: Hash::CHAIN_START,
    }
    .sealed()
}

fn accepted() -> Accepted {
    Accepted {
        story: Story::Order(vec![Event {
            occurred_at: moment(),
            actor: ActorId("1001".to_owned()),
            kind: EventKind::Supplemented {
                text: "还没水".to_owned(),
                files: Vec::new(),
            },
        }]),
        acted_at: moment(),
        seen_version: 3,
        current_version: 4,
        flags: vec![
            Flag::ClockDoubtful,
            Flag::PossibleRepeat {
                number: "20261123-W01-0001".to_owned(),
            },
            Flag::NumberTwice {
                subject: "order-2".to_owned(),
            },
            Flag::CitesRetiredArticle {
                article: "KB-7".to_owned(),
            },
            Flag::KeptBeside,
            Flag::OtherRuleSet,
            Flag::FormerRights,
        ],
    }
}

fn kept() -> Kept {
    Kept {
        kind: "supplement".to_owned(),
        command: envelope().command,
        acted_at: Some(moment()),
    }
}

/// Every entry there can be.
fn bodies() -> Vec<EntryBody> {
    let staff = Reference::Staff(vec![StaffMember {
        actor: Actor {
            id: ActorId("2001".to_owned()),
            name: "李明".to_owned(),
            roles: vec![Role::Liaison],
            unit: Some(HandlingUnitId("shuiwu".to_owned())),
        },
        is_disabled: true,
        former_roles: vec![Role::UnitReviewer],
    }]);
    let units = Reference::Units(vec![HandlingUnit {
        id: HandlingUnitId("shuiwu".to_owned()),
        name: "县水务局".to_owned(),
        aliases: vec!["水务局".to_owned()],
        group: "县级部门".to_owned(),
    }]);
    let refused = Refused {
        conflict: Conflict::WrongRound,
        rule: "SubmitReply is not possible at stage SentBack of the assignment".to_owned(),
        seen_version: 3,
        current_version: 9,
        kept: Some(kept()),
    };
    let changed = |reference| EntryBody::ReferenceChanged { reference };
    let of_article = Story::Article(vec![KbEvent {
        article: KbArticleId("kb-1".to_owned()),
        occurred_at: moment(),
        actor: ActorId("1001".to_owned()),
        kind: KbCommand::publish(),
    }]);
    let of_task = Story::Task(vec![KbTaskEvent {
        occurred_at: moment(),
        actor: ActorId("1001".to_owned()),
        due_on: None,
        kind: KbTaskCommand::Accept,
    }]);
    let of_case = Story::Case(vec![SupervisoryEvent {
        occurred_at: moment(),
        actor: ActorId("1001".to_owned()),
        kind: SupervisoryCommand::Confirm,
    }]);
    let of_catalogue = Story::Catalogue(vec![
        AmendmentEvent {
            occurred_at: moment(),
            actor: ActorId("1001".to_owned()),
            kind: AmendmentCommand::Propose {
                id: "amendment-1".to_owned(),
                amendment: CatalogueAmendment {
                    category_id: "c-070".to_owned(),
                    from: HandlingUnitId("gongan".to_owned()),
                    to: HandlingUnitId("zongfa".to_owned()),
                    because: vec!["20261123-W01-0001".to_owned()],
                },
            },
        },
        AmendmentEvent {
            occurred_at: moment(),
            actor: ActorId("1002".to_owned()),
            kind: AmendmentCommand::Rule {
                id: "amendment-1".to_owned(),
                is_adopted: true,
                reason: String::new(),
            },
        },
    ]);
    let of_scheme = Story::Assessment(vec![AssessmentEvent {
        occurred_at: moment(),
        actor: ActorId("1001".to_owned()),
        kind: AssessmentCommand::Count {
            period: AssessedPeriod::Month {
                year: 2026,
                month: 10,
            },
            counted_at: moment(),
            units: vec![FrozenUnit {
                unit: HandlingUnitId("shuiwu".to_owned()),
                figures: vec![FrozenFigure {
                    indicator: Indicator::TimelyCompletion,
                    points: 19,
                    n_items: 20,
                    full_points: 1,
                    sha256: Hash([5; 32]).to_string(),
                }],
                events: vec![FrozenEvents {
                    event: DeductedEvent::Admonition,
                    numbers: vec!["JD-1".to_owned()],
                }],
            }],
        },
    }]);
    let of_dossier = Story::Dossier(vec![DossierEvent {
        occurred_at: moment(),
        actor: ActorId("1001".to_owned()),
        kind: DossierCommand::AddEvidence {
            evidence: CallEvidence {
                called_at: moment(),
                duration_s: 320,
                recording: "R-2".to_owned(),
                note: String::new(),
            },
        },
    }]);
    let of_warning = Story::EarlyWarning(vec![EarlyWarningEvent {
        occurred_at: moment(),
        actor: ActorId("2001".to_owned()),
        kind: EarlyWarningCommand::Act {
            found: EarlyWarningFound {
                ground: EarlyWarningGround::Words {
                    word: "记者".to_owned(),
                },
                found_at: moment(),
                orders: vec!["order-1".to_owned()],
            },
            act: EarlyWarningAct::PassedOn {
                to: "县水务局".to_owned(),
                note: "已电话告知".to_owned(),
            },
        },
    }]);
    let accepted_story = |story| {
        EntryBody::Accepted(Accepted {
            story,
            flags: Vec::new(),
            ..accepted()
        })
    };
    vec![
        EntryBody::Accepted(accepted()),
        accepted_story(of_article),
        accepted_story(of_task),
        accepted_story(of_case),
        accepted_story(of_catalogue),
        accepted_story(of_scheme),
        accepted_story(of_dossier),
        accepted_story(of_warning),
        EntryBody::Redirected {
            from: "order-9".to_owned(),
            accepted: accepted(),
        },
        EntryBody::Refused(refused),
        EntryBody::LateFact(LateFact {
            conflict: Conflict::Closed,
            rule: "Urge is not possible".to_owned(),
            seen_version: 3,
            current_version: 9,
            told: kept(),
        }),
        EntryBody::Parked(Parked {
            because: "hold_a_hearing is not known here".to_owned(),
        }),
        EntryBody::Recovered {
            kind: "supplement".to_owned(),
            command: envelope().command,
            about: "order-1".to_owned(),
            acted_at: Some(moment()),
        },
        changed(staff),
        changed(units),
        changed(Reference::Precedents(PrecedentRegister::default())),
        changed(Reference::Holidays(vec![YearNotice {
            year: 2027,
            document: "国办发明电〔2026〕7号".to_owned(),
            holidays: vec![HolidayRun {
                name: "元旦".to_owned(),
                first: day(2027, 1, 1),
                last: day(2027, 1, 3),
            }],
            make_up_workdays: vec![MakeUpWorkday {
                name: "元旦".to_owned(),
                date: day(2027, 1, 9),
            }],
        }])),
        changed(Reference::Liaisons(liaisons())),
        changed(Reference::LocalNames(local_names())),
        EntryBody::DeskEnrolled { desk: desk() },
        EntryBody::DeskQuarantined {
            desk: desk(),
            fork_at: 8,
        },
        EntryBody::EpochBegan {
            restored_to: 41,
            reason: "restore".to_owned(),
        },
        EntryBody::Redacted(Redaction {
            subjects: vec![
                RedactedSubject {
                    said_by: None,
                    id: "order-1".to_owned(),
                    remains: Hash([0xef; 32]),
                },
                RedactedSubject {
                    said_by: Some(moment()),
                    id: "order-1".to_owned(),
                    remains: Hash([0xef; 32]),
                },
            ],
            ground: RedactionGround::Asked,
            asked_by: ActorId("1001".to_owned()),
            granted_by: ActorId("1002".to_owned()),
        }),
    ]
}

fn local_names() -> LocalNames {
    let square = LocalName {
        name: "万兴广场".to_owned(),
        township_code: "511725001".to_owned(),
        village_code: String::new(),
    };
    LocalNames::of(vec![square], |_| true).unwrap()
}

fn liaisons() -> LiaisonRegister {
    let mut register = LiaisonRegister::default();
    register
        .appoint(LiaisonTerm {
            unit: HandlingUnitId("shuiwu".to_owned()),
            post: LiaisonPost::Liaison,
            name: "李明".to_owned(),
            phone: "13800138000".to_owned(),
            from: day(2026, 1, 4),
            until: None,
        })
        .unwrap();
    register
}

fn entry(body: &EntryBody) -> Entry {
    let sealing = Sealing {
        epoch: 2,
        after: cursor(),
        recorded_at: moment(),
        subject: "order-1".to_owned(),
        origin: Some(wire::Origin::of(&envelope())),
        salt: Salt([9; 16]),
    };
    Entry::seal(sealing, body).unwrap()
}

fn requests() -> Vec<Request> {
    let push = PushRequest {
        desk: desk(),
        protocol: 2,
        sent: DeskMoment {
            run: "r-1".to_owned(),
            ms: 95_000,
        },
        envelopes: vec![envelope()],
    };
    vec![
        Request::Enrol(EnrolRequest {
            protocol: PROTOCOL,
            code: "7F3K-22QX".to_owned(),
            machine: "hotline-01".to_owned(),
            public_key: "MCowBQYDK2VwAyEA".to_owned(),
        }),
        Request::Hello(Hello {
            desk: desk(),
            protocol: PROTOCOL,
            program: "0.1.0".to_owned(),
            desk_time: moment(),
            head: head(),
            epoch: 2,
            cursor: cursor(),
        }),
        Request::Push(push.clone()),
        Request::Recover(push),
        Request::Pull(PullRequest {
            desk: desk(),
            protocol: 2,
            epoch: 2,
            cursor: cursor(),
            entries_max: 500,
        }),
        Request::Recall(RecallRequest {
            desk: desk(),
            protocol: 2,
            after: 7,
        }),
    ]
}

fn answers() -> Vec<Answer> {
    vec![
        Answer::Enrolled(Enrolled {
            desk: desk(),
            protocol: 2,
            epoch: 2,
            certificate: "-----BEGIN CERTIFICATE-----".to_owned(),
        }),
        Answer::Greeting(Greeting {
            protocol: 2,
            epoch: 2,
            center_time: moment(),
            head: head(),
            feed: cursor(),
            durable_seq: 40,
            keep_days: Some(730),
        }),
        Answer::Pushed(PushAnswer {
            epoch: 2,
            head: head(),
            feed: cursor(),
            durable_seq: 40,
        }),
        Answer::Gap { expected: 6 },
        Answer::Page(Page {
            epoch: 2,
            entries: vec![entry(&EntryBody::DeskEnrolled { desk: desk() })],
            feed: cursor(),
            durable_seq: 40,
        }),
        Answer::Rewind(Rewind {
            epoch: 3,
            to: cursor(),
        }),
        Answer::Recalled(Recalled {
            envelopes: vec![envelope()],
            head: head(),
        }),
        Answer::Quarantined(Quarantine { fork_at: 8 }),
        Answer::TooOld { who: TooOld::Desk },
        Answer::TooOld {
            who: TooOld::Center,
        },
        Answer::Unauthorised,
        Answer::Malformed {
            because: "501 intents".to_owned(),
        },
        Answer::Busy { after_ms: 2_000 },
    ]
}

/// The name of a form: the word it is told apart by, and a number where it stands twice.
struct Goldens {
    names: BTreeSet<String>,
    all: String,
}

impl Goldens {
    fn check<T: Serialize + DeserializeOwned + Debug + PartialEq>(&mut self, name: &str, form: &T) {
        let json = serde_json::to_string_pretty(form).unwrap() + "\n";
        let mut unique = name.to_owned();
        let mut nth = 1;
        while !self.names.insert(unique.clone()) {
            nth += 1;
            unique = format!("{name}-{nth}");
        }
        let back: T = serde_json::from_str(&json).unwrap();
        assert_eq!(&back, form, "{name}");
        expect_file![format!(
            "{}/tests/wire/golden/{unique}.json",
            env!("CARGO_MANIFEST_DIR")
        )]
        .assert_eq(&json);
        self.all.push_str(&json);
    }

    fn check_all<T: Serialize + DeserializeOwned + Debug + PartialEq>(
        &mut self,
        tag: &str,
        forms: &[T],
    ) {
        for form in forms {
            let value = serde_json::to_value(form).unwrap();
            let name = format!("{tag}-{}", value[tag].as_str().unwrap());
            self.check(&name, form);
        }
    }
}

#[test]
fn every_form_keeps_its_json() {
    let mut goldens = Goldens {
        names: BTreeSet::new(),
        all: String::new(),
    };
    goldens.check("envelope", &envelope());
    let without_witness = Envelope {
        witness: None,
        ..envelope()
    };
    goldens.check("envelope-1", &without_witness.sealed());
    let salted = Envelope {
        cover: Cover::Salted(Salt([9; 16])),
        ..envelope()
    };
    let salted = salted.sealed();
    goldens.check("envelope-salted", &salted);
    goldens.check("envelope-without-command", &salted.redacted());
    let whole = entry(&bodies()[0]);
    goldens.check("entry", &whole);
    goldens.check("entry-without-text", &whole.redacted());
    let asked = StoryRequest {
        subject: "order-1".to_owned(),
    };
    goldens.check("story-asked", &asked);
    let told = StoryTold {
        entries: vec![whole.clone()],
    };
    goldens.check("story-told", &told);
    // As protocol 1 had it.
    let bare = Entry {
        cover: Cover::Bare,
        ..whole
    };
    let hash = bare.computed_hash();
    goldens.check("entry-bare", &Entry { hash, ..bare });
    goldens.check_all("entry", &bodies());
    goldens.check_all("ask", &requests());
    goldens.check_all("answer", &answers());
    goldens.check("conflicts", &Conflict::ALL.to_vec());
    let snapshot = SnapshotManifest {
        stream: Stream::Work,
        epoch: 2,
        at: cursor(),
        feed: cursor(),
        n_bytes: 500_000,
        parts: vec![SnapshotPart {
            sha256: Hash([3; 32]),
            n_bytes: 500_000,
            n_unpacked: 5_000_000,
            end: cursor(),
        }],
    };
    goldens.check("snapshot", &snapshot);
    let part = PartBody {
        entries: vec![entry(&bodies()[0])],
    };
    goldens.check("snapshot-part", &part);
    let blob = BlobState {
        sha256: Hash([4; 32]),
        n_bytes: 4_194_304,
        is_whole: false,
    };
    goldens.check("blob", &blob);
    let tally = Tally {
        n_orders: 9,
        n_articles: 4,
        n_tasks: 2,
        n_cases: 0,
        n_catalogues: 0,
        n_assessments: 0,
        n_dossiers: 0,
        n_early_warnings: 0,
        sum: Hash([2; 32]),
    };
    let verify = VerifyRequest {
        epoch: 2,
        at: cursor(),
        tally,
    };
    goldens.check("verify", &verify);
    let outcomes = [
        Verification::Same,
        Verification::Differs { tally },
        Verification::Elsewhere,
    ];
    goldens.check_all("verified", &outcomes);
    let link = Link::after(
        audit::Head::START,
        audit::Entry {
            at_ms: moment().timestamp_millis(),
            actor: "1001".to_owned(),
            desk: "W01".to_owned(),
            session: "s".to_owned(),
            act: "reveal_phone".to_owned(),
            object: "order-1".to_owned(),
            purpose: "call_back".to_owned(),
            fields: vec!["phone".to_owned()],
            outcome: Outcome::Shown,
        },
    );
    let up_to = link.head();
    let claim = Claim {
        kept: audit::Head::START,
        head: up_to,
    };
    goldens.check("audit-claim", &claim);
    let kept = AuditKept {
        kept: up_to,
        is_sound: true,
        copied: Some(audit::Head::START),
    };
    goldens.check("audit-kept", &kept);
    goldens.check("audit-copy", &AuditCopy { links: vec![link] });
    let is_sound = true;
    goldens.check("audit-copied", &AuditCopied { up_to, is_sound });
    let sign_in = SignIn {
        person: "1001".to_owned(),
        password: "Lz7-mopq-93kt".to_owned(),
    };
    goldens.check("sign-in", &sign_in);
    let signed_in = SignedIn {
        actor: Actor {
            id: ActorId("1001".to_owned()),
            name: "李明".to_owned(),
            roles: vec![Role::Operator],
            unit: None,
        },
        signed_in_at: moment(),
        offline_until: moment(),
        must_change: true,
    };
    goldens.check("signed-in", &signed_in);
    let change = ChangePassword {
        person: "1001".to_owned(),
        old: "Lz7-mopq-93kt".to_owned(),
        new: "渠江边的老码头".to_owned(),
    };
    goldens.check("change-password", &change);
    let changed_at = moment();
    goldens.check("password-changed", &PasswordChanged { changed_at });
    let refusals = [
        SignInRefusal::Wrong,
        SignInRefusal::LockedUntil { until: moment() },
        SignInRefusal::Disabled,
        SignInRefusal::Expired,
        SignInRefusal::TooSimple {
            min_chars: 10,
            plain_min_chars: 14,
        },
        SignInRefusal::TooLong { max_chars: 128 },
        SignInRefusal::TooCommon,
        SignInRefusal::Unchanged,
    ];
    goldens.check_all("refusal", &refusals);

    // A form has changed where this differs. An older program must still read it and be read;
    // otherwise raise the end of `PROTOCOL` and keep a reader for the older form.
    let fingerprint = wire::story_hash(Hash::CHAIN_START, &Story::Order(Vec::new())).unwrap();
    let fingerprint = format!(
        "protocol {} to {}: {} forms, {}, {fingerprint}",
        PROTOCOL.first,
        PROTOCOL.last,
        goldens.names.len(),
        sha256(&goldens.all),
    );
    expect!["protocol 2 to 2: 75 forms, ede44fb5fae42251dd4aea6c2a2ee8816c9d0e4227101ae24d8ba1a955ebc600, b8a5df49926bc3e1e7667b41347332b5e04ac6a4010d0776eaf694357a07b085"].assert_eq(&fingerprint);
}

/// A name for each variant, so that one more does not compile until it is listed here; then it
/// needs a form above.
#[test]
fn a_body_is_read_as_its_form_says_whichever_way() {
    let mut n_accepted = 0;
    for body in bodies() {
        let written = entry(&body);
        n_accepted += usize::from(written.body.starts_with("{\"entry\":\"accepted\","));
        assert_eq!(written.read().unwrap(), body);
        let by_form: EntryBody = serde_json::from_str(&written.body).unwrap();
        assert_eq!(by_form, body);
    }
    assert!(n_accepted > 1, "no body begins as nearly all do");
    let torn = Entry {
        body: "{\"entry\":\"accepted\",\"story\":1}".to_owned(),
        ..entry(&EntryBody::DeskEnrolled { desk: desk() })
    };
    assert!(torn.read().is_err());
}

#[test]
fn every_variant_has_a_golden_file() {
    let entries = |body: &EntryBody| match body {
        EntryBody::Accepted(accepted) => match accepted.story {
            Story::Order(_) => 0,
            Story::Article(_) => 12,
            Story::Task(_) => 13,
            Story::Case(_) => 15,
            Story::Catalogue(_) => 17,
            Story::Assessment(_) => 18,
            Story::Dossier(_) => 20,
            Story::EarlyWarning(_) => 22,
        },
        EntryBody::Redirected { .. } => 1,
        EntryBody::Refused(_) => 2,
        EntryBody::LateFact(_) => 3,
        EntryBody::Parked(_) => 4,
        EntryBody::Recovered { .. } => 5,
        EntryBody::ReferenceChanged { reference } => match reference {
            Reference::Staff(_) => 6,
            Reference::Units(_) => 7,
            Reference::Precedents(_) => 8,
            Reference::Holidays(_) => 14,
            Reference::Liaisons(_) => 16,
            Reference::LocalNames(_) => 19,
        },
        EntryBody::DeskEnrolled { .. } => 9,
        EntryBody::DeskQuarantined { .. } => 10,
        EntryBody::EpochBegan { .. } => 11,
        EntryBody::Redacted(_) => 21,
    };
    let asked = |request: &Request| match request {
        Request::Enrol(_) => 0,
        Request::Hello(_) => 1,
        Request::Push(_) => 2,
        Request::Recover(_) => 3,
        Request::Pull(_) => 4,
        Request::Recall(_) => 5,
    };
    let answered = |answer: &Answer| match answer {
        Answer::Enrolled(_) => 0,
        Answer::Greeting(_) => 1,
        Answer::Pushed(_) => 2,
        Answer::Gap { .. } => 3,
        Answer::Page(_) => 4,
        Answer::Rewind(_) => 5,
        Answer::Recalled(_) => 6,
        Answer::Quarantined(_) => 7,
        Answer::TooOld { who: TooOld::Desk } => 8,
        Answer::TooOld {
            who: TooOld::Center,
        } => 9,
        Answer::Unauthorised => 10,
        Answer::Malformed { .. } => 11,
        Answer::Busy { .. } => 12,
    };
    let all = |found: BTreeSet<usize>, n: usize| assert_eq!(found, (0..n).collect());
    all(bodies().iter().map(entries).collect(), 23);
    all(requests().iter().map(asked).collect(), 6);
    all(answers().iter().map(answered).collect(), 13);
}

fn sha256(text: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let hash: [u8; 32] = Sha256::digest(text).into();
    Hash(hash).to_string()
}
