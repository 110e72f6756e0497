//! 安装包: a tree of files and what dpkg must know of it.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::repo::Repo;
use crate::sh;

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Where this folder lies in the checkout.
const SOURCES: &str = "xtask/packages";

/// What one package is made of.
pub(super) struct Package {
    pub(super) crate_name: &'static str,
    /// Of the package and of its program.
    pub(super) name: &'static str,
    folder: &'static str,
    section: &'static str,
    summary: &'static str,
    description: &'static str,
    depends: &'static [&'static str],
    recommends: &'static str,
    /// From the checkout to the installed system. A folder is taken whole.
    files: &'static [(&'static str, &'static str)],
    programs: &'static [(&'static str, &'static str)],
    scripts: &'static [&'static str],
    /// What an administrator may change and an upgrade leaves as it is.
    configuration: &'static [&'static str],
}

pub(super) const DESK: Package = Package {
    crate_name: "hotline-desk",
    name: "hotline-desk",
    folder: "desk",
    section: "misc",
    summary: "渠县12345热线工作台 (workstation of a 12345 hotline)",
    description: "\
受理群众来电、当场答复或派单，附带知识库；断网时照常工作。

Takes calls of a county's government hotline, answers from its knowledge base
and dispatches work orders whose limits explain themselves, offline as well.",
    depends: &[],
    recommends: "fonts-noto-cjk, gnome-keyring, xdg-desktop-portal",
    files: &[
        (
            "xtask/packages/desk/hotline-desk.desktop",
            "usr/share/applications/hotline-desk.desktop",
        ),
        (
            "icons/32x32.png",
            "usr/share/icons/hicolor/32x32/apps/hotline-desk.png",
        ),
        (
            "icons/128x128.png",
            "usr/share/icons/hicolor/128x128/apps/hotline-desk.png",
        ),
        (
            "icons/icon.svg",
            "usr/share/icons/hicolor/scalable/apps/hotline-desk.svg",
        ),
    ],
    programs: &[],
    scripts: &[],
    configuration: &[],
};

pub(super) const CENTER: Package = Package {
    crate_name: "center-server",
    name: "hotline-center",
    folder: "center",
    section: "net",
    summary: "渠县12345热线中心 (server of a 12345 hotline)",
    description: "\
工作站同步、承办单位门户、公众查询页面，以及与上级平台的对接。

What the desks of a hotline agree with, with a portal for the units that
handle orders and a page for citizens. SQLite within, or PostgreSQL.",
    depends: &["adduser", "ca-certificates"],
    recommends: "postgresql-client",
    files: &[
        ("ui/dist", "usr/share/hotline-center/ui"),
        (
            "xtask/packages/center/hotline-center.service",
            "usr/lib/systemd/system/hotline-center.service",
        ),
    ],
    programs: &[(
        "xtask/packages/center/hotline-center-admin",
        "usr/sbin/hotline-center-admin",
    )],
    scripts: &["postinst", "prerm", "postrm"],
    configuration: &["etc/hotline-center/center.toml"],
};

/// Lays the files out and packs them; where the package is.
pub(super) fn make(repo: &Repo, package: &Package, out: &Path) -> Result<PathBuf> {
    let architecture = architecture()?;
    let root = out.join(format!("{}.root", package.name));
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    let binary = root.join("usr/bin").join(package.name);
    place(
        &repo.target().join("release").join(package.name),
        &binary,
        0o755,
    )?;
    for (from, to) in package.files {
        place_all(&repo.path(from), &root.join(to))?;
    }
    for (from, to) in package.programs {
        place(&repo.path(from), &root.join(to), 0o755)?;
    }
    let doc = root.join("usr/share/doc").join(package.name);
    place(
        &repo.path(format!("{SOURCES}/copyright")),
        &doc.join("copyright"),
        0o644,
    )?;
    write(&doc.join("third-party.txt"), &third_party(repo, package)?)?;
    for (from, to) in documents(repo) {
        place(&from, &doc.join(to), 0o644)?;
    }
    if !package.configuration.is_empty() {
        let path = root.join("etc/hotline-center/center.toml");
        write(&path, &configuration(repo)?)?;
    }

    let control = root.join("DEBIAN");
    write(&control.join("conffiles"), &conffiles(package))?;
    for script in package.scripts {
        let from = repo.path(format!("{SOURCES}/{}/{script}", package.folder));
        place(&from, &control.join(script), 0o755)?;
    }
    let mut depends: Vec<String> = package.depends.iter().map(|it| (*it).to_owned()).collect();
    depends.push(libraries(&binary, out)?);
    let text = control_file(package, &architecture, &depends.join(", "));
    write(&control.join("control"), &text)?;

    let path = out.join(format!("{}_{VERSION}_{architecture}.deb", package.name));
    let mut packing = Command::new("dpkg-deb");
    packing.args(["--root-owner-group", "-Zxz", "--build"]);
    sh::run(packing.arg(&root).arg(&path))?;
    fs::remove_dir_all(&root)?;
    Ok(path)
}

fn control_file(package: &Package, architecture: &str, depends: &str) -> String {
    let description = package.description.lines().map(|line| match line {
        "" => " .\n".to_owned(),
        line => format!(" {line}\n"),
    });
    format!(
        "Package: {}\nVersion: {VERSION}\nArchitecture: {architecture}\nSection: {}\nPriority: optional\n\
         Maintainer: Hotline Desk <hotline-desk@localhost>\nDepends: {depends}\nRecommends: {}\n\
         Description: {}\n{}",
        package.name,
        package.section,
        package.recommends,
        package.summary,
        description.collect::<String>()
    )
}

fn conffiles(package: &Package) -> String {
    let mut text = String::new();
    for path in package.configuration {
        let _never_fails = writeln!(text, "/{path}");
    }
    text
}

/// What the center is set up with when nobody changed it; the pages lie where the package puts them.
fn configuration(repo: &Repo) -> Result<String> {
    const WRITTEN: &str = "# ui = \"ui\"\n";
    let text = fs::read_to_string(repo.path("crates/center-server/center.toml"))?;
    ensure!(text.contains(WRITTEN), "center.toml says nothing of `ui`");
    Ok(text.replace(WRITTEN, "ui = \"/usr/share/hotline-center/ui\"\n"))
}

/// What people read, as far as it is written.
fn documents(repo: &Repo) -> Vec<(PathBuf, &'static str)> {
    let names = ["用户手册.md", "部署.md", "对外接口.md"];
    let paths = names.map(|name| (repo.path("docs").join(name), name));
    paths
        .into_iter()
        .filter(|(path, _)| path.exists())
        .collect()
}

/// Every crate inside the program, with its licence.
fn third_party(repo: &Repo, package: &Package) -> Result<String> {
    let mut tree = repo.cargo();
    tree.args(["tree", "--edges", "normal", "--prefix", "none"]);
    tree.args(["--format", "{p}\t{l}", "--package", package.crate_name]);
    let (listed, is_done) = sh::read(&mut tree)?;
    ensure!(is_done, "cargo tree failed");
    let ours = repo.path("").display().to_string();
    let mut lines: Vec<&str> = listed
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.contains(&ours) && !line.is_empty())
        .collect();
    lines.sort_unstable();
    lines.dedup();
    Ok(lines.join("\n") + "\n")
}

/// The packages of the libraries that the program is linked with.
fn libraries(binary: &Path, out: &Path) -> Result<String> {
    // dpkg-shlibdeps wants to stand in the source of a package.
    let source = out.join("shlibdeps");
    write(&source.join("debian/control"), "Source: hotline\n")?;
    let mut asking = Command::new("dpkg-shlibdeps");
    asking.current_dir(&source).arg("-O").arg(binary);
    let (said, is_done) = sh::read(&mut asking)?;
    fs::remove_dir_all(&source)?;
    ensure!(is_done, "dpkg-shlibdeps failed");
    let depends = said.trim().strip_prefix("shlibs:Depends=");
    depends
        .map(str::to_owned)
        .context("dpkg-shlibdeps said something else")
}

fn architecture() -> Result<String> {
    let (said, is_done) = sh::read(Command::new("dpkg").arg("--print-architecture"))?;
    ensure!(is_done, "dpkg does not say the architecture");
    Ok(said.trim().to_owned())
}

fn place_all(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        return place(from, to, 0o644);
    }
    let entries = from.read_dir();
    for entry in entries.with_context(|| format!("Reading {}", from.display()))? {
        let entry = entry?;
        place_all(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

fn place(from: &Path, to: &Path, mode: u32) -> Result<()> {
    make_folder_of(to)?;
    fs::copy(from, to).with_context(|| format!("Copying {}", from.display()))?;
    Ok(fs::set_permissions(to, fs::Permissions::from_mode(mode))?)
}

fn write(path: &Path, text: &str) -> Result<()> {
    make_folder_of(path)?;
    fs::write(path, text).with_context(|| format!("Writing {}", path.display()))
}

fn make_folder_of(path: &Path) -> Result<()> {
    let folder = path.parent().context("A file lies in a folder")?;
    Ok(fs::create_dir_all(folder)?)
}
