//! The window asks nobody outside either, nor does the web view behind it.

use anyhow::Result;
use end_to_end::{Desk, alone};

use crate::call_taker::{answer, listen, own_messages, set_up};

#[test]
fn nobody_outside_is_asked_by_the_window() -> Result<()> {
    alone("nobody_else::nobody_outside_is_asked_by_the_window", || {
        tokio::runtime::Runtime::new()?.block_on(a_call())
    })
}

async fn a_call() -> Result<()> {
    let mut desk = Desk::start("alone").await?;
    set_up(&mut desk).await?;
    if let Some(message) = own_messages()?.first() {
        listen(&mut desk, &message.text).await?;
        answer(&mut desk).await?;
    }
    desk.press("Ctrl+3").await?;
    desk.wait_for("knowledge-search").await?;
    desk.close().await
}
