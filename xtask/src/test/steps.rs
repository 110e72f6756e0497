//! The steps of `test`, cheapest complaint first.
//!
//! Every cargo step says `--workspace`: a build of single packages would unify features
//! differently and compile the big dependencies once more.

use std::process::Command;

use anyhow::{Result, bail, ensure};

use super::Bench;
use crate::{deny, sh, tidy};

/// The package whose integration tests drive the real window.
const WINDOW_PACKAGE: &str = "end-to-end";

/// What `--only` chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Ui,
    Rust,
    Window,
    Lint,
}

impl Group {
    pub(super) fn parse(word: &str) -> Result<Self> {
        Ok(match word {
            "ui" => Self::Ui,
            "rust" => Self::Rust,
            "window" => Self::Window,
            "lint" => Self::Lint,
            other => bail!("--only takes ui, rust, window or lint, not `{other}`"),
        })
    }
}

pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) groups: &'static [Group],
    pub(super) run: fn(&Bench) -> Result<()>,
}

pub(super) const STEPS: [Step; 11] = [
    Step {
        name: "format",
        groups: &[Group::Lint],
        run: format,
    },
    Step {
        name: "tidy",
        groups: &[Group::Lint],
        run: tidy_up,
    },
    Step {
        name: "deny",
        groups: &[Group::Lint],
        run: |bench| deny::check(bench.repo),
    },
    Step {
        name: "ui types",
        groups: &[Group::Ui],
        run: ui_types,
    },
    Step {
        name: "ui tests",
        groups: &[Group::Ui],
        run: ui_tests,
    },
    Step {
        name: "build",
        groups: &[Group::Rust, Group::Window],
        run: build,
    },
    Step {
        name: "rust tests",
        groups: &[Group::Rust],
        run: rust_tests,
    },
    Step {
        name: "rust doc tests",
        groups: &[Group::Rust],
        run: doc_tests,
    },
    Step {
        name: "window tests",
        groups: &[Group::Window],
        run: window_tests,
    },
    Step {
        name: "browser tests",
        groups: &[Group::Window],
        run: browser_tests,
    },
    Step {
        name: "clippy",
        groups: &[Group::Lint],
        run: clippy,
    },
];

fn format(bench: &Bench) -> Result<()> {
    sh::run(bench.repo.cargo().args(["fmt", "--all", "--check"]))
}

fn tidy_up(bench: &Bench) -> Result<()> {
    let violations = tidy::check(bench.repo)?;
    for violation in &violations {
        println!("{violation}");
    }
    ensure!(violations.is_empty(), "{} violations", violations.len());
    Ok(())
}

fn ui_types(bench: &Bench) -> Result<()> {
    sh::run(bench.repo.npm().args(["run", "check"]))
}

fn ui_tests(bench: &Bench) -> Result<()> {
    sh::run(bench.repo.npm().args(["test"]))
}

fn build(bench: &Bench) -> Result<()> {
    sh::run(
        bench
            .repo
            .cargo()
            .args(["build", "--workspace", "--all-targets"]),
    )
}

fn rust_tests(bench: &Bench) -> Result<()> {
    let names = test_targets(bench, |package| package != WINDOW_PACKAGE)?;
    let mut words = vec!["test", "--workspace", "--lib", "--bins"];
    words.extend(names.iter().flat_map(|name| ["--test", name.as_str()]));
    in_session(bench, &words)
}

fn doc_tests(bench: &Bench) -> Result<()> {
    in_session(bench, &["test", "--workspace", "--doc"])
}

fn window_tests(bench: &Bench) -> Result<()> {
    let names = test_targets(bench, |package| package == WINDOW_PACKAGE)?;
    ensure!(
        !names.is_empty(),
        "The package {WINDOW_PACKAGE} has no tests"
    );
    let mut words = vec!["test", "--workspace"];
    words.extend(names.iter().flat_map(|name| ["--test", name.as_str()]));
    in_session(bench, &words)
}

/// The window's calls with an optimised build: what they took.
pub(super) fn measure_window(bench: &Bench) -> Result<()> {
    let profile = ["--profile", "measure"];
    let build = ["build", "--package", "hotline-desk"];
    sh::run(bench.repo.cargo().args(build).args(profile))?;
    let target = bench.repo.target();
    let told = target.join("calls.jsonl");
    let words = ["test", "--workspace", "--test", "window"];
    let mut command = session(bench, &words);
    command
        .env("HOTLINE_DESK_APP", target.join("measure/hotline-desk"))
        .env("HOTLINE_DESK_CALLS", &told);
    sh::run(&mut command)?;
    print!("{}", std::fs::read_to_string(&told)?);
    Ok(())
}

/// The pages that the center serves, in the system's Chromium.
fn browser_tests(bench: &Bench) -> Result<()> {
    let center = bench.repo.target().join("debug/hotline-center");
    sh::run(
        bench
            .repo
            .npm()
            .args(["run", "e2e"])
            .env("HOTLINE_CENTER", center),
    )
}

fn clippy(bench: &Bench) -> Result<()> {
    let words = [
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ];
    sh::run(bench.repo.cargo().args(words))
}

fn in_session(bench: &Bench, words: &[&str]) -> Result<()> {
    sh::run(&mut session(bench, words))
}

/// Cargo where tests find a display, a bus, a keyring and notifications, all their own.
fn session(bench: &Bench, words: &[&str]) -> Command {
    let mut command = Command::new("xvfb-run");
    // The bus stands inside the display, or daemons that it starts would have none.
    command.args([
        "-a",
        "-s",
        "-screen 0 1920x1080x24",
        "dbus-run-session",
        "--",
    ]);
    command
        .arg(bench.environment.door())
        .args(["session", "--"]);
    let cargo = bench.repo.cargo();
    command.arg(cargo.get_program()).args(words);
    if !bench.filter.is_empty() {
        command.arg("--").args(&bench.filter);
    }
    command.current_dir(bench.repo.path(""));
    bench.environment.apply_to(&mut command);
    command
}

/// The names of the integration tests of some packages.
fn test_targets(bench: &Bench, is_wanted: fn(&str) -> bool) -> Result<Vec<String>> {
    let packages = tidy::packages(bench.repo)?;
    let wanted = packages.iter().filter(|package| is_wanted(&package.name));
    let names = wanted
        .flat_map(|package| &package.targets)
        .filter(|target| target.is_test());
    Ok(names.map(|target| target.name.clone()).collect())
}
