//! 涂销: what was said is gone, the chain holds, and the rules fold what is left as before.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate};
use domain::caller_dossier::{AbuseKind, CallEvidence, DossierCommand, DossierEvent};
use domain::{ActorId, Event};
use serde_json::Value;
use wire::{
    Accepted, Act, Cover, Cursor, Entry, EntryBody, Envelope, Hash, PageBreak, REDACTED_TEXT, Salt,
    Sealing, Story, Subject, verify_page,
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
        ..accepted_of_nothing()
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

/// A dossier goes with the orders of its number: what is left of it is still read and folded.
#[test]
fn of_a_dossier_the_number_goes_and_what_was_done_stays() {
    let evidence = CallEvidence {
        called_at: DateTime::from_timestamp(1_795_392_000, 0).unwrap(),
        duration_s: 320,
        recording: "录音R-2".to_owned(),
        note: "辱骂话务员".to_owned(),
    };
    let reason = || "多次骚扰".to_owned();
    let commands = [
        DossierCommand::Open {
            phone: "13800001234".to_owned(),
            kinds: vec![AbuseKind::Harassment],
            evidence: evidence.clone(),
        },
        DossierCommand::AddEvidence { evidence },
        DossierCommand::TakeOver { reason: reason() },
        DossierCommand::RequestRestriction {
            until: NaiveDate::from_ymd_opt(2026, 12, 31).unwrap(),
            reason: reason(),
        },
        DossierCommand::RuleOnRestriction {
            is_approved: true,
            reason: reason(),
        },
        DossierCommand::Refer {
            document: "渠公函〔2026〕3号".to_owned(),
            authority: "县公安局".to_owned(),
        },
        DossierCommand::Close { reason: reason() },
    ];
    let story = Story::Dossier(commands.map(dossier_event).to_vec());
    let whole = entry(&EntryBody::Accepted(Accepted {
        story: story.clone(),
        ..accepted_of_nothing()
    }));
    let redacted = whole.redacted().unwrap();
    for said in ["13800001234", "录音", "辱骂", "骚扰"] {
        assert!(
            whole.body.contains(said) && !redacted.body.contains(said),
            "{said}"
        );
    }
    let read = redacted.read().unwrap();
    let fold = |story: &Story| {
        let mut subject = None;
        Subject::apply(&mut subject, story);
        subject
            .as_ref()
            .and_then(Subject::dossier)
            .cloned()
            .unwrap()
    };
    let (before, after) = (fold(&story), fold(&read.accepted().unwrap().story));
    assert_eq!(
        (after.n_events, after.kinds),
        (before.n_events, before.kinds)
    );
    assert_eq!(after.phone, "");
}

fn dossier_event(kind: DossierCommand) -> DossierEvent {
    DossierEvent {
        occurred_at: DateTime::from_timestamp(1_795_392_000, 0).unwrap(),
        actor: ActorId("1001".to_owned()),
        kind,
    }
}

fn accepted_of_nothing() -> Accepted {
    Accepted {
        story: Story::Order(Vec::new()),
        acted_at: DateTime::from_timestamp(1_795_392_000, 0).unwrap(),
        seen_version: 0,
        current_version: 0,
        flags: Vec::new(),
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
