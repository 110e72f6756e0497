//! What only PostgreSQL can do to a center: refuse a second one, and break the connection at the
//! worst moment. The suites of ledgers and records run on it too.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;

use center::{
    Batch, Center, Database, Ledger, PostgresAddress, PostgresLedger, PostgresRecords,
    RecordChange, Records as _, Written,
};
use testkit::PrivatePostgres;
use wire::{Answer, Reference};

use crate::ledger::batch;
use crate::town::{Town, member, push_of, register, rules, staff, start, supplement};

/// The cluster of these tests. It ends with the process.
fn cluster() -> &'static PrivatePostgres {
    static CLUSTER: OnceLock<PrivatePostgres> = OnceLock::new();
    CLUSTER.get_or_init(|| PrivatePostgres::start().unwrap())
}

pub(crate) fn new_database() -> PostgresAddress {
    PostgresAddress::parse(&cluster().new_database().unwrap()).unwrap()
}

#[test]
fn a_second_center_is_refused_and_readers_are_not() {
    let address = new_database();
    let mut first = PostgresLedger::open(&address).unwrap();
    let refused = PostgresLedger::open(&address).err().unwrap().to_string();
    assert!(refused.contains("Another center"), "{refused}");

    let mut reader = PostgresLedger::open_reader(&address).unwrap();
    let mut records = PostgresRecords::open(&address).unwrap();
    first.commit(&batch()).unwrap();
    assert_eq!(reader.feed().unwrap(), first.feed().unwrap());
    let end = reader.feed().unwrap().end;
    let late = Batch {
        durable_seq: Some(3),
        ..Batch::new(end)
    };
    assert!(reader.commit(&late).is_err(), "a reader cannot write");
    let written = records.write(&[RecordChange::put("n", "a", "1")]).unwrap();
    assert_eq!(written, Written::Done);

    drop(first);
    PostgresLedger::open(&address).unwrap();
}

#[test]
fn one_word_opens_a_center() {
    let text = cluster().new_database().unwrap();
    let database = Database::parse(&text).unwrap();
    let mut center = Center::open(database.open_ledger().unwrap(), rules(), start()).unwrap();
    let reference = Reference::Staff(staff());
    center.change_reference(&reference, start()).unwrap();
    assert_eq!(
        database.open_reader().unwrap().feed().unwrap(),
        center.ledger().feed().unwrap()
    );
    database.open_records().unwrap();
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    let text = cluster().new_database().unwrap();
    let address = PostgresAddress::parse(&text).unwrap();
    drop(PostgresLedger::open(&address).unwrap());
    let mut client = postgres::Client::connect(&text, postgres::NoTls).unwrap();
    let sql = "UPDATE hotline_center.version SET number = number + 1";
    client.execute(sql, &[]).unwrap();
    assert!(PostgresLedger::open(&address).is_err());
}

#[test]
fn what_a_crash_of_the_server_leaves_is_what_was_committed() {
    let cluster = PrivatePostgres::start().unwrap();
    let address = PostgresAddress::parse(&cluster.new_database().unwrap()).unwrap();
    let mut ledger = PostgresLedger::open(&address).unwrap();
    ledger.commit(&batch()).unwrap();
    let before = ledger.feed().unwrap();
    cluster.crash().unwrap();
    // The connection is lost: one question fails, and the next finds a new one.
    assert!(ledger.feed().is_err());
    assert_eq!(ledger.feed().unwrap(), before);
    let refused = PostgresLedger::open(&address).err().unwrap().to_string();
    assert!(refused.contains("Another center"), "{refused}");
}

#[test]
fn a_commit_whose_answer_is_lost_was_done() {
    let wire = Wire::new();
    let mut ledger = PostgresLedger::open(&wire.address()).unwrap();
    wire.cut(Cut::AfterCommit);
    ledger.commit(&batch()).unwrap();
    assert_eq!(ledger.feed().unwrap().end, batch().entries[2].cursor());
    assert!(ledger.commit(&batch()).is_err(), "it is not done twice");
}

#[test]
fn a_commit_that_did_not_arrive_was_not_done() {
    let wire = Wire::new();
    let mut ledger = PostgresLedger::open(&wire.address()).unwrap();
    wire.cut(Cut::BeforeCommit);
    assert!(ledger.commit(&batch()).is_err());
    assert!(ledger.entries_after(0, 9, 1 << 20).unwrap().is_empty());
    ledger.commit(&batch()).unwrap();
    assert_eq!(ledger.feed().unwrap().end, batch().entries[2].cursor());
}

#[test]
fn records_whose_answer_is_lost_were_written() {
    let wire = Wire::new();
    let mut records = PostgresRecords::open(&wire.address()).unwrap();
    let mut write = |key: &str| records.write(&[RecordChange::put("n", key, "1").if_new()]);
    wire.cut(Cut::AfterCommit);
    assert_eq!(write("a").unwrap(), Written::Done);
    wire.cut(Cut::BeforeCommit);
    assert!(write("b").is_err());
    assert_eq!(write("b").unwrap(), Written::Done);
    assert_eq!(write("a").unwrap(), Written::Conflict);
}

/// The answer is lost and nobody can be asked: the center knows nothing, and reads again.
#[test]
fn a_center_that_does_not_know_reads_again() {
    for cut in [Cut::AfterCommitForLong, Cut::BeforeCommitForLong] {
        let wire = Wire::new();
        let ledger = PostgresLedger::open(&wire.address()).unwrap();
        let mut town = Town::new(ledger);
        let mut desk = town.desk("first");
        town.done(&mut desk, "受理员", "order-1", register("QX-1", "没水"));

        let intent = town.order(&mut desk, "受理员", "order-1", supplement("还没水"));
        let request = push_of(vec![intent]);
        wire.cut(cut);
        assert!(town.center.handle(&request, town.now).is_err());
        assert!(town.center.handle(&request, town.now).is_err());
        let changed = Reference::Staff(vec![member("值班长", &[domain::Role::ShiftLead], "")]);
        assert!(town.center.change_reference(&changed, town.now).is_err());

        wire.cut(Cut::Nowhere);
        let answer = town.ask(&request);
        assert!(matches!(answer, Answer::Pushed(_)), "{answer:?}");
        let seen = town.center.subject("order-1").unwrap().unwrap();
        let entries = town.entries();
        assert_eq!(
            entries.iter().filter(|it| it.subject == "order-1").count(),
            2
        );
        assert_eq!(town.center.references().staff().len(), staff().len());
        let ledger = town.center.into_ledger();
        let fresh = Center::open(ledger, rules(), start()).unwrap();
        assert_eq!(fresh.subject("order-1").unwrap().unwrap(), seen);
    }
}

/// Where the wire breaks, at the next commit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    Nowhere,
    /// What asks for the commit does not arrive.
    BeforeCommit,
    /// The commit is done, its answer does not arrive.
    AfterCommit,
    /// The same, and nobody comes through until further notice.
    BeforeCommitForLong,
    AfterCommitForLong,
    /// Nobody comes through.
    Everywhere,
}

/// A wire to the server that can be cut.
struct Wire {
    folder: tempfile::TempDir,
    database: String,
    cut: Arc<Mutex<Cut>>,
}

const SOCKET: &str = ".s.PGSQL.5432";

impl Wire {
    fn new() -> Self {
        let text = cluster().new_database().unwrap();
        let (database, server) = text.split_once("?host=").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(SOCKET)).unwrap();
        let cut = Arc::new(Mutex::new(Cut::Nowhere));
        let (its_cut, server) = (Arc::clone(&cut), Path::new(server).join(SOCKET));
        thread::spawn(move || {
            for client in listener.incoming() {
                let (cut, server) = (Arc::clone(&its_cut), server.clone());
                let client = client.unwrap();
                thread::spawn(move || carry(client, &server, &cut));
            }
        });
        Self {
            folder,
            database: database.to_owned(),
            cut,
        }
    }

    fn address(&self) -> PostgresAddress {
        let folder = self.folder.path().display();
        PostgresAddress::parse(&format!("{}?host={folder}", self.database)).unwrap()
    }

    fn cut(&self, cut: Cut) {
        *self.cut.lock().unwrap() = cut;
    }
}

/// Carries one connection until it ends or is cut. Both sides speak in turns.
fn carry(mut client: UnixStream, server: &Path, cut: &Mutex<Cut>) {
    if *cut.lock().unwrap() == Cut::Everywhere {
        return;
    }
    let mut server = UnixStream::connect(server).unwrap();
    let (mut answers, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let (tell_heard, heard) = mpsc::channel::<()>();
    let is_deaf = Arc::new(AtomicBool::new(false));
    let its_deaf = Arc::clone(&is_deaf);
    thread::spawn(move || {
        while let Some(part) = part_of(&mut answers) {
            if its_deaf.load(Ordering::SeqCst) {
                // The commit is done: here is its answer, which goes nowhere.
                break;
            }
            if to_client.write_all(&part).is_err() {
                break;
            }
        }
        drop(tell_heard);
        drop(to_client.shutdown(Shutdown::Both));
    });
    while let Some(part) = part_of(&mut client) {
        if !part.windows(6).any(|it| it == b"COMMIT") {
            server.write_all(&part).unwrap();
            continue;
        }
        let mut place = cut.lock().unwrap();
        let (arrives, next) = match *place {
            Cut::Nowhere | Cut::Everywhere => {
                server.write_all(&part).unwrap();
                continue;
            }
            Cut::BeforeCommit => (false, Cut::Nowhere),
            Cut::AfterCommit => (true, Cut::Nowhere),
            Cut::BeforeCommitForLong => (false, Cut::Everywhere),
            Cut::AfterCommitForLong => (true, Cut::Everywhere),
        };
        *place = next;
        drop(place);
        if arrives {
            is_deaf.store(true, Ordering::SeqCst);
            server.write_all(&part).unwrap();
            heard.recv().unwrap_err();
        }
        break;
    }
    drop(client.shutdown(Shutdown::Both));
    drop(server.shutdown(Shutdown::Both));
}

fn part_of(stream: &mut UnixStream) -> Option<Vec<u8>> {
    let mut part = vec![0; 1 << 16];
    let n = stream.read(&mut part).ok()?;
    part.truncate(n);
    (n > 0).then_some(part)
}
