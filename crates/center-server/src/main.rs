//! `hotline-center`: the center's server and its administrator's commands.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of the command line talks to people"
)]

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use center_server::admin::{AdminRequest, backup, is_running, socket_ask};
use center_server::cli::{self, Command, USAGE};
use center_server::config::{Config, Log, LogForm};
use center_server::{Clock, Server, SystemClock, core_dump, demo, init};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode> {
    core_dump::forbid().context("不能禁止内存转储")?;
    let words = std::env::args().skip(1).collect();
    let line = cli::read(words, |name| std::env::var(name).ok())?;
    let clock = clock();
    let data = std::path::absolute(&line.data)?;
    let config = match &line.command {
        Command::Help => {
            print!("{USAGE}");
            return Ok(ExitCode::SUCCESS);
        }
        Command::Init { .. }
        | Command::Demo
        | Command::Serve
        | Command::Restore { .. }
        | Command::Drill { .. }
        | Command::BackupKey
        | Command::Admin(_) => Config::read(data.clone(), line.overrides)?,
    };
    match line.command {
        Command::Serve => serve(config, clock).await,
        Command::Init { people } => {
            print_lines(&init::init(config, clock, people).await?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Demo => {
            print_lines(&demo::load(config, clock).await?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Restore { from, key } => {
            let restored = backup::restore(&from, key.as_deref(), &config, &*clock)?;
            print_lines(&restored)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Drill { from, key } => {
            print_lines(&backup::drill(&from, key.as_deref(), &config)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::BackupKey => {
            print_lines(&backup::show_key(&config)?)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Admin(mut request) => {
            for proof in request.proofs() {
                proof.password = password_of(&proof.number.0)?;
            }
            administer(config, clock, &data, request).await
        }
        Command::Help => Ok(ExitCode::SUCCESS),
    }
}

/// Until somebody stops it.
async fn serve(config: Config, clock: Arc<dyn Clock>) -> Result<ExitCode> {
    log_to_stderr(&config.log)?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let server = Server::start(config, clock).await?;
    println!("工作站：https://{}", server.desks_address);
    println!("网页：http://{}", server.web_address);
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    server.stop().await?;
    Ok(ExitCode::SUCCESS)
}

async fn administer(
    config: Config,
    clock: Arc<dyn Clock>,
    data: &Path,
    request: AdminRequest,
) -> Result<ExitCode> {
    let reply = if is_running(data)? {
        socket_ask(data, &request).await?
    } else {
        init::execute_alone(config, clock, request).await?
    };
    print_lines(&reply.lines)?;
    Ok(if reply.is_done {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Typed unseen; a line of what comes by a pipe.
fn password_of(number: &str) -> Result<String> {
    if std::io::stdin().is_terminal() {
        let prompt = format!("工号 {number} 的密码：");
        return rpassword::prompt_password(prompt).context("没有读到密码");
    }
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .context("没有读到密码")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Who reads them by a pipe may have read enough.
fn print_lines(lines: &[String]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let mut lines = lines.iter();
    match lines.try_for_each(|line| writeln!(out, "{line}")) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}

fn log_to_stderr(log: &Log) -> Result<()> {
    let filter = EnvFilter::try_new(&log.filter).context("[log] 的 filter 有误")?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match log.form {
        LogForm::Text => builder.init(),
        LogForm::Json => builder.json().init(),
    }
    Ok(())
}

/// The computer's clock; in a build for tests one that a file moves.
fn clock() -> Arc<dyn Clock> {
    #[cfg(debug_assertions)]
    if let Some(file) = std::env::var_os("HOTLINE_CENTER_CLOCK") {
        let file = file.into();
        return Arc::new(center_server::clock::ShiftedClock { file });
    }
    Arc::new(SystemClock)
}
