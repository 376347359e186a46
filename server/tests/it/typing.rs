//! Ten thousand texts, as people have them, go through the forms and come back as they were typed, or
//! with a clear word beside the field.

mod people;

use backend::accounts::Role;
use domain::schedule::Phase;
use http::StatusCode;
use sqlx::PgPool;

use crate::support::{Answer, House, SLUG};
pub(crate) use people::encode;
use people::{Typist, lines, seen, unescape};

/// A form: where it is, where its texts are read again, and whose it is.
struct Form<'a> {
    house: &'a House,
    cookie: &'a str,
    page: String,
    /// The fields that hold texts.
    texts: &'a [&'a str],
    /// The other fields.
    others: &'a [(&'a str, &'a str)],
    /// The hidden field that the page gives and the form sends back; empty if there is none.
    echo: &'a str,
}

impl Form<'_> {
    /// Fills the form so many times with new texts. Returns how many texts there were.
    async fn fill(&self, typist: &mut Typist, times: usize) -> usize {
        for _ in 0..times {
            let texts: Vec<String> = self.texts.iter().map(|_| typist.write()).collect();
            self.fill_with(&texts).await;
        }
        times * self.texts.len()
    }

    async fn fill_with(&self, texts: &[String]) {
        let mut fields: Vec<(&str, &str)> = self.others.to_vec();
        fields.extend(self.texts.iter().copied().zip(texts.iter().map(String::as_str)));
        let given = self.house.get(&self.page, self.cookie).await;
        let echo = hidden_value(&given.body, self.echo);
        if !self.echo.is_empty() {
            fields.push((self.echo, &echo));
        }
        let answer = self.house.post(&self.page, self.cookie, &encode(&fields)).await;
        let shown = match answer.status {
            StatusCode::SEE_OTHER => {
                let to = answer.header("location").split('#').next().unwrap().to_owned();
                self.house.get(&to, self.cookie).await
            }
            StatusCode::UNPROCESSABLE_ENTITY => {
                assert!(tells_a_fault(&answer), "{}: {texts:?}\n{}", self.page, answer.body);
                answer
            }
            StatusCode::OK => answer,
            other => panic!("{} {other}: {texts:?}\n{}", self.page, answer.body),
        };
        self.check_all_come_back(&shown, texts);
    }

    fn check_all_come_back(&self, shown: &Answer, texts: &[String]) {
        let page = seen(&unescape(&shown.body));
        for (name, text) in self.texts.iter().zip(texts) {
            for line in lines(text) {
                assert!(page.contains(&seen(line)), "{} {name}: {text:?} lost {line:?}", self.page);
            }
        }
    }
}

/// Returns the value of a hidden field of a page; an empty text without it.
fn hidden_value(page: &str, name: &str) -> String {
    let found = page.split_once(&format!("name=\"{name}\" value=\""));
    found.map(|(_, rest)| rest.split('"').next().unwrap().to_owned()).unwrap_or_default()
}

async fn first_case(pool: &PgPool) -> String {
    let sql = "select id::text from cases where state = 'accepted' order by id limit 1";
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

fn tells_a_fault(answer: &Answer) -> bool {
    let marks = ["field-error", "error-summary", "data-tone=\"danger\"", "class=\"verdict\""];
    let nothing_to_check = phrases::verify::empty(phrases::Lang::Ko);
    marks.iter().any(|mark| answer.body.contains(mark)) || answer.body.contains(nothing_to_check)
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn what_organisations_and_strangers_type_comes_back(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let member = house.cookie_of(Role::Member).await;
    let mut typist = Typist::with_seed(1);
    let [case, track, _] = house.begin_case(&member).await;
    let case = Form {
        house: &house,
        cookie: &member,
        page: case,
        texts: &["title", "title_en", "summary", "body"],
        others: &[("track", &track), ("act", "save")],
        echo: "version",
    };
    let mut texts = case.fill(&mut typist, 500).await;
    house.stand_at(Phase::Voting).await;
    house.backend.open_poll(&house.edition().await, &house.edition().await.polls[0]).await.unwrap();
    let identify = format!("/editions/{SLUG}/vote/citizens");
    let picked = format!("picks.{SLUG}.citizens={SLUG}~{}", first_case(&pool).await);
    let contact = Form {
        house: &house,
        cookie: &picked,
        page: identify,
        texts: &["email"],
        others: &[],
        echo: "",
    };
    texts += contact.fill(&mut typist, 400).await;
    let receipt = Form {
        house: &house,
        cookie: "",
        page: "/verify".to_owned(),
        texts: &["receipt"],
        others: &[],
        echo: "",
    };
    texts += receipt.fill(&mut typist, 300).await;
    for _ in 0..700 {
        let text = typist.write();
        let path = format!("/editions/{SLUG}/cases?{}", encode(&[("q", &text)]));
        let found = house.get(&path, "lang=ko").await;
        assert_eq!(found.status, StatusCode::OK, "{text:?}");
        let page = seen(&unescape(&found.body));
        let first = lines(&text).map(seen).find(|line| !line.is_empty()).unwrap_or_default();
        let first: String = first.chars().take(40).collect();
        assert!(page.contains(&first), "the search shows {text:?}");
        texts += 1;
    }
    assert_eq!(texts, 3_400);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn what_organisers_type_comes_back(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let admin = house.cookie_of(Role::Administrator).await;
    let mut typist = Typist::with_seed(2);
    let form = |page, texts, others, echo| Form {
        house: &house,
        cookie: &admin,
        page,
        texts,
        others,
        echo,
    };
    let desk = |page: &str| format!("/admin/{SLUG}/{page}");
    let office = [
        "department",
        "telephone",
        "hours",
        "privacy_officer",
        "privacy_contact",
        "processors",
        "privacy_more",
        "help_more",
        "terms_more",
    ];
    let mut texts =
        form(desk("office"), &office, &[("act", "save")], "").fill(&mut typist, 250).await;
    let notice = [("act", "publish")];
    for _ in 0..10 {
        texts += form(desk("office"), &["title", "body"], &notice, "").fill(&mut typist, 10).await;
        sqlx::query("delete from notice").execute(&pool).await.unwrap();
    }
    let poll = form(desk("add-poll"), &["title_ko", "title_en"], &[("slug", "")], "");
    texts += poll.fill(&mut typist, 300).await;
    let observer = [("act", "observer"), ("days", "many")];
    texts += form(desk("record"), &["name"], &observer, "").fill(&mut typist, 100).await;
    let invite = [("act", "invite"), ("email", "no address"), ("role", "member")];
    texts += form(desk("people"), &["organisation"], &invite, "").fill(&mut typist, 200).await;
    let file = include_str!("../../../data/template.json");
    let operator = backend::accounts::Admin::local_operator();
    let draft = house.backend.begin_draft(&operator, file).await.unwrap();
    let step = |name: &str| format!("/admin/editions/drafts/{draft}/{name}");
    let save = [("act", "save"), ("slug", "by-typing")];
    let basics = ["title.ko", "title.en", "host.ko", "host.en"];
    texts += form(step("basics"), &basics, &save, "shown").fill(&mut typist, 300).await;
    assert_eq!(texts, 4_550);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn what_the_call_asks_for_comes_back(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let member = house.cookie_of(Role::Member).await;
    let admin = house.cookie_of(Role::Administrator).await;
    let mut typist = Typist::with_seed(5);
    let form =
        |cookie, page, texts, others| Form { house: &house, cookie, page, texts, others, echo: "" };
    let [case, _, _] = house.begin_case(&member).await;
    let partners = format!("{case}/partners");
    let agreement = [("act", "agreement"), ("agreement_on", "no day")];
    let titles = form(&member, partners.clone(), &["agreement_title"], &agreement);
    let mut texts = titles.fill(&mut typist, 100).await;
    let ask = form(&member, partners, &["partner"], &[("act", "ask")]);
    texts += ask.fill(&mut typist, 100).await;
    let recommend = format!("/organisation/recommend?edition={SLUG}");
    let person = [("kind", "person"), ("email", "no address")];
    let named = ["organisation", "person", "subject", "reason"];
    texts += form(&member, recommend, &named, &person).fill(&mut typist, 60).await;
    let waiting = "update cases set state = 'submitted', screened_at = null
        where id = (select id from cases where state = 'accepted' order by id limit 1)
        returning id::text";
    let waiting: String = sqlx::query_scalar(waiting).fetch_one(&pool).await.unwrap();
    let desk = format!("/admin/{SLUG}/screening/{waiting}");
    let back = [("act", "return"), ("version", "1"), ("until", "some day")];
    texts += form(&admin, desk.clone(), &["correction"], &back).fill(&mut typist, 100).await;
    house.stand_at(Phase::Screening).await;
    let late = format!("/admin/{SLUG}/screening/late");
    let admit = [("act", "admit"), ("until", "some day"), ("organisation", "")];
    texts += form(&admin, late, &["reason"], &admit).fill(&mut typist, 100).await;
    // A wish for a second look leads to the list, and stands on the page of the case.
    for _ in 0..50 {
        let text = typist.write();
        let wish = [("act", "second_look"), ("version", "1"), ("second_look", text.as_str())];
        let answer = house.post(&desk, &admin, &encode(&wish)).await;
        let shown = match answer.status {
            StatusCode::SEE_OTHER => house.get(&desk, &admin).await,
            other => {
                assert!(
                    other == StatusCode::UNPROCESSABLE_ENTITY && tells_a_fault(&answer),
                    "{text:?}"
                );
                answer
            }
        };
        let written = [text];
        form(&admin, desk.clone(), &["second_look"], &[]).check_all_come_back(&shown, &written);
        sqlx::query("update cases set second_look = null").execute(&pool).await.unwrap();
        texts += 1;
    }
    assert_eq!(texts, 690);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn what_judges_type_comes_back(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Voting).await;
    let judge = house.cookie_of(Role::Judge).await;
    let mut typist = Typist::with_seed(3);
    house.backend.open_poll(&house.edition().await, &house.edition().await.polls[0]).await.unwrap();
    house.stand_at(Phase::Judging).await;
    let case = first_case(&pool).await;
    let sheet = Form {
        house: &house,
        cookie: &judge,
        page: format!("/judging/{SLUG}/{case}"),
        texts: &["comment", "note"],
        others: &[("act", "save")],
        echo: "version",
    };
    assert_eq!(sheet.fill(&mut typist, 700).await, 1_400);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn minutes_come_back_when_the_announcement_is_not_confirmed(pool: PgPool) {
    let house = crate::dark::season_before_vote(&pool).await;
    crate::organisations::vote_and_judge(&house).await;
    let admin = house.cookie_of(Role::Administrator).await;
    let page = format!("/admin/{SLUG}/standings");
    house.post(&page, &admin, "act=open").await;
    let minutes = Form {
        house: &house,
        cookie: &admin,
        page,
        texts: &["minutes"],
        others: &[("act", "announce"), ("without_judges", "yes"), ("confirm", "not yet")],
        echo: "",
    };
    assert_eq!(minutes.fill(&mut Typist::with_seed(4), 650).await, 650);
}
