//! Desks at their door: who comes in, what they may send, and what becomes of it.

use std::sync::mpsc;

use audit::{Claim, Entry, Head, Link, Outcome};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use center::{Acted, Prepared};
use center_server::admin::{AdminRequest, execute};
use center_server::enrolment::CODE_MINUTES;
use center_server::writer::{Pending, QUEUE_MAX};
use domain::ActorId;
use futures_util::StreamExt as _;
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest as _, Sha256};
use wire::limit::MESSAGE_MAX_BYTES;
use wire::{
    AUDIT_COPY_MAX, Answer, AuditCopied, AuditCopy, AuditKept, BlobState, Cursor, DeskId,
    EnrolmentCode, EntryBody, Hash, PartBody, Request, SnapshotManifest, Subject, verify_page,
};

use crate::desk::{Line, Reply, Shown, asked, dispatch, enrol};
use crate::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_enrols_speaks_and_reads_what_became_of_it() {
    let house = House::open().await;
    let mut desk = house.desk().await;
    let mut line = house.line(&desk).await;
    let Answer::Greeting(greeting) = line.ask(&desk.hello()).await else {
        panic!("not greeted");
    };
    let register = desk.register(1);
    let push = desk.push(vec![register.clone()]);
    let Answer::Pushed(pushed) = line.ask(&push).await else {
        panic!("not pushed");
    };
    assert_eq!(pushed.head, desk.head);
    // Again, as after a lost answer.
    assert!(matches!(line.ask(&push).await, Answer::Pushed(_)));

    let pull = desk.pull(greeting.epoch, Cursor::START);
    let Answer::Page(page) = line.ask(&pull).await else {
        panic!("no page");
    };
    verify_page(Cursor::START, page.epoch, &page.entries).unwrap();
    let verdicts = page.entries.iter().filter(|entry| {
        let origin = entry.origin.as_ref();
        origin.is_some_and(|origin| origin.id == register.id)
    });
    assert_eq!(verdicts.count(), 1);
    assert_eq!(house.office().desks_seen()[&desk.id].program, "0.1.0");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_may_enrol_and_nothing_else() {
    let house = House::open().await;
    let mut desk = house.desk().await;
    let push = vec![desk.register(1)];
    let push = desk.push(push);
    let mut stranger = house.stranger().await;
    for request in [desk.hello(), push] {
        assert_eq!(stranger.ask(&request).await, Answer::Unauthorised);
    }
    for path in ["/v1/poke", "/v1/snapshot/manifest"] {
        assert_eq!(stranger.get(path).await.status, StatusCode::UNAUTHORIZED);
    }
    for path in ["/v1/sign_in", "/v1/change_password"] {
        let reply = stranger.post(path, "{}").await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    // One that is let in is not another.
    let other = house.desk().await;
    let mut line = house.line(&other).await;
    assert_eq!(line.ask(&desk.hello()).await, Answer::Unauthorised);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once_for_one_key_and_not_for_long() {
    let house = House::open().await;
    let (key, thief) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let mut line = house.stranger().await;

    let code = house.code().await;
    let Answer::Enrolled(first) = line.ask(&enrol(&code, &key)).await else {
        panic!("not enrolled");
    };
    // The machine that did not hear the answer, and somebody who saw the code.
    let Answer::Enrolled(again) = line.ask(&enrol(&code, &key)).await else {
        panic!("not enrolled again");
    };
    assert_eq!(again.desk, first.desk);
    assert_eq!(line.ask(&enrol(&code, &thief)).await, Answer::Unauthorised);

    assert_eq!(line.ask(&enrol("", &key)).await, Answer::Unauthorised);
    let late = house.code().await;
    house.clock.seconds_later(CODE_MINUTES * 60);
    assert_eq!(line.ask(&enrol(&late, &key)).await, Answer::Unauthorised);

    let code = house.code().await;
    let mut without = enrol(&code, &key);
    if let wire::Request::Enrol(request) = &mut without {
        request.public_key = "no key".to_owned();
    }
    let answer = line.ask(&without).await;
    assert!(matches!(answer, Answer::Malformed { .. }), "{answer:?}");
    // The code is still good.
    let answer = line.ask(&enrol(&code, &key)).await;
    assert!(matches!(answer, Answer::Enrolled(_)), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_tells_its_center_from_another() {
    let (house, other) = (House::open().await, House::open().await);
    let (code, _) = house.office().allow_enrolment().await.unwrap();
    let code = EnrolmentCode::read(&code.to_string().to_lowercase()).unwrap();
    assert!(code.is_of(&house.authority()));
    assert!(!code.is_of(&other.authority()));
    // Whoever trusts the one does not speak with the other.
    let address = other.server.desks_address;
    assert!(Line::open(address, &house.authority(), None).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shows_something_else_is_not_let_in() {
    let house = House::open().await;
    let desk = house.desk().await;
    let address = house.server.desks_address;
    let authority = house.authority();

    let key = KeyPair::generate().unwrap();
    let forged = CertificateParams::default().self_signed(&key).unwrap();
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let forged = Shown {
        certificates: vec![forged.der().clone()],
        key: std::sync::Arc::new(PrivateKeyDer::Pkcs8(key)),
    };
    // With TLS 1.3 the one who comes learns it when it asks.
    if let Ok(mut line) = Line::open(address, &authority, Some(&forged)).await {
        let request = asked(Method::GET, "/v1/poke", Body::empty());
        assert!(line.send(request).await.is_none());
    }
    let older = &rustls::version::TLS12;
    let line = Line::open_with(address, &authority, Some(&desk.shown), older).await;
    assert!(line.is_err());
    // Somebody who speaks no TLS at all does no harm.
    let mut line = Line::plain(address).await;
    let request = asked(Method::GET, "/v1/poke", Body::empty());
    assert!(line.send(request).await.is_none());
    assert!(matches!(
        house.line(&desk).await.ask(&desk.hello()).await,
        Answer::Greeting(_)
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_was_struck_off_is_out_at_once() {
    let house = House::open().await;
    let (mut desk, other) = (house.desk().await, house.desk().await);
    let mut line = house.line(&desk).await;
    assert!(matches!(line.ask(&desk.hello()).await, Answer::Greeting(_)));
    let mut listening = house.line(&desk).await;
    let stream = listening.listen("/v1/poke").await;
    let mut kept = house.line(&other).await;
    let mut kept = kept.listen("/v1/poke").await.into_body().into_data_stream();

    assert!(house.office().revoke_desk(&desk.id).await.unwrap());
    let nobody = DeskId("W99".to_owned());
    assert!(!house.office().revoke_desk(&nobody).await.unwrap());

    let mut stream = stream.into_body().into_data_stream();
    while let Some(Ok(_)) = stream.next().await {}
    let push = vec![desk.register(1)];
    for request in [desk.hello(), desk.push(push), desk.pull(0, Cursor::START)] {
        assert_eq!(line.ask(&request).await, Answer::Unauthorised);
    }
    let again = house.line(&desk).await.get("/v1/poke").await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);

    // The other goes on listening, and hears.
    let mut other = other;
    let push = vec![other.register(1)];
    let answer = house.line(&other).await.ask(&other.push(push)).await;
    assert!(matches!(answer, Answer::Pushed(_)));
    let heard = kept.next().await.unwrap().unwrap();
    assert!(
        heard.starts_with(b"event: feed\ndata: {\"seq\":"),
        "{heard:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_or_no_message_is_told() {
    let house = House::open().await;
    let desk = house.desk().await;
    let mut bomb = zstd::Encoder::new(Vec::new(), 3).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..=(MESSAGE_MAX_BYTES >> 20) {
        std::io::Write::write_all(&mut bomb, &zeros).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 1 << 16);
    let large = vec![b' '; MESSAGE_MAX_BYTES + 1];
    let endless =
        futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b' '; 1 << 20]));
    for (coding, body, status) in [
        (None, Body::from("no json"), StatusCode::BAD_REQUEST),
        (
            None,
            Body::from("{\"ask\":\"dance\"}"),
            StatusCode::BAD_REQUEST,
        ),
        (None, Body::from(vec![0xff; 64]), StatusCode::BAD_REQUEST),
        (
            None,
            Body::from("[".repeat(100_000)),
            StatusCode::BAD_REQUEST,
        ),
        (None, Body::from(large), StatusCode::PAYLOAD_TOO_LARGE),
        (
            None,
            Body::from_stream(endless.take(20)),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        (Some("zstd"), Body::from("no zstd"), StatusCode::BAD_REQUEST),
        (
            Some("zstd"),
            Body::from(bomb),
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        (
            Some("br"),
            Body::from("x"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
    ] {
        let mut request = asked(Method::POST, "/v1/sync", body);
        if let Some(coding) = coding {
            let headers = request.headers_mut();
            headers.insert("content-encoding", coding.parse().unwrap());
        }
        let mut line = house.line(&desk).await;
        // Who sends far too much may find the door shut before it has ended.
        if let Some(reply) = line.send(request).await {
            assert_eq!(reply.status, status, "{coding:?}");
            let answer = reply.answer();
            assert!(matches!(answer, Answer::Malformed { .. }), "{answer:?}");
        } else {
            assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        }
    }
    assert_eq!(house.entries().await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn packed_there_and_back() {
    let house = House::open().await;
    let desk = house.desk().await;
    let pull = serde_json::to_vec(&desk.pull(0, Cursor::START)).unwrap();
    let mut line = house.line(&desk).await;
    let Answer::Rewind(rewind) = line.ask(&desk.pull(0, Cursor::START)).await else {
        panic!("the epoch is another");
    };
    let mut request = asked(
        Method::POST,
        "/v1/sync",
        Body::from(zstd::encode_all(&pull[..], 3).unwrap()),
    );
    let headers = request.headers_mut();
    headers.insert("content-encoding", "zstd".parse().unwrap());
    headers.insert("accept-encoding", "gzip, zstd;q=0.8".parse().unwrap());
    let reply = line.send(request).await.unwrap();
    assert_eq!(reply.answer(), Answer::Rewind(rewind));

    let pull = serde_json::to_vec(&desk.pull(rewind.epoch, Cursor::START)).unwrap();
    let mut request = asked(Method::POST, "/v1/sync", Body::from(pull));
    let zstd = "zstd".parse().unwrap();
    request.headers_mut().insert("accept-encoding", zstd);
    let reply = line.send(request).await.unwrap();
    assert_eq!(reply.headers["content-encoding"], "zstd");
    let body = zstd::decode_all(&reply.body[..]).unwrap();
    let answer: Answer = serde_json::from_slice(&body).unwrap();
    assert!(matches!(answer, Answer::Page(_)), "{answer:?}");
}

/// Keeps the writer from everything else, until what comes along is told to let go.
async fn held(house: &House) -> (Pending<()>, mpsc::Sender<()>) {
    // The follower has written down where it stands: from here on nothing waits but what is asked.
    let n_entries = house.entries().await.len();
    house.office().drawn_to(n_entries as u64).await;
    let (release, held) = mpsc::channel::<()>();
    let (tell_held, is_held) = mpsc::channel::<()>();
    let holding = house.office().writer.alone(move |_| {
        tell_held.send(()).unwrap();
        held.recv().unwrap();
        Ok(())
    });
    let waiting = tokio::task::spawn_blocking(move || is_held.recv());
    waiting.await.unwrap().unwrap();
    (holding.unwrap(), release)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_is_committed_together_and_one_bad_story_is_not_everybodys() {
    let house = House::open().await;
    let mut desks = [house.desk().await, house.desk().await, house.desk().await];
    // The second has an order whose story nobody can read any more.
    let push = vec![desks[1].register(1)];
    let answer = house.line(&desks[1]).await.ask(&desks[1].push(push)).await;
    assert!(matches!(answer, Answer::Pushed(_)));
    let house = house
        .again_after(|folder| {
            let database = rusqlite::Connection::open(folder.join("center.db")).unwrap();
            let sql = "UPDATE entry SET body = 'x' WHERE subject <> ''";
            assert_eq!(database.execute(sql, []).unwrap(), 1);
        })
        .await;

    let (holding, release) = held(&house).await;
    let n_before = house.entries().await.len();
    let mut pushes = Vec::new();
    for (nth, desk) in desks.iter_mut().enumerate() {
        let envelope = if nth == 1 {
            let subject = format!("{}-order-1", desk.id.0);
            desk.intent(&subject, 1, dispatch("水务"))
        } else {
            desk.register(1)
        };
        let Request::Push(push) = desk.push(vec![envelope]) else {
            panic!("no push");
        };
        let push = Prepared::of(push).unwrap();
        pushes.push(house.office().writer.push(push).unwrap());
    }
    release.send(()).unwrap();
    holding.done().await.unwrap();
    let mut told = Vec::new();
    for push in pushes {
        told.push(push.done().await.is_ok());
    }
    assert_eq!(told, [true, false, true]);
    assert_eq!(house.entries().await.len(), n_before + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_too_much_waits_it_is_told_to_come_again() {
    let house = House::open().await;
    let mut desk = house.desk().await;
    let writer = house.office().writer.clone();
    let (holding, release) = held(&house).await;
    let mut waiting = vec![holding];
    while let Ok(pending) = writer.alone(|_| Ok(())) {
        waiting.push(pending);
    }
    assert!(waiting.len() >= QUEUE_MAX);
    let push = vec![desk.register(1)];
    let push = desk.push(push);
    let reply = house
        .line(&desk)
        .await
        .post("/v1/sync", serde_json::to_vec(&push).unwrap())
        .await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(matches!(reply.answer(), Answer::Busy { .. }));
    let ready = Line::plain(house.server.web_address)
        .await
        .get("/readyz")
        .await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);

    release.send(()).unwrap();
    for pending in waiting {
        pending.done().await.unwrap();
    }
    let answer = house.line(&desk).await.ask(&push).await;
    assert!(matches!(answer, Answer::Pushed(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_inside_is_answered_when_the_center_stops_and_finds_it_so_again() {
    let house = House::open().await;
    let mut desk = house.desk().await;
    let (holding, release) = held(&house).await;
    let mut line = house.line(&desk).await;
    let mut listening = house.line(&desk).await;
    let mut stream = listening
        .listen("/v1/poke")
        .await
        .into_body()
        .into_data_stream();
    let push = vec![desk.register(1)];
    let push = desk.push(push);
    let asked = push.clone();
    let asking = tokio::spawn(async move { line.ask(&asked).await });
    let office = std::sync::Arc::clone(house.office());
    // Until the push lies in the queue.
    while office.writer.n_waiting() == 0 {
        tokio::task::yield_now().await;
    }
    let again = tokio::spawn(house.again());
    office.stopped().await;
    while let Some(Ok(_)) = stream.next().await {}
    release.send(()).unwrap();
    assert!(matches!(asking.await.unwrap(), Answer::Pushed(_)));
    holding.done().await.unwrap();

    let house = again.await.unwrap();
    let n_entries = house.entries().await.len();
    let answer = house.line(&desk).await.ask(&push).await;
    assert!(matches!(answer, Answer::Pushed(_)));
    assert_eq!(house.entries().await.len(), n_entries);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_to_a_unit_is_delivered_when_it_lies_there() {
    let house = House::open().await;
    let mut desk = house.desk().await;
    // A row that cannot be read is before it, and keeps nobody else waiting.
    let broken = center::RecordChange::put("delivery", "0", "{");
    let written = house.office().write(vec![broken]).await;
    assert_eq!(written, Ok(center::Written::Done));
    let register = desk.register(1);
    let subject = register.subject.clone();
    let dispatch = desk.intent(&subject, 1, dispatch("水务"));
    let push = desk.push(vec![register, dispatch]);
    assert!(matches!(
        house.line(&desk).await.ask(&push).await,
        Answer::Pushed(_)
    ));
    let mut head = house.office().head();
    let n_entries = house.entries().await.len() as u64;
    head.wait_for(|head| *head > n_entries).await.unwrap();
    let entries = house.entries().await;
    let last = entries.last().unwrap();
    let origin = last.origin.as_ref().unwrap();
    assert_eq!(origin.actor, ActorId("center".to_owned()));
    assert!(matches!(last.read().unwrap(), EntryBody::Accepted(_)));

    // Once, also when the rows are drawn anew.
    let house = house
        .again_after(|folder| {
            let database = rusqlite::Connection::open(folder.join("center.db")).unwrap();
            let sql = "DELETE FROM record WHERE kind = 'follower'";
            assert_eq!(database.execute(sql, []).unwrap(), 1);
        })
        .await;
    let office = house.office();
    office.drawn_to(entries.len() as u64).await;
    assert_eq!(house.entries().await.len(), entries.len());
    let order = office.subject(&subject).await.unwrap();
    let order = order.as_ref().and_then(Subject::order).unwrap();
    assert!(order.assignments[0].delivered_at.is_some());

    let again = center::Errand {
        actor: ActorId("center".to_owned()),
        subject,
        id: origin.id.clone(),
        act: wire::Act::Order(domain::Command::ConfirmDelivery {
            assignment: order.assignments[0].number,
        }),
        seen_version: None,
    };
    assert_eq!(office.act(again).await, Ok(Acted::Before));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_desk_reads_the_feed_in_parts_and_goes_on_by_pulling() {
    let house = House::open().await;
    let (mut busy, new) = (house.desk().await, house.desk().await);
    let mut line = house.line(&busy).await;
    for nth in 0..11 {
        let push = (0..500).map(|it| busy.register(nth * 500 + it)).collect();
        let push = busy.push(push);
        assert!(matches!(line.ask(&push).await, Answer::Pushed(_)));
    }
    let house = house.again().await;
    let mut line = house.line(&new).await;
    // Made when the center starts, in the background.
    let manifest: SnapshotManifest = loop {
        let reply = line.get("/v1/snapshot/manifest").await;
        let manifest: SnapshotManifest = serde_json::from_slice(&reply.body).unwrap();
        if manifest.at != Cursor::START {
            break manifest;
        }
        tokio::task::yield_now().await;
    };
    let mut cursor = Cursor::START;
    for (nth, part) in manifest.parts.iter().enumerate() {
        let path = format!("/v1/snapshot/part/{nth}");
        // Cut in the middle, and taken up again.
        let middle = part.n_bytes / 2;
        let whole = line.get(&path).await.body;
        let mut request = asked(Method::GET, &path, Body::empty());
        let range = format!("bytes={middle}-").parse().unwrap();
        request.headers_mut().insert("range", range);
        let rest = line.send(request).await.unwrap();
        assert_eq!(rest.status, StatusCode::PARTIAL_CONTENT);
        let cut = usize::try_from(middle).unwrap();
        assert_eq!(rest.body, whole[cut..]);
        assert_eq!(Hash(Sha256::digest(&whole).into()), part.sha256);
        let body = zstd::decode_all(&whole[..]).unwrap();
        assert_eq!(body.len() as u64, part.n_unpacked);
        let body: PartBody = serde_json::from_slice(&body).unwrap();
        cursor = verify_page(cursor, manifest.epoch, &body.entries).unwrap();
        assert_eq!(cursor, part.end);
    }
    assert_eq!(cursor, manifest.at);
    let pull = new.pull(manifest.epoch, cursor);
    let Answer::Page(page) = line.ask(&pull).await else {
        panic!("no page");
    };
    let end = verify_page(cursor, page.epoch, &page.entries).unwrap();
    assert_eq!(end, manifest.feed);
    let beyond = format!("/v1/snapshot/part/{}", manifest.parts.len());
    assert_eq!(line.get(&beyond).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attachment_comes_in_parts_and_is_checked() {
    let house = House::open().await;
    let desk = house.desk().await;
    let mut line = house.line(&desk).await;
    let bytes = "现场照片".repeat(2_000).into_bytes();
    let sha256 = Hash(Sha256::digest(&bytes).into());
    let path = format!("/v1/blob/{sha256}");
    let put = |from: usize, to: usize| {
        let body = Body::from(bytes[from..to].to_vec());
        let mut request = asked(Method::PUT, &path, body);
        let range = format!("bytes {from}-{}/{}", to - 1, bytes.len());
        let headers = request.headers_mut();
        headers.insert("content-range", range.parse().unwrap());
        request
    };
    let state = |reply: &Reply| -> BlobState { serde_json::from_slice(&reply.body).unwrap() };
    let first = line.send(put(0, 10_000)).await.unwrap();
    assert_eq!(state(&first).n_bytes, 10_000);
    assert_eq!(line.get(&path).await.status, StatusCode::NOT_FOUND);
    let twice = line.send(put(0, 10_000)).await.unwrap();
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert_eq!(state(&twice).n_bytes, 10_000);
    let asked_for = line.get(&format!("{path}/state")).await;
    assert_eq!(state(&asked_for).n_bytes, 10_000);
    let last = line.send(put(10_000, bytes.len())).await.unwrap();
    assert!(state(&last).is_whole);
    let read = line.get(&path).await;
    assert_eq!(read.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(read.body, bytes);

    let wrong = format!("/v1/blob/{}", Hash([7; 32]));
    for (path, range, status) in [
        (
            wrong.as_str(),
            "bytes 0-2/3",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            wrong.as_str(),
            "bytes 0-2/9999999999",
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        (wrong.as_str(), "bytes 2-0/3", StatusCode::BAD_REQUEST),
        (wrong.as_str(), "3", StatusCode::BAD_REQUEST),
        (
            "/v1/blob/..%2Fcenter.db",
            "bytes 0-2/3",
            StatusCode::BAD_REQUEST,
        ),
    ] {
        let mut request = asked(Method::PUT, path, Body::from("abc"));
        let headers = request.headers_mut();
        headers.insert("content-range", range.parse().unwrap());
        let reply = line.send(request).await.unwrap();
        assert_eq!(reply.status, status, "{path} {range}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_at_a_desk_is_at_the_center_too() {
    let house = House::open().await;
    let desk = house.desk().await;
    let mut line = house.line(&desk).await;
    let mut head = Head::START;
    let links: Vec<Link> = (0..5)
        .map(|n| {
            let link = Link::after(
                head,
                Entry {
                    at_ms: 1_795_396_500_000 + n,
                    actor: "1001".to_owned(),
                    desk: desk.id.0.clone(),
                    session: "s".to_owned(),
                    act: "reveal_phone".to_owned(),
                    object: format!("order-{n}"),
                    purpose: "call_back".to_owned(),
                    fields: vec!["phone".to_owned()],
                    outcome: Outcome::Shown,
                },
            );
            head = link.head();
            link
        })
        .collect();
    let claim = Claim {
        kept: Head::START,
        head,
    };
    let reply = line
        .post("/v1/audit", serde_json::to_vec(&claim).unwrap())
        .await;
    let kept: AuditKept = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((kept.kept, kept.copied), (head, Some(Head::START)));
    let mut up_to = 0;
    for page in links.chunks(2) {
        let links = page.to_vec();
        up_to += links.len() as u64;
        let copy = serde_json::to_vec(&AuditCopy { links }).unwrap();
        let reply = line.post("/v1/audit/copy", copy).await;
        let copied: AuditCopied = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!((copied.up_to.n, copied.is_sound), (up_to, true));
    }
    let too_many = AuditCopy {
        links: vec![links[0].clone(); AUDIT_COPY_MAX + 1],
    };
    let reply = line
        .post("/v1/audit/copy", serde_json::to_vec(&too_many).unwrap())
        .await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    let reply = line.post("/v1/audit/copy", "{}").await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);

    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("W.jsonl");
    let export = AdminRequest::ExportAudit {
        desk: Some(desk.id.clone()),
        to: to.clone(),
    };
    let told = execute(house.office(), export.clone()).await;
    assert!(told.is_done, "{:?}", told.lines);
    let written = std::fs::read_to_string(&to).unwrap();
    let read: Vec<Link> = written
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(read, links);
    // What is there is not written over, and nobody else's is asked for by chance.
    assert!(!execute(house.office(), export).await.is_done);
    let stranger = AdminRequest::ExportAudit {
        desk: Some(DeskId("W99".to_owned())),
        to: folder.path().join("W99.jsonl"),
    };
    assert!(!execute(house.office(), stranger).await.is_done);
    let verified = execute(house.office(), AdminRequest::VerifyAudit).await;
    let of_desk = verified.lines.last().unwrap();
    let said = "留存到第 5 条\t副本到第 5 条";
    assert!(of_desk.contains(said), "{of_desk}");

    let house = house
        .again_after(|folder| {
            let database = rusqlite::Connection::open(folder.join("center.db")).unwrap();
            let sql = "UPDATE record SET body = replace(body, 'order-3', 'order-9')
                       WHERE kind = 'audit_copy'";
            assert_eq!(database.execute(sql, []).unwrap(), 5);
        })
        .await;
    let verified = execute(house.office(), AdminRequest::VerifyAudit).await;
    assert!(!verified.is_done);
    assert!(
        verified.lines[0].contains("的审计副本第 4 条"),
        "{:?}",
        verified.lines
    );
}
