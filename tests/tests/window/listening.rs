//! The cockpit listens: what is said in pieces fills the form and is ranked anew, the caret stays
//! where it is, what a person chose stays, and what must not be overheard is loud.

use anyhow::{Result, ensure};
use end_to_end::Desk;

use crate::call_taker::{folder_without_keyring, set_up};

#[tokio::test]
async fn what_is_said_in_pieces_fills_and_what_is_chosen_stays() -> Result<()> {
    let mut desk = Desk::open(folder_without_keyring("listening")?).await?;
    set_up(&mut desk).await?;

    desk.compose("intake-text", &["w", "wm", "wmxq"], "我们小区")
        .await?;
    desk.type_text("intake-text", "从昨天晚上开始停水，")
        .await?;
    desk.wait_text("top-categories", "停水").await?;
    desk.wait_until("the time that was told to fill its field", async |client| {
        let script = "return document.querySelector('[data-testid=intake-happened]').value";
        let told = client.execute(script, Vec::new()).await?;
        let is_told = told.as_str().is_some_and(|it| it.ends_with("晚上起"));
        Ok(is_told.then_some(()))
    })
    .await?;
    ensure_caret_at_end(&desk).await?;

    desk.type_text("intake-text", "在渠江街道，希望尽快恢复供水。")
        .await?;
    desk.wait_value("intake-township", "渠江街道").await?;
    desk.wait_value("intake-wants", "希望尽快恢复供水").await?;
    ensure_caret_at_end(&desk).await?;

    // A category of one's own, by its initials, and a wish of one's own.
    desk.fill("intake-category", "ld").await?;
    desk.press("Enter").await?;
    let chosen = desk.value("intake-category").await?;
    desk.fill("intake-wants", "").await?;
    desk.press("Alt+T").await?;
    desk.type_text("intake-text", "一直停水，电话13800001234。")
        .await?;
    desk.wait_text("facts", "13800001234").await?;
    desk.wait_value("intake-category", &chosen).await?;
    desk.wait_value("intake-wants", "").await?;
    ensure_caret_at_end(&desk).await?;

    desk.type_text("intake-text", "刚才楼上着火了。").await?;
    desk.wait_text("alarm", "119").await?;
    ensure_caret_at_end(&desk).await?;
    desk.press("F8").await?;
    desk.wait_until("119 to stand ready", async |client| {
        let script = "return document.querySelector('[data-testid=strip] input:checked')?.value";
        let line = client.execute(script, Vec::new()).await?;
        Ok((line.as_str() == Some("119")).then_some(()))
    })
    .await?;
    desk.close().await
}

/// The keys still go where the call-taker was typing.
async fn ensure_caret_at_end(desk: &Desk) -> Result<()> {
    let script = "
        const field = document.activeElement;
        return field.dataset.testid === 'intake-text' && field.selectionStart === field.value.length
            ? '' : field.outerHTML.slice(0, 200)";
    let wrong = desk.script(script, Vec::new()).await?;
    ensure!(wrong.as_str() == Some(""), "the focus is in {wrong}");
    Ok(())
}
