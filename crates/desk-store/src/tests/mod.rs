//! What the tests of this crate share, and those that need the whole store.

mod damage;
mod disk_full;
mod io_errors;
#[cfg(unix)]
mod kill;
mod old_rows;
mod one_writer;
mod opening;
mod power_loss;
mod secrecy;
mod sync;

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::actor::ActorId;
use domain::kb::{KbArticle, KbArticleId, KbTemplate};
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
use domain::rule_set::RuleSetId;
use domain::work_order::{EventKind, Stage};
use domain::{Command, Event, clock_face};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::*;

/// A desk in a folder of its own.
pub(crate) struct Desk {
    store: Option<Store>,
    key: DatabaseKey,
    folder: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap())
    }

    pub(crate) fn in_folder(folder: TempDir) -> Self {
        let key = DatabaseKey::random().unwrap();
        let store = Some(Store::open(folder.path(), &key).unwrap());
        Self { store, key, folder }
    }

    pub(crate) fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path().join("desk.db")
    }

    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Writer) -> Result<T, StoreFault>) -> T {
        self.store().commit(change).unwrap()
    }

    pub(crate) fn query<T>(&self, query: impl FnOnce(&Reader) -> Result<T, StoreFault>) -> T {
        self.store().read(|reader| Ok(query(reader)?)).unwrap()
    }

    /// Ends the program in order.
    pub(crate) fn close(&mut self) {
        self.store = None;
    }

    pub(crate) fn open(&self) -> Result<Store, OpenError> {
        Store::open(self.path(), &self.key)
    }

    pub(crate) fn restart(&mut self) {
        self.close();
        self.store = Some(self.open().unwrap());
    }

    /// The plan of a query: the lines of EXPLAIN QUERY PLAN.
    pub(crate) fn plan(&self, sql: &str) -> String {
        self.query(|reader| {
            let mut statement = reader
                .connection()
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
            let lines = statement
                .raw_query()
                .mapped(|row| row.get::<_, String>("detail"));
            Ok(lines.map(|line| line.unwrap() + "\n").collect())
        })
    }
}

/// An instant of the county's clocks: `2026-11-23 09:15`.
pub(crate) fn at(civil: &str) -> DateTime<Utc> {
    let civil = NaiveDateTime::parse_from_str(civil, "%Y-%m-%d %H:%M").unwrap();
    clock_face::at(civil.date(), civil.time())
}

pub(crate) fn matter(text: &str) -> Matter {
    Matter {
        caller: Caller {
            phone: "13800001234".to_owned(),
            name: "王秀英".to_owned(),
            ..Caller::default()
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
    .tidied()
}

pub(crate) fn register(number: &str, text: &str) -> Command {
    Command::Register {
        number: number.to_owned(),
        matter: Box::new(matter(text)),
    }
}

pub(crate) fn registered(number: &str, text: &str, occurred_at: DateTime<Utc>) -> Event {
    Event {
        occurred_at,
        actor: ActorId("1001".to_owned()),
        kind: EventKind::Registered {
            number: number.to_owned(),
            matter: Box::new(matter(text)),
            rule_set: RuleSetId("QX-2023-66".to_owned()),
        },
    }
}

/// The row of an order that has just been registered.
pub(crate) fn record(id: &str, registered_at: DateTime<Utc>) -> WorkOrderRecord {
    WorkOrderRecord {
        id: id.to_owned(),
        number: format!("20261123-W01-{id}"),
        title: "小区停水两天".to_owned(),
        kind: MatterKind::Help,
        class: MatterClass::Ordinary,
        category_id: String::new(),
        stage: Stage::Registered,
        caller_name: "王秀英".to_owned(),
        phone: "138 0000 1234".to_owned(),
        contact_phone: String::new(),
        place_text: "渠江街道".to_owned(),
        unit_id: None,
        unit_name: String::new(),
        registered_at,
        is_confidential: false,
        limits: Vec::new(),
        waits: Vec::new(),
        is_concluded: false,
        operator_id: ActorId("1001".to_owned()),
        n_waiting_intents: 1,
    }
}

/// Registers an order as the desk does: the intent, its event, the row.
pub(crate) fn register_order(writer: &mut Writer, n: u64, text: &str) -> Result<u64, StoreFault> {
    let (id, number) = (format!("order-{n}"), format!("20261123-W01-{n:04}"));
    let occurred_at = at("2026-11-23 09:15");
    let desk_seq = writer.append_intent(&NewIntent {
        id: &format!("intent-{n}"),
        subject_id: &id,
        command: &register(&number, text),
        actor_id: &ActorId("1001".to_owned()),
        occurred_at,
        rule_set: &RuleSetId("QX-2023-66".to_owned()),
        base_version: 0,
    })?;
    writer.append_events(&id, desk_seq, 0, &[registered(&number, text, occurred_at)])?;
    writer.put_work_order(
        &WorkOrderRecord {
            number,
            ..record(&id, occurred_at)
        },
        text,
    )?;
    Ok(desk_seq)
}

pub(crate) fn article(id: &str) -> KbArticle {
    KbArticle {
        id: KbArticleId(id.to_owned()),
        template: KbTemplate::StandardAnswer,
        title: "停水怎么办".to_owned(),
        questions: vec!["家里没水了".to_owned()],
        answer: "请拨打供水公司电话。".to_owned(),
        sections: Vec::new(),
        unit: "渠县供水公司".to_owned(),
        source: String::new(),
        category_id: String::new(),
        township_code: String::new(),
        valid_from: None,
        valid_until: None,
        next_review_on: None,
    }
}

/// Every file of a folder with its bytes.
pub(crate) fn bytes_of(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// Every file of a folder that has something in it, with its length and digest, to see whether
/// anything has changed. Without the shared memory, which is made anew each time.
pub(crate) fn digests_of(folder: &Path) -> Vec<String> {
    let line = |(path, bytes): (PathBuf, Vec<u8>)| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let digest = crate::columns::to_hex(&Sha256::digest(&bytes)[..8]);
        format!("{name} {} {digest}", bytes.len())
    };
    bytes_of(folder)
        .into_iter()
        .filter(|(path, bytes)| !bytes.is_empty() && !path.ends_with("desk.db-shm"))
        .map(line)
        .collect()
}
