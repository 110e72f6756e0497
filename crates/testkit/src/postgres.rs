//! A PostgreSQL of the tests' own: a cluster in a temporary folder, reached by a socket in it and by
//! nothing else. One that the machine runs besides is neither used nor disturbed.
//!
//! The server lives as long as the process that started it, however that ends: a shell stands by,
//! and when the pipe from here closes it stops the server and removes the folder.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{env, fs};

use anyhow::{Context as _, Result, bail, ensure};

/// Debian keeps the programs of each version here, outside of PATH.
const VERSIONS: &str = "/usr/lib/postgresql";
/// PostgreSQL refuses to run as root; Debian's package brings this user.
const USER: &str = "postgres";
const SUPERUSER: &str = "center";

/// Started with `$1` the programs and `$2` the folder. It answers each line with a line.
const KEEPER: &str = r#"
trap '' INT TERM HUP
bin=$1 folder=$2
ctl() { "$bin/pg_ctl" --silent --pgdata="$folder/data" "$@" >>"$folder/log" 2>&1; }
start() {
    ctl start --wait --log="$folder/log" --options="-c listen_addresses='' \
        -c unix_socket_directories='$folder' -c max_connections=50 -c shared_buffers=32MB \
        -c autovacuum=off -c log_min_messages=warning -c wal_level=minimal -c max_wal_senders=0"
}
"$bin/initdb" --pgdata="$folder/data" --username="$3" --auth=trust --encoding=UTF8 \
    --locale=C --no-sync >>"$folder/log" 2>&1 && start && echo started || echo failed
while read -r word database; do
    case $word in
        create) "$bin/createdb" --host="$folder" --username="$3" "$database" >>"$folder/log" 2>&1 \
            && echo created || echo failed ;;
        crash) ctl stop --mode=immediate && start && echo started || echo failed ;;
    esac
done
ctl stop --mode=immediate
rm -rf "$folder"
"#;

/// A running cluster.
#[derive(Debug)]
pub struct PrivatePostgres {
    folder: PathBuf,
    keeper: Mutex<Keeper>,
}

#[derive(Debug)]
struct Keeper {
    shell: Child,
    answers: BufReader<ChildStdout>,
    n_databases: u32,
}

impl PrivatePostgres {
    /// Makes and starts a cluster. A machine without PostgreSQL is a fault: what was to be tested
    /// was not tested.
    pub fn start() -> Result<Self> {
        let programs = programs()?;
        let folder = tempfile::Builder::new().prefix("pg").tempdir()?.keep();
        let mut command = Command::new("sh");
        command
            .args([OsStr::new("-c"), OsStr::new(KEEPER), OsStr::new("keeper")])
            .args([
                programs.as_os_str(),
                folder.as_os_str(),
                OsStr::new(SUPERUSER),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .current_dir(&folder)
            // What is typed to stop the tests is not for it: it ends when they have ended.
            .process_group(0);
        if fs::metadata("/proc/self")?.uid() == 0 {
            let (user, group) = (id_of("-u")?, id_of("-g")?);
            chown(&folder, Some(user), Some(group))?;
            command.uid(user).gid(group);
        }
        let mut shell = command.spawn().context("Starting a shell")?;
        let answers = shell.stdout.take().context("The shell has no output")?;
        let mut keeper = Keeper {
            shell,
            answers: BufReader::new(answers),
            n_databases: 0,
        };
        keeper.hear("started", &folder)?;
        Ok(Self {
            folder,
            keeper: Mutex::new(keeper),
        })
    }

    /// Makes an empty database and tells its address.
    pub fn new_database(&self) -> Result<String> {
        let mut keeper = self.keeper();
        keeper.n_databases += 1;
        let name = format!("center_{}", keeper.n_databases);
        keeper.ask(&format!("create {name}"), "created", &self.folder)?;
        let folder = self.folder.display();
        Ok(format!("postgres://{SUPERUSER}@/{name}?host={folder}"))
    }

    /// Ends the server without a word to anybody, as when the machine stops, and starts it again.
    pub fn crash(&self) -> Result<()> {
        self.keeper().ask("crash", "started", &self.folder)
    }

    fn keeper(&self) -> MutexGuard<'_, Keeper> {
        self.keeper.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        let mut keeper = self.keeper();
        drop(keeper.shell.stdin.take());
        if let Err(fault) = keeper.shell.wait() {
            #[expect(clippy::print_stderr, reason = "there is nobody else to tell")]
            {
                eprintln!("{} stays behind: {fault}", self.folder.display());
            }
        }
    }
}

impl Keeper {
    fn ask(&mut self, question: &str, expected: &str, folder: &Path) -> Result<()> {
        let stdin = self.shell.stdin.as_mut().context("The shell is gone")?;
        writeln!(stdin, "{question}")?;
        self.hear(expected, folder)
    }

    fn hear(&mut self, expected: &str, folder: &Path) -> Result<()> {
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        if answer.trim() == expected {
            return Ok(());
        }
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        bail!("PostgreSQL did not do it: {answer}\n{log}")
    }
}

/// The folder of the newest version's programs.
fn programs() -> Result<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = Vec::new();
    for folder in fs::read_dir(VERSIONS).into_iter().flatten() {
        let folder = folder?;
        let version = folder.file_name().to_str().and_then(|it| it.parse().ok());
        let programs = folder.path().join("bin");
        if let Some(version) = version
            && programs.join("initdb").exists()
        {
            versions.push((version, programs));
        }
    }
    if let Some((_, programs)) = versions.into_iter().max() {
        return Ok(programs);
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path).find(|folder| folder.join("initdb").exists());
    found.context("PostgreSQL is missing: `cargo xtask setup` installs it")
}

fn id_of(which: &str) -> Result<u32> {
    let output = Command::new("id").args([which, USER]).output()?;
    ensure!(
        output.status.success(),
        "There is no user {USER}: `cargo xtask setup` installs PostgreSQL"
    );
    let id = String::from_utf8(output.stdout)?;
    id.trim().parse().context("Reading a user's number")
}
