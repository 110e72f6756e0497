//! `run`: from a fresh clone to the open window, in one command, with a center beside it.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::args::Args;
use crate::repo::Repo;
use crate::setup::{self, Purpose};
use crate::sh;

/// Where the center of the samples is found, on this computer alone.
const DESKS: &str = "127.0.0.1:18443";
const WEB: &str = "127.0.0.1:18080";

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
    let center = SampleCenter::start(repo, &binaries, &data.join("center"))?;
    let mut desk = if is_headless {
        serve(repo, &binaries, &data)
    } else {
        open(&binaries, &data)
    };
    println!("$ {}", sh::line(&desk));
    // Ctrl+C reaches the desk and the center by themselves.
    let ended = desk.status().context("Starting the desk");
    center.stop()?;
    Ok(if ended?.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// A center of one's own with sample people, for as long as the desk is open.
struct SampleCenter {
    serving: Child,
}

impl SampleCenter {
    fn start(repo: &Repo, binaries: &Path, data: &Path) -> Result<Self> {
        let program = |words: &[&str]| {
            let mut command = repo.command(binaries.join("hotline-center"));
            command.arg("--data").arg(data).args(words);
            command
        };
        if !data.join("authority.pem").exists() {
            sh::run(&mut program(&["init", "--sample"]))?;
        }
        let mut serve = program(&["serve", "--desks", DESKS, "--web", WEB, "--ui"]);
        serve.arg(repo.path("ui/dist"));
        println!("$ {}", sh::line(&serve));
        let mut serving = serve
            .stdout(Stdio::piped())
            .spawn()
            .context("Starting the center")?;
        let said = serving.stdout.take().context("The center says nothing")?;
        // It says where it is once it is open; a code is given by the one that is.
        let lines = std::io::BufRead::lines(std::io::BufReader::new(said));
        let n_said = lines.map_while(Result::ok).take(2).count();
        let center = Self { serving };
        ensure!(n_said == 2, "The center did not open");
        println!("中心 / center: {DESKS}    门户和公众页面 / portal and public page: http://{WEB}");
        sh::run(&mut program(&["desk", "enrol-code"]))?;
        Ok(center)
    }

    fn stop(mut self) -> Result<()> {
        let pid = self.serving.id().to_string();
        // It may have heard Ctrl+C itself.
        Command::new("kill")
            .args(["-TERM", &pid])
            .stderr(Stdio::null())
            .status()?;
        self.serving.wait().context("Closing the center")?;
        Ok(())
    }
}

fn open(binaries: &Path, data: &Path) -> Command {
    let mut command = Command::new(binaries.join("hotline-desk"));
    command.env("HOTLINE_DESK_DATA", data);
    command
}

/// The HTTP host of the same desk; it prints its address itself.
fn serve(repo: &Repo, binaries: &Path, data: &Path) -> Command {
    println!("没有显示器，改用浏览器访问 / no display: open the address below in a browser");
    let mut command = repo.command(binaries.join("desk-host"));
    command
        .arg("--data")
        .arg(data)
        .arg("--ui")
        .arg(repo.path("ui/dist"))
        .args(["--port", "0"]);
    command
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
