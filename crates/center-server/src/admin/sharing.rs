//! 数据共享: tokens of programs that read (第十五条).

use center::Records as _;
use domain::clock_face::date_of;
use domain::data_sharing::{ShareGrant, ShareScope};
use wording::{text, time_text};

use super::{AdminRefusal, Lines};
use crate::api_key::KEY_BYTES;
use crate::office::Office;
use crate::reference::tables;
use crate::sharing::token::{self, ShareToken};

/// Digits of a token's hash by which people name it.
const TOKEN_DIGITS: usize = 12;

/// 新建共享令牌; its text is printed once and kept nowhere.
pub(super) async fn new_token(office: &Office, grant: ShareGrant) -> Lines {
    let now = office.clock.now();
    grant.check(date_of(now)).map_err(AdminRefusal::Share)?;
    check_names(office, &grant.scope)?;
    let grant = ShareGrant {
        name: grant.name.trim().to_owned(),
        ..grant
    };
    let mut random = [0; KEY_BYTES];
    getrandom::fill(&mut random).map_err(anyhow::Error::from)?;
    let text = token::text_of(random);
    let token = ShareToken::of(grant, now);
    let row = token::row(&text, &token)?;
    let told = format!(
        "{}，{}，有效期至 {}",
        scope_text(office, &token.scope),
        text::role(token.role),
        token.expires_on
    );
    let making = office.writer.alone(move |desk| {
        let all = token::all(&*desk.records)?;
        // An old one of the same name that is over or revoked is in nobody's way.
        let is_taken = all
            .iter()
            .any(|(_, it)| it.name == token.name && it.is_good_on(date_of(now)));
        if is_taken {
            return Ok(Err(AdminRefusal::ShareNameTaken { name: token.name }));
        }
        let written = desk.records.write(&[row])?;
        anyhow::ensure!(written == center::Written::Done, "A token twice");
        Ok(Ok(()))
    });
    let making = making.map_err(anyhow::Error::from)?;
    making.done().await.map_err(anyhow::Error::from)??;
    Ok(vec![
        text,
        told,
        "令牌只显示这一次，请交给对方妥善保管；每次使用都记入审计。".to_owned(),
    ])
}

/// A unit or a field that is misspelt would share nothing, and nobody would know why.
fn check_names(office: &Office, scope: &ShareScope) -> Result<(), AdminRefusal> {
    let ShareScope::Of { units, categories } = scope else {
        return Ok(());
    };
    let references = office.references();
    let unknown = units.iter().find(|it| references.units().get(it).is_none());
    if let Some(unit) = unknown {
        let unit = unit.0.clone();
        return Err(AdminRefusal::NoSuchUnit { unit });
    }
    let known = &tables().view.categories;
    let is_known = |name: &String| known.iter().any(|it| it.id == *name || it.level1 == *name);
    match categories.iter().find(|it| !is_known(it)) {
        Some(category) => Err(AdminRefusal::NoSuchCategory {
            category: category.clone(),
        }),
        None => Ok(()),
    }
}

pub(super) async fn list_tokens(office: &Office) -> Lines {
    let read = office.readers.read(|it| token::all(&*it.records));
    let mut tokens = read.await?;
    if tokens.is_empty() {
        return Ok(vec!["没有共享令牌".to_owned()]);
    }
    tokens.sort_by_key(|(_, token)| token.made_at);
    let today = date_of(office.clock.now());
    let line = |(hash, token): &(String, ShareToken)| {
        let standing = if token.is_revoked {
            "已停用"
        } else if token.is_good_on(today) {
            "使用中"
        } else {
            "已过期"
        };
        [
            hash.chars().take(TOKEN_DIGITS).collect(),
            token.name.clone(),
            text::role(token.role).to_owned(),
            scope_text(office, &token.scope),
            format!("{}发放", time_text::date(date_of(token.made_at))),
            format!("有效期至 {}", token.expires_on),
            standing.to_owned(),
        ]
        .join("\t")
    };
    Ok(tokens.iter().map(line).collect())
}

fn scope_text(office: &Office, scope: &ShareScope) -> String {
    let ShareScope::Of { units, categories } = scope else {
        return "全部工单".to_owned();
    };
    let references = office.references();
    let unit = |id: &domain::HandlingUnitId| {
        let known = references.units().get(id);
        known.map_or_else(|| id.0.clone(), |it| it.name.clone())
    };
    let category = |name: &String| match tables().category_text(name) {
        "" => name.clone(),
        text => text.to_owned(),
    };
    let units = units.iter().map(unit);
    let named: Vec<String> = units.chain(categories.iter().map(category)).collect();
    named.join("、")
}

/// 停用 a token, by the digits that the list shows.
pub(super) async fn revoke_token(office: &Office, digits: String) -> Lines {
    let revoking = office.writer.alone(move |desk| {
        let all = token::all(&*desk.records)?;
        let is_meant =
            |hash: &str| digits.len() >= TOKEN_DIGITS && hash.starts_with(digits.as_str());
        let mut found = all.into_iter().filter(|(hash, _)| is_meant(hash));
        let Some((hash, token)) = found.next() else {
            return Ok(Err(AdminRefusal::NoSuchShareToken { digits }));
        };
        let name = token.name.clone();
        let row = token::revoked(&hash, token)?;
        let written = desk.records.write(&[row])?;
        anyhow::ensure!(written == center::Written::Done, "Whatever stood there");
        Ok(Ok(name))
    });
    let revoking = revoking.map_err(anyhow::Error::from)?;
    let name = revoking.done().await.map_err(anyhow::Error::from)??;
    Ok(vec![format!("已停用 {name} 的共享令牌")])
}
