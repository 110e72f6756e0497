//! 差错: why a question is not answered, as a problem document (RFC 9457), in Chinese for who writes the
//! program. The code is what programs branch on.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    /// When to come again, in seconds.
    retry_after: Option<u64>,
}

impl Problem {
    fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            title,
            detail: detail.into(),
            retry_after: None,
        }
    }

    /// The question cannot be read.
    pub(super) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "malformed",
            "查询的内容不对",
            detail,
        )
    }

    pub(super) fn unauthorised() -> Self {
        let detail = "请在请求头写 Authorization: Bearer 令牌；令牌由县中心管理员发放。";
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorised",
            "令牌缺失或无效",
            detail,
        )
    }

    /// Of what is not there and of what is not shared alike.
    pub(super) fn not_found() -> Self {
        let detail = "没有这项内容，或者不在共享范围内。";
        Self::new(StatusCode::NOT_FOUND, "not_found", "没有找到", detail)
    }

    pub(super) fn only_read() -> Self {
        let detail = "这里只能读取，请用 GET。";
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Self::new(status, "method_not_allowed", "不支持这种请求", detail)
    }

    pub(super) fn too_many(seconds: u64) -> Self {
        let status = StatusCode::TOO_MANY_REQUESTS;
        let detail = "请按 Retry-After 稍后再试。";
        Self {
            retry_after: Some(seconds),
            ..Self::new(status, "too_many", "请求过于频繁", detail)
        }
    }

    pub(super) fn fault() -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, "fault", "出错了", "请稍后再试，或联系县中心。")
    }

    pub(super) fn response(self) -> Response {
        let body = json!({
            "type": "about:blank",
            "title": self.title,
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        let mut put = |name, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        put(header::CONTENT_TYPE, "application/problem+json");
        put(header::CACHE_CONTROL, "no-store");
        if self.status == StatusCode::UNAUTHORIZED {
            put(header::WWW_AUTHENTICATE, "Bearer");
        }
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            put(header::ALLOW, "GET, HEAD");
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
