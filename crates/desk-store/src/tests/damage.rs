//! Damaged files: told as such, left as they are, and what is whole stays readable.

use super::*;

/// SQLCipher's pages.
const PAGE_BYTES: usize = 4096;

/// A desk with some orders, closed, so that all is in `desk.db`.
fn closed_desk(n_orders: u64) -> Desk {
    let mut desk = Desk::new();
    for n in 1..=n_orders {
        desk.change(|writer| register_order(writer, n, "小区停水两天，物业不管。"));
    }
    desk.close();
    desk
}

/// Damages the database, and expects to be told so, and that no file is changed by trying.
#[track_caller]
fn check_told(desk: &Desk, damage: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = std::fs::read(desk.database()).unwrap();
    damage(&mut bytes);
    std::fs::write(desk.database(), &bytes).unwrap();
    let before = digests_of(desk.path());
    for _ in 0..2 {
        let error = desk.open().unwrap_err();
        assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
        assert_eq!(digests_of(desk.path()), before);
    }
}

#[test]
fn the_header() {
    check_told(&closed_desk(1), |bytes| bytes[..64].fill(0));
}

#[test]
fn a_page_in_the_middle() {
    check_told(&closed_desk(20), |bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    });
}

/// One byte of each page in turn: only where nothing is kept may it go unseen.
#[test]
fn any_page_that_is_used() {
    let desk = closed_desk(20);
    let whole = std::fs::read(desk.database()).unwrap();
    let unseen = (0..whole.len() / PAGE_BYTES)
        .filter(|page| {
            let mut bytes = whole.clone();
            bytes[page * PAGE_BYTES + 1000] ^= 1;
            std::fs::write(desk.database(), &bytes).unwrap();
            match desk.open() {
                Ok(_) => true,
                Err(OpenError::Damaged { .. }) => false,
                Err(error) => panic!("page {page}: {error}"),
            }
        })
        .count();
    std::fs::write(desk.database(), &whole).unwrap();
    let n_free: usize = desk
        .open()
        .unwrap()
        .read(|reader| {
            let sql = "PRAGMA freelist_count";
            Ok(reader.connection().query_row(sql, [], |row| row.get(0))?)
        })
        .unwrap();
    assert!(unseen <= n_free, "{unseen} unseen, {n_free} free");
}

#[test]
fn the_end_is_missing() {
    check_told(&closed_desk(20), |bytes| {
        let half = bytes.len() / 2 / PAGE_BYTES * PAGE_BYTES;
        bytes.truncate(half);
    });
}

#[test]
fn the_end_is_missing_within_a_page() {
    check_told(&closed_desk(20), |bytes| {
        bytes.truncate(bytes.len() / 2 + 77);
    });
}

#[test]
fn a_text_instead_of_a_database() {
    check_told(&closed_desk(1), |bytes| {
        *bytes = "不是数据库".repeat(PAGE_BYTES).into_bytes();
    });
}

#[test]
fn another_key() {
    let mut desk = closed_desk(1);
    desk.key = DatabaseKey::random().unwrap();
    check_told(&desk, |_| {});
}

#[test]
fn damage_under_a_running_desk_is_told_when_it_is_met() {
    let mut desk = closed_desk(40);
    desk.restart();
    let mut bytes = std::fs::read(desk.database()).unwrap();
    for page in bytes.chunks_mut(PAGE_BYTES).skip(1) {
        page[2000] ^= 1;
    }
    std::fs::write(desk.database(), &bytes).unwrap();
    let error = desk.store().check().unwrap_err();
    assert!(matches!(error, StoreFault::Damaged { .. }), "{error:?}");
    let error = desk
        .store()
        .read(|reader| Ok(reader.events_of("order-7")?))
        .unwrap_err();
    let fault = error.downcast_ref::<StoreFault>().unwrap();
    assert!(matches!(fault, StoreFault::Damaged { .. }), "{fault:?}");
}

/// Cuts the write-ahead log as a power cut may, anywhere: the file opens, and has every commit up
/// to some point and none after it.
#[test]
fn a_torn_log_loses_nothing_before_the_tear() {
    let desk = Desk::new();
    for n in 1..=20 {
        desk.change(|writer| register_order(writer, n, "小区停水"));
    }
    let log = std::fs::read(desk.path().join("desk.db-wal")).unwrap();
    let database = std::fs::read(desk.database()).unwrap();
    let mut counts = Vec::new();
    for twentieth in 0..=20 {
        let folder = tempfile::tempdir().unwrap();
        let torn = &log[..log.len() * twentieth / 20];
        std::fs::write(folder.path().join("desk.db"), &database).unwrap();
        std::fs::write(folder.path().join("desk.db-wal"), torn).unwrap();
        let store = Store::open(folder.path(), &desk.key).unwrap();
        store.check().unwrap();
        counts.push(
            store
                .read(|reader| {
                    reader.verify_chain()?;
                    let n_orders = reader.count(Queue::All)?;
                    assert_eq!(reader.count_waiting()?, n_orders);
                    for n in 1..=n_orders {
                        assert!(reader.load_work_order(&format!("order-{n}"))?.is_some());
                    }
                    Ok(n_orders)
                })
                .unwrap(),
        );
    }
    assert!(counts.is_sorted(), "{counts:?}");
    assert_eq!(counts.last(), Some(&20));
}

#[test]
fn a_log_that_cannot_be_read_is_as_good_as_none() {
    let desk = Desk::new();
    desk.change(|writer| register_order(writer, 1, "小区停水"));
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(desk.database(), folder.path().join("desk.db")).unwrap();
    std::fs::write(folder.path().join("desk.db-wal"), vec![7; 100_000]).unwrap();
    let store = Store::open(folder.path(), &desk.key).unwrap();
    assert_eq!(
        store.read(|reader| Ok(reader.count(Queue::All)?)).unwrap(),
        0
    );
}
