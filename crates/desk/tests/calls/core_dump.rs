//! 内存转储: a desk that breaks leaves no picture of its memory, whatever the person's session allows.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

#[test]
fn a_desk_that_breaks_leaves_no_picture_of_its_memory() {
    let folder = tempfile::tempdir().unwrap();
    let ui = folder.path().join("ui");
    std::fs::create_dir(&ui).unwrap();
    std::fs::write(ui.join("index.html"), "<!doctype html>").unwrap();
    let mut desk = Command::new("sh")
        .args(["-c", "ulimit -S -c $(ulimit -H -c); exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_desk-host"))
        .arg("--data")
        .arg(folder.path().join("data"))
        .arg("--ui")
        .arg(&ui)
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(desk.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", desk.id())).unwrap();
    let cores: Vec<&str> = limits
        .lines()
        .filter(|line| line.starts_with("Max core file size"))
        .flat_map(|line| line.split_whitespace().skip(4).take(2))
        .collect();
    let pid = desk.id().to_string();
    let told = Command::new("kill").args(["-ABRT", &pid]).status().unwrap();
    assert!(told.success());
    let ended = desk.wait().unwrap();
    assert_eq!(ended.signal(), Some(6));
    assert!(!ended.core_dumped());
    assert_eq!(cores, ["1", "1"]);
    let cores_left = std::fs::read_dir(folder.path()).unwrap();
    let names = cores_left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.starts_with("core")).count(), 0);
}
