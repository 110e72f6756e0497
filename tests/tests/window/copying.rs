//! What is copied from an answer in the real window is on the clipboard: it is pasted from there.

use anyhow::{Result, ensure};
use end_to_end::Desk;

use crate::call_taker::set_up;

#[tokio::test]
async fn a_part_of_an_answer_is_on_the_clipboard() -> Result<()> {
    let mut desk = Desk::start("copying").await?;
    set_up(&mut desk).await?;
    desk.press("Ctrl+3").await?;
    desk.wait_for("knowledge-search").await?;
    desk.fill("knowledge-search", "停水").await?;
    desk.wait_for("part").await?;
    // Straight from typing to the parts, and one of them by its digit.
    desk.press("Alt+C").await?;
    desk.press("1").await?;
    let said = desk.wait_text("copied", "已复制").await?;
    let title = desk.script(TITLE_OF_FIRST_PART, Vec::new()).await?;
    let copied = title.as_str().unwrap_or_default();
    let copied = copied.strip_prefix("复制 ").unwrap_or_default();
    ensure!(!copied.is_empty(), "The first part says nothing: {said}");
    desk.fill("knowledge-search", "").await?;
    desk.press("Ctrl+V").await?;
    desk.wait_value("knowledge-search", copied).await?;
    desk.close().await
}

/// What a part puts on the clipboard stands in its hint.
const TITLE_OF_FIRST_PART: &str = "return document.querySelector('[data-testid=part]').title";
