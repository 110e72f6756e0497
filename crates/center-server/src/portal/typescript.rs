//! Makes `ui/src/portal/generated.ts` from the table of calls and the types they name.

use domain::indicators::Indicator;
use domain::matter::{MatterClass, MatterKind};
use domain::work_order::CommandKind;
use wording::typescript::union;

pub(super) use wording::typescript::{CallTypes, Types};

use super::api;

const HEAD: &str = "\
// Generated from crates/center-server by `cargo xtask gen`. Do not edit.
// All instants (`*_at`) are UTC milliseconds. All texts for people are ready-made Chinese.

";

/// `cargo xtask gen` runs this test with `UPDATE_GENERATED` set, which writes the file.
#[test]
fn generated_typescript_is_fresh() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../ui/src/portal/generated.ts"
    );
    let unions = [
        union("MatterClass", &MatterClass::ALL),
        union("MatterKind", &MatterKind::ALL),
        union("CommandKind", CommandKind::ALL),
        union("Indicator", &Indicator::ALL),
    ];
    let expected = wording::typescript::generated_typescript(HEAD, &unions, api::call_types);
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap();
    assert!(
        found == expected,
        "generated.ts is stale: run `cargo xtask gen`"
    );
}
