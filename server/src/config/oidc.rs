//! The settings of the `OpenID` provider at which voters sign in.

use std::path::PathBuf;

use backend::voting::oidc::{OidcProvider, OidcSettings};
use clap::Args;
use domain::text::Bilingual;

use crate::StartError;

/// The `OpenID` provider of polls with the identity `oidc`. docs/channels-oidc.md shows Kakao.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "OpenID provider")]
pub struct OidcArgs {
    /// The provider's address, e.g. https://kauth.kakao.com. Without it there is no provider.
    #[arg(long, env = "HANPYO_OIDC_ISSUER", requires = "oidc_client_id")]
    pub oidc_issuer: Option<String>,
    /// The client id that the provider gave this site.
    #[arg(long, env = "HANPYO_OIDC_CLIENT_ID")]
    pub oidc_client_id: Option<String>,
    /// The file with the secret that the provider gave, if it gave one.
    #[arg(long, env = "HANPYO_OIDC_CLIENT_SECRET_FILE")]
    pub oidc_client_secret_file: Option<PathBuf>,
    /// The provider's name on the button, in Korean.
    #[arg(long, env = "HANPYO_OIDC_NAME_KO", default_value = "OpenID")]
    pub oidc_name_ko: String,
    /// The provider's name on the button, in English.
    #[arg(long, env = "HANPYO_OIDC_NAME_EN", default_value = "OpenID")]
    pub oidc_name_en: String,
}

impl OidcArgs {
    /// Returns the provider, if one is configured. In a demonstration a provider on this machine
    /// may be without TLS.
    ///
    /// # Errors
    /// [`StartError::Setting`] or [`StartError::File`]. The message never contains the secret.
    pub fn oidc_provider(
        &self,
        url: &str,
        demonstration: bool,
    ) -> Result<Option<OidcProvider>, StartError> {
        let Some(issuer) = self.oidc_issuer.clone() else { return Ok(None) };
        let secret = self.oidc_client_secret_file.as_ref().map(|path| {
            let what = || format!("the secret {}", path.display());
            std::fs::read_to_string(path).map_err(|error| StartError::file_error(what(), error))
        });
        let settings = OidcSettings {
            issuer,
            client_id: self.oidc_client_id.clone().unwrap_or_default(),
            client_secret: secret.transpose()?.map(|secret| secret.trim().to_owned()),
            name: Bilingual::new(&self.oidc_name_ko, &self.oidc_name_en),
            redirect: format!("{url}/vote/oidc"),
            plain: demonstration,
        };
        let provider = OidcProvider::from_settings(settings)
            .map_err(|error| StartError::Setting(format!("OpenID provider: {error}")))?;
        Ok(Some(provider))
    }
}
