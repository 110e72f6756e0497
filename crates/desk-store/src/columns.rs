//! How our types stand in columns: enums as their serde names, structures as JSON, instants as
//! UTC milliseconds, digests as hex in files.

use chrono::{DateTime, Utc};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::value::{Error as ValueError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer};

/// An enum without fields, stored as its serde name.
pub(crate) struct AsText<T>(pub(crate) T);

impl<T: Serialize> AsText<T> {
    pub(crate) fn name(&self) -> rusqlite::Result<String> {
        let value = serde_json::to_value(&self.0).map_err(to_sql_failure)?;
        let name = value.as_str().map(str::to_owned);
        name.ok_or_else(|| to_sql_failure("only enums without fields have a name"))
    }
}

impl<T: Serialize> ToSql for AsText<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name()?.into())
    }
}

impl<T: DeserializeOwned> FromSql for AsText<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name: StrDeserializer<'_, ValueError> = value.as_str()?.into_deserializer();
        T::deserialize(name).map(Self).map_err(FromSqlError::other)
    }
}

/// A structure, stored as JSON text.
pub(crate) struct AsJson<T>(pub(crate) T);

impl<T: Serialize> ToSql for AsJson<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(&self.0).map_err(to_sql_failure)?;
        Ok(text.into())
    }
}

impl<T: DeserializeOwned> FromSql for AsJson<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?)
            .map(Self)
            .map_err(FromSqlError::other)
    }
}

/// An instant, stored as UTC milliseconds.
pub(crate) struct AsMillis(pub(crate) DateTime<Utc>);

impl ToSql for AsMillis {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.timestamp_millis().into())
    }
}

impl FromSql for AsMillis {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let millis = value.as_i64()?;
        DateTime::from_timestamp_millis(millis)
            .map(Self)
            .ok_or(FromSqlError::OutOfRange(millis))
    }
}

fn to_sql_failure(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(error.into())
}

/// Lower-case hex.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|nibble| char::from_digit(u32::from(nibble), 16))
        .collect()
}

/// The bytes of hex digits; `None` for anything else.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits?;
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    pairs
        .iter()
        .map(|[high, low]| u8::try_from(high * 16 + low).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_there_and_back() {
        assert_eq!(to_hex(&[0, 0x5f, 0xff]), "005fff");
        assert_eq!(from_hex("005fFF"), Some(vec![0, 0x5f, 0xff]));
        for bad in ["0", "0g", "水水"] {
            assert_eq!(from_hex(bad), None, "{bad}");
        }
    }
}
