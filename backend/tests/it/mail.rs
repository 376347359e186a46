//! Mail over SMTP, against a server that runs in its own process (`node tools/smtp.mjs`).

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use backend::Backend;
use backend::accounts::JoinForm;
use backend::mail::Mailer;
use domain::schedule::Phase;
use mail_parser::MessageParser;
use phrases::Lang;
use sqlx::PgPool;
use tokio::net::{TcpListener, TcpStream};

use crate::support::{LONG, backend, count, deaf_port, season_in, send_until, stand_at, until};
use crate::voting::ask_for_code;

const FROM: &str = "한표 투표 <vote@hanpyo.example>";

/// A mail server and the mails it has accepted.
struct Server {
    process: Child,
    _input: ChildStdin,
    port: u16,
    taken: Receiver<String>,
}

impl Server {
    fn start(options: &serde_json::Value) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tools/smtp.mjs");
        let mut process = Command::new("node")
            .args([script, &options.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is there: `./dev up` installs it with its packages");
        let input = process.stdin.take().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let first = lines.next().expect("tools/node_modules has smtp-server: run `./dev build`");
        let port = first.unwrap().strip_prefix("port ").unwrap().parse().unwrap();
        let (tell, taken) = channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if tell.send(line).is_err() {
                    break;
                }
            }
        });
        Self { process, _input: input, port, taken }
    }

    /// Lets the job send mails until the server tells something, and returns that. A try that is cut off
    /// before would be none.
    async fn next_of(&self, backend: &Backend, mailer: &Mailer) -> serde_json::Value {
        let told = async {
            loop {
                match self.taken.try_recv() {
                    Ok(line) => break serde_json::from_str(&line).unwrap(),
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            }
        };
        tokio::select! {
            () = backend.send_mails(mailer) => unreachable!("the job has no end"),
            told = tokio::time::timeout(LONG, told) => told.unwrap(),
        }
    }

    /// Waits for the next mail that the server accepts, and returns it.
    fn next(&self) -> serde_json::Value {
        serde_json::from_str(&self.taken.recv_timeout(LONG).unwrap()).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Forwards every connection to a port of this machine.
async fn forward(listener: TcpListener, port: u16) {
    while let Ok((mut client, _)) = listener.accept().await {
        let mut server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        // Copying ends when either side closes. Errors are ignored.
        tokio::spawn(async move {
            drop(tokio::io::copy_bidirectional(&mut client, &mut server).await);
        });
    }
}

fn mailer(port: u16, login: &str, more: &str) -> Mailer {
    Mailer::over_smtp(&format!("smtp://{login}127.0.0.1:{port}{more}"), FROM).unwrap()
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_arrives_signed_in_with_its_headers_and_its_korean(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let server = Server::start(&serde_json::json!({ "user": "한표", "password": "a b/c@d:e" }));
    ask_for_code(&backend, &edition, "voter@mail.example").await;
    let mailer = mailer(server.port, "%ED%95%9C%ED%91%9C:a%20b%2Fc%40d%3Ae@", "");
    send_until(&backend, &mailer, &pool, "mail where sent_at is not null").await;
    let taken = server.next();
    assert_eq!(taken["to"], serde_json::json!(["voter@mail.example"]));
    assert_eq!(taken["user"], "한표", "it signed in");
    let raw = taken["raw"].as_str().unwrap();
    assert!(raw.is_ascii() || raw.contains("8bit"), "{raw}");
    let mail = MessageParser::default().parse(raw.as_bytes()).unwrap();
    let subject = mail.subject().unwrap();
    let code = subject.split(' ').next_back().unwrap();
    assert_eq!(subject, format!("[연습] [한표] 투표 인증번호 {code}"));
    assert!(mail.body_text(0).unwrap().contains(&format!("\n{code}")), "{raw}");
    let from = mail.from().unwrap().first().unwrap();
    assert_eq!((from.name(), from.address()), (Some("한표 투표"), Some("vote@hanpyo.example")));
    assert!(mail.date().is_some() && mail.to().is_some());
    assert_eq!(mail.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert!(mail.message_id().is_some_and(|id| id.ends_with("@hanpyo.example")), "{raw}");
    assert!(
        mail.parts.len() == 1 && mail.text_part(0).is_some(),
        "plain text that stands alone: {raw}"
    );
    assert_eq!(count(&pool, "mail where sealed <> ''").await, 0);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_goes_before_mails_that_were_queued_earlier_for_others(pool: PgPool) {
    let backend = backend(pool.clone());
    let call = season_in(&backend, Phase::Call).await;
    let server = Server::start(&serde_json::json!({}));
    for number in 0..5 {
        let form = JoinForm {
            organisation: "협의체".to_owned(),
            person: "김하나".to_owned(),
            email: format!("council-{number}@mail.example"),
            note: String::new(),
            consent: true,
        };
        backend.request_account(&call, &form, "203.0.113.9", Lang::Ko).await.unwrap();
    }
    let voting = stand_at(&backend, Phase::Voting).await;
    ask_for_code(&backend, &voting, "voter@mail.example").await;
    let mailer = mailer(server.port, "", "");
    send_until(&backend, &mailer, &pool, "mail where sent_at is not null").await;
    assert_eq!(server.next()["to"][0], "voter@mail.example");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_recipient_that_is_refused_keeps_nobody_elses_mail(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let server = Server::start(&serde_json::json!({}));
    ask_for_code(&backend, &edition, "nobody@mail.example").await;
    ask_for_code(&backend, &edition, "voter@mail.example").await;
    let mailer = mailer(server.port, "", "");
    send_until(&backend, &mailer, &pool, "mail where sent_at is not null").await;
    assert_eq!(server.next()["to"][0], "voter@mail.example");
    // It is refused for good: no further try, and nothing of it is kept.
    let refused = "mail where refused_at is not null and sealed = ''";
    send_until(&backend, &mailer, &pool, refused).await;
    assert_eq!(count(&pool, refused).await, 1);
    retry_at_once(&pool).await;
    assert_eq!(count(&pool, "mail where tries > 1").await, 0);
}

/// Makes every mail due that is not over.
async fn retry_at_once(pool: &PgPool) {
    sqlx::query("update mail set next_try_at = now()").execute(pool).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_server_that_greylists_gets_the_code_while_it_is_good(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let server = Server::start(&serde_json::json!({}));
    ask_for_code(&backend, &edition, "grey@mail.example").await;
    let mailer = mailer(server.port, "", "");
    for _ in 0..2 {
        assert_eq!(server.next_of(&backend, &mailer).await["later"], "grey@mail.example");
        // Two minutes at the most, so that a code of fifteen minutes outlives five of greylisting.
        let soon = "mail where next_try_at <= now() + interval '2 minutes' and sent_at is null";
        assert_eq!(count(&pool, soon).await, 1);
        retry_at_once(&pool).await;
    }
    send_until(&backend, &mailer, &pool, "mail where sent_at is not null").await;
    assert_eq!(server.next()["to"][0], "grey@mail.example");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_mail_whose_answer_was_lost_is_the_same_mail_again(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let server = Server::start(&serde_json::json!({}));
    ask_for_code(&backend, &edition, "drop@mail.example").await;
    let mailer = mailer(server.port, "", "");
    let first = server.next_of(&backend, &mailer).await;
    assert_eq!(count(&pool, "mail where sent_at is not null").await, 0);
    retry_at_once(&pool).await;
    send_until(&backend, &mailer, &pool, "mail where sent_at is not null").await;
    let ids = [first, server.next()].map(|mail| {
        let mail = MessageParser::default().parse(mail["raw"].as_str().unwrap()).unwrap();
        mail.message_id().unwrap().to_owned()
    });
    assert_eq!(ids[0], ids[1]);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_code_that_is_over_is_never_sent(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let server = Server::start(&serde_json::json!({}));
    ask_for_code(&backend, &edition, "late@mail.example").await;
    let late = "update mail set expires_at = now() - interval '1 second'
        where expires_at between now() + interval '14 minutes' and now() + interval '15 minutes'";
    assert_eq!(sqlx::query(late).execute(&pool).await.unwrap().rows_affected(), 1);
    ask_for_code(&backend, &edition, "voter@mail.example").await;
    let mailer = mailer(server.port, "", "");
    send_until(&backend, &mailer, &pool, "mail where sent_at is not null").await;
    assert_eq!(server.next()["to"][0], "voter@mail.example");
    assert_eq!(count(&pool, "mail where tries = 0 and sent_at is null").await, 1);
    backend.delete_old_mails().await.unwrap();
    assert_eq!(count(&pool, "mail").await, 1, "its text and its address are gone");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_server_that_was_down_gets_the_mail_when_it_is_back(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let port = deaf_port();
    ask_for_code(&backend, &edition, "voter@mail.example").await;
    let mailer = mailer(port.local_addr().unwrap().port(), "", "");
    send_until(&backend, &mailer, &pool, "mail where tries = 1").await;
    assert_eq!(count(&pool, "mail where sent_at is not null").await, 0);
    let server = Server::start(&serde_json::json!({}));
    tokio::spawn(forward(port.listen(16).unwrap(), server.port));
    sqlx::query("update mail set next_try_at = now()").execute(&pool).await.unwrap();
    send_until(&backend, &mailer, &pool, "mail where sent_at is not null").await;
    assert_eq!(server.next()["to"][0], "voter@mail.example");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_slow_recipient_holds_one_sender_and_no_lock(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let server = Server::start(&serde_json::json!({}));
    let (one, other) = (mailer(server.port, "", ""), mailer(server.port, "", ""));
    ask_for_code(&backend, &edition, "slow@mail.example").await;
    tokio::select! {
        () = backend.send_mails(&one) => {}
        () = async {
            let begun = "mail where tries > 0";
            until(begun, async || count(&pool, begun).await > 0).await;
            ask_for_code(&backend, &edition, "voter@mail.example").await;
            send_until(&backend, &other, &pool, "mail where sent_at is not null").await;
        } => {}
    }
    assert_eq!(server.next()["to"][0], "voter@mail.example");
    assert_eq!(count(&pool, "mail where sent_at is null and tries > 0").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn no_mail_goes_to_a_server_with_an_untrusted_certificate(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Voting).await;
    let server = Server::start(&serde_json::json!({ "tls": true, "user": "u", "password": "p" }));
    ask_for_code(&backend, &edition, "voter@mail.example").await;
    let mailer = mailer(server.port, "u:p@", "?tls=required");
    send_until(&backend, &mailer, &pool, "mail where tries = 1").await;
    assert!(server.taken.recv_timeout(Duration::from_millis(300)).is_err());
    assert_eq!(count(&pool, "mail where sent_at is not null").await, 0);
}

#[test]
fn nobody_else_can_enter_the_folder_of_the_mails() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = std::env::temp_dir().join(format!("hanpyo-mails-{}", uuid::Uuid::new_v4()));
    let _mailer = Mailer::into_folder(folder.clone(), FROM).unwrap();
    let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(mode & 0o777, 0o700);
}
