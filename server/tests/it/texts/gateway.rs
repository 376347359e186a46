//! A fake gateway for text messages that keeps the requests and answers as the test says.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http_body_util::BodyExt as _;

/// How the fake gateway answers.
#[derive(Clone)]
pub(super) enum Mood {
    Takes,
    Says(u16, &'static str),
    Silent,
}

/// A request that arrived at the gateway.
#[derive(Clone)]
pub(super) struct Arrived {
    pub(super) line: String,
    pub(super) headers: http::HeaderMap,
    pub(super) body: Bytes,
}

#[derive(Clone)]
pub(super) struct Fake {
    pub(super) mood: Arc<Mutex<Mood>>,
    pub(super) arrived: Arc<Mutex<Vec<Arrived>>>,
    pub(super) address: String,
}

impl Fake {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let fake =
            Self { mood: Arc::new(Mutex::new(Mood::Takes)), arrived: Arc::default(), address };
        let router = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        fake
    }

    pub(super) fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub(super) fn number(&self) -> usize {
        self.arrived.lock().unwrap().len()
    }

    pub(super) fn last(&self) -> Arrived {
        self.arrived.lock().unwrap().last().unwrap().clone()
    }
}

async fn answer(State(fake): State<Fake>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let line = format!("{} {}", parts.method, parts.uri);
    fake.arrived.lock().unwrap().push(Arrived { line, headers: parts.headers, body });
    let mood = fake.mood.lock().unwrap().clone();
    match mood {
        Mood::Takes => "{\"statusCode\":\"2000\"}".into_response(),
        Mood::Says(status, body) => (StatusCode::from_u16(status).unwrap(), body).into_response(),
        Mood::Silent => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            StatusCode::OK.into_response()
        }
    }
}
