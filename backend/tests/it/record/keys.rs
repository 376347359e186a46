//! The keys of editions: a missing key, or one of another edition, is not used.

use backend::Error;
use domain::schedule::Phase;
use phrases::Lang;
use sqlx::PgPool;

use super::erased::{editions, folder, process};
use crate::support::{SLUG, season_in};
use crate::voting::ask_for_code;

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn nobody_votes_under_a_key_that_is_missing_or_another_editions(pool: PgPool) {
    let folder = folder();
    let backend = process(&pool, &folder);
    let edition = season_in(&backend, Phase::Voting).await;
    assert!(backend.editions_without_key().await.unwrap().is_empty());
    ask_for_code(&backend, &edition, "first@mail.example").await;
    let file = editions(&folder).remove(0);
    let key = std::fs::read_to_string(&file).unwrap();
    for (email, wrong) in [("a@mail.example", Some("ab".repeat(32))), ("b@mail.example", None)] {
        match wrong {
            Some(wrong) => std::fs::write(&file, wrong).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        let backend = process(&pool, &folder);
        assert_eq!(backend.editions_without_key().await.unwrap(), [SLUG]);
        let (open, who) = (edition.voting_open().unwrap(), crate::voting::who(email));
        let network = "203.0.113.9";
        let asked =
            backend.send_code(open, &edition, &edition.polls[0], &who, network, Lang::Ko).await;
        assert!(matches!(asked, Err(Error::Internal(_))), "{asked:?}");
    }
    std::fs::write(&file, key).unwrap();
    let backend = process(&pool, &folder);
    assert!(backend.editions_without_key().await.unwrap().is_empty());
    ask_for_code(&backend, &edition, "last@mail.example").await;
    // The edition is older than the binding of keys: the existing file becomes its key.
    sqlx::query("update edition set key_fingerprint = null").execute(&pool).await.unwrap();
    assert!(backend.editions_without_key().await.unwrap().is_empty());
    std::fs::write(&file, "cd".repeat(32)).unwrap();
    assert_eq!(process(&pool, &folder).editions_without_key().await.unwrap(), [SLUG]);
    std::fs::remove_dir_all(folder).unwrap();
}
