//! The administrators' pages of polls: a faulty form comes back with its message, a valid one is
//! stored, and a sealed poll has no form.

use backend::accounts::Role;
use domain::rulebook::{Channel, PicksRule, VoterIdentity};
use domain::schedule::Phase;
use http::StatusCode;
use phrases::Lang;
use sqlx::PgPool;

use crate::support::{House, SLUG};

/// Returns the hidden input that holds the rules from which the form was filled, encoded to post.
fn shown(page: &str) -> String {
    let start = page.find("name=\"shown\" value=\"").unwrap() + "name=\"shown\" value=\"".len();
    let value = &page[start..start + page[start..].find('"').unwrap()];
    let value = value.replace("&quot;", "\"").replace("&amp;", "&");
    value.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

const SEATS: &str = "title_ko=%ED%98%84%EC%9E%A5&title_en=Seats&slug=seats&cases=all\
    &picks_rule=exactly&picks=2&identity=roll&channels=seat_qr&channels=kiosk&min_age=0&opens=\
    &closes=&weight=20%2F100&basis=share_of_ballots&openings=public";

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_poll_is_typed_corrected_stored_and_removed(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Screening).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let form = format!("/admin/{SLUG}/add-poll");
    let page = house.get(&form, &staff).await;
    assert_eq!(page.status, StatusCode::OK);
    let shown = shown(&page.body);
    let wrong = SEATS
        .replace("channels=seat_qr", "channels=sms_code")
        .replace("picks=2", "picks=two")
        .replace("20%2F100", "a%20fifth");
    let answer = house.post(&form, &staff, &format!("{wrong}&shown={shown}")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for input in ["picks", "weight"] {
        assert!(answer.body.contains(&format!("id=\"error-{input}\"")), "{input}");
    }
    assert!(answer.body.contains("value=\"a fifth\""), "what was typed comes back");
    let unfit = SEATS.replace("channels=seat_qr", "channels=sms_code");
    let answer = house.post(&form, &staff, &format!("{unfit}&shown={shown}")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("href=\"#field-channels\""));
    let answer = house.post(&form, &staff, &format!("{SEATS}&shown={shown}")).await;
    assert_eq!(answer.header("location"), format!("/admin/{SLUG}/polls?done=saved"));
    let edition = house.edition().await;
    let rules = &edition.find_poll("seats").unwrap().rules;
    assert_eq!((rules.identity, rules.picks), (VoterIdentity::Roll, PicksRule::Exactly(2)));
    assert_eq!(rules.channels, [Channel::SeatQr, Channel::Kiosk]);
    let again = house.post(&form, &staff, &format!("{SEATS}&shown={shown}")).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the name is taken");
    let list = house.get(&format!("/admin/{SLUG}/polls"), &staff).await;
    assert!(list.body.contains("6/5"), "the weights are too much now");
    let poll = format!("/admin/{SLUG}/polls/seats");
    let removed = house.post(&poll, &staff, "act=remove").await;
    assert_eq!(removed.header("location"), format!("/admin/{SLUG}/polls?done=removed"));
    assert_eq!(house.get(&poll, &staff).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_heavy_poll_by_email_is_warned_of_until_the_rules_are_sealed(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Screening).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let warned = async || {
        let mut warned = Vec::new();
        for page in ["", "/polls"] {
            let answer = house.get(&format!("/admin/{SLUG}{page}"), &staff).await;
            assert_eq!(answer.status, StatusCode::OK);
            warned.push(answer.body.contains(phrases::polls::email_weight_risk(Lang::Ko)));
        }
        warned
    };
    assert_eq!(warned().await, [true, true], "30 % of the result by e-mail");
    let weigh = async |weight: &str| {
        let sql = "update edition set rulebook = jsonb_set(rulebook, '{polls,0,weight}', $1)";
        let weight = serde_json::json!(weight);
        sqlx::query(sql).bind(weight).execute(&house.pool).await.unwrap();
    };
    weigh("5/100").await;
    assert_eq!(warned().await, [false, false], "5 % is no risk worth a warning");
    weigh("6/100").await;
    assert_eq!(warned().await, [true, true]);
    let edition = house.edition().await;
    sqlx::query("insert into record (edition_id, origin, rulebook) values ($1, 'here', '')")
        .bind(edition.id.0)
        .execute(&house.pool)
        .await
        .unwrap();
    assert_eq!(warned().await, [false, false], "nobody can change it any more");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_folding_of_addresses_is_a_box_of_the_form_and_a_sentence_of_the_rules(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Screening).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let poll = format!("/admin/{SLUG}/polls/citizens");
    let rules = format!("/editions/{SLUG}/rules");
    assert!(house.edition().await.rulebook.polls[0].fold_aliases, "the usual rule");
    let folded = phrases::polls::mailbox_folded(Lang::Ko);
    assert!(house.get(&rules, &staff).await.body.contains(folded));
    let form = "slug=citizens&cases=all&picks_rule=at_most&picks=3&identity=email\
        &channels=email_code&min_age=14&opens=&closes=&weight=30%2F100&basis=share_of_top\
        &openings=observers";
    for (box_of_form, folds) in [("", false), ("&fold_aliases=yes", true)] {
        let shown = shown(&house.get(&poll, &staff).await.body);
        let saved = house.post(&poll, &staff, &format!("{form}{box_of_form}&shown={shown}")).await;
        assert_eq!(saved.header("location"), format!("/admin/{SLUG}/polls?done=saved"));
        assert_eq!(house.edition().await.rulebook.polls[0].fold_aliases, folds);
        assert_eq!(house.get(&rules, &staff).await.body.contains(folded), folds);
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_sealed_poll_is_shown_without_a_form(pool: PgPool) {
    let house = House::in_phase(pool, Phase::Screening).await;
    let staff = house.cookie_of(Role::Administrator).await;
    let poll = format!("/admin/{SLUG}/polls/citizens");
    let page = house.get(&poll, &staff).await;
    assert!(page.body.contains("name=\"weight\""));
    let form = SEATS.replace("slug=seats", "slug=citizens");
    let form = format!("{form}&shown={}", shown(&page.body));
    let edition = house.edition().await;
    sqlx::query("insert into record (edition_id, origin, rulebook) values ($1, 'here', '')")
        .bind(edition.id.0)
        .execute(&house.pool)
        .await
        .unwrap();
    let page = house.get(&poll, &staff).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("name=\"weight\""), "there is nothing to type into");
    let refused = house.post(&poll, &staff, &form).await;
    assert_eq!(refused.header("location"), "");
    assert_eq!(house.edition().await.rulebook, edition.rulebook);
}
