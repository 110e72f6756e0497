//! 门口: what a request shows of who sends it, before anything it asks is looked at.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{Extensions, HeaderMap, HeaderName, header};
use domain::Role;
use sha2::{Digest as _, Sha256};
use wording::reference::ReferenceTables;

use super::Portal;
use super::error::CallError;
use super::visit::Visit;
use crate::account::{Session, SessionToken};
use crate::config::Web;
use crate::door::{Peer, forwarded, named_last};
use crate::office::Office;

/// What the page of a session sends with every call; other pages cannot know it.
pub(super) const TOKEN_HEADER: &str = "x-portal-token";
const COOKIE: &str = "hotline_portal";
/// Its name where the browser comes by TLS: nothing that is sent in the clear can set one called so.
const SECURE_COOKIE: &str = "__Secure-hotline_portal";

/// One request, and whose it is.
pub(super) struct Doorway {
    pub(super) office: Arc<Office>,
    pub(super) tables: Arc<ReferenceTables>,
    pub(super) address: IpAddr,
    pub(super) token: Option<SessionToken>,
    pub(super) session: Option<Session>,
    /// Whether the page of the session sends it.
    pub(super) is_its_page: bool,
    /// The browser came by TLS.
    is_secure: bool,
    /// What the browser is to show from now on.
    cookie: Mutex<Option<String>>,
}

/// The people the portal is for.
pub(super) const PEOPLE: &[Role] = &[Role::Liaison, Role::UnitReviewer];

impl Doorway {
    pub(super) async fn read(
        portal: &Portal,
        extensions: &Extensions,
        headers: &HeaderMap,
    ) -> Result<Self, CallError> {
        let web = &portal.office.config.web;
        let is_secure = is_secure(web, headers);
        let token = cookie_of(headers, cookie_name(is_secure));
        let token = token.map(|text| SessionToken::shown(&text));
        let session = match &token {
            Some(token) => portal.office.session(token).await?,
            None => None,
        };
        let shown = text_of(headers, HeaderName::from_static(TOKEN_HEADER));
        let is_its_page = token.as_ref().is_some_and(|it| shown == page_token(it));
        let peer = extensions.get::<Peer>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |it| it.address.ip());
        Ok(Self {
            office: Arc::clone(&portal.office),
            tables: Arc::clone(&portal.tables),
            address: address_of(web, peer, headers),
            token,
            session,
            is_its_page,
            is_secure,
            cookie: Mutex::new(None),
        })
    }

    /// Lets a person of a unit in.
    pub(super) fn visit(&self) -> Result<Visit, CallError> {
        let session = self.session.as_ref().filter(|_| self.is_its_page);
        self.visit_of(session)
    }

    /// The same for what a browser sends without our page's word, such as a download. It changes
    /// nothing, and no other page can read the answer.
    pub(super) fn visit_to_read(&self) -> Result<Visit, CallError> {
        self.visit_of(self.session.as_ref())
    }

    fn visit_of(&self, session: Option<&Session>) -> Result<Visit, CallError> {
        let session = session.ok_or(CallError::SignedOut)?;
        if session.must_change {
            return Err(CallError::MustChange);
        }
        let actor = session.actor.clone();
        let is_of_unit = actor.holds_any(PEOPLE);
        let unit = actor.unit.clone().filter(|_| is_of_unit);
        let unit = unit.ok_or(CallError::SignedOut)?;
        Ok(Visit {
            now: self.office.clock.now(),
            references: self.office.references(),
            office: Arc::clone(&self.office),
            tables: Arc::clone(&self.tables),
            actor,
            unit,
            seals: Mutex::default(),
        })
    }

    /// From now on the browser shows this; `None` is to be forgotten.
    pub(super) fn give(&self, token: Option<&SessionToken>) {
        let secure = if self.is_secure { "; Secure" } else { "" };
        let (text, age) = match token {
            Some(token) => (token.text(), ""),
            None => ("", "; Max-Age=0"),
        };
        let name = cookie_name(self.is_secure);
        let cookie = format!("{name}={text}; Path=/portal; HttpOnly; SameSite=Strict{secure}{age}");
        let mut given = self.cookie.lock().unwrap_or_else(PoisonError::into_inner);
        *given = Some(cookie);
    }

    pub(super) fn into_cookie(self) -> Option<String> {
        self.cookie
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What only the page of that session is told.
pub(super) fn page_token(token: &SessionToken) -> String {
    let mut hash = Sha256::new();
    hash.update(b"hotline-desk/portal-page/1\0");
    hash.update(token.text());
    crate::hex::to_hex(&hash.finalize())
}

/// Whether the request comes from a page of this host, as far as the browser says.
pub(super) fn comes_from_here(headers: &HeaderMap) -> bool {
    let host = text_of(headers, header::HOST);
    let origin = headers.get(header::ORIGIN);
    let is_ours = origin.is_none_or(|origin| {
        let origin = origin.to_str().unwrap_or_default();
        let of = ["https://", "http://"]
            .iter()
            .find_map(|it| origin.strip_prefix(it));
        of == Some(host)
    });
    let site = text_of(headers, HeaderName::from_static("sec-fetch-site"));
    is_ours && matches!(site, "" | "same-origin" | "none")
}

fn text_of(headers: &HeaderMap, name: HeaderName) -> &str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

fn cookie_name(is_secure: bool) -> &'static str {
    if is_secure { SECURE_COOKIE } else { COOKIE }
}

fn cookie_of(headers: &HeaderMap, wanted: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter();
    let mut pairs = all
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'));
    pairs.find_map(|pair| {
        let (name, text) = pair.trim().split_once('=')?;
        (name == wanted && !text.is_empty()).then(|| text.to_owned())
    })
}

/// A proxy of the office's own says for whom it asks; nobody else is believed.
fn address_of(web: &Web, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    match forwarded(headers).and_then(named_last) {
        Some(address) if web.is_behind_proxy => address,
        Some(_) | None => peer,
    }
}

fn is_secure(web: &Web, headers: &HeaderMap) -> bool {
    let proto = text_of(headers, HeaderName::from_static("x-forwarded-proto"));
    web.certificate.is_some() || (web.is_behind_proxy && proto == "https")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| {
                let name = HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            })
            .collect()
    }

    #[test]
    fn only_pages_of_this_host_ask() {
        let host = ("host", "portal.example:8443");
        for (others, is_ours) in [
            (vec![], true),
            (vec![("origin", "https://portal.example:8443")], true),
            (vec![("origin", "https://portal.example")], false),
            (vec![("origin", "https://evil.example")], false),
            (vec![("origin", "null")], false),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "same-site")], false),
        ] {
            let mut all = vec![host];
            all.extend(&others);
            assert_eq!(comes_from_here(&headers(&all)), is_ours, "{others:?}");
        }
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let shown = headers(&[("cookie", "a=1; hotline_portal=abc; b=2")]);
        assert_eq!(cookie_of(&shown, COOKIE).as_deref(), Some("abc"));
        assert_eq!(cookie_of(&shown, SECURE_COOKIE), None);
        let empty = headers(&[("cookie", "hotline_portal=")]);
        assert_eq!(cookie_of(&empty, COOKIE), None);
    }

    #[test]
    fn only_a_proxy_of_the_office_speaks_for_others() {
        let forwarded = headers(&[("x-forwarded-for", "198.51.100.1, 203.0.113.9")]);
        let there: IpAddr = "192.0.2.7".parse().unwrap();
        let mut web = crate::Config::of("data".into()).web;
        assert_eq!(address_of(&web, there, &forwarded), there);
        web.is_behind_proxy = true;
        assert_eq!(
            address_of(&web, there, &forwarded).to_string(),
            "203.0.113.9"
        );
        // What somebody sent along stands on a line before the proxy's own.
        let mut two_lines = headers(&[("x-forwarded-for", "198.51.100.1")]);
        let own = HeaderValue::from_static("203.0.113.9");
        two_lines.append("x-forwarded-for", own);
        let asks = address_of(&web, there, &two_lines);
        assert_eq!(asks.to_string(), "203.0.113.9");
        assert!(!is_secure(&web, &forwarded));
        assert!(is_secure(&web, &headers(&[("x-forwarded-proto", "https")])));
    }
}
