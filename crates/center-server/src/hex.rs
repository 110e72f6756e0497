//! Bytes as hex digits, for keys of records and for what people compare.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
}
