//! Reads files of a record over HTTP, with limits on size and time and with a few attempts.

use std::fs;
use std::io::{Read, Write as _};
use std::path::Path;
use std::time::Duration;

use ureq::http::Response;
use ureq::{Agent, Body};

use crate::finding::AuditError;
use crate::folder::partial_path;

/// Pauses before the second, third and fourth attempt.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(300), Duration::from_secs(1), Duration::from_secs(4)];
/// Longest wait that a busy server may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The site that serves a record.
pub struct RecordSite {
    agent: Agent,
    base: String,
}

/// An answer without a file.
enum FetchFailure {
    /// The file does not exist, or is not public yet.
    Missing,
    /// Worth another attempt, after this time if the server named one.
    Later(Option<Duration>, String),
}

impl RecordSite {
    /// Opens the record at this address, `http(s)://…/record/<edition>`.
    ///
    /// # Errors
    /// [`AuditError::Input`] if it is not such an address.
    pub fn from_url(url: &str) -> Result<Self, AuditError> {
        let base = url.trim_end_matches('/');
        if !base.starts_with("https://") && !base.starts_with("http://") {
            return Err(AuditError::unreadable_input(
                url,
                "not an address that begins with https:// or http://",
            ));
        }
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(3)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_recv_response(Some(Duration::from_secs(30)))
            .timeout_per_read(Some(Duration::from_secs(30)))
            .user_agent(concat!("hanpyo-audit/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: agent.into(), base: base.to_owned() })
    }

    /// Fetches a file of at most `most` bytes; `None` if it does not exist or is not public yet.
    ///
    /// # Errors
    /// [`AuditError::Network`] if there is no good answer.
    pub fn fetch_if_present(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>, AuditError> {
        self.fetch_with_retries(name, |body| {
            let mut bytes = Vec::new();
            body.take(most + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
            if bytes.len() as u64 > most { Err(describe_size_limit(most)) } else { Ok(bytes) }
        })
    }

    /// Fetches a file of at most `most` bytes that must exist.
    ///
    /// # Errors
    /// [`AuditError::Network`] if there is no good answer or no file.
    pub fn fetch_file(&self, name: &str, most: u64) -> Result<Vec<u8>, AuditError> {
        let missing = || AuditError::Network(format!("{}/{name}: not there", self.base));
        self.fetch_if_present(name, most)?.ok_or_else(missing)
    }

    /// Writes a file of at most `most` bytes, completely or not at all. Returns whether it exists.
    ///
    /// # Errors
    /// [`AuditError::Network`], also if it cannot be written.
    pub fn save_file(&self, name: &str, most: u64, path: &Path) -> Result<bool, AuditError> {
        let saved = self.fetch_with_retries(name, |body| {
            let mut write = || {
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent)?;
                }
                let part = partial_path(path);
                let mut file = fs::File::create(&part)?;
                let length = std::io::copy(&mut body.take(most + 1), &mut file)?;
                file.flush()?;
                if length > most {
                    return Err(std::io::Error::other(describe_size_limit(most)));
                }
                fs::rename(&part, path)
            };
            write().map_err(|error| error.to_string())
        })?;
        Ok(saved.is_some())
    }

    fn fetch_with_retries<T>(
        &self,
        name: &str,
        mut read: impl FnMut(&mut dyn Read) -> Result<T, String>,
    ) -> Result<Option<T>, AuditError> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let (asked, why) = match self.fetch_single_attempt(name, &mut read) {
                Ok(value) => return Ok(Some(value)),
                Err(FetchFailure::Missing) => return Ok(None),
                Err(FetchFailure::Later(asked, why)) => (asked, why),
            };
            let Some(pause) = pauses.next() else {
                return Err(AuditError::Network(format!("{}/{name}: {why}", self.base)));
            };
            std::thread::sleep(asked.unwrap_or(pause).min(LONGEST_PAUSE));
        }
    }

    fn fetch_single_attempt<T>(
        &self,
        name: &str,
        read: &mut impl FnMut(&mut dyn Read) -> Result<T, String>,
    ) -> Result<T, FetchFailure> {
        let url = format!("{}/{name}", self.base);
        let answer = self.agent.get(&url).call();
        let mut answer = answer.map_err(|error| FetchFailure::Later(None, error.to_string()))?;
        match answer.status().as_u16() {
            200 => {
                let limit = u64::MAX;
                let mut body = answer.body_mut().with_config().limit(limit).reader();
                read(&mut body).map_err(|why| FetchFailure::Later(None, why))
            }
            // Embargoed documents answer 409.
            403 | 404 | 409 | 410 => Err(FetchFailure::Missing),
            status => Err(FetchFailure::Later(retry_after(&answer), format!("answers {status}"))),
        }
    }
}

fn describe_size_limit(most: u64) -> String {
    format!("larger than {most} bytes")
}

fn retry_after(answer: &Response<Body>) -> Option<Duration> {
    let seconds = answer.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}
