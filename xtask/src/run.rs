//! `run`: from a fresh clone to the open window, in one command.

use std::env;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use crate::args::Args;
use crate::repo::Repo;
use crate::setup::{self, Purpose};
use crate::sh;

pub(crate) fn run(repo: &Repo, mut args: Args) -> Result<ExitCode> {
    let data = args.value("--data")?;
    let is_headless = args.flag("--headless") || !has_display();
    let profile = if args.flag("--release") {
        "release"
    } else {
        "debug"
    };
    args.finish()?;

    let data = match data {
        Some(folder) => env::current_dir()?.join(folder),
        None => sample_folder()?,
    };
    setup::install(repo, Purpose::Build)?;
    let mut build = repo.cargo();
    build.args(["build", "--workspace", "--bins"]);
    if profile == "release" {
        build.arg("--release");
    }
    sh::run(&mut build)?;

    let binaries = repo.target().join(profile);
    println!("\n数据目录 / data folder: {}", data.display());
    let fault = if is_headless {
        serve(repo, &binaries, &data)
    } else {
        open(&binaries, &data)
    };
    Err(fault)
}

/// Becomes the window program, so that Ctrl+C and the exit code are its own.
fn open(binaries: &Path, data: &Path) -> anyhow::Error {
    let mut command = std::process::Command::new(binaries.join("hotline-desk"));
    command.env("HOTLINE_DESK_DATA", data);
    println!(
        "$ HOTLINE_DESK_DATA={} {}",
        data.display(),
        sh::line(&command)
    );
    anyhow::Error::new(command.exec()).context("Opening the window")
}

/// Becomes the HTTP host of the same desk; it prints its address itself.
fn serve(repo: &Repo, binaries: &Path, data: &Path) -> anyhow::Error {
    println!("没有显示器，改用浏览器访问 / no display: open the address below in a browser");
    let mut command = repo.command(binaries.join("desk-host"));
    command
        .arg("--data")
        .arg(data)
        .arg("--ui")
        .arg(repo.path("ui/dist"))
        .args(["--port", "0"]);
    println!("$ {}", sh::line(&command));
    anyhow::Error::new(command.exec()).context("Starting the desk host")
}

fn has_display() -> bool {
    ["WAYLAND_DISPLAY", "DISPLAY"]
        .iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// A folder of its own, so that trying the desk out never touches real work.
fn sample_folder() -> Result<PathBuf> {
    let base = match env::var_os("XDG_DATA_HOME").filter(|value| !value.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env::var_os("HOME").context("HOME is not set: give --data FOLDER")?)
            .join(".local/share"),
    };
    Ok(base.join("hotline-desk-sample"))
}
