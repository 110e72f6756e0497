//! Keys by their names, as the key map of the program writes them.

use anyhow::{Context as _, Result};
use fantoccini::key::Key;

/// A chord such as `Ctrl+Enter` as WebDriver's code points, the key itself last.
pub(crate) fn chord(text: &str) -> Result<Vec<char>> {
    // `Ctrl++` is Ctrl and the plus sign.
    let (modifiers, key) = match text.strip_suffix("++") {
        Some(modifiers) => (modifiers, "+"),
        None => text.rsplit_once('+').unwrap_or(("", text)),
    };
    let names = modifiers
        .split('+')
        .filter(|name| !name.is_empty())
        .chain([key]);
    names
        .map(|name| key_named(name).with_context(|| format!("Reading the key `{name}`")))
        .collect()
}

fn key_named(name: &str) -> Option<char> {
    let key = match name {
        "Ctrl" | "Control" => Key::Control,
        "Shift" => Key::Shift,
        "Alt" => Key::Alt,
        "Meta" => Key::Meta,
        "Enter" => Key::Enter,
        "Esc" | "Escape" => Key::Escape,
        "Tab" => Key::Tab,
        "Space" => Key::Space,
        "Backspace" => Key::Backspace,
        "Delete" => Key::Delete,
        "Insert" => Key::Insert,
        "Home" => Key::Home,
        "End" => Key::End,
        "PageUp" => Key::PageUp,
        "PageDown" => Key::PageDown,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "Up" => Key::Up,
        "Down" => Key::Down,
        _ => return function_key(name).or_else(|| only_char(name)),
    };
    only_char(key.as_ref())
}

/// F1 to F12, which WebDriver numbers in a row.
fn function_key(name: &str) -> Option<char> {
    let number: u32 = name
        .strip_prefix('F')?
        .parse()
        .ok()
        .filter(|n| (1..=12).contains(n))?;
    char::from_u32(u32::from('\u{e031}') + number - 1)
}

fn only_char(text: &str) -> Option<char> {
    let mut letters = text.chars();
    letters.next().filter(|_| letters.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_read() {
        assert_eq!(chord("Ctrl+Enter").unwrap(), ['\u{e009}', '\u{e007}']);
        assert_eq!(chord("F9").unwrap(), ['\u{e039}']);
        assert_eq!(
            chord("Ctrl+Shift+k").unwrap(),
            ['\u{e009}', '\u{e008}', 'k']
        );
        assert_eq!(chord("Ctrl++").unwrap(), ['\u{e009}', '+']);
        assert_eq!(chord("?").unwrap(), ['?']);
        assert!(chord("Hyper+x").is_err());
    }
}
