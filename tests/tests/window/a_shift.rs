//! Twenty calls, a power cut in the middle of one, and everything is still there.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use end_to_end::Desk;
use serde::Deserialize;

use crate::call_taker::{
    Message, PASSPHRASE, answer, dispatch, folder_without_keyring, listen, own_messages, refuse,
    register, set_up, wait_for_knowledge,
};

const CALLS: usize = 20;
/// The power goes in the middle of this call.
const CUT_AT: usize = 12;

/// The real stream of messages where it is present: it may be measured with but not kept, so
/// nothing of it is photographed or written down.
const STREAM: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../shared/data/eval/appeals_stream.jsonl"
);

#[tokio::test]
async fn twenty_calls_and_a_power_cut() -> Result<()> {
    let messages = messages()?;
    let mut desk = Desk::open(folder_without_keyring("a-shift")?).await?;
    set_up(&mut desk).await?;

    let mut numbers = Vec::new();
    for (at, message) in messages.iter().enumerate().take(CUT_AT) {
        numbers.push(take_call(&mut desk, at, message).await?);
    }

    // The call is under way: the text is typed and kept, and no outcome is chosen yet.
    let interrupted = &messages[CUT_AT];
    listen(&mut desk, &interrupted.text).await?;
    desk.wait_text("draft-saved", "已存盘").await?;
    desk.kill_9().await?;

    desk.restart().await?;
    desk.fill("unlock-passphrase", "这不是开机口令-1").await?;
    desk.press("Enter").await?;
    desk.wait_text("refusal", "开机口令不对").await?;
    desk.fill("unlock-passphrase", PASSPHRASE).await?;
    desk.press("Enter").await?;
    desk.wait_value("intake-text", &interrupted.text).await?;
    wait_for_knowledge(&mut desk).await?;
    check_orders(&mut desk, &numbers).await?;

    desk.click("rail-intake").await?;
    desk.wait_value("intake-text", &interrupted.text).await?;
    desk.wait_for("answer-hit").await?;
    numbers.push(dispatch(&mut desk, "xswj").await?);
    for (at, message) in messages.iter().enumerate().skip(CUT_AT + 1) {
        numbers.push(take_call(&mut desk, at, message).await?);
    }
    ensure!(
        numbers.len() == CALLS,
        "{} orders of {CALLS} calls",
        numbers.len()
    );
    check_orders(&mut desk, &numbers).await?;
    desk.wait_text("status-sync", "单机").await?;
    desk.close().await
}

/// Every way a call can end, in turn. Gives the number of the order.
async fn take_call(desk: &mut Desk, at: usize, message: &Message) -> Result<String> {
    listen(desk, &message.text)
        .await
        .with_context(|| format!("Call {at}"))?;
    match at % 5 {
        0 | 3 => answer(desk).await,
        1 => dispatch(desk, "xswj").await,
        2 => register(desk).await,
        _ => refuse(desk).await,
    }
    .with_context(|| format!("The outcome of call {at}"))
}

/// Opens the list and finds every number in it.
async fn check_orders(desk: &mut Desk, numbers: &[String]) -> Result<()> {
    desk.click("rail-work-orders").await?;
    desk.click("queue-all").await?;
    for number in numbers {
        desk.fill("order-search", number).await?;
        let what = format!("order {number} in the list");
        desk.wait_until(&what, async |client| {
            let script = "return Array.from(document.querySelectorAll('[data-testid=order-row]'))
                .map(row => row.dataset.number)";
            let shown = client.execute(script, Vec::new()).await?;
            let shown: Vec<String> = serde_json::from_value(shown)?;
            Ok((shown == [number.clone()]).then_some(()))
        })
        .await?;
    }
    desk.fill("order-search", "").await?;
    desk.wait_count("order-row", numbers.len()).await
}

/// Twenty messages of the length of a call, from the real stream or our own.
fn messages() -> Result<Vec<Message>> {
    #[derive(Deserialize)]
    struct Streamed {
        detail: Option<String>,
    }
    let messages = if Path::new(STREAM).exists() {
        let stream = std::fs::read_to_string(STREAM).context("Reading the stream")?;
        let mut messages = Vec::new();
        for line in stream.lines() {
            let Streamed { detail } = serde_json::from_str(line).context("Reading the stream")?;
            let text = detail.unwrap_or_default().trim().to_owned();
            let is_one_line = !text.contains(['\n', '\r', '\t']);
            if is_one_line && (60..=220).contains(&text.chars().count()) {
                messages.push(Message { text });
            }
        }
        // Every so many, so that neighbours about one event do not fill the shift.
        let step = messages.len() / CALLS;
        messages
            .into_iter()
            .step_by(step.max(1))
            .take(CALLS)
            .collect()
    } else {
        own_messages()?.into_iter().take(CALLS).collect::<Vec<_>>()
    };
    ensure!(messages.len() == CALLS, "only {} messages", messages.len());
    Ok(messages)
}
