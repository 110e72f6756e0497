//! A full disk: nothing half-written, reading goes on, and so does writing once there is space.

use super::*;

#[test]
fn nothing_is_kept_by_halves_and_work_goes_on_after() {
    let desk = Desk::new();
    desk.change(|writer| register_order(writer, 1, "小区停水"));
    let pages = desk.store().limit_pages(0);
    let used = desk.change(|writer| {
        let query = writer
            .connection()
            .query_row("PRAGMA page_count", [], |row| row.get(0));
        Ok(query?)
    });
    desk.store().limit_pages(used);
    // The intent fits, its event does not: all or nothing.
    let long_text = "水".repeat(9_000);
    let write = || {
        desk.store()
            .commit(|writer| register_order(writer, 2, &long_text))
    };
    for _ in 0..2 {
        assert!(matches!(write().unwrap_err(), StoreFault::DiskFull));
        assert_eq!(desk.query(|reader| reader.count(Queue::All)), 1);
        assert_eq!(desk.query(Reader::count_waiting), 1);
        assert!(
            desk.query(|reader| reader.load_work_order("order-2"))
                .is_none()
        );
    }
    desk.store().limit_pages(pages);
    assert_eq!(write().unwrap(), 2);
    desk.store()
        .read(|reader| Ok(reader.verify_chain()?))
        .unwrap();
    desk.store().check().unwrap();
}

/// What the file system itself says when it is full: `/dev/full` is such a file.
#[cfg(target_os = "linux")]
#[test]
fn keys_that_do_not_fit_leave_the_old_ones() {
    let error = std::fs::write("/dev/full", b"keys").unwrap_err();
    assert!(matches!(OpenError::from(error), OpenError::DiskFull));
}
