//! A browser of one person of a unit: keeps the cookie, sends what the page was told.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use center_server::account::SessionToken;
use center_server::{Office, web_door};
use serde_json::{Value, json};
use tower::ServiceExt as _;

pub(crate) struct Browser {
    router: Router,
    pub(crate) cookie: String,
    pub(crate) token: String,
    n_acts: u32,
    /// Every body that ever came back.
    pub(crate) heard: Vec<String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
    pub(crate) set_cookie: String,
}

impl Heard {
    /// The value of a call that was done.
    pub(crate) fn value(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self.body["value"].clone()
    }

    pub(crate) fn refusal(&self) -> &str {
        assert_ne!(self.status, StatusCode::OK, "{}", self.body);
        self.body["message"].as_str().unwrap()
    }
}

impl Browser {
    pub(crate) fn new(office: &Arc<Office>) -> Self {
        Self {
            router: web_door::router(Arc::clone(office)).unwrap(),
            cookie: String::new(),
            token: String::new(),
            n_acts: 0,
            heard: Vec::new(),
        }
    }

    pub(crate) async fn signed_in(office: &Arc<Office>, person: &str, password: &str) -> Self {
        let mut browser = Self::new(office);
        let form = json!({ "person": person, "password": password });
        let heard = browser.call("sign_in", form).await;
        browser.take(&heard);
        assert_eq!(heard.status, StatusCode::OK, "{}", heard.body);
        browser
    }

    /// One whose person is in already.
    pub(crate) async fn with_session(office: &Arc<Office>, token: &SessionToken) -> Self {
        let mut browser = Self::new(office);
        browser.cookie = format!("hotline_portal={}", token.text());
        let me = browser.call("who_am_i", Value::Null).await;
        browser.take(&me);
        browser
    }

    /// Remembers who it is now.
    pub(crate) fn take(&mut self, heard: &Heard) {
        if let Some((cookie, _)) = heard.set_cookie.split_once(';') {
            cookie.clone_into(&mut self.cookie);
        }
        if let Some(token) = heard.body["value"]["token"].as_str() {
            token.clone_into(&mut self.token);
        }
    }

    pub(crate) async fn call(&mut self, name: &str, request: Value) -> Heard {
        let request = self
            .request("POST", &format!("/portal/call/{name}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(request.to_string()));
        self.send(request.unwrap()).await
    }

    pub(crate) async fn ask(&mut self, name: &str, request: Value) -> Value {
        self.call(name, request).await.value()
    }

    /// Does an act on an order as it is shown now.
    pub(crate) async fn act(&mut self, order: &str, act: Value) -> Heard {
        let shown = self.ask("work_order", json!({ "id": order })).await;
        let act_id = self.new_act_id();
        let request =
            json!({ "id": order, "act_id": act_id, "version": shown["version"], "act": act });
        self.call("handle_order", request).await
    }

    pub(crate) async fn done(&mut self, order: &str, act: Value) -> String {
        let done = self.act(order, act).await.value();
        done["message"].as_str().unwrap().to_owned()
    }

    pub(crate) fn new_act_id(&mut self) -> String {
        self.n_acts += 1;
        format!("act-{}", self.n_acts)
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "portal.test")
            .header(header::ORIGIN, "https://portal.test")
            .header(header::COOKIE, &self.cookie)
            .header("x-portal-token", &self.token)
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Heard {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let set_cookie = response.headers().get(header::SET_COOKIE);
        let set_cookie = set_cookie.map_or("", |it| it.to_str().unwrap()).to_owned();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.heard.push(text.clone());
        Heard {
            status,
            body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
            set_cookie,
        }
    }
}

impl Browser {
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    pub(crate) async fn upload(&mut self, order: &str, name: &str, bytes: &[u8]) -> Heard {
        let name = name.bytes().fold(String::new(), |encoded, byte| {
            encoded + &format!("%{byte:02X}")
        });
        let path = format!("/portal/evidence/{order}?name={name}");
        let request = self.request("POST", &path).body(Body::from(bytes.to_vec()));
        self.send(request.unwrap()).await
    }
}
