//! 渠县12345热线工作台: the shell. A window, one command, changes out, notices to the desktop.
//! No rule and no SQL stands here.

#![expect(
    clippy::let_underscore_must_use,
    reason = "in the code that tauri::command writes"
)]
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

#[cfg(test)]
mod configuration;
mod data_folder;
mod desktop;
mod notify;
#[cfg(target_os = "linux")]
mod painting;
mod telephone;

use std::sync::Arc;

use desk::{ApiError, Clock, DeskHost, Reply, SystemClock};
use desk_store::OsKeyring;
use serde_json::{Value, json};
use tauri::{
    AppHandle, Emitter as _, Manager as _, RunEvent, State, UserAttentionType, WebviewUrl,
    WebviewWindowBuilder,
};
use tokio::sync::broadcast::error::RecvError;

use crate::desktop::ThisDesktop;

/// The event that tells windows which queries to ask again.
const CHANGED: &str = "changed";
/// The label of the one window.
const MAIN: &str = "main";
const TITLE: &str = "渠县12345热线工作台";

/// The one command: hands the call to the desk, off the window's thread.
#[tauri::command]
async fn call(
    desk: State<'_, Arc<DeskHost>>,
    name: String,
    payload: Value,
) -> Result<Reply, ApiError> {
    let desk = Arc::clone(&desk);
    tauri::async_runtime::spawn_blocking(move || desk.call(&name, payload))
        .await
        .unwrap_or_else(|stopped| {
            tracing::error!(%stopped, "a call did not come back");
            Err(ApiError {
                code: desk::ErrorCode::Fault,
                message: "程序正在退出，没有完成。".to_owned(),
                request_id: String::new(),
            })
        })
}

fn main() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    #[cfg(target_os = "linux")]
    painting::choose();
    if let Err(error) = desk::core_dump::forbid() {
        tracing::warn!(%error, "a picture of the memory would be kept");
    }
    let built = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![call])
        .setup(|app| {
            let folder = data_folder::data_folder(app)?;
            let link = telephone::link();
            if let Some(link) = &link
                && telephone::is_handed_over(&folder, link)
            {
                std::process::exit(0);
            }
            let desk = DeskHost::start(&folder, clock(), Arc::new(OsKeyring));
            let desk = Arc::new(desk.with_desktop(Arc::new(ThisDesktop::of(app))));
            app.manage(Arc::clone(&desk));
            WebviewWindowBuilder::new(app, MAIN, WebviewUrl::App("index.html".into()))
                .title(TITLE)
                .inner_size(1366.0, 768.0)
                .min_inner_size(1024.0, 640.0)
                .maximized(true)
                // Files that are dropped go to the page, which hands them to the one command.
                .disable_drag_drop_handler()
                .build()?;
            pass_on_changes(app.handle().clone(), &desk);
            if let Some(link) = link
                && let Err(error) = desk.open_link(&link)
            {
                tracing::warn!(error = format!("{error:#}"), "the link was not followed");
            }
            telephone::start(Arc::clone(&desk), folder);
            notify::start(desk, app.handle().clone());
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => app.run(|app, event| {
            if matches!(event, RunEvent::Exit)
                && let Some(desk) = app.try_state::<Arc<DeskHost>>()
            {
                desk.close();
            }
        }),
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            std::process::exit(1);
        }
    }
}

/// Windows hear of changes they did not make themselves.
fn pass_on_changes(app: AppHandle, desk: &DeskHost) {
    let mut changes = desk.changes();
    tauri::async_runtime::spawn(async move {
        loop {
            let tags: &[&str] = match changes.recv().await {
                Ok(tags) => tags,
                Err(RecvError::Lagged(_)) => &["*"],
                Err(RecvError::Closed) => return,
            };
            if tags.contains(&"incoming_calls") {
                ask_for_attention(&app);
            }
            if let Err(error) = app.emit(CHANGED, json!({ "tags": tags })) {
                tracing::warn!(%error, "a change could not be told");
            }
        }
    });
}

/// It rings: the window asks to be looked at, and takes the focus from nobody.
fn ask_for_attention(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    if let Err(error) = window.request_user_attention(Some(UserAttentionType::Critical)) {
        tracing::warn!(%error, "the window could not ask for attention");
    }
}

/// A notice was clicked: the window comes to the front.
fn raise(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    let raised = window
        .unminimize()
        .and_then(|()| window.show())
        .and_then(|()| window.set_focus());
    if let Err(error) = raised {
        tracing::warn!(%error, "the window could not be raised");
    }
}

/// The computer's clock. A build for tests may be given a file with seconds to shift it by.
fn clock() -> Arc<dyn Clock> {
    #[cfg(debug_assertions)]
    if let Some(file) = std::env::var_os("HOTLINE_DESK_CLOCK_SHIFT") {
        return Arc::new(desk::clock::ShiftedClock { file: file.into() });
    }
    Arc::new(SystemClock)
}
