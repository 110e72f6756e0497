//! A story told in a network of its own that leads nowhere: whoever asks for anything outside is counted.

use std::fs;
use std::net::{TcpStream, UdpSocket};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

/// Set in the process that stands alone.
const INSIDE: &str = "HOTLINE_ALONE";
/// The story's own loopback is all there is.
const ENTER: &[&str] = &["--map-root-user", "--net", "--kill-child"];
const LOOPBACK: &str = "ip link set lo up && exec \"$@\"";

/// What of a network's counters tells of somebody who asked outside.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    /// Packets and connections that had no way to go, IPv4 and IPv6.
    without_way: u64,
    /// Datagrams, also to a resolver on this computer. Nothing of ours sends any.
    datagrams: u64,
}

/// Runs the test of this name again where there is no network, and fails if anything tried to leave. Where
/// the computer gives no one a network of his own (some containers), it says so and does nothing.
#[expect(clippy::print_stdout, reason = "a test tells what it did not do")]
pub fn alone(name: &str, story: impl FnOnce() -> Result<()>) -> Result<()> {
    if std::env::var_os(INSIDE).is_some() {
        ensure!(asked()? == Asked::default(), "somebody has asked already");
        story()?;
        let found = asked()?;
        ensure!(found == Asked::default(), "outside was asked: {found:?}");
        return is_counted();
    }
    let mut trying = Command::new("unshare");
    trying
        .args(ENTER)
        .args(["sh", "-c", LOOPBACK, "sh", "true"]);
    let tried = trying.output().context("Starting unshare")?;
    if !tried.status.success() {
        let said = String::from_utf8_lossy(&tried.stderr);
        println!("not run, since this computer gives no network of one's own: {said}");
        return Ok(());
    }
    let this = std::env::current_exe().context("Finding this program")?;
    let mut again = Command::new("unshare");
    again.args(ENTER).args(["sh", "-c", LOOPBACK, "sh"]);
    again.arg(this).args(["--exact", name, "--nocapture"]);
    let status = again.env(INSIDE, "1").status()?;
    if !status.success() {
        bail!("the story did not end well where it stood alone");
    }
    Ok(())
}

/// The counters see what they should: a connection outside, and a question to a resolver.
fn is_counted() -> Result<()> {
    let outside = ([192, 0, 2, 1], 443).into();
    drop(TcpStream::connect_timeout(&outside, Duration::from_secs(1)));
    let socket = UdpSocket::bind(("127.0.0.1", 0))?;
    drop(socket.send_to(b"?", ("127.0.0.1", 53)));
    let found = asked()?;
    let one_each = Asked {
        without_way: 1,
        datagrams: 1,
    };
    ensure!(found == one_each, "counted {found:?}");
    Ok(())
}

fn asked() -> Result<Asked> {
    let v4 = fs::read_to_string("/proc/self/net/snmp")?;
    let v6 = fs::read_to_string("/proc/self/net/snmp6").unwrap_or_default();
    let v6_without_way = single(&v6, "Ip6OutNoRoutes").unwrap_or(0);
    let v6_datagrams = single(&v6, "Udp6OutDatagrams").unwrap_or(0);
    Ok(Asked {
        without_way: in_table(&v4, "Ip", "OutNoRoutes")? + v6_without_way,
        datagrams: in_table(&v4, "Udp", "OutDatagrams")? + v6_datagrams,
    })
}

/// A counter of a table of two lines, names and numbers.
fn in_table(text: &str, table: &str, name: &str) -> Result<u64> {
    let rows = text.lines().filter_map(|line| line.split_once(": "));
    let mut rows = rows.filter(|(of, _)| *of == table);
    let (Some((_, names)), Some((_, numbers))) = (rows.next(), rows.next()) else {
        bail!("no counters of {table}");
    };
    let mut both = names.split_whitespace().zip(numbers.split_whitespace());
    let found = both.find(|(it, _)| *it == name);
    let (_, number) = found.with_context(|| format!("no counter {name}"))?;
    Ok(number.parse()?)
}

/// A counter on a line of its own.
fn single(text: &str, name: &str) -> Option<u64> {
    let mut words = text.lines().map(str::split_whitespace);
    words.find_map(|mut line| {
        (line.next() == Some(name)).then(|| line.next().and_then(|it| it.parse().ok()))?
    })
}
