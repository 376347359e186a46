//! The virus scanner: what it has not looked at is given to nobody.

use backend::cases::VirusScanner;
use phrases::errors;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// Answers as clamd does: it reads `zINSTREAM`, pieces with their lengths, and an empty piece. A document with this word is
/// harmful to it.
async fn run_scanner(listener: TcpListener, harmful: &'static [u8]) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let mut command = [0; 10];
        stream.read_exact(&mut command).await.unwrap();
        assert_eq!(&command, b"zINSTREAM\0");
        let mut document = Vec::new();
        loop {
            let length = stream.read_u32().await.unwrap();
            if length == 0 {
                break;
            }
            let mut piece = vec![0; length as usize];
            stream.read_exact(&mut piece).await.unwrap();
            document.extend(piece);
        }
        let found = document.windows(harmful.len()).any(|part| part == harmful);
        let answer: &[u8] = if found { b"stream: Test FOUND\0" } else { b"stream: OK\0" };
        stream.write_all(answer).await.unwrap();
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_document_waits_for_the_scanner_and_a_harmful_one_is_refused(pool: PgPool) {
    let mut draft = Draft::begin(pool).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let scanner: VirusScanner = address.to_string().parse().unwrap();
    drop(listener);
    let backend = draft.house.backend.clone().with_virus_scanner(Some(scanner));
    draft.house = draft.house.served_by(backend);
    // It is away: the document is kept, and waits.
    assert_eq!(draft.add("a.hwpx", &document("harmless")).await.status, StatusCode::SEE_OTHER);
    let (file, house) = (draft.only_file().await, &draft.house);
    let form = house.get(&draft.page, &draft.member).await;
    assert!(form.body.contains(words::scan_waiting(Lang::Ko)), "{}", form.body);
    for path in [file.clone(), format!("{file}/text")] {
        assert_eq!(draft.status(&path, &draft.member).await, StatusCode::NOT_FOUND, "{path}");
    }
    house.backend.scan_waiting_files().await.unwrap();
    assert_eq!(draft.status(&file, &draft.member).await, StatusCode::NOT_FOUND, "still away");

    let listener = TcpListener::bind(address).await.unwrap();
    let harmful = document("harmful");
    let mark: &'static [u8] = Box::leak(harmful[harmful.len() / 2..].to_vec().into_boxed_slice());
    let scanner = tokio::spawn(run_scanner(listener, mark));
    house.backend.scan_waiting_files().await.unwrap();
    assert_eq!(draft.status(&file, &draft.member).await, StatusCode::OK);
    let refused = draft.add("b.hwpx", &harmful).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains(errors::file_infected(Lang::Ko)), "{}", refused.body);
    assert_eq!(rows(&draft.pool, "case_file").await, 1);
    scanner.abort();
}
