//! One connection to PostgreSQL, made again when it was lost. Losing it is a fault that changes
//! nothing: what was asked fails, and the next question finds a new connection.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use postgres::error::SqlState;
use postgres::types::ToSql;
use postgres::{Client, Config, NoTls, Row, Statement, Transaction};

use super::{PostgresAddress, ledger, records};

/// `pg_xact_status`, by which the end of a commit is found out, came with it.
const SERVER_OLDEST: i32 = 130_000;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// After so long without an answer the other side counts as lost.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// How long a sequencer waits for one before it that has just ended, or lost its connection: the
/// server may not have seen so yet, and may still be at its last commit.
const ENDING_PATIENCE: &str = "5s";
/// The advisory locks: of the sequencer, of who changes the tables, of who writes records.
const SEQUENCER_LOCK: i64 = 0x686F_746C_696E_6501;
const MIGRATION_LOCK: i64 = 0x686F_746C_696E_6502;
pub(super) const RECORDS_LOCK: i64 = 0x686F_746C_696E_6503;

/// Of every session, whatever the server's settings say: a commit is on the disk when it returns.
const SESSION: &str = "
    SET synchronous_commit = on;
    SET statement_timeout = '120s';
    SET idle_in_transaction_session_timeout = '120s';
    SET client_min_messages = warning;
    SET search_path = hotline_center;
";
/// From each version to the next; steps are only added.
const STEPS: [&str; 3] = [ledger::CREATE, records::CREATE, ledger::ADD_COVER];

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Writes the feed; there is one on a database.
    Sequencer,
    Reader,
    Records,
}

pub(super) struct Link {
    address: PostgresAddress,
    purpose: Purpose,
    session: RefCell<Option<Session>>,
}

struct Session {
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

/// A transaction, open.
pub(super) struct Work<'a> {
    transaction: Transaction<'a>,
    statements: &'a mut HashMap<&'static str, Statement>,
}

impl Work<'_> {
    pub(super) fn rows(
        &mut self,
        sql: &'static str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>> {
        let statement = match self.statements.get(sql) {
            Some(statement) => statement.clone(),
            None => self.transaction.prepare(sql)?,
        };
        let rows = self.transaction.query(&statement, parameters)?;
        self.statements.insert(sql, statement);
        Ok(rows)
    }

    pub(super) fn execute(
        &mut self,
        sql: &'static str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<()> {
        self.rows(sql, parameters)?;
        Ok(())
    }
}

impl Link {
    pub(super) fn open(address: &PostgresAddress, purpose: Purpose) -> Result<Self> {
        let mut session = Session::begin(address)?;
        session.settle_in(address, purpose)?;
        session.migrate()?;
        Ok(Self {
            address: address.clone(),
            purpose,
            session: RefCell::new(Some(session)),
        })
    }

    /// The rows of a statement on its own.
    pub(super) fn rows(
        &self,
        sql: &'static str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>> {
        self.in_session(|session| {
            let statement = match session.statements.get(sql) {
                Some(statement) => statement.clone(),
                None => session.client.prepare(sql)?,
            };
            let rows = session.client.query(&statement, parameters)?;
            session.statements.insert(sql, statement);
            Ok(rows)
        })
    }

    /// A statement that stands in no transaction and takes as long as it takes.
    pub(super) fn alone(&self, sql: &'static str) -> Result<()> {
        self.in_session(|session| {
            session.client.batch_execute("SET statement_timeout = 0")?;
            session.client.batch_execute(sql)?;
            session.client.batch_execute(SESSION)?;
            Ok(())
        })
    }

    /// Does all of `write` or nothing of it; `None` is nothing.
    pub(super) fn transact<T>(
        &self,
        write: impl FnOnce(&mut Work<'_>) -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        let attempt = self.in_session(|session| {
            let mut work = Work {
                transaction: session.client.transaction()?,
                statements: &mut session.statements,
            };
            let row = work.rows("SELECT pg_current_xact_id()::text AS id", &[])?;
            let id: String = row.first().context("No transaction")?.try_get("id")?;
            let Some(answer) = write(&mut work)? else {
                return Ok(Attempt::Left);
            };
            let committed = work.transaction.commit();
            Ok(Attempt::Made {
                id,
                answer,
                committed,
            })
        })?;
        match attempt {
            Attempt::Left => Ok(None),
            Attempt::Made {
                committed: Ok(()),
                answer,
                ..
            } => Ok(Some(answer)),
            Attempt::Made {
                committed: Err(fault),
                answer,
                id,
            } => {
                // What the connection said last may not be all that happened.
                drop(self.session.borrow_mut().take());
                let is_there = self.was_committed(&id);
                if is_there.context("Whether the last commit was done is not known")? {
                    return Ok(Some(answer));
                }
                Err(fault).context("Committing; nothing was written")
            }
        }
    }

    /// Asks what became of a transaction whose commit got no good answer.
    fn was_committed(&self, id: &str) -> Result<bool> {
        let sql = "SELECT pg_xact_status($1::text::xid8) AS status";
        let rows = self.rows(sql, &[&id])?;
        let status: Option<String> = rows.first().context("No status")?.try_get("status")?;
        match status.as_deref() {
            Some("committed") => Ok(true),
            Some("aborted") => Ok(false),
            Some(_) | None => bail!("Transaction {id} is {status:?}"),
        }
    }

    fn in_session<T>(&self, ask: impl FnOnce(&mut Session) -> Result<T>) -> Result<T> {
        let mut place = self.session.borrow_mut();
        let mut session = match place.take() {
            Some(session) if !session.client.is_closed() => session,
            Some(_) | None => self.connect_again()?,
        };
        let answer = ask(&mut session);
        *place = Some(session);
        answer.with_context(|| format!("Asking the {}", self.address))
    }

    fn connect_again(&self) -> Result<Session> {
        let mut session = Session::begin(&self.address)?;
        session.settle_in(&self.address, self.purpose)?;
        Ok(session)
    }
}

impl Drop for Link {
    /// A client has a runtime of its own, which may not end on a thread of another: it ends on one
    /// where nothing else runs.
    fn drop(&mut self) {
        let session = self.session.take();
        drop(std::thread::spawn(move || drop(session)).join());
    }
}

enum Attempt<T> {
    Left,
    Made {
        id: String,
        answer: T,
        committed: Result<(), postgres::Error>,
    },
}

impl Session {
    fn begin(address: &PostgresAddress) -> Result<Self> {
        let mut config = Config::clone(&address.config);
        config
            .application_name("hotline-center")
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_user_timeout(SILENCE_MAX)
            .keepalives_idle(SILENCE_MAX);
        let connecting = || format!("Connecting to the {address}");
        let mut client = config.connect(NoTls).with_context(connecting)?;
        client.batch_execute(SESSION).with_context(connecting)?;
        let sql = "SELECT current_setting('server_version_num')::int AS version,
                          current_setting('server_encoding') AS encoding,
                          current_setting('fsync')::bool AS fsync,
                          current_setting('full_page_writes')::bool AS full_page_writes";
        let row = client.query_one(sql, &[]).with_context(connecting)?;
        let version: i32 = row.try_get("version")?;
        ensure!(
            version >= SERVER_OLDEST,
            "PostgreSQL 13 or newer is needed, this is {version}"
        );
        let encoding: String = row.try_get("encoding")?;
        ensure!(
            encoding == "UTF8",
            "A database in UTF8 is needed, not {encoding}"
        );
        ensure!(
            row.try_get("fsync")? && row.try_get("full_page_writes")?,
            "This PostgreSQL may lose commits: fsync and full_page_writes must be on"
        );
        Ok(Self {
            client,
            statements: HashMap::new(),
        })
    }

    fn settle_in(&mut self, address: &PostgresAddress, purpose: Purpose) -> Result<()> {
        match purpose {
            Purpose::Sequencer => self.become_sequencer(address),
            Purpose::Reader => {
                let sql = "SET default_transaction_read_only = on";
                Ok(self.client.batch_execute(sql)?)
            }
            Purpose::Records => Ok(()),
        }
    }

    /// With the lock comes the certainty that the sequencer before is over, its last commit and all.
    fn become_sequencer(&mut self, address: &PostgresAddress) -> Result<()> {
        let sql = format!("SET lock_timeout = '{ENDING_PATIENCE}'");
        self.client.batch_execute(&sql)?;
        let sql = "SELECT pg_advisory_lock($1)";
        match self.client.execute(sql, &[&SEQUENCER_LOCK]) {
            Ok(_) => Ok(self.client.batch_execute("RESET lock_timeout")?),
            Err(fault) if fault.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                bail!("Another center has the {address} open")
            }
            Err(fault) => Err(fault.into()),
        }
    }

    fn migrate(&mut self) -> Result<()> {
        let known = i32::try_from(STEPS.len())?;
        let mut transaction = self.client.build_transaction().read_only(false).start()?;
        transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK])?;
        transaction.batch_execute(
            "CREATE SCHEMA IF NOT EXISTS hotline_center;
             CREATE TABLE IF NOT EXISTS version (
                 one integer NOT NULL PRIMARY KEY CHECK (one = 1),
                 number integer NOT NULL
             );
             INSERT INTO version (one, number) VALUES (1, 0) ON CONFLICT DO NOTHING;",
        )?;
        let row = transaction.query_one("SELECT number FROM version", &[])?;
        let found: i32 = row.try_get("number")?;
        ensure!(
            found <= known,
            "The database is of version {found}, this program knows {known}"
        );
        for step in STEPS.iter().skip(usize::try_from(found)?) {
            transaction.batch_execute(step)?;
        }
        transaction.execute("UPDATE version SET number = $1", &[&known])?;
        transaction.commit()?;
        Ok(())
    }
}
