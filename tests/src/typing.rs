//! Typing: plain keys, letters that WebDriver drops, and an input method's composition.

use anyhow::{Context as _, Result, ensure};
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use serde_json::Value;

use crate::page::selector;
use crate::{Desk, keys};

/// The field behind a test id: the element itself, or the field inside a component's frame.
const FIELD: &str = "
    const shown = Array.from(document.querySelectorAll(arguments[0]))
        .find(element => element.checkVisibility());
    const field = shown?.matches('input, textarea') ? shown : shown?.querySelector('input, textarea');
    if (!field) return 'no field';
";

/// Takes out what a field holds, as a person would.
const EMPTY: &str = "field.focus(); field.select(); document.execCommand('delete'); return null";
/// Puts a text at the caret, as pasting would.
const INSERT: &str = "
    field.focus();
    field.setRangeText(arguments[1], field.selectionStart, field.selectionEnd, 'end');
    field.dispatchEvent(new InputEvent('input',
        { bubbles: true, inputType: 'insertText', data: arguments[1] }));
    return null;
";

/// What `WebKit` sends while an input method composes: each key as 229, the unfinished text in the
/// field, at the end the finished one, and then the Enter that chose it, no longer marked as part
/// of the composition. Returns whether anybody took that Enter for a command.
const COMPOSE: &str = "
    const [, pieces, chosen] = arguments;
    field.focus();
    const start = field.selectionStart;
    const head = field.value.slice(0, start), tail = field.value.slice(field.selectionEnd);
    const key = (type, name, code, isComposing) => field.dispatchEvent(new KeyboardEvent(type,
        { bubbles: true, cancelable: true, key: name, keyCode: code, which: code, isComposing }));
    const compose = (type, data) =>
        field.dispatchEvent(new CompositionEvent(type, { bubbles: true, data }));
    const show = (text, inputType, isComposing) => {
        const options = { bubbles: true, inputType, data: text, isComposing };
        field.dispatchEvent(new InputEvent('beforeinput', options));
        field.value = head + text + tail;
        field.setSelectionRange(start + text.length, start + text.length);
        field.dispatchEvent(new InputEvent('input', options));
    };
    compose('compositionstart', '');
    for (const piece of pieces) {
        key('keydown', 'Process', 229, true);
        compose('compositionupdate', piece);
        show(piece, 'insertCompositionText', true);
        key('keyup', piece.slice(-1), 229, true);
    }
    show('', 'deleteCompositionText', true);
    show(chosen, 'insertFromComposition', true);
    compose('compositionend', chosen);
    const wentThrough = key('keydown', 'Enter', 13, false);
    key('keyup', 'Enter', 13, false);
    return wentThrough ? null : 'the Enter that ended the composition was taken for a command';
";

impl Desk {
    /// Types a text where the caret of the field is.
    pub async fn type_text(&mut self, testid: &str, text: &str) -> Result<()> {
        let element = self.wait_for(testid).await?;
        // WebKitWebDriver drops what needs two UTF-16 units, and a line break would press Enter.
        if text
            .chars()
            .all(|letter| letter.len_utf16() == 1 && letter != '\n')
        {
            let inner = element
                .find(fantoccini::Locator::Css("input, textarea"))
                .await;
            let field = inner.unwrap_or(element);
            return field
                .send_keys(text)
                .await
                .with_context(|| format!("Typing in `{testid}`"));
        }
        self.in_field(testid, INSERT, vec![text.into()]).await
    }

    /// Replaces what a field holds.
    pub async fn fill(&mut self, testid: &str, text: &str) -> Result<()> {
        self.wait_for(testid).await?;
        // Emptied first: wherever the driver puts the caret then, nothing of before is left beside it.
        self.in_field(testid, EMPTY, Vec::new()).await?;
        if text.is_empty() {
            return Ok(());
        }
        self.type_text(testid, text).await
    }

    /// Types through an input method: the unfinished `pieces` one after the other (`z`, `zz`,
    /// `zzsw`), then the `chosen` text, chosen with Enter. Fails if that Enter did anything.
    pub async fn compose(&mut self, testid: &str, pieces: &[&str], chosen: &str) -> Result<()> {
        self.wait_for(testid).await?;
        self.in_field(testid, COMPOSE, vec![pieces.into(), chosen.into()])
            .await
    }

    /// What a field holds.
    pub async fn value(&mut self, testid: &str) -> Result<String> {
        self.wait_for(testid).await?;
        let script = format!("{FIELD} return [field.value]");
        let value = self.script(&script, vec![selector(testid).into()]).await?;
        let value = value.get(0).and_then(Value::as_str).map(str::to_owned);
        value.with_context(|| format!("`{testid}` is no field"))
    }

    /// Waits until a field holds exactly a text.
    pub async fn wait_value(&mut self, testid: &str, wanted: &str) -> Result<()> {
        let what = format!("`{testid}` to hold “{wanted}”");
        let script = format!("{FIELD} return [field.value]");
        self.wait_until(&what, async |client| {
            let value = client
                .execute(&script, vec![selector(testid).into()])
                .await?;
            Ok((value.get(0).and_then(Value::as_str) == Some(wanted)).then_some(()))
        })
        .await
    }

    /// Presses a chord such as `Ctrl+Enter`, `F9` or `Esc` wherever the focus is.
    pub async fn press(&self, chord: &str) -> Result<()> {
        let keys = keys::chord(chord)?;
        let down = keys.iter().map(|key| KeyAction::Down { value: *key });
        let up = keys.iter().rev().map(|key| KeyAction::Up { value: *key });
        let actions = down
            .chain(up)
            .fold(KeyActions::new("keyboard".to_owned()), KeyActions::then);
        let pressed = self.client()?.perform_actions(actions).await;
        pressed.with_context(|| format!("Pressing {chord}"))
    }

    /// Runs a script on the field behind a test id; it returns null, or what is wrong.
    async fn in_field(&self, testid: &str, body: &str, more: Vec<Value>) -> Result<()> {
        let mut arguments = vec![selector(testid).into()];
        arguments.extend(more);
        let problem = self.script(&format!("{FIELD}{body}"), arguments).await?;
        ensure!(problem.is_null(), "`{testid}`: {problem}");
        Ok(())
    }
}
