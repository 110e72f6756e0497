//! The program itself: made, served, asked by the command line, stopped, and started again.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::desk::Line;

fn program(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hotline-center"));
    command.arg("--data").arg(data).args(words);
    for name in ["DATA", "CONFIG", "DATABASE", "DESKS", "WEB", "UI", "LOG"] {
        command.env_remove(format!("HOTLINE_CENTER_{name}"));
    }
    command
}

fn run(data: &Path, words: &[&str]) -> Output {
    program(data, words).output().unwrap()
}

fn said(output: &Output) -> String {
    let (out, error) = (&output.stdout, &output.stderr);
    let said = String::from_utf8_lossy(out).into_owned() + &String::from_utf8_lossy(error);
    assert!(output.status.success(), "{said}");
    said
}

/// A center that serves, and where its web door is.
fn serve(data: &Path) -> (Child, std::net::SocketAddr) {
    let words = [
        "serve",
        "--desks",
        "127.0.0.1:0",
        "--web",
        "127.0.0.1:0",
        "--log",
        "json",
    ];
    let mut serving = program(data, &words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(serving.stdout.take().unwrap()).lines();
    let web = lines.nth(1).unwrap().unwrap();
    let address = web.strip_prefix("网页：http://").unwrap();
    (serving, address.parse().unwrap())
}

fn stop(mut serving: Child) -> String {
    let pid = serving.id().to_string();
    let told = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    assert!(told.success());
    let mut log = String::new();
    let mut stderr = serving.stderr.take().unwrap();
    std::io::Read::read_to_string(&mut stderr, &mut log).unwrap();
    assert!(serving.wait().unwrap().success(), "{log}");
    log
}

#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_to_a_center_that_is_asked_and_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("center");
    let not_there = run(&data, &["serve"]);
    assert!(!not_there.status.success());
    said(&run(&data, &["init"]));
    assert!(!run(&data, &["init"]).status.success());
    // Without a center that runs.
    let units = said(&run(&data, &["unit", "list"]));
    assert!(units.lines().count() > 20, "{units}");
    let added = said(&run(
        &data,
        &["user", "add", "9001", "周敏", "--roles", "系统管理员"],
    ));
    assert!(added.contains("初始密码："), "{added}");
    let password = added.split(['：', '（']).nth(1).unwrap();

    let (serving, web) = serve(&data);
    let ready = Line::plain(web).await.get("/readyz").await;
    assert_eq!(ready.status, axum::http::StatusCode::OK);
    let healthy = Line::plain(web).await.get("/healthz").await;
    assert_eq!(&healthy.body[..], b"ok\n");
    // By the one that runs.
    let listed = said(&run(&data, &["user", "list"]));
    assert!(listed.contains("9001\t周敏\t在用\t系统管理员"), "{listed}");
    let code = said(&run(&data, &["desk", "enrol-code"]));
    assert!(code.starts_with("登记码："), "{code}");
    let second = run(&data, &["serve"]);
    assert!(!second.status.success());
    let refused = run(&data, &["user", "disable", "9001"]);
    assert!(!refused.status.success());
    let backups = folder.path().join("backups");
    std::fs::create_dir(&backups).unwrap();
    let to = backups.to_str().unwrap();
    let made = said(&run(&data, &["backup", "--to", to]));
    let backup = made.split(['：', '（']).nth(1).unwrap();
    // While it runs, and without asking it.
    let drilled = said(&run(&data, &["drill", "--from", backup]));
    assert!(drilled.contains("备份可以恢复"), "{drilled}");
    let key = said(&run(&data, &["backup-key"]));
    let log = stop(serving);
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["timestamp"].is_string());
    }
    assert!(log.contains("The center is closed"), "{log}");
    let secret = code.split(['：', '\n']).nth(1).unwrap();
    let key = key.lines().nth(1).unwrap();
    assert_eq!(key.len(), 68 + 16, "{key}");
    for private in ["周敏", password, secret, key] {
        assert!(!log.contains(private), "{log}");
    }

    let (serving, web) = serve(&data);
    let ready = Line::plain(web).await.get("/readyz").await;
    assert_eq!(ready.status, axum::http::StatusCode::OK);
    stop(serving);
    said(&run(&data, &["verify"]));
}

/// A program that breaks where pictures of the memory are wanted leaves none, whatever was allowed.
#[test]
fn a_center_that_breaks_leaves_no_picture_of_its_memory() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("center");
    said(&run(&data, &["init"]));
    let mut serving = Command::new("sh")
        .args(["-c", "ulimit -S -c $(ulimit -H -c); exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_hotline-center"))
        .arg("--data")
        .arg(&data)
        .args(["serve", "--desks", "127.0.0.1:0", "--web", "127.0.0.1:0"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(serving.stdout.take().unwrap()).lines();
    lines.nth(1).unwrap().unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", serving.id())).unwrap();
    let cores: Vec<&str> = limits
        .lines()
        .filter(|line| line.starts_with("Max core file size"))
        .flat_map(|line| line.split_whitespace().skip(4).take(2))
        .collect();
    let pid = serving.id().to_string();
    let told = Command::new("kill").args(["-ABRT", &pid]).status().unwrap();
    assert!(told.success());
    let ended = serving.wait().unwrap();
    assert_eq!(ended.signal(), Some(6));
    assert!(!ended.core_dumped());
    assert_eq!(cores, ["1", "1"]);
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["center"]);
}
