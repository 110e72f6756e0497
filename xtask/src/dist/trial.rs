//! 试装: the packages in a Debian that has nothing else, without a network.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::setup::debian;
use crate::sh;

const SUITE: &str = "bookworm";
/// What the script calls; the packages' own needs come by themselves.
const TOOLS: &[&str] = &[
    "curl",
    "dbus-daemon",
    "desktop-file-utils",
    "fonts-noto-cjk",
    "imagemagick",
    "procps",
    "systemd",
    "xdotool",
    "xvfb",
];
const SCRIPT: &str = include_str!("../../packages/trial.sh");
/// With a process table, a network and mounts of its own, all gone when it ends.
const INSIDE: &str = "ip link set lo up && mount -t proc proc \"$1/proc\" \
     && mount --bind /dev \"$1/dev\" && exec chroot \"$1\" /trial/trial.sh /trial/older /trial/newer";

/// Needs root. Pictures of the window lie beside the packages.
pub(super) fn run(older: &[PathBuf], newer: &[PathBuf]) -> Result<()> {
    debian::install_all(&["debootstrap", "iproute2"])?;
    let beside = newer.first().and_then(|path| path.parent());
    let out = beside.context("There is a package to try")?;
    let root = out.join("trial");
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    sh::run(
        Command::new("debootstrap")
            .arg("--variant=minbase")
            .arg(SUITE)
            .arg(&root),
    )?;
    let trial = root.join("trial");
    place(older, &trial.join("older"))?;
    place(newer, &trial.join("newer"))?;
    fs::write(trial.join("trial.sh"), SCRIPT)?;
    sh::run(Command::new("chmod").arg("+x").arg(trial.join("trial.sh")))?;

    let apt = |words: &[&str]| {
        let mut command = Command::new("chroot");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command.arg(&root).arg("apt-get").args(words);
        command
    };
    let quietly = ["install", "-y", "-qq", "--no-install-recommends"];
    sh::run(apt(&quietly).args(TOOLS))?;
    for package in older.iter().chain(newer) {
        let mut asking = Command::new("dpkg-deb");
        let (depends, is_done) = sh::read(asking.arg("-f").arg(package).arg("Depends"))?;
        ensure!(is_done, "{} is no package", package.display());
        sh::run(apt(&["satisfy", "-y", "-qq", "--no-install-recommends"]).arg(depends.trim()))?;
    }

    let mut trying = Command::new("unshare");
    trying.args(["--mount", "--pid", "--net", "--fork", "--kill-child"]);
    trying.args(["sh", "-c", INSIDE, "sh"]).arg(&root);
    trying
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    trying.env("LANG", "C.UTF-8");
    let tried = sh::run(&mut trying);
    for entry in trial.read_dir()? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "png")
            && let Some(name) = path.file_name()
        {
            fs::copy(&path, out.join(name))?;
        }
    }
    tried
}

fn place(packages: &[PathBuf], folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for package in packages {
        let name = package.file_name().context("A package is a file")?;
        fs::copy(package, folder.join(name))?;
    }
    Ok(())
}
