//! The driver by hand, without threads: disks that are full, programs that end between two steps.

mod by_hand;
mod catalogue;
mod dossier;
mod early_warning;
mod put_away;
mod redaction;

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, channel};

use center::{Center, Ledger as _, MemoryLedger, PartSize, Rules, next_part};
use desk_store::{DatabaseKey, NoKeyring, StoreFault};
use desk_sync::{Failure, Fetch, Fetched};
use domain::calendar::WorkCalendar;
use domain::rule_set::RuleSets;
use domain::{Actor, ActorId, Role};
use serde_json::json;
use tempfile::TempDir;
use wire::{
    Answer, BlobState, ChangePassword, Cursor, PasswordChanged, Reference, Request, SignIn,
    SignInRefusal, SignedIn, SnapshotManifest, StaffMember, Stream, Tally, Verification,
};

use self::by_hand::ByHand;
use super::*;
use crate::SystemClock;
use crate::app::KeySource;
use crate::desk::Desk;
use crate::handed::HandedOut;
use crate::host::{DeskHost, State};
use crate::intake::submit;
use crate::reference::ReferenceTables;
use crate::sign_in::Post;
use crate::work_order::{WorkOrderId, work_order};

/// As of the desk, but a few orders are much.
const SMALL: Settings = Settings {
    snapshot_from_entries: 6,
    part_entries_at_once: 3,
    drawn_at_once: 2,
    ..SETTINGS
};
const PART: PartSize = PartSize {
    n_entries: 4,
    n_bytes: 1 << 20,
};

/// Known, so that a test can look into the file.
const KEY: [u8; 32] = [7; 32];

struct Scene {
    settings: Settings,
    /// 登记码, good once.
    code: &'static str,
    /// Questions for files that were answered.
    n_fetched: usize,
    center: Center<MemoryLedger>,
    office: Arc<Office>,
    driver: Driver,
    errands: Receiver<Errand>,
    folder: TempDir,
    key: DatabaseKey,
}

fn operator() -> Actor {
    Actor {
        id: ActorId("1001".to_owned()),
        name: "陈晓梅".to_owned(),
        roles: vec![Role::Operator, Role::Dispatcher],
        unit: None,
    }
}

fn open(
    folder: &TempDir,
    key: &DatabaseKey,
    settings: Settings,
) -> (Arc<Office>, Driver, Receiver<Errand>) {
    let store = Store::open(folder.path(), key).unwrap();
    let person = serde_json::to_string(&operator()).unwrap();
    store
        .commit(|writer| -> Result<(), StoreFault> {
            if writer.meta(MetaKey::DeskCode)?.is_none() {
                writer.set_meta(MetaKey::DeskCode, "W01")?;
            }
            writer.set_meta(MetaKey::Operator, &person)
        })
        .unwrap();
    let office = Office::new(Arc::new(SystemClock));
    let network: Arc<dyn Network> = Arc::new(ByHand);
    let key_source = KeySource::Passphrase;
    let opened = Desk::open(folder.path(), store, key_source, &office, &network);
    let (desk, beginning) = opened.unwrap();
    office.set_state(State::Open(Arc::new(desk)));
    let Beginning { mut driver, .. } = beginning;
    let (sender, errands) = channel();
    driver.errands = sender;
    driver.machine = Sync::new(settings, 1);
    (office, driver, errands)
}

/// A call that is registered and given to a unit.
fn submission(n: u32) -> serde_json::Value {
    json!({
        "draft_id": format!("00000000-0000-7000-8000-{n:012}"),
        "intake": {
            "caller": { "phone": "13800001234", "contact_phone": "", "name": "", "address": "" },
            "channel": "phone",
            "kind": "help",
            "class": "ordinary",
            "category_id": "",
            "title": "",
            "text": "小区停水",
            "place": { "township_code": "511725001", "village_code": "", "detail": "" },
            "wants": "",
            "is_confidential": false,
            "wants_call_back": true,
        },
        "outcome": { "type": "dispatch", "unit_id": "unit-housing", "opinion": "请核实" },
    })
}

impl Scene {
    fn new() -> Self {
        let rules = Rules {
            calendar: WorkCalendar::built_in(),
            rule_sets: RuleSets::built_in(),
        };
        let now = SystemClock.now();
        let mut center = Center::open(MemoryLedger::default(), rules, now).unwrap();
        let member = StaffMember {
            actor: operator(),
            is_disabled: false,
            former_roles: Vec::new(),
        };
        for table in [
            Reference::Staff(vec![member]),
            Reference::Units(ReferenceTables::built_in_units().unwrap()),
        ] {
            center.change_reference(&table, now).unwrap();
        }
        Self::at(center, "code", SETTINGS)
    }

    /// A new desk at a center.
    fn at(mut center: Center<MemoryLedger>, code: &'static str, settings: Settings) -> Self {
        center.allow_enrolment(code).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let key = DatabaseKey::from_bytes(&KEY).unwrap();
        let (office, driver, errands) = open(&folder, &key, settings);
        Self {
            settings,
            code,
            n_fetched: 0,
            center,
            office,
            driver,
            errands,
            folder,
            key,
        }
    }

    /// A new desk at the center of this one, which it has from now on.
    fn beside(&mut self, code: &'static str) -> Self {
        let mut other = Self::new();
        std::mem::swap(&mut self.center, &mut other.center);
        other.code = code;
        other.center.allow_enrolment(code).unwrap();
        other.enrol();
        while other.carry(false) {}
        other
    }

    /// Carries one question to the center and, unless it is lost, its answer back. Tells whether
    /// there was one.
    fn carry(&mut self, is_lost: bool) -> bool {
        while let Ok(errand) = self.errands.try_recv() {
            let event = match errand {
                Errand::Ask { id, request, .. } => {
                    let answer = self.center.handle(&request, SystemClock.now()).unwrap();
                    let answer = Box::new(answer);
                    Event::Answered { id, answer }
                }
                Errand::Fetch { id, fetch } => {
                    self.n_fetched += 1;
                    let fetched = self.fetch(fetch);
                    Event::Fetched { id, fetched }
                }
                Errand::Story { subject } => {
                    let entries = self.center.ledger().story_of(&subject).ok();
                    Event::StoryTold { subject, entries }
                }
                Errand::Meet { .. }
                | Errand::Listen(_)
                | Errand::KeepAudit(_)
                | Errand::CopyAudit(_) => continue,
            };
            if !is_lost {
                self.driver.react(event);
            }
            return true;
        }
        false
    }

    /// What the center makes of its feed.
    fn center_tally(&self) -> Tally {
        let mut told: BTreeMap<String, Hash> = BTreeMap::new();
        let ledger = self.center.ledger();
        for entry in ledger.entries_after(0, 10_000, usize::MAX).unwrap() {
            if entry.read().unwrap().accepted().is_some() {
                let before = told.get(&entry.subject).copied();
                told.insert(entry.subject.clone(), wire::told(before, entry.hash));
            }
        }
        let mut tally = Tally::EMPTY;
        for (id, hash) in told {
            let subject = self.center.subject(&id).unwrap().unwrap();
            tally.put(&id, (&subject).into(), hash);
        }
        tally
    }

    /// As the center's server would have it, in small parts.
    fn fetch(&self, fetch: Fetch) -> Fetched {
        let ledger = self.center.ledger();
        let (mut parts, mut files) = (Vec::new(), Vec::new());
        let mut end = Cursor::START;
        while let Some((part, packed)) = next_part(ledger, end, PART).unwrap() {
            end = part.end;
            parts.push(part);
            files.push(packed);
        }
        let feed = ledger.feed().unwrap();
        match fetch {
            Fetch::Manifest => Fetched::Manifest(Box::new(SnapshotManifest {
                stream: Stream::Work,
                epoch: feed.epoch,
                at: end,
                feed: feed.end,
                n_bytes: parts.iter().map(|part| part.n_bytes).sum(),
                parts,
            })),
            Fetch::Verify(request) => {
                let tally = self.center_tally();
                Fetched::Verified(match (request.at == feed.end, request.tally == tally) {
                    (false, _) => Verification::Elsewhere,
                    (true, true) => Verification::Same,
                    (true, false) => Verification::Differs { tally },
                })
            }
            Fetch::Part { nth, from_byte } => {
                let file = &files[usize::try_from(nth).unwrap()];
                Fetched::Bytes(file[usize::try_from(from_byte).unwrap()..].to_vec())
            }
        }
    }

    fn enrol(&mut self) {
        let access = CenterAccess::new("10.1.2.3:8443", String::new()).unwrap();
        self.driver.react(Event::Met {
            access,
            line: Arc::new(ByHand),
            code: self.code.to_owned(),
        });
    }

    fn host(&self) -> DeskHost {
        DeskHost {
            folder: self.folder.path().to_owned(),
            keyring: Arc::new(NoKeyring),
            desktop: None,
            handed_out: HandedOut::default(),
            office: Arc::clone(&self.office),
            network: Arc::new(ByHand),
        }
    }

    fn desk(&self) -> Arc<Desk> {
        self.office.desk().unwrap()
    }

    fn submit(&self, n: u32) {
        submit(&self.desk(), serde_json::from_value(submission(n)).unwrap()).unwrap();
    }

    /// The program ends and starts again with what is on the disk.
    fn restart(self) -> Self {
        let Self {
            settings,
            code,
            n_fetched,
            center,
            office,
            driver,
            errands,
            folder,
            key,
        } = self;
        drop((driver, errands));
        drop(office);
        let lock = std::fs::File::open(folder.path().join("desk.lock")).unwrap();
        while lock.try_lock().is_err() {
            std::thread::yield_now();
        }
        drop(lock);
        let (office, driver, errands) = open(&folder, &key, settings);
        Self {
            settings,
            code,
            n_fetched,
            center,
            office,
            driver,
            errands,
            folder,
            key,
        }
    }

    fn is_confirmed(&self, n: u32) -> bool {
        let id = format!("00000000-0000-7000-8000-{n:012}");
        let detail = work_order(&self.desk(), WorkOrderId { id }).unwrap();
        detail.story.iter().all(|entry| !entry.is_waiting)
    }

    /// What is drawn is what drawing all of it anew gives.
    fn is_drawn_as_told(&self) -> bool {
        let desk = self.desk();
        let shown = || -> Vec<String> {
            let ids = desk.store.read(|it| Ok(it.all_work_order_ids()?)).unwrap();
            let shown = ids.into_iter().map(|id| {
                let row = desk.store.read(|it| Ok(it.work_order_record(&id)?));
                let detail = work_order(&desk, WorkOrderId { id });
                format!("{:?} {:?}", row.unwrap(), detail.unwrap())
            });
            shown.collect()
        };
        let before = shown();
        let drawing = Drawing {
            calendar: WorkCalendar::built_in(),
            rule_sets: RuleSets::built_in(),
        };
        desk.store
            .commit(|writer| -> Result<(), StoreFault> {
                for subject in writer.all_subjects()? {
                    drawing.draw(writer, &subject, &desk.tables)?;
                }
                Ok(())
            })
            .unwrap();
        before == shown()
    }
}

#[test]
fn a_page_for_which_there_is_no_space_is_taken_when_there_is() {
    let mut scene = Scene::new();
    scene.submit(1);
    scene.enrol();
    while scene.carry(false) {}
    assert!(scene.is_confirmed(1) && scene.is_drawn_as_told());
    let store = Arc::clone(&scene.desk().store);
    let before = store.read(|it| Ok(it.sync_position()?)).unwrap();

    let mut units = ReferenceTables::built_in_units().unwrap();
    for unit in &mut units {
        unit.aliases.push("水".repeat(500));
    }
    let table = Reference::Units(units);
    scene
        .center
        .change_reference(&table, SystemClock.now())
        .unwrap();
    let usual_pages = store.limit_pages(0);
    store.limit_pages(1);
    scene.driver.react(Event::Poked);
    while scene.carry(false) {}
    let failed = store.read(|it| Ok(it.sync_position()?)).unwrap();
    assert_eq!(failed, before, "nothing of the page is there");
    let known = scene.desk().link.known();
    assert!(known.alerts.contains_key(&Alert::StoreFailed));

    store.limit_pages(usual_pages);
    scene.driver.react(Event::RetryNow);
    while scene.carry(false) {}
    let after = store.read(|it| Ok(it.sync_position()?)).unwrap();
    assert_eq!(after.cursor.seq, before.cursor.seq + 1);
    let known = scene.desk().link.known();
    assert!(!known.alerts.contains_key(&Alert::StoreFailed));
}

/// However many questions were carried before the program ends, and whether the last answer came
/// back: it goes on from the disk, each intent is answered once, and what is drawn is what was told.
#[test]
fn a_program_that_ends_between_any_two_steps_goes_on() {
    const STEPS: usize = 7;
    for n_steps in 0..STEPS {
        for is_last_lost in [false, true] {
            let mut scene = Scene::new();
            scene.submit(1);
            scene.enrol();
            for step in 0..n_steps {
                scene.carry(is_last_lost && step + 1 == n_steps);
            }
            scene = scene.restart();
            scene.driver.take(desk_sync::Input::Started);
            if !scene.desk().link.is_enrolled() {
                scene.enrol();
            }
            scene.submit(2);
            scene.driver.react(Event::Saved);
            scene.driver.react(Event::RetryNow);
            while scene.carry(false) {}
            let at = format!("{n_steps} {is_last_lost}");
            assert!(scene.is_confirmed(1) && scene.is_confirmed(2), "{at}");
            assert!(scene.is_drawn_as_told(), "{at}");
            for n in 1..=2 {
                let id = format!("00000000-0000-7000-8000-{n:012}");
                let at_center = scene.center.subject(&id).unwrap();
                assert!(at_center.is_some(), "{at}");
            }
        }
    }
}

/// A center with a few orders of another desk. Of some more is told when others have come since.
fn lived_in() -> Center<MemoryLedger> {
    let mut first = Scene::new();
    for n in 1..=5 {
        first.submit(n);
    }
    first.enrol();
    while first.carry(false) {}
    for n in [2, 4] {
        let id = format!("00000000-0000-7000-8000-{n:012}");
        let told = domain::Command::Supplement {
            text: "又来电说，还是没有水".to_owned(),
            files: Vec::new(),
        };
        let desk = first.desk();
        desk.act_on(id, 3, &told, desk.now()).unwrap();
    }
    first.driver.react(Event::Saved);
    while first.carry(false) {}
    first.center
}

/// A new desk reads parts of a snapshot and draws what is in it, however many orders it keeps folded. It is used
/// meanwhile, and its program ends between any two steps: each order is there once, and drawn as it was told.
#[test]
fn a_new_desk_begins_from_a_snapshot_whatever_comes_between() {
    const STEPS: usize = 9;
    for (n_steps, n_folded) in (0..STEPS).zip([0, 1, 2, 100].into_iter().cycle()) {
        for is_last_lost in [false, true] {
            let mut scene = Scene::at(lived_in(), "another", SMALL);
            scene.driver.folding = Folding::of(n_folded);
            scene.enrol();
            for step in 0..n_steps {
                scene.carry(is_last_lost && step + 1 == n_steps);
            }
            scene.submit(100);
            scene = scene.restart();
            scene.driver.folding = Folding::of(n_folded);
            scene.driver.take(desk_sync::Input::Started);
            if !scene.desk().link.is_enrolled() {
                scene.enrol();
            }
            scene.driver.react(Event::RetryNow);
            while scene.carry(false) {}
            let at = format!("{n_steps} {n_folded} {is_last_lost}");
            let store = Arc::clone(&scene.desk().store);
            let position = store.read(|it| Ok(it.sync_position()?)).unwrap();
            let feed = scene.center.ledger().feed().unwrap();
            assert_eq!(position.cursor, feed.end, "{at}");
            assert!(!position.is_undrawn, "{at}");
            assert!(scene.n_fetched >= 3, "{at}: {} fetched", scene.n_fetched);
            for n in (1..=5).chain([100]) {
                assert!(scene.is_confirmed(n), "{at}");
            }
            assert!(scene.is_drawn_as_told(), "{at}");
            let shown = scene.desk().link.known();
            assert_eq!((shown.snapshot, shown.n_drawn), (None, None), "{at}");
        }
    }
}

/// An order is not shown before it is drawn, and then as far as the parts go; a desk that stood alone
/// has its own all the while.
#[test]
fn a_snapshot_is_drawn_when_it_is_in() {
    let mut scene = Scene::at(lived_in(), "another", SMALL);
    scene.submit(100);
    scene.enrol();
    let n_orders = |scene: &Scene| {
        let store = &scene.desk().store;
        let ids = store.read(|it| Ok(it.all_work_order_ids()?)).unwrap();
        ids.len()
    };
    let mut seen = std::collections::BTreeSet::new();
    while scene.carry(false) {
        seen.insert(n_orders(&scene));
        let known = scene.desk().link.known();
        if let Some(parts) = known.snapshot {
            assert!(parts.n_parts <= parts.of_parts && parts.of_parts > 2);
        }
    }
    assert_eq!(Vec::from_iter(seen), [1, 6]);
    assert!(scene.is_drawn_as_told());
}

/// An order that was not drawn as it was told is found, told with a number, and drawn anew; what waits
/// is there all the while.
#[test]
fn what_was_not_drawn_is_found_and_mended() {
    let mut scene = Scene::at(lived_in(), "another", SMALL);
    scene.enrol();
    while scene.carry(false) {}
    scene.submit(100);
    let id = "00000000-0000-7000-8000-000000000003";
    let store = Arc::clone(&scene.desk().store);
    store
        .commit(|writer| -> Result<(), StoreFault> {
            writer.remove_work_order(id)?;
            writer.count_drawn(id, None)
        })
        .unwrap();
    // The next snapshot or hour: the machine starts anew, a long time after the computer did.
    let always = Settings {
        verify_every_ms: 0,
        ..SMALL
    };
    scene.driver.machine = Sync::new(always, 1);
    scene.driver.take(desk_sync::Input::Started);
    while scene.carry(false) {
        let known = scene.desk().link.known();
        if known.alerts.contains_key(&Alert::SameAgain) {
            break;
        }
    }
    let known = scene.desk().link.known();
    assert!(known.alerts.contains_key(&Alert::SameAgain));
    assert!(!known.alerts.contains_key(&Alert::Differs));
    let tally = store.read(|it| Ok(it.tally()?)).unwrap();
    assert_eq!(tally, Some(scene.center_tally()));
    assert!(scene.is_confirmed(3) && scene.is_confirmed(100));
    assert!(scene.is_drawn_as_told());
}

/// Somebody else sits down between the moment a call is let in and the moment it is done: it is done
/// in the name of whom it was let in for.
#[test]
fn a_call_is_done_by_whom_it_was_admitted_for() {
    let mut scene = Scene::new();
    scene.enrol();
    while scene.carry(false) {}
    let sit = |person: Actor| {
        let mut session = scene.office.session();
        session.open(person.clone(), Post::Present, SystemClock.now());
        let id = session.id.clone();
        scene.office.replace(|desk| desk.with_operator(person, &id));
    };
    sit(operator());
    let admitted = scene.office.admit(true).unwrap().unwrap();
    let other = Actor {
        id: ActorId("1002".to_owned()),
        name: "李强".to_owned(),
        ..operator()
    };
    scene.office.session().end("");
    sit(other);
    assert_eq!(scene.desk().operator.id.0, "1002");
    let note = json!({ "note": "" });
    let dispatched = |name: &str, request| {
        crate::api::dispatch(&scene.host(), Some(&admitted), name, request).map(|_| ())
    };
    dispatched("submit", submission(1)).unwrap();
    dispatched("write_hand_over", note).unwrap();
    let (envelopes, hand_overs) = admitted
        .store
        .read(|it| Ok((it.envelopes_after(0, 10, usize::MAX)?, it.hand_overs()?)))
        .unwrap();
    assert!(envelopes.iter().all(|it| it.actor.0 == "1001") && !envelopes.is_empty());
    assert_eq!(hand_overs[0].from.0, "1001");
    assert_eq!(scene.office.session().post, Post::Present, "李强 stays");
}
