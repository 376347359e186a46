//! The organisations that can be named: as partners, in recommendations, or to be let in late.

pub(super) mod queries;

use domain::ids::OrganisationId;

use crate::accounts::SignedIn;
use crate::{Backend, Result};

/// An organisation that has an account, by its name.
#[derive(Clone, Debug)]
pub struct NamedOrganisation {
    /// Its key.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
}

impl Backend {
    /// Returns the organisations that have an account, by their names.
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database).
    pub async fn organisations_with_account(
        &self,
        _asker: &SignedIn,
    ) -> Result<Vec<NamedOrganisation>> {
        queries::select_organisations(&mut *self.acquire_connection().await?).await
    }
}
