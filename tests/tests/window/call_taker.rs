//! What a call-taker does with the keyboard, for the stories to be told in.

use anyhow::{Context as _, Result, ensure};
use end_to_end::{Desk, DeskFolder};
use serde::Deserialize;

pub(crate) const PASSPHRASE: &str = "渠江边的石桥-2026";

/// A citizen's message.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Message {
    pub(crate) text: String,
}

/// The messages written for these tests.
pub(crate) fn own_messages() -> Result<Vec<Message>> {
    serde_json::from_str(include_str!("../../messages.json")).context("Reading messages.json")
}

/// A folder for a desk whose key ring cannot be reached, so that the passphrase is asked for.
pub(crate) fn folder_without_keyring(name: &str) -> Result<DeskFolder> {
    Ok(DeskFolder::new(name)?.with_env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"))
}

/// First start, as a new user meets it.
pub(crate) async fn set_up(desk: &mut Desk) -> Result<()> {
    desk.fill("first-start-name", "王敏").await?;
    desk.fill("first-start-number", "1001").await?;
    desk.fill("first-start-passphrase", PASSPHRASE).await?;
    desk.fill("first-start-passphrase-again", PASSPHRASE)
        .await?;
    desk.press("Enter").await?;
    desk.wait_for("intake-text").await?;
    wait_for_knowledge(desk).await
}

/// Waits until the status line no longer says that the index is being built.
pub(crate) async fn wait_for_knowledge(desk: &mut Desk) -> Result<()> {
    desk.wait_until("the knowledge base to be indexed", async |client| {
        let script = "return document.querySelector('[data-testid=status-line]').innerText";
        let text = client.execute(script, Vec::new()).await?;
        let text = text.as_str().unwrap_or_default();
        Ok((!text.is_empty() && !text.contains("索引")).then_some(()))
    })
    .await
}

/// Types what a citizen says, the first words through the input method, and waits for answers.
pub(crate) async fn listen(desk: &mut Desk, text: &str) -> Result<()> {
    desk.wait_value("intake-text", "").await?;
    let head: String = text.chars().take(2).collect();
    let rest: String = text.chars().skip(2).collect();
    if head.chars().all(|c| c.is_alphabetic() && !c.is_ascii()) {
        desk.compose("intake-text", &["z", "zz", "zzsw"], &head)
            .await?;
        desk.type_text("intake-text", &rest).await?;
    } else {
        desk.type_text("intake-text", text).await?;
    }
    desk.wait_value("intake-text", text).await?;
    desk.wait_for("answer-hit").await.map(drop)
}

/// 当场答复 with the opened answer, or with words of one's own where the article has none.
pub(crate) async fn answer(desk: &mut Desk) -> Result<String> {
    desk.wait_for("opened-answer").await?;
    desk.press("F5").await?;
    desk.wait_for("strip-answer").await?;
    if desk.value("strip-answer").await?.is_empty() {
        desk.type_text("strip-answer", "已按办事指南告知申请条件、材料和办理地点。")
            .await?;
    }
    submit(desk).await
}

/// 派单 to the unit whose initials are typed.
pub(crate) async fn dispatch(desk: &mut Desk, initials: &str) -> Result<String> {
    desk.press("F4").await?;
    wait_for_focus(desk, "strip-unit").await?;
    desk.fill("strip-unit", initials).await?;
    desk.press("Enter").await?;
    desk.type_text("strip-opinion", "请核实处理，并回复诉求人。")
        .await?;
    submit(desk).await
}

/// A strip that opens takes the focus: from then on the keys go where the eye is.
async fn wait_for_focus(desk: &mut Desk, testid: &str) -> Result<()> {
    desk.wait_until(&format!("`{testid}` to have the focus"), async |client| {
        let focus = client.execute("return document.activeElement.dataset.testid", Vec::new());
        Ok((focus.await?.as_str() == Some(testid)).then_some(()))
    })
    .await
}

/// 登记待派.
pub(crate) async fn register(desk: &mut Desk) -> Result<String> {
    desk.press("Ctrl+S").await?;
    desk.wait_for("strip-submit").await?;
    submit(desk).await
}

/// 不予受理 under 第八条(一), with the script that is offered.
pub(crate) async fn refuse(desk: &mut Desk) -> Result<String> {
    desk.press("F7").await?;
    // The class that the text points to has the focus, or the first.
    desk.wait_until(
        "the classes of 第八条 to have the focus",
        async |client| {
            let script = "return document.activeElement.dataset.testid";
            let focus = client.execute(script, Vec::new()).await?;
            let is_there =
                (focus.as_str()).is_some_and(|testid| testid.starts_with("out-of-scope-"));
            Ok(is_there.then_some(()))
        },
    )
    .await?;
    desk.press("1").await?;
    desk.wait_until("the script of 第八条(一)", async |client| {
        let script = "return document.querySelector('[data-testid=strip-guidance]').value";
        let guidance = client.execute(script, Vec::new()).await?;
        Ok(guidance
            .as_str()
            .is_some_and(|text| !text.is_empty())
            .then_some(()))
    })
    .await?;
    submit(desk).await
}

/// Ctrl+Enter, and the number that the confirmation gives. A number is never given twice, so the
/// one that was shown before is not taken for it.
pub(crate) async fn submit(desk: &mut Desk) -> Result<String> {
    let before = shown_number(desk).await?;
    desk.press("Ctrl+Enter").await?;
    let number = desk
        .wait_until("a confirmation with a new number", async |client| {
            let number = client.execute(NUMBER, Vec::new()).await?;
            let number = number.as_str().unwrap_or_default().to_owned();
            Ok((!number.is_empty() && number != before).then_some(number))
        })
        .await?;
    ensure!(number.len() >= 17, "`{number}` is no number of an order");
    Ok(number)
}

const NUMBER: &str = "
    const shown = document.querySelector('[data-testid=confirmation]');
    return shown ? shown.dataset.number : ''";

async fn shown_number(desk: &Desk) -> Result<String> {
    let number = desk.script(NUMBER, Vec::new()).await?;
    Ok(number.as_str().unwrap_or_default().to_owned())
}
