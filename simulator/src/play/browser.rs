//! A browser, as far as the server can tell one: its cookies, its headers, and the files that it
//! fetches.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use domain::fraud::BallotTrace;

use super::forms::{FormFields, encode_fields, list_page_files};
use crate::error::{Result, SimulatorError};
use crate::http::{Connection, HttpResponse};

/// The cookie by which the fraud checks know a browser.
pub const NUMBER_COOKIE: &str = "__Host-browser";
/// The cookie of a browser that has fetched the picture of a page.
const PICTURE_COOKIE: &str = "__Host-drawn";
/// The picture that sets it.
const PICTURE: &str = "/vote/drawn.svg";
/// Longest rest of a connection that is used again. The server closes it after ten seconds.
const LONGEST_REST: Duration = Duration::from_secs(5);
/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a request is sent to a server that is too busy.
const TRIES: u32 = 6;
/// Longest pause before another try.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A request that was answered, with the instants between which the server worked on it.
pub struct Exchange {
    /// When the request was sent.
    pub sent: Instant,
    /// When the answer was there.
    pub received: Instant,
    /// The answer.
    pub response: HttpResponse,
}

/// The least and the most that whole seconds may be that a server measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondsRange {
    /// The least.
    pub least: u64,
    /// The most.
    pub most: u64,
}

impl Exchange {
    /// Returns the answer as text.
    #[must_use]
    pub fn page_text(&self) -> String {
        String::from_utf8_lossy(&self.response.body).into_owned()
    }

    /// Returns the whole seconds that the server may have measured from this request to a later one. Its
    /// two clock readings are cut off, so their difference is at most one second too long.
    #[must_use]
    pub fn seconds_until(&self, later: &Self) -> SecondsRange {
        SecondsRange {
            least: later.sent.saturating_duration_since(self.received).as_secs(),
            most: later.received.saturating_duration_since(self.sent).as_secs() + 1,
        }
    }
}

/// A browser with its cookies.
pub struct Browser {
    server: SocketAddr,
    cookies: BTreeMap<String, String>,
    cached: BTreeSet<String>,
    address: String,
    headers: &'static [&'static str],
    language: bool,
    keeps_number: bool,
    connection: Option<(Connection, Instant)>,
}

/// Headers of a browser that it sends with pages.
const FETCH_HEADERS: [&str; 2] = ["sec-fetch-site: same-origin", "sec-fetch-mode: navigate"];

impl Browser {
    /// Returns a browser without cookies. [`Browser::seat_voter`] says who sits in front of it.
    #[must_use]
    pub fn for_server(server: SocketAddr) -> Self {
        Self {
            server,
            cookies: BTreeMap::new(),
            cached: BTreeSet::new(),
            address: String::new(),
            headers: &[],
            language: false,
            keeps_number: true,
            connection: None,
        }
    }

    /// Lets a voter take over: from an address, and with the requests that a trace tells.
    pub fn seat_voter(&mut self, address: IpAddr, trace: &BallotTrace) {
        self.address = address.to_string();
        self.headers = if trace.fetch_headers { &FETCH_HEADERS } else { &[] };
        self.language = trace.language_header;
        self.keeps_number = trace.device.is_some();
        if !trace.assets_fetched {
            self.cookies.remove(PICTURE_COOKIE);
        }
    }

    /// Returns the number by which the server knows this browser, if it has one.
    #[must_use]
    pub fn known_number(&self) -> Option<&str> {
        self.cookies.get(NUMBER_COOKIE).map(String::as_str)
    }

    /// Gives the browser a number that another window of it got.
    pub fn adopt_number(&mut self, number: &str) {
        self.cookies.insert(NUMBER_COOKIE.to_owned(), number.to_owned());
    }

    /// Forgets all cookies but the number.
    pub fn forget_session(&mut self) {
        self.cookies.retain(|name, _| name == NUMBER_COOKIE);
    }

    /// Opens a page, which must be there.
    ///
    /// # Errors
    /// [`SimulatorError`] if there is no answer or another status than 200.
    pub async fn open_page(&mut self, path: &str) -> Result<Exchange> {
        let exchange = self.exchange_request("GET", path, None).await?;
        match exchange.response.status {
            200 => Ok(exchange),
            status => Err(SimulatorError::condition_error(format!("GET {path}: {status}"))),
        }
    }

    /// Posts a form, which must lead to a page whose path ends with `end`.
    ///
    /// # Errors
    /// [`SimulatorError`] if there is no answer or the form leads elsewhere.
    pub async fn submit_form(
        &mut self,
        path: &str,
        fields: &FormFields,
        end: &str,
    ) -> Result<Exchange> {
        let exchange = self.exchange_request("POST", path, Some(encode_fields(fields))).await?;
        let (status, location) = (exchange.response.status, &exchange.response.location);
        if status == 303 && location.split('#').next().is_some_and(|path| path.ends_with(end)) {
            return Ok(exchange);
        }
        Err(SimulatorError::condition_error(format!("POST {path}: {status} {location}")))
    }

    /// Fetches the pictures and styles of a page, and its scripts if `scripts` is true. What is cached is
    /// not fetched again.
    ///
    /// # Errors
    /// [`SimulatorError`] if there is no answer.
    pub async fn fetch_files(&mut self, page: &str, scripts: bool) -> Result<()> {
        for file in list_page_files(page, scripts) {
            if file == PICTURE || self.cached.insert(file.clone()) {
                self.exchange_request("GET", &file, None).await?;
            }
        }
        Ok(())
    }

    fn write_request(&self, method: &str, path: &str, body: Option<&str>) -> Vec<u8> {
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.server);
        if !self.address.is_empty() {
            let _ = write!(text, "x-forwarded-for: {}\r\n", self.address);
        }
        for header in self.headers {
            let _ = write!(text, "{header}\r\n");
        }
        if self.language {
            text.push_str("accept-language: ko-KR,ko;q=0.9\r\n");
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let _ = write!(text, "cookie: {}\r\n", pairs.join("; "));
        }
        if let Some(body) = body {
            text.push_str("content-type: application/x-www-form-urlencoded\r\n");
            let _ = write!(text, "content-length: {}\r\n", body.len());
        }
        let _ = write!(text, "\r\n{}", body.unwrap_or_default());
        text.into_bytes()
    }

    /// Sends a request until the server has time for it, and keeps the cookies of the answer.
    async fn exchange_request(
        &mut self,
        method: &str,
        path: &str,
        body: Option<String>,
    ) -> Result<Exchange> {
        let mut left = TRIES;
        loop {
            let request = self.write_request(method, path, body.as_deref());
            let exchange = self.send_once(&request).await?;
            self.keep_cookies(&exchange.response.cookies);
            let pause = exchange.response.retry_after.map(Duration::from_secs);
            left -= 1;
            match pause.filter(|_| exchange.response.status == 503 && left > 0) {
                Some(pause) => tokio::time::sleep(pause.min(LONGEST_PAUSE)).await,
                None => return Ok(exchange),
            }
        }
    }

    async fn send_once(&mut self, request: &[u8]) -> Result<Exchange> {
        let kept = self.connection.take().filter(|(_, used)| used.elapsed() < LONGEST_REST);
        let sending = async {
            let mut connection = match kept {
                Some((connection, _)) => connection,
                None => Connection::connect_to(self.server).await?,
            };
            let sent = Instant::now();
            let response = connection.send_and_read(request).await?;
            Ok((connection, Exchange { sent, received: Instant::now(), response }))
        };
        let timed = tokio::time::timeout(PATIENCE, sending).await;
        let answer: std::io::Result<_> =
            timed.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()));
        let (connection, exchange) = answer.map_err(SimulatorError::system_error("a request"))?;
        if !exchange.response.last {
            self.connection = Some((connection, exchange.received));
        }
        Ok(exchange)
    }

    fn keep_cookies(&mut self, set: &[String]) {
        for line in set {
            let mut parts = line.split("; ");
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let deleted = parts.any(|rule| rule.eq_ignore_ascii_case("max-age=0"));
            if deleted || (name == NUMBER_COOKIE && !self.keeps_number) {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Browser, Exchange, SecondsRange};
    use crate::fraud::stage::Stage;
    use crate::http::HttpResponse;

    fn browser() -> Browser {
        Browser::for_server(([127, 0, 0, 1], 1).into())
    }

    #[test]
    fn cookies_are_kept_and_deleted_as_the_server_says() {
        let mut browser = browser();
        let set = ["a=1; Path=/; Secure", "__Host-browser=n; Path=/", "b=2; Path=/; Max-Age=9"];
        browser.keep_cookies(&set.map(str::to_owned));
        browser.keep_cookies(&["b=; Path=/; Max-Age=0".to_owned()]);
        assert_eq!(browser.known_number(), Some("n"));
        let request = String::from_utf8(browser.write_request("GET", "/x", None)).unwrap();
        assert!(request.contains("cookie: __Host-browser=n; a=1\r\n"), "{request}");
        browser.forget_session();
        let request = String::from_utf8(browser.write_request("GET", "/x", None)).unwrap();
        assert!(request.contains("cookie: __Host-browser=n\r\n"), "{request}");
    }

    #[test]
    fn a_browser_shows_what_the_trace_of_its_voter_says() {
        let (mut browser, mut trace) = (browser(), Stage::from_seed(1).draw_person(0));
        (trace.fetch_headers, trace.language_header, trace.device) = (false, false, None);
        let address = "2001:db8::1".parse().unwrap();
        browser.seat_voter(address, &trace);
        browser.keep_cookies(&["__Host-browser=n; Path=/".to_owned()]);
        assert_eq!(browser.known_number(), None);
        let bare = String::from_utf8(browser.write_request("POST", "/x", Some("a=b"))).unwrap();
        assert!(bare.contains("x-forwarded-for: 2001:db8::1\r\n") && bare.ends_with("\r\n\r\na=b"));
        assert!(!bare.contains("sec-fetch") && !bare.contains("accept-language"));
        (trace.fetch_headers, trace.language_header) = (true, true);
        browser.seat_voter(address, &trace);
        let full = String::from_utf8(browser.write_request("GET", "/x", None)).unwrap();
        assert!(full.contains("sec-fetch-mode") && full.contains("accept-language"));
    }

    #[test]
    fn the_seconds_of_a_server_lie_between_the_instants_of_the_browser() {
        let at = Instant::now();
        let exchange = |sent, received| Exchange {
            sent: at + Duration::from_millis(sent),
            received: at + Duration::from_millis(received),
            response: HttpResponse::default(),
        };
        let range = exchange(0, 900).seconds_until(&exchange(6_000, 6_400));
        assert_eq!(range, SecondsRange { least: 5, most: 7 });
    }
}
