//! What a client is answered: one value as XML or as JSON, or why not, in GeoReport's own form.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::xml;

/// 格式, as the address ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Xml,
    Json,
}

impl Format {
    /// Takes the ending off a path.
    pub(super) fn split(path: &str) -> Option<(&str, Self)> {
        if let Some(rest) = path.strip_suffix(".json") {
            Some((rest, Self::Json))
        } else {
            path.strip_suffix(".xml").map(|rest| (rest, Self::Xml))
        }
    }

    fn media_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Xml => "text/xml; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        })
    }
}

/// Why not. The text is for the people who write clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) status: StatusCode,
    pub(super) description: String,
    /// When to come again, in seconds.
    pub(super) retry_after: Option<u64>,
}

impl Refused {
    pub(super) fn new(status: StatusCode, description: impl Into<String>) -> Self {
        Self {
            status,
            description: description.into(),
            retry_after: None,
        }
    }

    pub(super) fn bad(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, description)
    }

    pub(super) fn not_found(description: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, description)
    }

    pub(super) fn later(status: StatusCode, description: &str, seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new(status, description)
        }
    }
}

/// What is answered: the name of the root element, and what it holds.
pub(super) type Told = Result<(&'static str, Value), Refused>;

pub(super) fn response(format: Format, status: StatusCode, told: Told) -> Response {
    let (status, root, value, retry_after) = match told {
        Ok((root, value)) => (status, root, value, None),
        Err(refused) => {
            let code = refused.status.as_u16();
            let errors = json!([{ "code": code, "description": refused.description }]);
            (refused.status, "errors", errors, refused.retry_after)
        }
    };
    let body = match format {
        Format::Xml => xml::document(root, &value),
        Format::Json => value.to_string(),
    };
    let kind = [(header::CONTENT_TYPE, format.media_type())];
    let mut response = (status, kind, body).into_response();
    let headers = response.headers_mut();
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
