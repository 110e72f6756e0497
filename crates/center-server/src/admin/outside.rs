//! 对外: keys of others, telephones of units, and what did not arrive.

use std::sync::Arc;

use center::Records as _;
use domain::HandlingUnitId;
use domain::matter::{Channel, Source};
use wording::{text, time_text};

use super::{AdminRefusal, Lines};
use crate::api_key::{self, ApiKey, KEY_BYTES, KeyUse};
use crate::office::Office;
use crate::outbox::{self, Standing, Target};
use crate::webhook::UNIT_CONTACT;

const NAME_MAX_CHARS: usize = 64;
/// Digits of a key's hash by which people name it.
const KEY_DIGITS: usize = 12;
/// Messages that are listed.
const DEAD_MAX: usize = 200;
/// Telephones of one unit.
const PHONES_MAX: usize = 10;

/// 新建接口密钥; its text is printed once and kept nowhere.
pub(super) async fn new_key(office: &Office, name: String, usage: KeyUse) -> Lines {
    let n_chars = name.trim().chars().count();
    if !(1..=NAME_MAX_CHARS).contains(&n_chars) {
        let max_chars = NAME_MAX_CHARS;
        return Err(AdminRefusal::BadName { max_chars }.into());
    }
    let mut random = [0; KEY_BYTES];
    getrandom::fill(&mut random).map_err(anyhow::Error::from)?;
    let text = api_key::text_of(random);
    let key = ApiKey {
        name: name.trim().to_owned(),
        usage,
        made_at: office.clock.now(),
        is_revoked: false,
    };
    let row = api_key::row(&text, &key)?;
    let making = office.writer.alone(move |desk| {
        let all = api_key::all(&*desk.records)?;
        let is_taken = all
            .iter()
            .any(|(_, it)| it.name == key.name && !it.is_revoked);
        if is_taken {
            return Ok(Err(AdminRefusal::KeyNameTaken { name: key.name }));
        }
        let written = desk.records.write(&[row])?;
        anyhow::ensure!(written == center::Written::Done, "A key twice");
        Ok(Ok(()))
    });
    let making = making.map_err(anyhow::Error::from)?;
    making.done().await.map_err(anyhow::Error::from)??;
    Ok(vec![
        text,
        "密钥只显示这一次，请交给对方妥善保管。".to_owned(),
    ])
}

pub(super) async fn list_keys(office: &Office) -> Lines {
    let read = office.readers.read(|it| api_key::all(&*it.records));
    let mut keys = read.await?;
    keys.sort_by_key(|(_, key)| key.made_at);
    let line = |(hash, key): &(String, ApiKey)| {
        let made = time_text::date(domain::clock_face::date_of(key.made_at));
        let standing = if key.is_revoked {
            "已停用"
        } else {
            "使用中"
        };
        let digits: String = hash.chars().take(KEY_DIGITS).collect();
        [
            digits,
            key.name.clone(),
            use_text(key.usage),
            made,
            standing.to_owned(),
        ]
        .join("\t")
    };
    Ok(keys.iter().map(line).collect())
}

fn use_text(usage: KeyUse) -> String {
    match usage {
        KeyUse::Open311 { channel } => format!("Open311（{}）", text::channel(channel)),
        KeyUse::Upstream { source } => format!("上级（{}）", text::source(source)),
    }
}

/// 停用 a key, by the digits that the list shows.
pub(super) async fn revoke_key(office: &Office, digits: String) -> Lines {
    let revoking = office.writer.alone(move |desk| {
        let all = api_key::all(&*desk.records)?;
        let mut found = all
            .into_iter()
            .filter(|(hash, _)| digits.len() >= KEY_DIGITS && hash.starts_with(digits.as_str()));
        let Some((hash, key)) = found.next() else {
            return Ok(Err(AdminRefusal::NoSuchKey { digits }));
        };
        let name = key.name.clone();
        let row = api_key::revoked(&hash, key)?;
        let written = desk.records.write(&[row])?;
        anyhow::ensure!(written == center::Written::Done, "Whatever stood there");
        Ok(Ok(name))
    });
    let revoking = revoking.map_err(anyhow::Error::from)?;
    let name = revoking.done().await.map_err(anyhow::Error::from)??;
    Ok(vec![format!("已停用 {name} 的密钥")])
}

/// 单位值守电话, to which gateways send what a unit must know at once.
pub(super) async fn set_contact(
    office: &Office,
    unit: HandlingUnitId,
    phones: Vec<String>,
) -> Lines {
    if office.references().units().get(&unit).is_none() {
        return Err(AdminRefusal::NoSuchUnit { unit: unit.0 }.into());
    }
    let is_phone = |phone: &String| {
        let n_digits = phone.chars().filter(char::is_ascii_digit).count();
        (3..=20).contains(&n_digits)
            && phone
                .chars()
                .all(|c| c.is_ascii_digit() || "+-".contains(c))
    };
    if let Some(phone) = phones.iter().find(|phone| !is_phone(phone)) {
        let phone = phone.clone();
        return Err(AdminRefusal::BadPhone { phone }.into());
    }
    if phones.len() > PHONES_MAX {
        return Err(AdminRefusal::TooManyPhones { max: PHONES_MAX }.into());
    }
    let n = phones.len();
    let body = serde_json::to_string(&phones).map_err(anyhow::Error::from)?;
    let row = center::RecordChange::put(UNIT_CONTACT, unit.0.clone(), body);
    let written = office.write(vec![row]).await.map_err(anyhow::Error::from)?;
    debug_assert_eq!(written, center::Written::Done, "Whatever stood there");
    Ok(vec![format!("{} 的值守电话已登记 {n} 个", unit.0)])
}

/// 未送达 and given up.
pub(super) async fn list_dead(office: &Office) -> Lines {
    let read = office
        .readers
        .read(|it| outbox::dead(&*it.records, DEAD_MAX));
    let dead = read.await?;
    let line = |it: &outbox::Outgoing| {
        let to = match &it.target {
            Target::Webhook { endpoint } => format!("回调 {endpoint}"),
            Target::Upstream { source } => format!("上级 {source}"),
        };
        let (n_tries, at, because) = match &it.standing {
            Standing::Dead {
                n_tries,
                at,
                because,
            } => (*n_tries, *at, because.as_str()),
            Standing::Waiting { .. } | Standing::Sent { .. } => (0, it.made_at, ""),
        };
        let at = time_text::moment(at);
        format!("{}\t{to}\t试了 {n_tries} 次\t{at}\t{because}", it.id)
    };
    if dead.is_empty() {
        return Ok(vec!["没有未送达的消息".to_owned()]);
    }
    Ok(dead.iter().map(line).collect())
}

/// 重新发送 one, or all that were given up.
pub(super) async fn send_again(office: &Arc<Office>, id: Option<String>) -> Lines {
    let now = office.clock.now();
    let sending = office.writer.alone(move |desk| {
        let ids = if let Some(id) = &id {
            vec![id.clone()]
        } else {
            let dead = outbox::dead(&*desk.records, DEAD_MAX)?;
            dead.into_iter().map(|it| it.id).collect()
        };
        let mut n_sent = 0;
        for id in &ids {
            n_sent += usize::from(outbox::again(&mut *desk.records, id, now)?);
        }
        Ok((n_sent, id))
    });
    let sending = sending.map_err(anyhow::Error::from)?;
    let (n_sent, id) = sending.done().await.map_err(anyhow::Error::from)?;
    match id {
        Some(id) if n_sent == 0 => Err(AdminRefusal::NoSuchMessage { id }.into()),
        Some(_) | None => Ok(vec![format!("已重新排队 {n_sent} 条，由运行中的中心发送")]),
    }
}

/// The channel of a key for Open311, by its name.
pub(crate) fn channel_named(word: &str) -> Option<Channel> {
    let mut all = Channel::ALL.into_iter();
    all.find(|it| text::channel(*it) == word || wording::reference::wire_name(it) == word)
}

/// A superior, by its name.
pub(crate) fn source_named(word: &str) -> Option<Source> {
    let by_short = match word {
        "市" => Some(Source::City),
        "省" => Some(Source::Province),
        _ => None,
    };
    let mut all = Source::ALL.into_iter();
    by_short
        .or_else(|| {
            all.find(|it| text::source(*it) == word || wording::reference::wire_name(it) == word)
        })
        .filter(|it| crate::upstream::superior(*it).is_some())
}
