//! The way to the center that runs: a socket in its data folder, which only its owner can open.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{Request as HttpRequest, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use hyper_util::rt::TokioIo;
use tokio::net::{UnixListener, UnixStream};

use super::{AdminReply, AdminRequest, execute};
use crate::folder::SOCKET_FILE;
use crate::office::Office;

/// Bytes of a command or of what comes back.
const MESSAGE_MAX_BYTES: usize = 16 << 20;
const PATH: &str = "/admin";

/// Takes commands until the center stops. The folder is locked by then, so a socket that is there
/// was left behind.
pub(crate) fn serve(office: &Arc<Office>) -> Result<tokio::task::JoinHandle<Result<()>>> {
    use std::os::unix::fs::PermissionsExt as _;
    let path = office.config.data.join(SOCKET_FILE);
    match std::fs::remove_file(&path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).context("清理上次留下的管理接口"),
    }
    let listener =
        UnixListener::bind(&path).with_context(|| format!("打开管理接口 {}", path.display()))?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))?;
    let router = Router::new()
        .route(PATH, post(take))
        .layer(axum::extract::DefaultBodyLimit::max(MESSAGE_MAX_BYTES))
        .with_state(Arc::clone(office));
    let stopped = office.stopped();
    Ok(tokio::spawn(async move {
        let serving = axum::serve(listener, router).with_graceful_shutdown(stopped);
        let served = serving.await;
        // Gone before the folder is free again.
        if let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!(%error, "The socket was left behind");
        }
        served.context("Taking commands")
    }))
}

async fn take(
    State(office): State<Arc<Office>>,
    Json(request): Json<AdminRequest>,
) -> Json<AdminReply> {
    Json(execute(&office, request).await)
}

/// Asks the center that runs on `data`.
pub async fn ask(data: &Path, request: &AdminRequest) -> Result<AdminReply> {
    let path = data.join(SOCKET_FILE);
    let stream = UnixStream::connect(&path)
        .await
        .with_context(|| format!("中心正在运行，但管理接口 {} 连不上", path.display()))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let speaking = tokio::spawn(connection);
    let request = HttpRequest::post(PATH)
        .header("host", "center")
        .header("content-type", "application/json")
        .body(Body::from(serde_json::to_vec(request)?))?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    let body = to_bytes(Body::new(response.into_body()), MESSAGE_MAX_BYTES).await?;
    drop(sender);
    speaking.await??;
    if status != StatusCode::OK {
        bail!("中心没有接受这个命令（{status}）：两边的程序版本可能不同");
    }
    Ok(serde_json::from_slice(&body)?)
}
