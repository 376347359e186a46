//! The witness as a service: `POST /add-checkpoint`. It is meant for one machine, behind a web
//! server.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;

use crate::finding::AuditError;
use crate::output;

use super::add::{CosignRefusal, Witness};

/// Largest request, in bytes: a note with many signatures, and 63 lines of a proof.
const BODY_BYTES: usize = 256 * 1_024;

/// Serves until it is stopped.
///
/// # Errors
/// [`AuditError::Network`] if the address cannot be used.
pub(super) fn serve_witness(address: SocketAddr, witness: Witness) -> Result<(), AuditError> {
    let network = |error: std::io::Error| AuditError::Network(format!("{address}: {error}"));
    let name = witness.cosigner.verifier_key().to_string();
    let router = Router::new()
        .route("/add-checkpoint", post(answer_add_checkpoint))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .with_state(Arc::new(Mutex::new(witness)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(network)?.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await.map_err(network)?;
        let address = listener.local_addr().map_err(network)?;
        output::print_result_line(format!("witness {name} at http://{address}/add-checkpoint"));
        axum::serve(listener, router).await.map_err(network)
    })
}

async fn answer_add_checkpoint(
    State(witness): State<Arc<Mutex<Witness>>>,
    body: String,
) -> Response {
    // One request at a time: the check of the old size and the write of the new one must not be
    // interleaved. A panic is harmless, because the state is on the disk completely or not at all.
    let work = move || witness.lock().unwrap_or_else(PoisonError::into_inner).add_checkpoint(&body);
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(line)) => line.into_response(),
        Ok(Err(CosignRefusal::Conflict(size))) => {
            let head = [(CONTENT_TYPE, "text/x.tlog.size")];
            (StatusCode::CONFLICT, head, format!("{size}\n")).into_response()
        }
        Ok(Err(refusal)) => refusal_status_code(refusal).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn refusal_status_code(refusal: CosignRefusal) -> StatusCode {
    StatusCode::from_u16(refusal.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
