//! Somebody else's server: keeps what it was sent, and answers as the test wants.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use tokio::sync::watch;

#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> String {
        let value = self.headers.get(name);
        let value = value.unwrap_or_else(|| panic!("no {name} in {self:?}"));
        value.to_str().unwrap().to_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What it answers, first to last; the last for good.
type Answers = Arc<Mutex<Vec<(u16, &'static str)>>>;

#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    received: watch::Sender<Vec<Received>>,
    answers: Answers,
}

impl Receiver {
    pub(crate) async fn open(answers: &[(u16, &'static str)]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}/hook", listener.local_addr().unwrap()),
            received: watch::Sender::new(Vec::new()),
            answers: Arc::new(Mutex::new(answers.to_vec())),
        };
        let router = Router::new().fallback(receive).with_state(receiver.clone());
        drop(tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        }));
        receiver
    }

    /// Waits until so many have come.
    pub(crate) async fn have(&self, n: usize) -> Vec<Received> {
        let mut received = self.received.subscribe();
        let received = received.wait_for(|it| it.len() >= n).await.unwrap();
        received.clone()
    }
}

async fn receive(State(receiver): State<Receiver>, request: Request) -> (StatusCode, &'static str) {
    let headers = request.headers().clone();
    let body = to_bytes(request.into_body(), 1 << 20).await.unwrap();
    let answer = {
        let mut answers = receiver.answers.lock().unwrap();
        if answers.len() > 1 {
            answers.remove(0)
        } else {
            answers[0]
        }
    };
    receiver.received.send_modify(|all| {
        all.push(Received {
            headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        });
    });
    (StatusCode::from_u16(answer.0).unwrap(), answer.1)
}
