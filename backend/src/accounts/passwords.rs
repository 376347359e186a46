//! Password hashing with bounded concurrency, so that many sign-ins cannot use up the machine.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use domain::text::{FieldProblem, Password, compose_letters};
use tokio::sync::Semaphore;

use crate::{Error, Result};

/// Memory of one hash in KiB. OWASP's minimum for argon2id with one pass is 46 MiB. These accounts
/// decide a contest, so they get more memory and more passes.
const MEMORY_KIB: u32 = 64 * 1024;
/// Passes over that memory.
const PASSES: u32 = 3;
/// Most hashes at the same time. On two cores the rest of the site stays fast.
const AT_ONCE: usize = 2;
/// Hashes beside these for browsers at which somebody has signed in before. Strangers who fill the
/// others must not keep staff out.
const RESERVED: usize = 1;
/// How long a sign-in waits for its turn before it is refused.
const PATIENCE: Duration = Duration::from_secs(3);

/// Reads a new password. Beside its form, it must not be one that programs guess within minutes: a
/// common one, a row of keys, a date, or what it is `about`, such as the address (NIST SP 800-63B,
/// 3.1.1.2).
pub(super) fn parse_new_password(
    text: &str,
    about: &[&str],
) -> std::result::Result<Password, FieldProblem> {
    let password = Password::parse_password(text)?;
    let score = zxcvbn::zxcvbn(password.as_str(), about).score();
    if score < zxcvbn::Score::Two { Err(FieldProblem::Guessable) } else { Ok(password) }
}

/// Hashes and checks passwords, a few at a time.
#[derive(Clone)]
pub(crate) struct PasswordPool {
    turns: Arc<Semaphore>,
    reserved: Arc<Semaphore>,
    dummy: Arc<str>,
}

impl PasswordPool {
    /// Makes a pool and its dummy hash. Passwords for unknown addresses are checked against it.
    pub(crate) fn with_dummy_hash() -> Self {
        let dummy = argon2_hasher()
            .hash_password(b"nobody has this password")
            .map_or_else(|_| String::new(), |hash| hash.to_string());
        let [turns, reserved] = [AT_ONCE, RESERVED].map(|most| Arc::new(Semaphore::new(most)));
        Self { turns, reserved, dummy: dummy.into() }
    }

    /// Hashes a password. The result is in PHC format.
    pub(crate) async fn hash_password(&self, password: Password) -> Result<String> {
        run_with_limit(&self.turns, move || {
            argon2_hasher()
                .hash_password(password.as_str().as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|_| Error::Internal("argon2 refused to hash"))
        })
        .await?
    }

    /// Whether the password matches the hash. Without a hash it takes as long and returns false,
    /// because the time must not reveal whether an address has an account. A known browser has
    /// turns of its own.
    pub(crate) async fn password_matches(
        &self,
        password: &str,
        hash: Option<String>,
        known_browser: bool,
    ) -> Result<bool> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy.to_string());
        let password = compose_letters(password).into_bytes();
        let turns = if known_browser { &self.reserved } else { &self.turns };
        let right = run_with_limit(turns, move || {
            PasswordHash::new(&hash)
                .is_ok_and(|hash| argon2_hasher().verify_password(&password, &hash).is_ok())
        })
        .await?;
        Ok(known && right)
    }
}

async fn run_with_limit<T: Send + 'static>(
    turns: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let turn = tokio::time::timeout(PATIENCE, turns.clone().acquire_owned())
        .await
        .map_err(|_| Error::TooMany { retry_after: PATIENCE })?
        .map_err(|_| Error::Internal("the password pool was closed"))?;
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        work()
    })
    .await
    .map_err(|_| Error::Internal("hashing panicked"))
}

fn argon2_hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or(Params::DEFAULT);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::parse_new_password;
    use domain::text::FieldProblem;

    #[test]
    fn a_password_that_is_guessed_quickly_is_refused() {
        let about = ["kim.gana@council.example", "김가나"];
        for text in
            ["1234567890", "qwertyuiop", "password123", "aaaaaaaaaaaa", "kim.gana@council.example"]
        {
            let refused = parse_new_password(text, &about).err();
            assert_eq!(refused, Some(FieldProblem::Guessable), "{text}");
        }
        for text in ["hanpyo-demo-2024", "골목 냉장고 반찬 나눔", "a long enough password"]
        {
            assert!(parse_new_password(text, &about).is_ok(), "{text}");
        }
        // A Mac sends the letters of 한 apart.
        let apart =
            parse_new_password("\u{1112}\u{1161}\u{11AB}표 골목 냉장고 반찬", &about).unwrap();
        assert_eq!(apart.as_str(), "한표 골목 냉장고 반찬");
    }
}
