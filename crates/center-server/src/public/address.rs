//! 来源地址: who asks, as far as limits on asking need to know.

use std::net::IpAddr;

use axum::extract::Request;

use crate::config::Web;
use crate::door::{Peer, forwarded, named_last};

/// The address that asks, or its network where a household has a whole one (IPv6 /64). Behind a
/// proxy of the office's own it is the one the proxy names last; without one nobody names another.
pub(crate) fn of(request: &Request, web: &Web) -> String {
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map(|peer| peer.address.ip());
    if !web.is_behind_proxy {
        return text(peer, None);
    }
    text(peer, forwarded(request.headers()))
}

fn text(peer: Option<IpAddr>, forwarded: Option<&str>) -> String {
    let peer = peer.map(|it| it.to_canonical());
    let named = forwarded.and_then(named_last).map(|it| it.to_canonical());
    match named.or(peer) {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_that_a_proxy_names() {
        let of = |peer: &str, forwarded: Option<&str>| text(peer.parse().ok(), forwarded);
        assert_eq!(of("203.0.113.7", None), "203.0.113.7");
        assert_eq!(of("127.0.0.1", Some("1.1.1.1, 203.0.113.9")), "203.0.113.9");
        assert_eq!(of("127.0.0.1", Some("<script>")), "127.0.0.1");
        assert_eq!(of("127.0.0.1", None), "127.0.0.1");
        assert_eq!(of("::ffff:203.0.113.7", None), "203.0.113.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6", None), "2001:db8:1:2::/64");
        assert_eq!(of("", None), "unknown");
    }
}
