//! Tests that the checker can fail: it catches servers that lie, and does not blame an honest one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use simulator::check::{Rule, StoredBallot, find_violations};
use simulator::journal::Journal;
use simulator::load::{LoadGenerator, VoterHabits, VoterSupply};
use simulator::proxy::{ConnectionCut, Proxy};
use simulator::season::PreparedSeason;
use simulator::target::{Outcome, Target};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

/// How a server treats every tenth ballot.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Honest,
    Forgets,
    StoresTwice,
    StoresOtherPicks,
    StoresWhatItRefuses,
    AcknowledgesBothTabs,
    InventsBallots,
    DeniesWithoutABallot,
}

/// A server that keeps ballots in memory.
struct Fake {
    season: PreparedSeason,
    manner: Manner,
    /// The stored ballots, and how many were cast.
    stored: Mutex<(Vec<StoredBallot>, u32)>,
}

fn season() -> PreparedSeason {
    PreparedSeason {
        edition: "daejeon-2024".to_owned(),
        poll: "citizens".to_owned(),
        poll_id: Uuid::nil(),
        token_key: [7; 32],
        seed: 7,
        voters: 400,
        cases: (1..=6).map(Uuid::from_u128).collect(),
        picks: (1, 3),
    }
}

const RECEIPT: &str = "/editions/daejeon-2024/vote/citizens/receipt";

impl Fake {
    /// Answers a cast as the program does, except for its manner.
    fn cast(&self, request: &str) -> String {
        let ballot = self.read(request);
        let mut held = self.stored.lock().unwrap();
        let (stored, casts) = &mut *held;
        *casts += 1;
        let strange = *casts % 10 == 3 || self.manner == Manner::AcknowledgesBothTabs;
        let manner = if strange { self.manner } else { Manner::Honest };
        if let Some(earlier) = stored.iter().find(|it| it.voter_key == ballot.voter_key) {
            let same = earlier.key == ballot.key || manner == Manner::AcknowledgesBothTabs;
            return see(if same { "" } else { "?again=yes" });
        }
        let another = StoredBallot { id: Uuid::new_v4(), ..ballot.clone() };
        match manner {
            Manner::Forgets => {}
            Manner::StoresTwice => stored.extend([ballot, another]),
            Manner::StoresOtherPicks => {
                stored.push(StoredBallot { picks: Some(vec![Uuid::from_u128(99)]), ..ballot });
            }
            Manner::StoresWhatItRefuses => {
                stored.push(ballot);
                return "HTTP/1.1 409 Conflict\r\ncontent-length: 0\r\n\r\n".to_owned();
            }
            Manner::InventsBallots => {
                stored.extend([ballot, StoredBallot { voter_key: vec![9; 32], ..another }]);
            }
            Manner::DeniesWithoutABallot => return see("?again=yes"),
            Manner::Honest | Manner::AcknowledgesBothTabs => stored.push(ballot),
        }
        see("")
    }

    fn read(&self, request: &str) -> StoredBallot {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let token = head.split("__Host-voter=").nth(1).unwrap()[..64].to_owned();
        let voter =
            (0..self.season.voters).find(|it| self.season.session_token(*it) == token).unwrap();
        let field = |pair: &str| pair.split_once('=').unwrap().1.parse::<Uuid>().unwrap();
        let mut fields = body.split('&').map(field);
        StoredBallot {
            voter_key: self.season.voter_key(voter).to_vec(),
            id: Uuid::new_v4(),
            key: fields.next().unwrap(),
            picks: Some(fields.collect()),
        }
    }
}

fn see(end: &str) -> String {
    format!("HTTP/1.1 303 See Other\r\nlocation: {RECEIPT}{end}\r\ncontent-length: 0\r\n\r\n")
}

async fn serve(listener: TcpListener, fake: Arc<Fake>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(answer(stream, fake.clone()));
    }
}

async fn answer(mut stream: TcpStream, fake: Arc<Fake>) {
    let mut bytes = Vec::new();
    while stream.read_buf(&mut bytes).await.is_ok_and(|length| length > 0) {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.split("content-length: ").nth(1).unwrap().parse::<usize>().unwrap();
        if body.len() < length {
            continue;
        }
        bytes.clear();
        if stream.write_all(fake.cast(&text).as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Runs a load with all bad habits against such a server, and returns the promises that it broke.
async fn broken(manner: Manner, through: impl FnOnce(SocketAddr, &Proxy)) -> Vec<Rule> {
    let season = season();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    let fake = Fake { season: season.clone(), manner, stored: Mutex::default() };
    let fake = Arc::new(fake);
    let serving = tokio::spawn(serve(listener, fake.clone()));
    let proxy = Proxy::start_proxy().await.unwrap();
    proxy.route_to(&[server]);
    through(server, &proxy);
    let journal = Arc::new(Journal::with_file(None).unwrap());
    let target = Target::new(proxy.listening_address(), &season);
    let supply = VoterSupply::from_range(0, season.voters);
    let mut load = LoadGenerator::new(target, season.clone(), journal.clone(), supply);
    load.habits = VoterHabits { two_tabs: 200, ..VoterHabits::BAD_DAY };
    Arc::new(load).run_clients(8).await;
    serving.abort();
    let stored = fake.stored.lock().unwrap();
    let mut rules: Vec<Rule> = find_violations(&season, &journal, &stored.0)
        .iter()
        .map(|violation| violation.rule)
        .collect();
    rules.dedup();
    let histories = journal.key_histories();
    assert!(
        histories.values().any(|history| history.outcome_count(Outcome::Unknown) > 0),
        "nobody hung up"
    );
    assert!(journal.acknowledged_count() > 300, "{} acknowledged", journal.acknowledged_count());
    rules
}

#[tokio::test]
async fn a_server_that_keeps_its_promises_breaks_none_though_lines_do() {
    let cuts = |_, proxy: &Proxy| {
        for cut in [
            ConnectionCut::InRequest,
            ConnectionCut::AfterRequest,
            ConnectionCut::BeforeAnswer,
            ConnectionCut::InAnswer,
        ] {
            (0..10).for_each(|_| proxy.plan_cut(cut));
        }
    };
    assert_eq!(broken(Manner::Honest, cuts).await, []);
}

#[tokio::test]
async fn a_server_that_acknowledges_and_forgets_is_caught() {
    let rules = broken(Manner::Forgets, |_, _| ()).await;
    assert!(rules.contains(&Rule::AcknowledgedButNotStored), "{rules:?}");
}

#[tokio::test]
async fn a_server_that_stores_twice_is_caught() {
    let rules = broken(Manner::StoresTwice, |_, _| ()).await;
    assert_eq!(rules, [Rule::SecondBallotOfOneVoter]);
}

#[tokio::test]
async fn a_server_that_stores_something_else_is_caught() {
    let rules = broken(Manner::StoresOtherPicks, |_, _| ()).await;
    assert_eq!(rules, [Rule::OtherPicks]);
    let rules = broken(Manner::InventsBallots, |_, _| ()).await;
    assert_eq!(rules, [Rule::StoredButNotAsked]);
}

#[tokio::test]
async fn a_server_that_stores_what_it_refuses_is_caught() {
    let rules = broken(Manner::StoresWhatItRefuses, |_, _| ()).await;
    assert!(rules.contains(&Rule::DeniedButStored), "{rules:?}");
}

#[tokio::test]
async fn a_server_that_acknowledges_both_tabs_is_caught() {
    let rules = broken(Manner::AcknowledgesBothTabs, |_, _| ()).await;
    assert!(rules.contains(&Rule::TwoAcknowledged), "{rules:?}");
}

#[tokio::test]
async fn a_server_that_speaks_of_a_ballot_that_is_not_there_is_caught() {
    let rules = broken(Manner::DeniesWithoutABallot, |_, _| ()).await;
    assert!(rules.contains(&Rule::AnotherThatIsNot), "{rules:?}");
}

#[tokio::test]
async fn each_cut_is_made_where_it_was_asked_for() {
    let proxy = Proxy::start_proxy().await.unwrap();
    for (cut, arrives, answered) in [
        (ConnectionCut::InRequest, false, 0..1),
        (ConnectionCut::AfterRequest, true, 0..1),
        (ConnectionCut::BeforeAnswer, true, 0..1),
        (ConnectionCut::InAnswer, true, 1..6),
    ] {
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        proxy.route_to(&[server.local_addr().unwrap()]);
        proxy.plan_cut(cut);
        let mut client = TcpStream::connect(proxy.listening_address()).await.unwrap();
        client.write_all(b"question").await.unwrap();
        let (mut served, _) = server.accept().await.unwrap();
        let mut heard = Vec::new();
        if cut == ConnectionCut::InRequest || cut == ConnectionCut::AfterRequest {
            served.read_to_end(&mut heard).await.unwrap();
        } else {
            served.read_buf(&mut heard).await.unwrap();
            served.write_all(b"answer").await.unwrap();
        }
        assert_eq!(heard == b"question", arrives, "{cut:?}");
        let mut got = Vec::new();
        let _ = client.read_to_end(&mut got).await;
        assert!(answered.contains(&got.len()), "{cut:?}: {got:?}");
    }
    assert_eq!(proxy.cut_count(), 4);
}
