//! What somebody who can write into the store may do to a chain, and that each of it is found.

#![expect(
    clippy::indexing_slicing,
    clippy::cast_possible_wrap,
    reason = "places were drawn inside the chain"
)]

use audit::{Break, Chain, Checkpoint, Digest, Entry, Flaw, Head, Link, Outcome, verify};
use proptest::prelude::*;
use proptest::sample::Index;

fn entry(nth: u64) -> Entry {
    Entry {
        at_ms: 1_795_396_500_000 + i64::try_from(nth).unwrap_or_default(),
        actor: format!("100{}", nth % 5),
        desk: "W01".to_owned(),
        session: format!("session-{}", nth % 3),
        act: "work_order".to_owned(),
        object: format!("order-{}", nth % 7),
        purpose: String::new(),
        fields: vec!["phone".to_owned(), "name".to_owned()],
        outcome: Outcome::ALL[usize::try_from(nth).unwrap_or_default() % Outcome::ALL.len()],
    }
}

fn chain(n: u64) -> Vec<Link> {
    let mut head = Head::START;
    (1..=n)
        .map(|nth| {
            let link = Link::after(head, entry(nth));
            head = link.head();
            link
        })
        .collect()
}

fn checkpoint(link: &Link) -> Checkpoint {
    Checkpoint {
        desk: "W01".to_owned(),
        at_ms: link.entry.at_ms,
        head: link.head(),
    }
}

/// The chain made anew from one entry on, as somebody would who knows how it is made.
fn rehashed(links: &mut [Link], from: usize) {
    let mut head = match from.checked_sub(1) {
        Some(before) => links[before].head(),
        None => Head::START,
    };
    for link in &mut links[from..] {
        *link = Link::after(head, link.entry.clone());
        head = link.head();
    }
}

/// One way to tamper.
#[derive(Debug, Clone, Copy)]
enum Tamper {
    Number,
    Time,
    Actor,
    Desk,
    Session,
    Act,
    Object,
    Purpose,
    FieldDropped,
    FieldsJoined,
    Outcome,
    Previous,
    Hash,
    Removed,
    Swapped,
    Doubled,
    CutOff,
    EditedAndRehashed,
    RemovedAndRehashed,
}

const TAMPERS: [Tamper; 19] = [
    Tamper::Number,
    Tamper::Time,
    Tamper::Actor,
    Tamper::Desk,
    Tamper::Session,
    Tamper::Act,
    Tamper::Object,
    Tamper::Purpose,
    Tamper::FieldDropped,
    Tamper::FieldsJoined,
    Tamper::Outcome,
    Tamper::Previous,
    Tamper::Hash,
    Tamper::Removed,
    Tamper::Swapped,
    Tamper::Doubled,
    Tamper::CutOff,
    Tamper::EditedAndRehashed,
    Tamper::RemovedAndRehashed,
];

/// Turns one bit.
fn turn(text: &mut String, at: Index) {
    let mut characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        characters.push('x');
    } else {
        let at = at.index(characters.len());
        characters[at] = if characters[at] == 'y' { 'z' } else { 'y' };
    }
    *text = characters.into_iter().collect();
}

fn tampered(mut links: Vec<Link>, tamper: Tamper, at: Index, inside: Index) -> Vec<Link> {
    let nth = at.index(links.len());
    let link = &mut links[nth];
    match tamper {
        Tamper::Number => link.n += 1 + inside.index(5) as u64,
        Tamper::Time => link.entry.at_ms += 1 + inside.index(1_000) as i64,
        Tamper::Actor => turn(&mut link.entry.actor, inside),
        Tamper::Desk => turn(&mut link.entry.desk, inside),
        Tamper::Session => turn(&mut link.entry.session, inside),
        Tamper::Act => turn(&mut link.entry.act, inside),
        Tamper::Object => turn(&mut link.entry.object, inside),
        Tamper::Purpose => turn(&mut link.entry.purpose, inside),
        Tamper::FieldDropped => drop(link.entry.fields.pop()),
        Tamper::FieldsJoined => link.entry.fields = vec!["phonename".to_owned()],
        Tamper::Outcome => {
            let now = Outcome::ALL.iter().position(|it| *it == link.entry.outcome);
            let next = now.unwrap_or_default() + 1 + inside.index(Outcome::ALL.len() - 1);
            link.entry.outcome = Outcome::ALL[next % Outcome::ALL.len()];
        }
        Tamper::Previous => link.previous.0[inside.index(32)] ^= 1,
        Tamper::Hash => link.hash.0[inside.index(32)] ^= 1,
        Tamper::Removed => drop(links.remove(nth)),
        Tamper::Swapped => {
            let other = (nth + 1 + inside.index(links.len() - 1)) % links.len();
            links.swap(nth, other);
            let (n, other_n) = (links[nth].n, links[other].n);
            (links[nth].n, links[other].n) = (other_n, n);
        }
        Tamper::Doubled => links.insert(nth, links[nth].clone()),
        Tamper::CutOff => links.truncate(nth),
        Tamper::EditedAndRehashed => {
            turn(&mut link.entry.actor, inside);
            rehashed(&mut links, nth);
        }
        Tamper::RemovedAndRehashed => {
            links.remove(nth);
            rehashed(&mut links, nth);
        }
    }
    links
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    /// Ten thousand times something is done to a chain whose head somebody else has seen.
    #[test]
    #[test]
    fn no_tamper_is_missed(
        n in 2_u64..40,
        tamper in prop::sample::select(&TAMPERS[..]),
        at: Index,
        inside: Index,
    ) {
        let links = chain(n);
        let seen = [checkpoint(links.last().unwrap())];
        prop_assert_eq!(verify(Chain::WHOLE, links.clone(), &seen), Ok(links.last().unwrap().head()));
        let links = tampered(links, tamper, at, inside);
        let found = verify(Chain::WHOLE, links, &seen);
        prop_assert!(found.is_err(), "{tamper:?} was missed");
    }
}

#[test]
fn it_is_said_where_and_how() {
    let found = |change: &dyn Fn(&mut Vec<Link>)| {
        let mut links = chain(9);
        let seen = [checkpoint(&links[4]), checkpoint(&links[8])];
        change(&mut links);
        verify(Chain::WHOLE, links, &seen)
    };
    let broken = |n, flaw| Err(Break { n, flaw });
    assert!(found(&|_| ()).is_ok());
    assert_eq!(
        found(&|it| it[2].entry.actor.push('1')),
        broken(3, Flaw::Edited)
    );
    assert_eq!(found(&|it| drop(it.remove(2))), broken(3, Flaw::Missing));
    assert_eq!(found(&|it| it.swap(2, 3)), broken(3, Flaw::Missing));
    assert_eq!(
        found(&|it| it[2].previous = Digest::START),
        broken(3, Flaw::Edited)
    );
    assert_eq!(found(&|it| it.truncate(6)), broken(7, Flaw::CutOff));
    assert_eq!(
        found(&|it| {
            it[2].entry.actor.push('1');
            rehashed(it, 2);
        }),
        broken(5, Flaw::Rewritten)
    );
    // One entry of another chain in place of its own.
    let other = Link::after(
        Head {
            n: 2,
            hash: Digest([7; 32]),
        },
        entry(3),
    );
    assert_eq!(
        found(&|it| it[2] = other.clone()),
        broken(3, Flaw::Reordered)
    );
}

/// What the retention job left begins behind the last entry that it took.
#[test]
fn a_chain_goes_on_behind_what_was_taken_away() {
    let links = chain(9);
    let begins_after = links[3].head();
    let rest = links[4..].to_vec();
    let chain = Chain { begins_after };
    assert_eq!(verify(chain, rest.clone(), &[]), Ok(links[8].head()));
    let broken = Break {
        n: 5,
        flaw: Flaw::Missing,
    };
    assert_eq!(verify(chain, rest[1..].to_vec(), &[]), Err(broken));
}
