//! Partners, recommendations, copies, and colleagues who write the same draft.

use super::Call;
use crate::support::{account, count, newest_mail, stand_at};
use backend::accounts::{Admin, Member, Role};
use backend::cases::{AgreementForm, PartnerState, RecommendationForm, RecommendationState};
use backend::{Error, Refusal};
use domain::refusal::CaseRefusal;
use domain::schedule::{Phase, PhaseError};
use phrases::Lang;
use sqlx::PgPool;

const OTHER: &str = "other@agency.example";

impl Call {
    async fn ask(&self, case: domain::ids::CaseId, name: &str) -> Result<(), Error> {
        let open = self.edition.submissions_open().unwrap();
        self.backend.ask_partner(&self.member, open, &self.edition, case, name).await
    }

    async fn answer(
        &self,
        member: &Member,
        case: domain::ids::CaseId,
        confirms: bool,
    ) -> Result<(), Error> {
        let open = self.edition.screening_open().unwrap();
        self.backend.answer_as_partner(member, open, &self.edition, case, confirms).await
    }

    async fn recommend(&self, form: &RecommendationForm) -> Result<(), Error> {
        let open = self.edition.screening_open().unwrap();
        self.backend.recommend(&self.member, open, &self.edition, form, Lang::Ko).await
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_partner_is_shown_once_it_has_confirmed(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let partner = call.stranger().await.require_member().unwrap();
    let case = call.begin().await;
    for wrong in ["", "없는 기관", "중구 복지관"] {
        let refused = call.ask(case, wrong).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{wrong}: nobody, or the own one");
    }
    call.ask(case, " 서구  복지관 ").await.unwrap();
    let twice = call.ask(case, "서구 복지관").await;
    assert!(matches!(twice, Err(Error::Refused(Refusal::Case(CaseRefusal::PartnerNamed)))));
    assert!(newest_mail(&pool, OTHER).await.contains("골목 냉장고"));
    let shown = async || call.backend.own_case(&call.member, case).await.unwrap().partners;
    assert!(shown().await.is_empty());
    let asked = call.backend.partner_requests(&partner).await.unwrap();
    assert_eq!((asked.len(), asked[0].case, asked[0].state), (1, case, PartnerState::Asked));
    // Nobody answers for another one.
    let own = call.answer(&call.member, case, true).await;
    assert!(matches!(own, Err(Error::NotFound)));
    call.answer(&partner, case, true).await.unwrap();
    assert_eq!(shown().await, ["서구 복지관"]);
    call.answer(&partner, case, false).await.unwrap();
    assert!(shown().await.is_empty(), "it may change its mind");
    let open = call.edition.submissions_open().unwrap();
    let (backend, edition, ours) = (&call.backend, &call.edition, &call.member);
    let theirs = partner.organisation_id();
    backend.remove_partner(ours, open, edition, case, theirs).await.unwrap();
    let gone = backend.remove_partner(ours, open, edition, case, theirs).await;
    assert!(matches!(gone, Err(Error::NotFound)));
    assert!(backend.partner_requests(&partner).await.unwrap().is_empty());
    // What was sent in is not changed.
    let version = call.save(case, 1, &call.whole().await).await.unwrap();
    call.submit(case, version).await.unwrap();
    let late = call.ask(case, "서구 복지관").await;
    assert!(matches!(late, Err(Error::Refused(Refusal::WrongState))), "{late:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_agreement_has_a_title_a_day_and_a_document_of_its_own_case(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    let open = call.edition.submissions_open().unwrap();
    let store = async |title: &str, on: &str| {
        let form = AgreementForm {
            title: title.to_owned(),
            on: on.to_owned(),
            // A document that is none of this case.
            file: uuid::Uuid::new_v4().to_string(),
        };
        call.backend.store_agreement(&call.member, open, &call.edition, case, &form).await
    };
    for (title, on) in [
        ("협약", "어제"),
        ("협약", "2026-02-30"),
        ("협약", "-4714-01-01"),
        ("협약", "9999-01-01"),
        (&*"가".repeat(4000), ""),
    ] {
        assert!(matches!(store(title, on).await, Err(Error::Invalid(_))), "{on}");
    }
    store("동구 안부 돌봄 업무협약", "2026-03-02").await.unwrap();
    let stored = call.backend.own_case(&call.member, case).await.unwrap();
    assert_eq!(stored.agreement_title, "동구 안부 돌봄 업무협약");
    assert_eq!(stored.agreement_on.unwrap().to_string(), "2026-03-02");
    assert_eq!(stored.agreement_file, None);
    store("", "").await.unwrap();
    assert_eq!(call.backend.own_case(&call.member, case).await.unwrap().agreement_on, None);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_recommended_organisation_begins_a_case_by_it_once(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let other = call.stranger().await.require_member().unwrap();
    let form = RecommendationForm {
        organisation: "서구 복지관".to_owned(),
        subject: "골목 안부 우체통".to_owned(),
        reason: "이웃이 이웃을 살핍니다.".to_owned(),
        ..RecommendationForm::default()
    };
    let own = RecommendationForm { organisation: "중구 복지관".to_owned(), ..form.clone() };
    assert!(matches!(call.recommend(&own).await, Err(Error::Invalid(_))));
    let empty = RecommendationForm { reason: " ".to_owned(), ..form.clone() };
    assert!(matches!(call.recommend(&empty).await, Err(Error::Invalid(_))));
    call.recommend(&form).await.unwrap();
    assert!(newest_mail(&pool, OTHER).await.contains("골목 안부 우체통"));
    let (_, received) = call.backend.own_recommendations(&other).await.unwrap();
    let id = received[0].id;
    let open = call.edition.submissions_open().unwrap();
    let (backend, edition) = (&call.backend, &call.edition);
    let stolen = backend.accept_recommendation(&call.member, open, edition, id).await;
    assert!(matches!(stolen, Err(Error::NotFound)));
    let (one, two) = tokio::join!(
        backend.accept_recommendation(&other, open, edition, id),
        backend.accept_recommendation(&other, open, edition, id),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    let case = one.or(two).unwrap();
    assert_eq!(count(&pool, "cases where title = '골목 안부 우체통' and not sample").await, 1);
    let begun = backend.own_case(&other, case).await.unwrap();
    assert_eq!(begun.recommended_by.as_deref(), Some("중구 복지관"));
    let declined = backend.decline_recommendation(&other, edition, id).await;
    let before = CaseRefusal::RecommendationAnswered;
    assert!(matches!(declined, Err(Error::Refused(Refusal::Case(found))) if found == before));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_recommended_person_answers_by_a_link_and_is_forgotten_after_no(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let person = async |email: &str| {
        let form = RecommendationForm {
            is_person: true,
            person: "홍길동".to_owned(),
            email: email.to_owned(),
            subject: "십 년의 봉사".to_owned(),
            reason: "매일 아침 골목을 씁니다.".to_owned(),
            ..RecommendationForm::default()
        };
        call.recommend(&form).await.unwrap();
        let mail = newest_mail(&pool, email).await;
        mail.split("/recommendations/")
            .nth(1)
            .unwrap()
            .split_whitespace()
            .next()
            .unwrap()
            .to_owned()
    };
    let (yes, no) = (person("yes@person.example").await, person("no@person.example").await);
    let backend = &call.backend;
    for wrong in ["", "x", &"0".repeat(yes.len())] {
        assert!(matches!(backend.recommendation_by_link(wrong).await, Err(Error::NotFound)));
    }
    backend.answer_by_link(&yes, true).await.unwrap();
    backend.answer_by_link(&no, false).await.unwrap();
    let again = backend.answer_by_link(&no, true).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::Case(_)))));
    // A yes can be taken back, and then the name goes, too.
    let maybe = person("maybe@person.example").await;
    backend.answer_by_link(&maybe, true).await.unwrap();
    backend.answer_by_link(&maybe, false).await.unwrap();
    assert_eq!(count(&pool, "recommendation where person_name is null").await, 2);
    let staff = backend.recommendations(&Admin::local_operator(), &call.edition).await.unwrap();
    let named = |state| {
        let found = staff.iter().find(|one| one.state == state).unwrap();
        (found.person_name.clone(), found.person_email.clone())
    };
    let kept = (Some("홍길동".to_owned()), Some("yes@person.example".to_owned()));
    assert_eq!(named(RecommendationState::Accepted), kept);
    assert_eq!(named(RecommendationState::Declined), (None, None));
    // After the screening nobody recommends.
    let edition = stand_at(backend, Phase::Judging).await;
    assert!(matches!(edition.screening_open(), Err(PhaseError::Over { .. })));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_case_begins_with_the_texts_of_an_older_one_of_the_same_organisation(pool: PgPool) {
    let call = Call::open(pool).await;
    let (older, _) = call.submitted().await;
    let (open, track) = (call.edition.submissions_open().unwrap(), call.whole().await.track);
    let (backend, edition) = (&call.backend, &call.edition);
    let other = call.stranger().await.require_member().unwrap();
    let stolen = backend.begin_case_from(&other, open, edition, ("", &track), older).await;
    assert!(matches!(stolen, Err(Error::NotFound)));
    let typed = ("올해의 냉장고", &*track);
    let new = backend.begin_case_from(&call.member, open, edition, typed, older).await.unwrap();
    let copy = backend.own_case(&call.member, new).await.unwrap();
    assert_eq!(
        (copy.title.as_str(), copy.body.as_str()),
        ("올해의 냉장고", "첫 문단\n\n둘째 문단")
    );
    assert_eq!((copy.receipt_number, copy.picture), (None, None));
    let new = backend.begin_case_from(&call.member, open, edition, ("", &track), older).await;
    assert_eq!(backend.own_case(&call.member, new.unwrap()).await.unwrap().title, "골목 냉장고");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn colleagues_who_have_a_draft_open_see_each_other(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let colleague =
        account(&call.backend, &call.edition, Role::Member, "two@agency.example", "중구 복지관")
            .await;
    let colleague = colleague.require_member().unwrap();
    let case = call.begin().await;
    let first = call.backend.note_draft_reader(&call.member, case).await.unwrap();
    assert!(first.others.is_empty());
    let second = call.backend.note_draft_reader(&colleague, case).await.unwrap();
    assert_eq!((second.others.len(), second.version), (1, 1));
    sqlx::query("update draft_reader set seen_at = now() - interval '3 minutes'")
        .execute(&pool)
        .await
        .unwrap();
    let later = call.backend.note_draft_reader(&call.member, case).await.unwrap();
    assert!(later.others.is_empty(), "who has left is not shown");
    let stranger = call.stranger().await.require_member().unwrap();
    let theirs = call.backend.note_draft_reader(&stranger, case).await;
    assert!(matches!(theirs, Err(Error::NotFound)));
}
