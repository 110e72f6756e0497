//! A center in the same process, and a line to it that can be cut: answers lost, repeated, kept back.
//! No socket, no time that passes: what it answers is what the real one does.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex};

use audit::{Chain, Claim, Head, Judgement, Link};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use center::{Acted, Center, Errand, Ledger as _, MemoryLedger, Rules};
use chrono::{DateTime, TimeDelta, Utc};
use desk::sync::{BlobStretch, CenterAccess, Line, Network, NotMet};
use desk_sync::{Failure, Fetch, Fetched};
use domain::calendar::WorkCalendar;
use domain::rule_set::RuleSets;
use domain::{Actor, ActorId, Command, HandlingUnit, Role};
use serde_json::{Value, json};
use wire::{
    Act, Answer, AuditCopied, AuditCopy, AuditKept, BlobState, ChangePassword, EnrolmentCode, Hash,
    PasswordChanged, Reference, Request, SignIn, SignInRefusal, SignedIn, StaffMember,
};
use wording::reference::ReferenceTables;

use crate::workstation::{Workstation, beijing, wait_until};

/// What the center shows: its authority's certificate, as it were.
const CERTIFICATE: &[u8] = b"the certificate of the center's authority";
const ADDRESS: &str = "10.1.2.3:8443";
pub(crate) const PASSWORD: &str = "渠江水长流2026";

/// So much of an attachment comes at a time.
const STRETCH_BYTES: usize = 100;

/// What happens to a question and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The line is whole.
    No,
    /// Nothing gets through.
    Off,
    /// The center does what it is asked, and every third answer is lost.
    LosesAnswers,
    /// Everything is asked twice, and the first answer is what comes back.
    Repeats,
    /// Every third answer is one that was given before.
    Delays,
}

struct Account {
    password: String,
    must_change: bool,
}

/// An attachment as far as it has come.
struct File {
    bytes: Vec<u8>,
    of_bytes: u64,
}

struct Inside {
    center: Center<MemoryLedger>,
    now: DateTime<Utc>,
    staff: Vec<StaffMember>,
    accounts: BTreeMap<String, Account>,
    cut: Cut,
    /// Whether the door for people knows the desk no more.
    is_struck_off: bool,
    n_asked: u64,
    before: Option<Answer>,
    n_codes: u8,
    files: BTreeMap<Hash, File>,
    /// What is kept of the desk's audit; there is one desk.
    audit: Option<Head>,
    audit_copy: Vec<Link>,
}

impl Inside {
    fn copied(&self) -> Head {
        self.audit_copy.last().map_or(Head::START, Link::head)
    }
}

/// 中心.
pub(crate) struct LocalCenter {
    inside: Mutex<Inside>,
    news: Condvar,
}

struct LocalLine(Arc<LocalCenter>);

/// [`LocalCenter`] as desks find it.
pub(crate) struct Town(pub(crate) Arc<LocalCenter>);

impl LocalCenter {
    /// Knows 1001 陈晓梅, call-taker and dispatcher; 1002 李强, who leads the shift; 1003 周兰, who
    /// edits, and 1004 何静, who reviews.
    pub(crate) fn new() -> Arc<Self> {
        let now = beijing("2026-11-23 09:15");
        let rules = Rules {
            calendar: WorkCalendar::built_in(),
            rule_sets: RuleSets::built_in(),
        };
        let center = Center::open(MemoryLedger::default(), rules, now).unwrap();
        let people = [
            ("1001", "陈晓梅", vec![Role::Operator, Role::Dispatcher]),
            ("1002", "李强", vec![Role::Operator, Role::ShiftLead]),
            ("1003", "周兰", vec![Role::KbEditor]),
            ("1004", "何静", vec![Role::KbReviewer]),
        ];
        let member = |(number, name, roles): (&str, &str, Vec<Role>)| StaffMember {
            actor: Actor {
                id: ActorId(number.to_owned()),
                name: name.to_owned(),
                roles,
                unit: None,
            },
            is_disabled: false,
            former_roles: Vec::new(),
        };
        let staff: Vec<_> = people.into_iter().map(member).collect();
        let account = |member: &StaffMember| {
            let account = Account {
                password: PASSWORD.to_owned(),
                must_change: false,
            };
            (member.actor.id.0.clone(), account)
        };
        let accounts = staff.iter().map(account).collect();
        let center = Arc::new(Self {
            inside: Mutex::new(Inside {
                center,
                now,
                staff: staff.clone(),
                accounts,
                cut: Cut::No,
                is_struck_off: false,
                n_asked: 0,
                before: None,
                n_codes: 0,
                files: BTreeMap::new(),
                audit: None,
                audit_copy: Vec::new(),
            }),
            news: Condvar::new(),
        });
        center.change(&Reference::Staff(staff));
        center.change_units(ReferenceTables::built_in_units().unwrap());
        center
    }

    /// Adds a person with one password like everybody's.
    pub(crate) fn add(&self, number: &str, name: &str, roles: &[Role]) {
        let mut inside = self.inside();
        inside.staff.push(StaffMember {
            actor: Actor {
                id: ActorId(number.to_owned()),
                name: name.to_owned(),
                roles: roles.to_vec(),
                unit: None,
            },
            is_disabled: false,
            former_roles: Vec::new(),
        });
        let account = Account {
            password: PASSWORD.to_owned(),
            must_change: false,
        };
        inside.accounts.insert(number.to_owned(), account);
        let staff = Reference::Staff(inside.staff.clone());
        drop(inside);
        self.change(&staff);
    }

    /// How many entries of the desk's audit are kept.
    pub(crate) fn audit_kept(&self) -> u64 {
        self.inside().audit.map_or(0, |head| head.n)
    }

    /// What it has of them.
    pub(crate) fn audit_copied(&self) -> Vec<Link> {
        self.inside().audit_copy.clone()
    }

    /// 调整角色.
    pub(crate) fn set_roles(&self, number: &str, roles: &[Role]) {
        let mut inside = self.inside();
        for member in &mut inside.staff {
            if member.actor.id.0 == number {
                member.actor.roles = roles.to_vec();
            }
        }
        let staff = Reference::Staff(inside.staff.clone());
        drop(inside);
        self.change(&staff);
    }

    fn inside(&self) -> std::sync::MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }

    pub(crate) fn change(&self, reference: &Reference) {
        let mut inside = self.inside();
        let now = inside.now;
        inside.center.change_reference(reference, now).unwrap();
        self.news.notify_all();
    }

    pub(crate) fn change_units(&self, units: Vec<HandlingUnit>) {
        self.change(&Reference::Units(units));
    }

    /// 停用.
    pub(crate) fn disable(&self, number: &str) {
        let mut inside = self.inside();
        for member in &mut inside.staff {
            member.is_disabled |= member.actor.id.0 == number;
        }
        let staff = Reference::Staff(inside.staff.clone());
        drop(inside);
        self.change(&staff);
    }

    pub(crate) fn must_change(&self, number: &str) {
        self.inside().accounts.get_mut(number).unwrap().must_change = true;
    }

    pub(crate) fn set_clock(&self, text: &str) {
        self.inside().now = beijing(text);
    }

    pub(crate) fn cut(&self, cut: Cut) {
        self.inside().cut = cut;
    }

    /// 注销 of the only desk there is, as its people are told at the door.
    pub(crate) fn strike_off(&self, desk: &str) {
        self.revoke(desk);
        self.inside().is_struck_off = true;
    }

    pub(crate) fn revoke(&self, desk: &str) {
        let desk = wire::DeskId(desk.to_owned());
        self.inside().center.revoke(&desk).unwrap();
    }

    /// 登记码 as the administrator reads it out.
    pub(crate) fn code(&self) -> String {
        let mut inside = self.inside();
        inside.n_codes += 1;
        let code = EnrolmentCode::new([inside.n_codes; wire::SECRET_BYTES], CERTIFICATE);
        inside.center.allow_enrolment(&code.secret).unwrap();
        code.to_string()
    }

    /// A file under a name that may be another's.
    pub(crate) fn put_file_as(&self, sha256: Hash, bytes: &[u8]) {
        let file = File {
            bytes: bytes.to_vec(),
            of_bytes: bytes.len() as u64,
        };
        self.inside().files.insert(sha256, file);
    }

    /// Somebody at the center adds a file to an order.
    pub(crate) fn supplement(&self, id: &str, name: &str, sha256: Hash) {
        let mut inside = self.inside();
        let errand = Errand {
            actor: inside.staff[1].actor.id.clone(),
            subject: id.to_owned(),
            id: format!("supplement-{name}"),
            act: Act::Order(Command::Supplement {
                text: String::new(),
                files: vec![wording::attachment::named(name, &sha256.to_string())],
            }),
            seen_version: None,
        };
        let now = inside.now;
        let acted = inside.center.act(&errand, now).unwrap();
        assert!(matches!(acted, Acted::Done { .. }), "{acted:?}");
        self.news.notify_all();
    }

    /// The attachment, if it is there whole.
    pub(crate) fn file(&self, sha256: Hash) -> Option<Vec<u8>> {
        let inside = self.inside();
        let file = inside.files.get(&sha256);
        let whole = file.filter(|it| it.bytes.len() as u64 == it.of_bytes);
        whole.map(|it| it.bytes.clone())
    }

    /// Where the feed ends.
    pub(crate) fn seq(&self) -> u64 {
        self.inside().center.ledger().feed().unwrap().end.seq
    }

    /// How many entries answer an intent.
    pub(crate) fn n_answers(&self, desk: &str) -> usize {
        let inside = self.inside();
        let entries = inside.center.ledger().entries_after(0, 10_000, usize::MAX);
        let of_desk = |entry: &&wire::Entry| {
            let origin = entry.origin.as_ref();
            origin.is_some_and(|it| it.desk.0 == desk)
        };
        entries.unwrap().iter().filter(of_desk).count()
    }
}

fn state_of(sha256: Hash, file: Option<&File>) -> BlobState {
    let n_bytes = file.map_or(0, |file| file.bytes.len() as u64);
    BlobState {
        sha256,
        n_bytes,
        is_whole: file.is_some_and(|file| n_bytes == file.of_bytes),
    }
}

impl Network for Town {
    fn meet(&self, address: &str, code: &EnrolmentCode) -> Result<String, NotMet> {
        if address != ADDRESS || self.0.inside().cut == Cut::Off {
            return Err(NotMet::Unreachable);
        }
        if code.is_of(CERTIFICATE) {
            Ok(STANDARD.encode(CERTIFICATE))
        } else {
            Err(NotMet::NotOfTheCode)
        }
    }

    fn line(&self, access: &CenterAccess) -> anyhow::Result<Arc<dyn Line>> {
        anyhow::ensure!(access.address == ADDRESS, "Another center");
        Ok(Arc::new(LocalLine(Arc::clone(&self.0))))
    }
}

impl Line for LocalLine {
    fn ask(&self, request: &Request) -> Result<Answer, Failure> {
        let mut inside = self.0.inside();
        let inside = &mut *inside;
        if inside.cut == Cut::Off {
            return Err(Failure::Offline);
        }
        inside.n_asked += 1;
        let is_third = inside.n_asked.is_multiple_of(3);
        let answer = inside.center.handle(request, inside.now).unwrap();
        if matches!(answer, Answer::Enrolled(_)) {
            inside.is_struck_off = false;
        }
        let before = inside.before.replace(answer.clone());
        self.0.news.notify_all();
        match (inside.cut, before) {
            (Cut::LosesAnswers, _) if is_third => Err(Failure::TimedOut),
            (Cut::Repeats, _) => {
                inside.center.handle(request, inside.now).unwrap();
                Ok(answer)
            }
            (Cut::Delays, Some(before)) if is_third => Ok(before),
            (_, _) => Ok(answer),
        }
    }

    fn fetch(&self, _fetch: Fetch) -> Result<Fetched, Failure> {
        match self.0.inside().cut {
            Cut::Off => Err(Failure::Offline),
            Cut::No | Cut::LosesAnswers | Cut::Repeats | Cut::Delays => Ok(Fetched::NotThere),
        }
    }

    fn blob_state(&self, sha256: Hash) -> Result<BlobState, Failure> {
        let inside = self.0.inside();
        match inside.cut {
            Cut::Off => Err(Failure::Offline),
            Cut::No | Cut::LosesAnswers | Cut::Repeats | Cut::Delays => {
                Ok(state_of(sha256, inside.files.get(&sha256)))
            }
        }
    }

    /// Takes so many bytes at a time, and every third of its answers is lost where answers are.
    fn put_blob(
        &self,
        sha256: Hash,
        (from_byte, of_bytes): (u64, u64),
        bytes: &[u8],
    ) -> Result<Option<BlobState>, Failure> {
        let mut inside = self.0.inside();
        if inside.cut == Cut::Off {
            return Err(Failure::Offline);
        }
        inside.n_asked += 1;
        let is_lost = inside.cut == Cut::LosesAnswers && inside.n_asked.is_multiple_of(3);
        let file = inside.files.entry(sha256).or_insert(File {
            bytes: Vec::new(),
            of_bytes,
        });
        if file.bytes.len() as u64 == from_byte {
            file.bytes.extend(bytes);
        }
        let is_whole = file.bytes.len() as u64 == file.of_bytes;
        if is_whole && Hash::of(&file.bytes) != sha256 {
            inside.files.remove(&sha256);
            return Ok(None);
        }
        let state = state_of(sha256, inside.files.get(&sha256));
        if is_lost {
            return Err(Failure::TimedOut);
        }
        Ok(Some(state))
    }

    /// A few bytes at a time.
    fn blob(&self, sha256: Hash, from_byte: u64) -> Result<Option<BlobStretch>, Failure> {
        let inside = self.0.inside();
        if inside.cut == Cut::Off {
            return Err(Failure::Offline);
        }
        let file = inside.files.get(&sha256);
        Ok(file.map(|file| {
            let from = usize::try_from(from_byte).unwrap();
            let to = (from + STRETCH_BYTES).min(file.bytes.len());
            BlobStretch {
                of_bytes: file.of_bytes,
                bytes: file.bytes[from..to].to_vec(),
            }
        }))
    }

    fn await_news(&self) -> Result<(), Failure> {
        let inside = self.0.inside();
        let seen = inside.n_asked;
        let is_old = |inside: &mut Inside| inside.n_asked == seen;
        drop(self.0.news.wait_while(inside, is_old).unwrap());
        Ok(())
    }

    fn sign_in(&self, request: &SignIn) -> Result<Result<SignedIn, SignInRefusal>, Failure> {
        let inside = self.0.inside();
        if inside.cut == Cut::Off {
            return Err(Failure::Offline);
        }
        if inside.is_struck_off {
            return Err(Failure::NotAdmitted);
        }
        let account = inside.accounts.get(&request.person);
        let Some(account) = account.filter(|it| it.password == request.password) else {
            return Ok(Err(SignInRefusal::Wrong));
        };
        let mut members = inside.staff.iter();
        let member = members.find(|it| it.actor.id.0 == request.person).unwrap();
        if member.is_disabled {
            return Ok(Err(SignInRefusal::Disabled));
        }
        Ok(Ok(SignedIn {
            actor: member.actor.clone(),
            signed_in_at: inside.now,
            offline_until: inside.now + TimeDelta::days(7),
            must_change: account.must_change,
        }))
    }

    fn keep_audit(&self, claim: &Claim) -> Result<Option<AuditKept>, Failure> {
        let mut inside = self.0.inside();
        if inside.cut == Cut::Off {
            return Err(Failure::Offline);
        }
        let judged = audit::judge(inside.audit, *claim);
        if judged == Judgement::Follows {
            inside.audit = Some(claim.head);
        }
        Ok(Some(AuditKept {
            kept: inside.audit.unwrap(),
            is_sound: matches!(judged, Judgement::Follows | Judgement::Prove),
            copied: Some(inside.copied()),
        }))
    }

    fn copy_audit(&self, copy: &AuditCopy) -> Result<Option<AuditCopied>, Failure> {
        let mut inside = self.0.inside();
        if inside.cut == Cut::Off {
            return Err(Failure::Offline);
        }
        let chain = Chain {
            begins_after: inside.copied(),
        };
        let is_sound = audit::verify(chain, copy.links.iter().cloned(), &[]).is_ok();
        if is_sound {
            inside.audit_copy.extend_from_slice(&copy.links);
        }
        let up_to = inside.copied();
        Ok(Some(AuditCopied { up_to, is_sound }))
    }

    fn change_password(
        &self,
        request: &ChangePassword,
    ) -> Result<Result<PasswordChanged, SignInRefusal>, Failure> {
        let mut inside = self.0.inside();
        if inside.cut == Cut::Off {
            return Err(Failure::Offline);
        }
        let changed_at = inside.now;
        let account = inside.accounts.get_mut(&request.person).unwrap();
        if account.password != request.old {
            return Ok(Err(SignInRefusal::Wrong));
        }
        if request.new.chars().count() < 10 {
            return Ok(Err(SignInRefusal::TooSimple {
                min_chars: 10,
                plain_min_chars: 14,
            }));
        }
        account.password.clone_from(&request.new);
        account.must_change = false;
        Ok(Ok(PasswordChanged { changed_at }))
    }
}

/// A desk that belongs to the center, with 1001 signed in.
pub(crate) fn enrolled(center: &Arc<LocalCenter>) -> Workstation {
    let workstation = Workstation::near(Arc::new(Town(Arc::clone(center))));
    enrol(&workstation, &center.code());
    wait_until("the desk is enrolled", || {
        workstation.call("app_state", Value::Null)["phase"] == "signed_out"
    });
    sign_in(&workstation, "1001");
    workstation
}

pub(crate) fn enrol(workstation: &Workstation, code: &str) -> Value {
    workstation.call("enrol", json!({ "address": "10.1.2.3", "code": code }))
}

/// Signs a person in and waits until it is done.
pub(crate) fn sign_in(workstation: &Workstation, number: &str) {
    assert_eq!(try_password(workstation, number, PASSWORD), "");
}

/// What a try comes to: empty where the person is in.
pub(crate) fn try_password(workstation: &Workstation, number: &str, password: &str) -> String {
    let request = json!({ "number": number, "password": password });
    let mut state = workstation.call("sign_in", request);
    wait_until("the try has ended", || {
        state = workstation.call("app_state", Value::Null);
        state["attempt"] != "under"
    });
    state["attempt_message"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// Until the desk has nothing to say to the center, and has read what it says.
pub(crate) fn until_quiet(workstation: &Workstation, center: &LocalCenter) {
    wait_until("the desk is quiet", || {
        workstation.call("retry_sync", Value::Null);
        let state = workstation.call("sync_state", Value::Null);
        state["n_waiting"] == 0 && state["feed_seq"] == center.seq()
    });
}
