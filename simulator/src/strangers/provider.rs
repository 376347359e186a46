//! An `OpenID` provider that stalls: it says where it is, and then never answers a sign-in.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::error::{Result, SimulatorError};

/// Longest request that is read, in bytes.
const LONGEST_REQUEST: usize = 16 * 1024;

/// A provider on this machine. Dropping it ends it.
pub struct StalledProvider {
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Drop for StalledProvider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl StalledProvider {
    /// Starts the provider on a free port.
    ///
    /// # Errors
    /// [`SimulatorError`] if no port is free.
    pub async fn start_provider() -> Result<Self> {
        let failed = || SimulatorError::system_error("the stalled provider");
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(failed())?;
        let address = listener.local_addr().map_err(failed())?;
        let serving = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                // A connection that breaks is the client's affair.
                tokio::spawn(async move { drop(answer_or_stall(connection, address).await) });
            }
        });
        Ok(Self { address, serving })
    }

    /// Returns the flags of a server whose voters sign in here.
    #[must_use]
    pub fn serve_flags(&self) -> Vec<String> {
        let issuer = format!("http://{}", self.address);
        ["--oidc-issuer", &issuer, "--oidc-client-id", "hanpyo"].map(str::to_owned).into()
    }
}

/// Answers questions about the provider. Says nothing to a sign-in until the client has gone.
async fn answer_or_stall(mut connection: TcpStream, own: SocketAddr) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        if connection.read_buf(&mut request).await? == 0 || request.len() > LONGEST_REQUEST {
            return Ok(());
        }
    }
    let body = if request.starts_with(b"GET /.well-known/openid-configuration ") {
        describe_provider(own)
    } else if request.starts_with(b"GET /keys ") {
        r#"{"keys":[]}"#.to_owned()
    } else {
        let mut rest = [0; 1024];
        while connection.read(&mut rest).await? > 0 {}
        return Ok(());
    };
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    connection.write_all(format!("{head}{body}").as_bytes()).await
}

fn describe_provider(own: SocketAddr) -> String {
    serde_json::json!({
        "issuer": format!("http://{own}"),
        "authorization_endpoint": format!("http://{own}/sign-in"),
        "token_endpoint": format!("http://{own}/token"),
        "jwks_uri": format!("http://{own}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    })
    .to_string()
}
