//! 涂销: what was said is gone, the chain holds, and the rules fold what is left as before.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use chrono::DateTime;
use domain::Event;
use serde_json::Value;
use wire::{
    Accepted, Act, Cover, Cursor, Entry, EntryBody, Envelope, Hash, PageBreak, REDACTED_TEXT, Salt,
    Sealing, Story, verify_page,
};

/// The frozen events of `domain`, with their names.
fn events() -> Vec<(String, Event)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../domain/tests/golden");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let named = files.into_iter().filter_map(|file| {
        let name = file.file_stem()?.to_str()?;
        let name = name.strip_prefix("event.")?.to_owned();
        let event = serde_json::from_str(&fs::read_to_string(&file).ok()?);
        Some((name, event.unwrap()))
    });
    named.collect()
}

fn entry(body: &EntryBody) -> Entry {
    let sealing = Sealing {
        epoch: 1,
        after: Cursor::START,
        recorded_at: DateTime::from_timestamp(1_795_392_000, 0).unwrap(),
        subject: "order-1".to_owned(),
        origin: None,
        salt: Salt([9; 16]),
    };
    Entry::seal(sealing, body).unwrap()
}

fn accepted(event: Event) -> EntryBody {
    EntryBody::Accepted(Accepted {
        story: Story::Order(vec![event]),
        acted_at: DateTime::from_timestamp(1_795_392_000, 0).unwrap(),
        seen_version: 0,
        current_version: 0,
        flags: Vec::new(),
    })
}

/// Everything but the texts, and the texts that are in both.
fn skeleton(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::Null,
        Value::Array(values) => {
            let kept = values.iter().filter(|value| !value.is_string());
            Value::Array(kept.map(skeleton).collect())
        }
        Value::Object(fields) => {
            let fields = fields.iter();
            Value::Object(
                fields
                    .map(|(key, it)| (key.clone(), skeleton(it)))
                    .collect(),
            )
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other.clone(),
    }
}

fn texts(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => drop(into.insert(text.clone())),
        Value::Array(values) => values.iter().for_each(|value| texts(value, into)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Numbers of orders, codes, names of variants: nothing that a person wrote is in ASCII letters alone.
fn is_code(text: &str) -> bool {
    text.is_empty()
        || text
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || "-_".contains(it))
}

#[test]
fn of_every_event_nothing_is_left_that_a_person_wrote() {
    let events = events();
    assert!(events.len() > 60, "{}", events.len());
    for (name, event) in events {
        let whole = entry(&accepted(event));
        let redacted = whole.redacted().unwrap();
        assert_eq!(redacted.computed_hash(), whole.hash, "{name}");
        let before: Value = serde_json::from_str(&whole.body).unwrap();
        let after: Value = serde_json::from_str(&redacted.body).unwrap();
        assert_eq!(skeleton(&after), skeleton(&before), "{name}");
        let mut left = BTreeSet::new();
        texts(&after, &mut left);
        for text in left {
            let is_clean = text == REDACTED_TEXT || is_code(&text);
            let is_number = text.len() >= 7 && text.bytes().all(|it| it.is_ascii_digit());
            let is_township = text.starts_with("511725");
            assert!(is_clean && (!is_number || is_township), "{name}: {text}");
        }
        // The same rules read it.
        let read = redacted
            .read()
            .unwrap_or_else(|unread| panic!("{name}: {unread}"));
        assert!(read.accepted().is_some(), "{name}");
    }
}

#[test]
fn a_page_with_something_taken_out_of_it_is_verified_as_before() {
    let (_, event) = events().swap_remove(0);
    let whole = entry(&accepted(event));
    let redacted = whole.redacted().unwrap();
    let end = verify_page(Cursor::START, 1, std::slice::from_ref(&whole));
    assert_eq!(
        verify_page(Cursor::START, 1, std::slice::from_ref(&redacted)),
        end
    );
    assert_eq!(redacted.redacted(), None);
    // Whose words it is cannot be changed, nor whether something was said at all.
    let other = Entry {
        subject: "order-2".to_owned(),
        ..redacted.clone()
    };
    let changed = Err(PageBreak::Changed { seq: 1 });
    assert_eq!(verify_page(Cursor::START, 1, &[other]), changed);
    let bare = Entry {
        cover: Cover::Bare,
        ..redacted
    };
    assert_eq!(
        verify_page(Cursor::START, 1, std::slice::from_ref(&bare)),
        changed
    );
    assert_eq!(bare.redacted(), None);
}

#[test]
fn an_intent_without_its_command_stands_in_its_chain_and_says_nothing() {
    let text = include_str!("golden/envelope-salted.json");
    let envelope: Envelope = serde_json::from_str(text).unwrap();
    assert_eq!(envelope.computed_hash(), envelope.hash);
    assert!(Act::read(&envelope).is_ok());
    let redacted = envelope.redacted().unwrap();
    assert_eq!(redacted.computed_hash(), envelope.hash);
    assert_eq!(redacted.command, "");
    assert!(Act::read(&redacted).is_err());
    let invented = Envelope {
        command: envelope.command,
        ..redacted
    };
    assert_ne!(invented.computed_hash(), invented.hash);
    assert_ne!(invented.hash, Hash::CHAIN_START);
}
