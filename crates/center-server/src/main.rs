//! `hotline-center`: the center's server and its administrator's commands.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use center_server::{Config, Server, SystemClock};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let data = std::env::args().nth(1).context("缺少数据文件夹")?;
    let config = Config::of(PathBuf::from(data));
    let server = Server::start(config, Arc::new(SystemClock)).await?;
    // Without signals there is no way to stop but the hard one, which is safe.
    tokio::signal::ctrl_c().await.ok();
    server.stop().await
}
