//! The desk without a window: serves the same UI over the same calls on a loopback address.
//!
//! `desk-host --data FOLDER --ui FOLDER [--port N]`

#![expect(
    clippy::print_stdout,
    reason = "a program of the command line prints its address"
)]

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use desk::telephone_door::TelephoneDoor;
use desk::{DeskHost, SystemClock, http_host::HttpHost};
use desk_store::OsKeyring;

struct Arguments {
    data: PathBuf,
    ui: PathBuf,
    port: u16,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    desk::core_dump::forbid().context("Forbidding pictures of the memory")?;
    let Arguments { data, ui, port } = arguments(std::env::args().skip(1))?;
    if !ui.join("index.html").exists() {
        bail!(
            "没有界面文件 {}，请先运行 cargo xtask run",
            ui.join("index.html").display()
        );
    }
    let folder = data.clone();
    let desk = tokio::task::spawn_blocking(move || {
        DeskHost::start(&folder, Arc::new(SystemClock), Arc::new(OsKeyring))
    })
    .await
    .context("Opening the desk")?;
    let desk = Arc::new(desk);
    match TelephoneDoor::bind(Arc::clone(&desk), &data).await {
        Ok(door) => {
            tokio::spawn(door.serve(std::future::pending()));
        }
        // Without it everything else works.
        Err(error) => tracing::warn!(error = format!("{error:#}"), "no telephone systems"),
    }
    let host = HttpHost::bind(Arc::clone(&desk), &ui, port).await?;
    println!("请用本机浏览器打开：{}", host.url);
    let served = host.serve(async {
        // Without signals there is no way to stop but the hard one, which is safe.
        tokio::signal::ctrl_c().await.ok();
    });
    let served = served.await;
    let closing = tokio::task::spawn_blocking(move || desk.close());
    closing.await.context("Closing the desk")?;
    served
}

fn arguments(mut words: impl Iterator<Item = String>) -> anyhow::Result<Arguments> {
    let (mut data, mut ui, mut port) = (None, None, 0);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} 后面缺少内容"));
        match word.as_str() {
            "--data" => data = Some(PathBuf::from(value()?)),
            "--ui" => ui = Some(PathBuf::from(value()?)),
            "--port" => port = value()?.parse().context("--port 后面应为端口号")?,
            _ => bail!(
                "不认识的参数 {word}；用法：desk-host --data 文件夹 --ui 文件夹 [--port 端口]"
            ),
        }
    }
    Ok(Arguments {
        data: data.context("缺少 --data 文件夹")?,
        ui: ui.context("缺少 --ui 文件夹")?,
        port,
    })
}
