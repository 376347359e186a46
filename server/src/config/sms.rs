//! The settings of the gateway for text messages, and their budget.

use std::path::{Path, PathBuf};

use backend::sms::{GatewaySettings, SignatureFormat, TextBudget, TextGateway, TextSender};
use clap::{Args, ValueEnum};

use crate::StartError;

/// How text messages are sent: by an HTTP request made from templates. docs/channels.md explains
/// the placeholders in braces and shows two Korean gateways.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Text messages")]
pub struct SmsArgs {
    /// The gateway's address. Without it text messages are written into the folder `mail` of the
    /// data folder.
    #[arg(long, env = "HANPYO_SMS_URL", hide_env_values = true)]
    pub sms_url: Option<String>,
    /// The method of the request.
    #[arg(long, env = "HANPYO_SMS_METHOD", default_value = "POST")]
    pub sms_method: String,
    /// A header as `Name: value`. In the variable several headers are separated by line ends.
    #[arg(
        long = "sms-header",
        env = "HANPYO_SMS_HEADERS",
        hide_env_values = true,
        value_delimiter = '\n'
    )]
    pub sms_headers: Vec<String>,
    /// The body, e.g. {"to":"{to}","from":"{from}","text":"{text}"}.
    #[arg(long, env = "HANPYO_SMS_BODY", default_value = "")]
    pub sms_body: String,
    /// The sender's number, as it is registered with the gateway.
    #[arg(long, env = "HANPYO_SMS_FROM", default_value = "")]
    pub sms_from: String,
    /// The public half of the gateway's key.
    #[arg(long, env = "HANPYO_SMS_KEY", default_value = "", hide_env_values = true)]
    pub sms_key: String,
    /// The file with the secret half of the key. The alternative is the variable
    /// `HANPYO_SMS_SECRET`.
    #[arg(long, env = "HANPYO_SMS_SECRET_FILE", conflicts_with = "sms_secret")]
    pub sms_secret_file: Option<PathBuf>,
    /// The secret half of the key. On the command line everybody on this machine could read it, so
    /// use the variable or the file.
    #[arg(long, env = "HANPYO_SMS_SECRET", hide = true, hide_env_values = true)]
    pub sms_secret: Option<String>,
    /// The text that is signed with HMAC-SHA256, e.g. {date}{nonce}; \n is a line end.
    #[arg(long, env = "HANPYO_SMS_SIGN", default_value = "")]
    pub sms_sign: String,
    /// The encoding of the signature.
    #[arg(long, env = "HANPYO_SMS_SIGN_AS", default_value = "hex")]
    pub sms_sign_as: SignatureEncoding,
    /// Text that the answer contains if the gateway took the message, for gateways whose status is
    /// not enough.
    #[arg(long, env = "HANPYO_SMS_ACCEPTED", default_value = "")]
    pub sms_accepted: String,
    /// Cost of one message, in won.
    #[arg(long, env = "HANPYO_SMS_PRICE", default_value_t = 20, value_parser = clap::value_parser!(i64).range(0..=10_000))]
    pub sms_price: i64,
    /// Highest cost of all messages in an hour, in won.
    #[arg(long, env = "HANPYO_SMS_HOUR", default_value_t = 400_000, value_parser = clap::value_parser!(i64).range(0..=1_000_000_000))]
    pub sms_hour: i64,
    /// Highest cost of all messages of an edition, in won.
    #[arg(long, env = "HANPYO_SMS_EDITION", default_value_t = 2_000_000, value_parser = clap::value_parser!(i64).range(0..=10_000_000_000))]
    pub sms_edition: i64,
    /// Number of failures in a row after which the gateway is left alone for a while.
    #[arg(long, env = "HANPYO_SMS_FAILURES", default_value_t = 5, value_parser = clap::value_parser!(i32).range(1..=1000))]
    pub sms_failures: i32,
}

/// The encoding of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SignatureEncoding {
    /// Lower-case hex.
    Hex,
    /// Base64.
    Base64,
}

impl SmsArgs {
    /// Returns the budget for text messages.
    #[must_use]
    pub fn message_budget(&self) -> TextBudget {
        TextBudget {
            price: self.sms_price,
            per_hour: self.sms_hour,
            per_edition: self.sms_edition,
            failures: self.sms_failures,
        }
    }

    /// Returns the gateway, or the folder if no gateway is configured.
    ///
    /// # Errors
    /// [`StartError::Setting`] if the settings make no valid request, [`StartError::File`] if the
    /// secret cannot be read. The message never contains a key.
    pub fn build_texter(&self, folder: PathBuf) -> Result<TextSender, StartError> {
        let Some(url) = self.sms_url.clone() else {
            return TextSender::into_folder(folder).map_err(StartError::Setting);
        };
        let settings = GatewaySettings {
            url,
            method: self.sms_method.clone(),
            headers: self
                .sms_headers
                .iter()
                .filter(|line| !line.trim().is_empty())
                .cloned()
                .collect(),
            body: self.sms_body.clone(),
            from: self.sms_from.clone(),
            key: self.sms_key.clone(),
            secret: self.read_secret()?,
            sign: self.sms_sign.replace("\\n", "\n"),
            encoding: match self.sms_sign_as {
                SignatureEncoding::Hex => SignatureFormat::Hex,
                SignatureEncoding::Base64 => SignatureFormat::Base64,
            },
            accepted: self.sms_accepted.clone(),
        };
        let gateway = TextGateway::from_settings(settings)
            .map_err(|error| StartError::Setting(format!("text messages: {error}")))?;
        Ok(TextSender::Gateway(Box::new(gateway)))
    }

    fn read_secret(&self) -> Result<String, StartError> {
        match (&self.sms_secret, &self.sms_secret_file) {
            (Some(secret), _) => Ok(secret.clone()),
            (None, Some(path)) => read_secret_file(path),
            (None, None) => Ok(String::new()),
        }
    }
}

fn read_secret_file(path: &Path) -> Result<String, StartError> {
    let secret = std::fs::read_to_string(path)
        .map_err(|error| StartError::file_error(format!("the secret {}", path.display()), error))?;
    Ok(secret.trim().to_owned())
}
