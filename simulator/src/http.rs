//! A small HTTP/1.1 client: one write and usually one read for each request. The load runs on the
//! same machine as the server, so a request must cost almost nothing here. A general client costs
//! more.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Bytes that a connection reads at once. An answer to a ballot is smaller.
const READ_SIZE: usize = 4096;
/// Maximum number of headers of an answer.
const MOST_HEADERS: usize = 48;
/// Longest answer that is read, in bytes.
const LONGEST_RESPONSE: usize = 64 << 20;

/// An open connection, used for one request after another.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// The answer to a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpResponse {
    /// The status code.
    pub status: u16,
    /// Target of a redirect, else empty.
    pub location: String,
    /// Value of `Retry-After`, in seconds.
    pub retry_after: Option<u64>,
    /// The values of all `Set-Cookie` headers.
    pub cookies: Vec<String>,
    /// The body, without the chunk framing.
    pub body: Vec<u8>,
    /// Whether the server closes the connection after this answer.
    pub last: bool,
}

struct ResponseHead {
    answer: HttpResponse,
    length: usize,
    body: BodyFraming,
}

enum BodyFraming {
    Sized(usize),
    Chunked,
    UntilTheEnd,
}

impl Connection {
    /// Connects to the server.
    ///
    /// # Errors
    /// The operating system's error.
    pub async fn connect_to(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(READ_SIZE) })
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// Any failure after which it is unknown what became of the request.
    pub async fn send_and_read(&mut self, request: &[u8]) -> io::Result<HttpResponse> {
        self.send_request(request).await?;
        self.read_response().await
    }

    /// Sends without waiting for the answer.
    ///
    /// # Errors
    /// The operating system's error.
    pub async fn send_request(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }

    async fn read_response(&mut self) -> io::Result<HttpResponse> {
        self.buffer.clear();
        let head = loop {
            if let Some(head) = parse_head(&self.buffer)? {
                break head;
            }
            self.read_more().await?;
        };
        let ResponseHead { mut answer, length, body } = head;
        answer.body = match body {
            BodyFraming::Sized(size) => {
                while self.buffer.len() < length + size {
                    self.read_more().await?;
                }
                self.buffer[length..length + size].to_vec()
            }
            BodyFraming::Chunked => self.read_chunks(length).await?,
            BodyFraming::UntilTheEnd => {
                answer.last = true;
                self.stream.read_to_end(&mut self.buffer).await?;
                self.buffer[length..].to_vec()
            }
        };
        Ok(answer)
    }

    async fn read_more(&mut self) -> io::Result<()> {
        if self.buffer.len() > LONGEST_RESPONSE {
            return Err(invalid_data("an answer without end"));
        }
        self.buffer.reserve(READ_SIZE);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    async fn read_chunks(&mut self, mut at: usize) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let (size_length, size) = loop {
                match httparse::parse_chunk_size(&self.buffer[at..]) {
                    Ok(httparse::Status::Complete(found)) => break found,
                    Ok(httparse::Status::Partial) => self.read_more().await?,
                    Err(_) => return Err(invalid_data("a chunk without a size")),
                }
            };
            let size = usize::try_from(size).map_err(|_| invalid_data("an endless chunk"))?;
            at += size_length;
            // A chunk ends with two more bytes. The last chunk is empty and ends with them too.
            while self.buffer.len() < at + size + 2 {
                self.read_more().await?;
            }
            body.extend_from_slice(&self.buffer[at..at + size]);
            at += size + 2;
            if size == 0 {
                return Ok(body);
            }
        }
    }
}

fn invalid_data(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Parses the head of an answer; `None` while it is incomplete.
fn parse_head(bytes: &[u8]) -> io::Result<Option<ResponseHead>> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let length = match response.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err(invalid_data("no HTTP")),
    };
    let status = response.code.unwrap_or(0);
    let mut answer = HttpResponse { status, ..HttpResponse::default() };
    let mut body = if status == 204 || status == 304 {
        BodyFraming::Sized(0)
    } else {
        BodyFraming::UntilTheEnd
    };
    for header in response.headers.iter() {
        let value = std::str::from_utf8(header.value).unwrap_or("");
        if header.name.eq_ignore_ascii_case("content-length") {
            body = BodyFraming::Sized(
                value.parse().map_err(|_| invalid_data("an invalid content-length"))?,
            );
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            body = BodyFraming::Chunked;
        } else if header.name.eq_ignore_ascii_case("location") {
            value.clone_into(&mut answer.location);
        } else if header.name.eq_ignore_ascii_case("retry-after") {
            answer.retry_after = value.trim().parse().ok();
        } else if header.name.eq_ignore_ascii_case("set-cookie") {
            answer.cookies.push(value.to_owned());
        } else if header.name.eq_ignore_ascii_case("connection") {
            answer.last = value.eq_ignore_ascii_case("close");
        }
    }
    Ok(Some(ResponseHead { answer, length, body }))
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    use super::{Connection, HttpResponse};

    /// Reads these bytes as an answer. They are sent one by one, so that the answer is cut at every
    /// position.
    async fn read(bytes: &'static [u8]) -> std::io::Result<HttpResponse> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            for byte in bytes {
                stream.write_all(std::slice::from_ref(byte)).await.unwrap();
                tokio::task::yield_now().await;
            }
        });
        Connection::connect_to(address)
            .await
            .unwrap()
            .send_and_read(b"GET / HTTP/1.1\r\n\r\n")
            .await
    }

    #[tokio::test]
    async fn an_answer_is_read_whole_however_it_is_cut() {
        let answer =
            read(b"HTTP/1.1 303 See Other\r\nLocation: /x/receipt\r\ncontent-length: 0\r\n\r\n");
        let answer = answer.await.unwrap();
        assert_eq!((answer.status, answer.location.as_str()), (303, "/x/receipt"));
        let answer = read(
            b"HTTP/1.1 200 OK\r\nset-cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\ncontent-length: 0\r\n\r\n",
        );
        assert_eq!(answer.await.unwrap().cookies, ["a=1; Path=/", "b=2"]);
        let answer = read(
            b"HTTP/1.1 503 Busy\r\nretry-after: 2\r\ntransfer-encoding: chunked\r\n\r\n\
              3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        );
        let answer = answer.await.unwrap();
        assert_eq!((answer.retry_after, answer.body.as_slice()), (Some(2), b"abcde".as_slice()));
    }

    #[tokio::test]
    async fn an_answer_that_is_cut_off_is_no_answer() {
        assert!(read(b"HTTP/1.1 303 See Other\r\nlocation: /receipt\r\n").await.is_err());
        assert!(read(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc").await.is_err());
    }
}
