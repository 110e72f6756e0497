//! The pictures of the README and the manual, taken of the real window with words of our own.
//!
//! They are written where `HOTLINE_DESK_PICTURES` says (docs/pictures, to keep them), otherwise into
//! the target folder: a test run does not change the checkout.

use std::path::{Path, PathBuf};

use anyhow::Result;
use end_to_end::Desk;

use crate::call_taker::{
    answer, dispatch, folder_without_keyring, listen, own_messages, refuse, register, set_up,
};

#[tokio::test]
async fn pictures_of_every_screen() -> Result<()> {
    let folder = pictures();
    let mut desk = Desk::open(folder_without_keyring("pictures")?).await?;
    desk.set_window_size(1366, 768).await?;
    desk.wait_for("first-start-name").await?;
    desk.screenshot(&folder.join("first-start.png")).await?;
    set_up(&mut desk).await?;

    let messages = own_messages()?;
    for (at, message) in messages.iter().skip(1).take(9).enumerate() {
        listen(&mut desk, &message.text).await?;
        match at % 4 {
            0 => answer(&mut desk).await?,
            1 => dispatch(&mut desk, "xswj").await?,
            2 => register(&mut desk).await?,
            _ => refuse(&mut desk).await?,
        };
    }

    desk.fill("intake-phone", "13800001234").await?;
    desk.fill("intake-name", "李先生").await?;
    listen(&mut desk, &messages[0].text).await?;
    desk.wait_text("opened-answer", "停水").await?;
    desk.screenshot(&folder.join("intake-1366.png")).await?;
    desk.press("F5").await?;
    desk.wait_for("strip-answer").await?;
    desk.screenshot(&folder.join("intake-answer-1366.png"))
        .await?;
    desk.press("Esc").await?;
    desk.set_window_size(1920, 1080).await?;
    desk.press("F4").await?;
    desk.wait_for("strip-unit").await?;
    desk.screenshot(&folder.join("intake-dispatch-1920.png"))
        .await?;
    dispatch(&mut desk, "gsqy").await?;

    desk.set_window_size(1366, 768).await?;
    desk.click("rail-work-orders").await?;
    desk.click("queue-undelivered").await?;
    desk.click("order-row").await?;
    desk.wait_for("order-story").await?;
    desk.screenshot(&folder.join("work-orders-1366.png"))
        .await?;
    desk.click("rail-knowledge").await?;
    desk.fill("knowledge-search", "居民医保缴费").await?;
    desk.click("knowledge-hit").await?;
    desk.screenshot(&folder.join("knowledge-1366.png")).await?;
    desk.click("rail-about").await?;
    desk.wait_for("remove-samples").await?;
    desk.screenshot(&folder.join("about-1366.png")).await?;
    desk.close().await
}

fn pictures() -> PathBuf {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures");
    std::env::var_os("HOTLINE_DESK_PICTURES").map_or(usual, PathBuf::from)
}
