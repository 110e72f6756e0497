use tempfile::TempDir;

use super::*;
use crate::keyring::{KeyHolderError, MemoryKeyring, NoKeyring};

const PASSPHRASE: &str = "渠江边的老桥一九八三";

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn load(folder: &TempDir) -> KeySlots {
    KeySlots::load(folder.path()).unwrap()
}

#[test]
fn the_passphrase_opens_after_a_restart_and_no_other_does() {
    let folder = folder();
    assert!(!KeySlots::exists(folder.path()));
    let (_, key) = KeySlots::create(folder.path(), PASSPHRASE).unwrap();
    assert!(KeySlots::exists(folder.path()));
    let slots = load(&folder);
    let again = slots.unlock_with_passphrase(PASSPHRASE).unwrap();
    assert_eq!(again.as_bytes(), key.as_bytes());
    for wrong in ["渠江边的老桥一九八四", "", "渠江边的老桥一九八三 "] {
        let error = slots.unlock_with_passphrase(wrong).unwrap_err();
        assert!(matches!(error, KeyError::WrongPassphrase), "{error:?}");
    }
    assert!(slots.unlock_from_keyring(&NoKeyring).unwrap().is_none());
}

#[test]
fn a_keyring_opens_without_a_passphrase_until_it_loses_the_key() {
    let (folder, keyring) = (folder(), MemoryKeyring::default());
    let (slots, key) = KeySlots::create(folder.path(), PASSPHRASE).unwrap();
    assert!(slots.put_in_keyring(&key, &keyring));
    let slots = load(&folder);
    let from_keyring = || slots.unlock_from_keyring(&keyring).unwrap();
    assert_eq!(from_keyring().unwrap().as_bytes(), key.as_bytes());

    keyring.delete(&slots.keyring.entry).unwrap();
    assert!(from_keyring().is_none());
    let key = slots.unlock_with_passphrase(PASSPHRASE).unwrap();
    assert!(slots.put_in_keyring(&key, &keyring));
    assert!(from_keyring().is_some());
    assert!(!slots.put_in_keyring(&key, &NoKeyring));

    // Something else under our name is not taken for the key.
    for other in [&[7; 32][..], b"short", b""] {
        keyring.store(&slots.keyring.entry, other).unwrap();
        assert!(from_keyring().is_none());
    }
}

#[test]
fn two_folders_do_not_share_an_entry() {
    let keyring = MemoryKeyring::default();
    let folders = [folder(), folder()];
    for folder in &folders {
        let (slots, key) = KeySlots::create(folder.path(), PASSPHRASE).unwrap();
        assert!(slots.put_in_keyring(&key, &keyring));
    }
    let keys = folders.map(|folder| {
        let key = load(&folder)
            .unlock_from_keyring(&keyring)
            .unwrap()
            .unwrap();
        key.check_value()
    });
    assert_ne!(keys[0], keys[1]);
}

/// A keyring that says it has stored, and has not.
struct Forgetful;

impl KeyHolder for Forgetful {
    fn store(&self, _name: &str, _secret: &[u8]) -> Result<(), KeyHolderError> {
        Ok(())
    }

    fn load(&self, _name: &str) -> Result<Option<Vec<u8>>, KeyHolderError> {
        Err(KeyHolderError::TimedOut)
    }

    fn delete(&self, _name: &str) -> Result<(), KeyHolderError> {
        Ok(())
    }
}

#[test]
fn a_keyring_that_cannot_be_relied_on_does_no_harm() {
    let folder = folder();
    let (slots, key) = KeySlots::create(folder.path(), PASSPHRASE).unwrap();
    assert!(slots.put_in_keyring(&key, &Forgetful));
    let slots = load(&folder);
    assert!(slots.unlock_from_keyring(&Forgetful).unwrap().is_none());
    slots.unlock_with_passphrase(PASSPHRASE).unwrap();
}

#[test]
fn a_short_passphrase_and_keys_that_are_there_are_refused() {
    let folder = folder();
    let create = |passphrase| KeySlots::create(folder.path(), passphrase);
    let error = create("一二三四五六七八九").unwrap_err();
    assert!(
        matches!(error, KeyError::PassphraseTooShort { min_chars: 10 }),
        "{error:?}"
    );
    assert!(!KeySlots::exists(folder.path()));
    create("一二三四五六七八九十").unwrap();
    let before = std::fs::read(folder.path().join("keys.json")).unwrap();
    assert!(matches!(
        create(PASSPHRASE).unwrap_err(),
        KeyError::Storage(_)
    ));
    assert_eq!(
        std::fs::read(folder.path().join("keys.json")).unwrap(),
        before
    );
}

#[test]
fn a_database_without_its_keys_gets_no_new_ones() {
    let folder = folder();
    assert!(matches!(
        KeySlots::load(folder.path()),
        Err(KeyError::SlotsMissing)
    ));
    // Left by a first start that was cut off: nothing is lost by beginning anew.
    std::fs::write(folder.path().join("desk.db"), b"").unwrap();
    KeySlots::create(folder.path(), PASSPHRASE).unwrap();
    std::fs::remove_file(folder.path().join("keys.json")).unwrap();
    std::fs::write(folder.path().join("desk.db"), b"something").unwrap();
    let error = KeySlots::create(folder.path(), PASSPHRASE).unwrap_err();
    assert!(matches!(error, KeyError::SlotsMissing), "{error:?}");
}

#[test]
fn damaged_keys_are_told_as_such() {
    let folder = folder();
    KeySlots::create(folder.path(), PASSPHRASE).unwrap();
    let path = folder.path().join("keys.json");
    let whole = std::fs::read_to_string(&path).unwrap();
    let half: String = whole.chars().take(whole.len() / 2).collect();
    for damaged in [
        String::new(),
        half,
        "不是钥匙".to_owned(),
        whole.replace("\"format\": 1", "\"format\": 2"),
        whole.replace("argon2id", "argon2d"),
        whole.replace("65536", "4294967295"),
        whole.replace("\"iterations\": 3", "\"iterations\": 4000000000"),
        whole.replace("\"nonce\": \"", "\"nonce\": \"00"),
        whole.replace("\"salt\": \"", "\"salt\": \"0x"),
    ] {
        assert_ne!(damaged, whole);
        std::fs::write(&path, &damaged).unwrap();
        let error = KeySlots::load(folder.path()).unwrap_err();
        assert!(
            matches!(error, KeyError::SlotsDamaged { .. }),
            "{damaged}\n{error:?}"
        );
    }
    // A changed slot cannot be told from a wrong passphrase; a changed check value can.
    for (field, told) in [
        ("wrapped_key", "passphrase"),
        ("salt", "passphrase"),
        ("check", "damaged"),
    ] {
        let mut json: serde_json::Value = serde_json::from_str(&whole).unwrap();
        let slot = match field {
            "check" => &mut json[field],
            _ => &mut json["passphrase"][field],
        };
        let length = slot.as_str().unwrap().len();
        *slot = "00".repeat(length / 2).into();
        std::fs::write(&path, json.to_string()).unwrap();
        let error = load(&folder)
            .unlock_with_passphrase(PASSPHRASE)
            .unwrap_err();
        assert!(error.to_string().contains(told), "{field}: {error}");
    }
    // Nothing but the file was needed all along.
    std::fs::write(&path, &whole).unwrap();
    load(&folder).unlock_with_passphrase(PASSPHRASE).unwrap();
}

/// Frozen: a file as the first released program wrote it. The passphrase is in the test.
#[test]
fn the_first_form_of_the_file_opens_for_ever() {
    let folder = folder();
    std::fs::write(folder.path().join("keys.json"), FIRST_FORM).unwrap();
    let key = load(&folder).unlock_with_passphrase(PASSPHRASE).unwrap();
    let check = "9b10f7afcaa6ea4693efb49490dc0268c9cadcac9226e6fde68b6ee75c30b5f6";
    assert_eq!(to_hex(&key.check_value()), check);
}

const FIRST_FORM: &str = r#"{
  "format": 1,
  "id": "2b74bbc3fc789f0948998c0a1a5b63f7",
  "check": "9b10f7afcaa6ea4693efb49490dc0268c9cadcac9226e6fde68b6ee75c30b5f6",
  "passphrase": {
    "kdf": "argon2id",
    "memory_kib": 65536,
    "iterations": 3,
    "lanes": 1,
    "salt": "643e295e6c0edc16c5983e3532cedf47",
    "cipher": "xchacha20poly1305",
    "nonce": "0e0db791b4471b97ffdb6f9fb5896f3357ac30aa7c9e8604",
    "wrapped_key": "fd8f7184c327a0a7c64d42a9ace5ebb0ac744fe5375aa13f03b9ea2739415ed542d297cd38c5c56b191ef3d5d11c64da"
  },
  "keyring": {
    "entry": "desk-2b74bbc3fc789f0948998c0a1a5b63f7"
  }
}"#;

#[test]
fn the_file_has_no_key_in_it() {
    let folder = folder();
    let (slots, key) = KeySlots::create(folder.path(), PASSPHRASE).unwrap();
    let text = std::fs::read_to_string(folder.path().join("keys.json")).unwrap();
    assert!(!text.contains(&to_hex(key.as_bytes())) && !text.contains("渠江"));
    assert!(!format!("{slots:?}").contains(&to_hex(key.as_bytes())));
}
