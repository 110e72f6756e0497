//! Ten calls with the keyboard alone, each to its end: how many keys, and how long the program itself
//! makes a person wait. What is right is asserted; how fast it was is written as JSON lines
//! where `HOTLINE_DESK_CALLS` says (`cargo xtask bench window`).

use std::fmt::Write as _;

use anyhow::{Context as _, Result, ensure};
use end_to_end::Desk;
use serde::Serialize;
use serde_json::{Value, json};

use crate::call_taker::{folder_without_keyring, own_messages, set_up};

const PHONE: &str = "13800001234";
const JUDGED: &str = "我跟邻居打官司，法院已经判决了，我对判决不服，要求你们给我改判。";

/// One call and what it took.
#[derive(Debug, Serialize)]
struct Call {
    name: &'static str,
    /// Characters of what the citizen says.
    n_said: usize,
    /// Chords and letters besides.
    n_keys: usize,
    /// What is not there in the frame after its key, summed up.
    waited_ms: f64,
    /// From the last character until answers and suggestions for the whole text are painted.
    heard_ms: f64,
}

/// A call under way.
struct Line<'a> {
    desk: &'a mut Desk,
    call: Call,
}

impl<'a> Line<'a> {
    fn open(desk: &'a mut Desk, name: &'static str) -> Self {
        let call = Call {
            name,
            n_said: 0,
            n_keys: 0,
            waited_ms: 0.0,
            heard_ms: 0.0,
        };
        Self { desk, call }
    }

    /// What the citizen says, and that something for it is there.
    async fn hear(&mut self, said: &str) -> Result<()> {
        self.call.n_said += said.chars().count();
        self.desk.wait_for("intake-text").await?;
        let whole = format!("{} && {}", holds("intake-text", said), shown("answer-hit"));
        let said = said.to_owned();
        let waited = self
            .desk
            .waited_ms(&whole, async |desk| {
                desk.type_text("intake-text", &said).await
            })
            .await?;
        self.call.heard_ms += waited.round();
        Ok(())
    }

    /// One chord, and what must come of it.
    async fn press(&mut self, chord: &str, until: &str) -> Result<()> {
        self.call.n_keys += 1;
        let waited = self
            .desk
            .waited_ms(until, async |desk| desk.press(chord).await)
            .await
            .with_context(|| format!("{}: {chord}", self.call.name))?;
        self.call.waited_ms += waited.round();
        Ok(())
    }

    /// Letters in the field that has the focus, and what must come of the last.
    async fn letters(&mut self, testid: &str, letters: &str, until: &str) -> Result<()> {
        self.call.n_keys += letters.chars().count();
        let waited = self
            .desk
            .waited_ms(until, async |desk| desk.type_text(testid, letters).await)
            .await?;
        self.call.waited_ms += waited.round();
        Ok(())
    }

    /// Ctrl+Enter, until the confirmation has a number that was not there before.
    async fn end(mut self) -> Result<(Call, String)> {
        let before = self.number().await?;
        let new = format!("{NUMBER} && {NUMBER} !== {}", json!(before));
        self.press("Ctrl+Enter", &new).await?;
        let number = self.number().await?;
        Ok((self.call, number))
    }

    async fn number(&self) -> Result<String> {
        let number = format!("return {NUMBER}");
        let number = self.desk.script(&number, Vec::new()).await?;
        Ok(number.as_str().unwrap_or_default().to_owned())
    }
}

const NUMBER: &str = "(document.querySelector('[data-testid=confirmation]')?.dataset.number ?? '')";

fn shown(testid: &str) -> String {
    format!("document.querySelector('[data-testid=\"{testid}\"]')?.checkVisibility()")
}

fn holds(testid: &str, text: &str) -> String {
    format!(
        "document.querySelector('[data-testid=\"{testid}\"]')?.value === {}",
        json!(text)
    )
}

fn has_focus(testid: &str) -> String {
    format!("document.activeElement?.dataset.testid?.startsWith('{testid}')")
}

#[tokio::test]
async fn ten_calls_with_the_keyboard_alone() -> Result<()> {
    let messages = own_messages()?;
    let said = |id: usize| messages.get(id - 1).map_or("", |it| it.text.as_str());
    let mut desk = Desk::open(folder_without_keyring("ten-calls")?).await?;
    set_up(&mut desk).await?;
    let mut calls = Vec::new();

    let mut line = Line::open(&mut desk, "咨询，当场答复");
    line.hear(said(15)).await?;
    line.press("F5", &shown("strip-answer")).await?;
    calls.push(line.end().await?.0);

    let mut line = Line::open(&mut desk, "咨询，取第二条答案答复");
    line.hear(said(12)).await?;
    let second = "document.querySelectorAll('[data-testid=answer-hit]')[1]?.ariaCurrent === 'true'";
    line.press("Alt+2", second).await?;
    line.press("F5", &shown("strip-answer")).await?;
    calls.push(line.end().await?.0);

    let mut line = Line::open(&mut desk, "投诉，按建议派单");
    line.press("Alt+P", &has_focus("intake-phone")).await?;
    line.letters("intake-phone", PHONE, &holds("intake-phone", PHONE))
        .await?;
    line.press("Alt+T", &has_focus("intake-text")).await?;
    line.hear(said(5)).await?;
    line.press("F4", &has_focus("strip-unit")).await?;
    let (call, noise) = line.end().await?;
    calls.push(call);

    let mut line = Line::open(&mut desk, "求助，派给自己选的单位");
    line.hear(said(4)).await?;
    line.press("F4", &has_focus("strip-unit")).await?;
    line.desk.press("Ctrl+A").await?;
    line.letters("strip-unit", "xswj", &holds("strip-unit", "xswj"))
        .await?;
    line.press(
        "Enter",
        "document.querySelector('[data-testid=strip-unit]')?.value.includes('水务')",
    )
    .await?;
    calls.push(line.end().await?.0);

    let mut line = Line::open(&mut desk, "建议，登记待派");
    line.hear(said(22)).await?;
    line.press("Ctrl+S", &shown("strip-submit")).await?;
    calls.push(line.end().await?.0);

    let mut line = Line::open(&mut desk, "法院判过的，不予受理");
    line.hear(JUDGED).await?;
    line.press("F7", &has_focus("out-of-scope-")).await?;
    line.press(
        "1",
        "document.querySelector('[data-testid=strip-guidance]')?.value",
    )
    .await?;
    calls.push(line.end().await?.0);

    let mut line = Line::open(&mut desk, "有人被困，转 119");
    line.hear(said(18)).await?;
    line.desk.wait_text("alarm", "119").await?;
    line.press(
        "F8",
        "document.querySelector('[data-testid=strip] input:checked')?.value === '119'",
    )
    .await?;
    calls.push(line.end().await?.0);

    let mut line = Line::open(&mut desk, "来电弹屏，当场答复");
    ring(line.desk, "15900004321")?;
    line.desk.wait_value("intake-phone", "15900004321").await?;
    line.hear(said(13)).await?;
    line.press("F5", &shown("strip-answer")).await?;
    calls.push(line.end().await?.0);

    let mut line = Line::open(&mut desk, "同一人同一事，并入前单");
    line.press("Alt+P", &has_focus("intake-phone")).await?;
    line.letters("intake-phone", PHONE, &holds("intake-phone", PHONE))
        .await?;
    line.press("Alt+T", &has_focus("intake-text")).await?;
    line.hear(said(5)).await?;
    let earlier = format!("return Boolean(document.querySelector('[data-number=\"{noise}\"]'))");
    line.desk
        .wait_until("the earlier order", async |client| {
            let is_there = client.execute(&earlier, Vec::new()).await?;
            Ok((is_there == true).then_some(()))
        })
        .await?;
    line.press(
        "F6",
        "document.activeElement?.closest('[data-testid=same]')",
    )
    .await?;
    line.press("m", &shown("repeat")).await?;
    calls.push(line.end().await?.0);

    let mut line = Line::open(&mut desk, "两个电话交替");
    line.hear(said(21)).await?;
    line.press("F2", &holds("intake-text", "")).await?;
    line.hear(said(16)).await?;
    line.press("F5", &shown("strip-answer")).await?;
    let (mut both, _) = line.end().await?;
    let mut line = Line::open(&mut desk, "");
    line.press("Alt+Left", &holds("intake-text", said(21)))
        .await?;
    line.press("Ctrl+S", &shown("strip-submit")).await?;
    let (second, _) = line.end().await?;
    both.n_keys += second.n_keys;
    both.waited_ms += second.waited_ms;
    calls.push(both);

    ensure!(calls.len() == 10, "{} calls", calls.len());
    desk.click("rail-work-orders").await?;
    desk.click("queue-all").await?;
    // Two calls are about one order, and one call was two.
    desk.wait_count("order-row", 11).await?;
    if let Some(path) = std::env::var_os("HOTLINE_DESK_CALLS") {
        let heard = heard_each_key(&mut desk, said(4)).await?;
        std::fs::write(path, told(&calls, &heard)?)?;
    }
    desk.close().await
}

/// How long after each character of a text everything for the text so far is painted.
async fn heard_each_key(desk: &mut Desk, text: &str) -> Result<Vec<f64>> {
    desk.click("rail-intake").await?;
    desk.fill("intake-text", "").await?;
    let mut so_far = String::new();
    let mut waits = Vec::new();
    for character in text.chars() {
        so_far.push(character);
        let heard = format!(
            "{} && !document.querySelector('[aria-busy=\"true\"], .progress.busy')",
            holds("intake-text", &so_far)
        );
        let character = character.to_string();
        let typing = async |desk: &mut Desk| desk.type_text("intake-text", &character).await;
        waits.push(desk.waited_ms(&heard, typing).await?);
    }
    waits.sort_by(f64::total_cmp);
    Ok(waits)
}

/// A telephone system says which number rings.
fn ring(desk: &Desk, number: &str) -> Result<()> {
    let access = std::fs::read_to_string(desk.folder().data().join("telephone.json"))?;
    let access: Value = serde_json::from_str(&access)?;
    let of = |name: &str| access.get(name).cloned().unwrap_or_default();
    let (port, token) = (of("port"), of("token"));
    let token = token.as_str().unwrap_or_default();
    let address = format!("http://127.0.0.1:{port}/telephone/v1/calls");
    let asked = ureq::post(address)
        .header("authorization", format!("Bearer {token}"))
        .send(json!({ "number": number }).to_string())?;
    ensure!(asked.status().as_u16() == 201, "{}", asked.status());
    Ok(())
}

/// A line of JSON for each call, and one for the keys. `heard`: for each key, the shortest first.
fn told(calls: &[Call], heard: &[f64]) -> Result<String> {
    let mut lines = String::new();
    for call in calls {
        writeln!(lines, "{}", serde_json::to_string(call)?)?;
    }
    let nth = |percent: usize| heard.get(heard.len() * percent / 100).map(|ms| ms.round());
    let keys = json!({
        "name": "每键到画出全部提示",
        "n_keys": heard.len(),
        "p50_ms": nth(50),
        "p95_ms": nth(95),
        "longest_ms": heard.last().map(|ms| ms.round()),
    });
    writeln!(lines, "{keys}")?;
    Ok(lines)
}
