//! A desk holds what it made of the feed against what the center made of it; and one database has one
//! center.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::http::StatusCode;
use center_server::authority::Authority;
use center_server::database::Database;
use center_server::{Clock, Config, Server, SystemClock};
use wire::{Answer, Cursor, Entry, Hash, Tally, TallyKind, Verification, VerifyRequest, told};

use crate::desk::{Desk, Line, dispatch};
use crate::house::House;

/// What a desk makes of entries that are all of orders.
fn tally_of(entries: &[Entry]) -> Tally {
    let mut orders: BTreeMap<&str, Hash> = BTreeMap::new();
    for entry in entries {
        if entry.read().unwrap().accepted().is_some() {
            let before = orders.get(entry.subject.as_str()).copied();
            orders.insert(&entry.subject, told(before, entry.hash));
        }
    }
    let mut tally = Tally::EMPTY;
    for (id, hash) in orders {
        tally.put(id, TallyKind::Order, hash);
    }
    tally
}

async fn ask(line: &mut Line, at: Cursor, tally: Tally) -> Verification {
    let request = VerifyRequest {
        epoch: 0,
        at,
        tally,
    };
    let body = serde_json::to_vec(&request).unwrap();
    let reply = line.post("/v1/verify", body).await;
    assert_eq!(reply.status, StatusCode::OK);
    serde_json::from_slice(&reply.body).unwrap()
}

/// Three orders, one of which is given to a unit, and whatever the center says of them by itself.
async fn worked(house: &House, desk: &mut Desk, line: &mut Line) -> Vec<Entry> {
    let mut intents: Vec<_> = (1..=3).map(|nth| desk.register(nth)).collect();
    let subject = intents[0].subject.clone();
    intents.push(desk.intent(&subject, 1, dispatch("水务")));
    let push = desk.push(intents);
    assert!(matches!(line.ask(&push).await, Answer::Pushed(_)));
    loop {
        let entries = house.entries().await;
        let seq = entries.last().unwrap().seq;
        house.office().drawn_to(seq).await;
        // The delivery is one more, as soon as the rows are there.
        let is_delivered = |entry: &Entry| {
            let origin = entry.origin.as_ref();
            origin.is_some_and(|origin| origin.id.starts_with("delivery-"))
        };
        if entries.last().is_some_and(is_delivered) {
            return entries;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_make_the_same_of_the_feed_or_it_is_told() {
    let house = House::open().await;
    let mut desk = house.desk().await;
    let mut line = house.line(&desk).await;
    let entries = worked(&house, &mut desk, &mut line).await;
    let tally = tally_of(&entries);
    assert_eq!(tally.n_orders, 3);
    let at = entries.last().unwrap().cursor();
    assert_eq!(ask(&mut line, at, tally).await, Verification::Same);
    // A moment behind.
    let (_, earlier) = entries.split_last().unwrap();
    let before = earlier.last().unwrap().cursor();
    let of_before = tally_of(earlier);
    assert_eq!(ask(&mut line, before, of_before).await, Verification::Same);
    let wrong = Tally::EMPTY;
    assert_eq!(
        ask(&mut line, at, wrong).await,
        Verification::Differs { tally }
    );
    let elsewhere = Cursor {
        hash: Hash([9; 32]),
        ..at
    };
    assert_eq!(
        ask(&mut line, elsewhere, tally).await,
        Verification::Elsewhere
    );
    let reply = line.post("/v1/verify", "{}").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    let mut stranger = house.stranger().await;
    let reply = stranger.post("/v1/verify", "{}").await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);

    // The sum is in the rows: a center that starts again has it at once.
    let house = house.again().await;
    house.office().drawn_to(at.seq).await;
    let mut line = house.line(&desk).await;
    assert_eq!(ask(&mut line, at, tally).await, Verification::Same);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_database_has_one_center() {
    let shared = tempfile::tempdir().unwrap();
    let database = Database::Sqlite(shared.path().join("center.db"));
    let house = House::open_on(Some(database.clone())).await;
    let folder = tempfile::tempdir().unwrap();
    Authority::create(folder.path()).unwrap();
    let start = || {
        let mut config = Config::of(folder.path().to_owned());
        config.database = database.clone();
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        (config.web.address, config.desks.address) = (anywhere, anywhere);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        Server::start(config, clock)
    };
    let refused = start().await.err().unwrap();
    assert!(
        refused.to_string().ends_with("已由另一个中心使用"),
        "{refused}"
    );
    // The first goes on; when it has ended, the other may.
    let house = house.again().await;
    house.stop().await;
    start().await.unwrap().stop().await.unwrap();
}
