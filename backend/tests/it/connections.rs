//! The limits of connections to the database.

use backend::Error;
use backend::keys::{TokenKind, random_token};
use domain::refusal::{AccountRefusal, OidcRefusal, Refusal};
use sqlx::{ConnectOptions as _, PgPool};

use crate::support::{backend, keys};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn links_that_somebody_made_up_ask_the_database_nothing(pool: PgPool) {
    let backend = backend(pool.clone());
    let own = |kind| keys().issue_token(kind);
    let (invitation, reset) = (own(TokenKind::Invitation), own(TokenKind::Reset));
    let (start, state) = (own(TokenKind::KioskStart), own(TokenKind::OidcState));
    let browser = own(TokenKind::OidcBrowser);
    pool.close().await;
    let is_invalid = |error: &Error| {
        matches!(error, Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)))
    };
    for made_up in ["", "x", &random_token(), &own(TokenKind::Voter)] {
        assert!(is_invalid(&backend.find_invitation(made_up).await.unwrap_err()), "{made_up}");
        assert!(is_invalid(&backend.check_reset_link(made_up).await.unwrap_err()), "{made_up}");
        assert!(is_invalid(&backend.start_kiosk(made_up).await.unwrap_err()), "{made_up}");
        assert!(!backend.can_start_kiosk(made_up).await.unwrap(), "{made_up}");
        for (state, browser) in [(made_up, &*browser), (&*state, made_up)] {
            let answer = backend.take_oidc_flow(state, browser).await;
            let over = Error::Refused(Refusal::Oidc(OidcRefusal::Over));
            assert_eq!(format!("{:?}", answer.unwrap_err()), format!("{over:?}"), "{made_up}");
        }
    }
    // Those of this site are looked up, and the database is away.
    assert!(!is_invalid(&backend.find_invitation(&invitation).await.unwrap_err()));
    assert!(!is_invalid(&backend.check_reset_link(&reset).await.unwrap_err()));
    assert!(!is_invalid(&backend.start_kiosk(&start).await.unwrap_err()));
    backend.can_start_kiosk(&start).await.unwrap_err();
    let away = backend.take_oidc_flow(&state, &browser).await.unwrap_err();
    assert!(matches!(away, Error::Database(_)), "{away:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_migration_may_take_as_long_as_it_needs(pool: PgPool) {
    let url = pool.connect_options().to_url_lossy();
    let limit = "show statement_timeout";
    let mut migrating = backend::connect_for_migrations(url.as_str()).await.unwrap();
    let of_migrations: String = sqlx::query_scalar(limit).fetch_one(&mut migrating).await.unwrap();
    assert_eq!(of_migrations, "0");
    let ordinary = backend::connect_to_database(url.as_str(), 1).await.unwrap();
    let of_requests: String = sqlx::query_scalar(limit).fetch_one(&ordinary).await.unwrap();
    assert_eq!(of_requests, "30s");
    // Nothing is left to do, and nothing is done twice.
    backend::apply_migrations(url.as_str()).await.unwrap();
}
