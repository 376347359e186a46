//! The virus scanner: clamd, at a port or a socket of its own. A document that it has not looked at is given to nobody.

use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clamav_client::tokio::{Socket, Tcp, scan_stream};
use futures_util::TryStreamExt as _;
use uuid::Uuid;

use super::{ScanState, queries};
#[cfg(doc)]
use crate::Error;
use crate::audit::{self, AuditAction, NewAuditEvent};
use crate::{Backend, Result};

/// Longest time for one document. The scanner looks at 20 MB in a few seconds.
const LONGEST: Duration = Duration::from_secs(20);

/// Where the scanner listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VirusScanner {
    /// A host and its port.
    Port(String),
    /// A socket of this machine.
    Socket(PathBuf),
}

impl FromStr for VirusScanner {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        if text.starts_with('/') {
            return Ok(Self::Socket(text.into()));
        }
        match text.rsplit_once(':') {
            Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
                Ok(Self::Port(text.to_owned()))
            }
            _ => Err("a host with its port, or the whole path of a socket".to_owned()),
        }
    }
}

impl Backend {
    /// Sets the virus scanner that looks at documents.
    #[must_use]
    pub fn with_virus_scanner(mut self, scanner: Option<VirusScanner>) -> Self {
        self.scanner = scanner.map(std::sync::Arc::new);
        self
    }

    /// Lets the scanner look at an object. [`ScanState::Waiting`] if it gives no answer.
    pub(super) async fn scan_object(&self, object: Uuid) -> Result<ScanState> {
        let Some(scanner) = self.scanner.clone() else { return Ok(ScanState::None) };
        let bytes = self.files.read_object(object).await?;
        let bytes = bytes.map_err(|error| io::Error::other(error.to_string()));
        let asked = async {
            match &*scanner {
                VirusScanner::Port(host_address) => {
                    scan_stream(bytes, Tcp { host_address: host_address.as_str() }, None).await
                }
                VirusScanner::Socket(socket_path) => {
                    scan_stream(bytes, Socket { socket_path }, None).await
                }
            }
        };
        let answer = match tokio::time::timeout(LONGEST, asked).await {
            Ok(answer) => answer,
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        };
        Ok(answer.map_or_else(
            |error| {
                tracing::error!(%error, "the virus scanner does not answer");
                ScanState::Waiting
            },
            |answer| read_answer(&answer),
        ))
    }

    /// Lets the scanner look at the documents that wait for it.
    ///
    /// # Errors
    /// [`Error::Database`]; [`Error::Busy`] if the store fails.
    pub async fn scan_waiting_files(&self) -> Result<()> {
        if self.scanner.is_none() {
            return Ok(());
        }
        let waiting = queries::waiting_files(&mut *self.acquire_connection().await?).await?;
        for (file, case, edition, object) in waiting {
            let state = self.scan_object(object).await?;
            if state == ScanState::Waiting {
                // It is away for the others, too.
                return Ok(());
            }
            self.run_in_transaction(move |connection| {
                Box::pin(async move {
                    queries::update_scan_state(connection, file, state).await?;
                    let act = NewAuditEvent {
                        actor: None,
                        edition: Some(edition),
                        action: AuditAction::CaseFileScanned,
                        subject: &case.to_string(),
                        detail: serde_json::json!({ "file": file.to_string(), "scan": state.stored_word() }),
                    };
                    audit::record_event(connection, act).await
                })
            })
            .await?;
        }
        Ok(())
    }
}

/// Reads an answer of clamd: `stream: OK`, `stream: NAME FOUND`, or an error.
fn read_answer(answer: &[u8]) -> ScanState {
    let answer = String::from_utf8_lossy(answer);
    let answer = answer.trim_matches(['\0', '\n', ' ']);
    if answer.ends_with(" FOUND") {
        ScanState::Infected
    } else if answer == "stream: OK" {
        ScanState::Clean
    } else {
        tracing::error!(answer, "the virus scanner refuses to look");
        ScanState::Waiting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_ok_is_clean() {
        assert_eq!(read_answer(b"stream: OK\0"), ScanState::Clean);
        assert_eq!(read_answer(b"stream: Test.OK.UNOFFICIAL FOUND\0"), ScanState::Infected);
        let refused = b"INSTREAM size limit exceeded. ERROR\0";
        assert_eq!(read_answer(refused), ScanState::Waiting);
        assert_eq!(read_answer(b""), ScanState::Waiting);
    }

    #[test]
    fn a_scanner_is_a_port_or_a_socket() {
        let socket = VirusScanner::Socket("/run/clamav/clamd.ctl".into());
        assert_eq!("/run/clamav/clamd.ctl".parse(), Ok(socket));
        assert_eq!("127.0.0.1:3310".parse(), Ok(VirusScanner::Port("127.0.0.1:3310".to_owned())));
        for wrong in ["clamd", "clamd:", ":3310", "clamd:x", ""] {
            assert!(wrong.parse::<VirusScanner>().is_err(), "{wrong}");
        }
    }
}
