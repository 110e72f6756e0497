//! Debian packages: found with dpkg-query, installed with apt-get where that is allowed.

use std::os::unix::fs::MetadataExt as _;
use std::process::Command;

use anyhow::{Result, bail};

use super::Purpose;
use crate::sh;

/// Every package, from which purpose on it is needed, and why.
const PACKAGES: &[(Purpose, &str)] = &[
    // compiles and links C: SQLCipher, lz4
    (Purpose::Build, "build-essential"),
    (Purpose::Build, "pkg-config"),
    // the window's web view; brings GTK 3, libsoup 3 and their headers
    (Purpose::Build, "libwebkit2gtk-4.1-dev"),
    // SQLCipher takes its cipher from OpenSSL's libcrypto
    (Purpose::Build, "libssl-dev"),
    // without a Chinese font the window shows boxes
    (Purpose::Build, "fonts-noto-cjk"),
    // WebKitWebDriver drives the real window
    (Purpose::Test, "webkit2gtk-driver"),
    // a display for it, and what xvfb-run calls
    (Purpose::Test, "xvfb"),
    (Purpose::Test, "xauth"),
    // keeps the advisories in the form in which `cargo deny` reads them
    (Purpose::Test, "git"),
    // a test's own network, with its loopback up
    (Purpose::Test, "iproute2"),
    // dbus-run-session: a bus of the tests' own; dbus-send asks it who is there
    (Purpose::Test, "dbus-daemon"),
    (Purpose::Test, "dbus-bin"),
    // drives the pages for citizens and units
    (Purpose::Test, "chromium"),
    // an environment for clients of others, which speak to the center
    (Purpose::Test, "python3-venv"),
    // a real notification daemon whose history can be read
    (Purpose::Test, "dunst"),
    // a real Secret Service for the database key
    (Purpose::Test, "gnome-keyring"),
    // the center's second database: tests start a cluster of their own
    (Purpose::Test, "postgresql"),
    // opens our documents and tables as another office would
    (Purpose::Test, "libreoffice-writer-nogui"),
    (Purpose::Test, "libreoffice-calc-nogui"),
    // reads the forms again that were printed as PDF
    (Purpose::Test, "poppler-utils"),
    // `import` photographs the whole screen, notifications included
    (Purpose::Test, "imagemagick"),
];

pub(crate) fn install(purpose: Purpose) -> Result<()> {
    let wanted: Vec<&str> = PACKAGES
        .iter()
        .filter(|(from, _)| *from <= purpose)
        .map(|(_, name)| *name)
        .collect();
    install_all(&wanted)
}

/// The same for packages that one command alone needs.
pub(crate) fn install_all(wanted: &[&str]) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    if sh::find("dpkg-query").is_none() {
        println!(
            "This is not Debian: please see to the equivalents of {}",
            wanted.join(" ")
        );
        return Ok(());
    }
    let missing = missing(wanted)?;
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing Debian packages: {}", missing.join(" "));
    match root_prefix()? {
        Some(prefix) => apt(prefix, &missing),
        None => bail!(
            "缺少系统包，请先执行下面这一行，再重来一次 / please run this line first, then try again:\n\n    \
             sudo apt-get update && sudo apt-get install -y --no-install-recommends {}\n",
            missing.join(" ")
        ),
    }
}

fn missing<'a>(wanted: &[&'a str]) -> Result<Vec<&'a str>> {
    // Fails when a name is unknown, and still lists the others.
    let mut query = Command::new("dpkg-query");
    query
        .args(["-W", "-f=${Package} ${db:Status-Abbrev}\n"])
        .args(wanted);
    let (listed, _) = sh::read(&mut query)?;
    Ok(not_installed(wanted, &listed))
}

fn not_installed<'a>(wanted: &[&'a str], listed: &str) -> Vec<&'a str> {
    let is_installed = |name: &str| {
        listed.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(name) && words.next() == Some("ii")
        })
    };
    wanted
        .iter()
        .copied()
        .filter(|name| !is_installed(name))
        .collect()
}

/// What to put before apt-get: nothing for root, sudo where it asks no password.
fn root_prefix() -> Result<Option<&'static [&'static str]>> {
    if std::fs::metadata("/proc/self")?.uid() == 0 {
        return Ok(Some(&[]));
    }
    if sh::find("sudo").is_some() && sh::read(Command::new("sudo").args(["-n", "true"]))?.1 {
        return Ok(Some(&["sudo", "-n"]));
    }
    Ok(None)
}

fn apt(prefix: &[&str], missing: &[&str]) -> Result<()> {
    let apt_get = || {
        let words: Vec<&str> = prefix
            .iter()
            .copied()
            .chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .collect();
        let (program, args) = words.split_first().unwrap_or((&"apt-get", &[]));
        let mut command = Command::new(program);
        // Another apt run, such as the nightly one, may hold the lock.
        command.args(args).args(["-o", "DPkg::Lock::Timeout=300"]);
        command
    };
    // One source that cannot be reached must not stop what the others have.
    if let Err(fault) = sh::run(apt_get().arg("update")) {
        println!("{fault:#}; going on with the lists that are here");
    }
    sh::run(
        apt_get()
            .args(["install", "-y", "--no-install-recommends"])
            .args(missing),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_installed_packages_count() {
        let listed = "xvfb ii \nxauth rc \npkg-config ii \nlibssl-dev un \n";
        let wanted = ["xvfb", "xauth", "pkg-config", "libssl-dev", "dunst"];
        assert_eq!(
            not_installed(&wanted, listed),
            ["xauth", "libssl-dev", "dunst"]
        );
    }

    #[test]
    fn no_package_is_named_twice() {
        let mut names: Vec<_> = PACKAGES.iter().map(|(_, name)| name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), PACKAGES.len());
    }
}
