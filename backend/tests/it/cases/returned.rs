//! Cases that are sent back, let in late, or looked at again.

use super::{ADDRESS, Call, consenting, jpeg};
use crate::support::{SLUG, account, clock_to, count, newest_mail, stand_at};
use backend::accounts::{Admin, Member, Role};
use backend::cases::{
    AgreementForm, CaseDraft, CaseState, ScreeningDecision, SubmissionForm, UploadedPicture,
};
use backend::{Error, Refusal};
use chrono::TimeDelta;
use domain::ids::CaseId;
use domain::refusal::CaseRefusal;
use domain::schedule::{Instant, Phase, PhaseError, format_local_minute};
use sqlx::PgPool;

impl Call {
    async fn at(self, phase: Phase) -> Self {
        let edition = stand_at(&self.backend, phase).await;
        Self { edition, ..self }
    }

    async fn at_instant(self, instant: Instant) -> Self {
        let edition = clock_to(&self.backend, instant).await;
        Self { edition, ..self }
    }

    fn return_until(until: Instant) -> ScreeningDecision {
        ScreeningDecision::Return {
            until: format_local_minute(until),
            reason: "사진 설명을 넣어 주세요.".to_owned(),
        }
    }

    /// Saves and sends in again, as the organisation does after a return. Returns the new version.
    async fn send_again(
        &self,
        case: CaseId,
        version: i32,
        draft: &CaseDraft,
    ) -> Result<i32, Error> {
        let stored = self.backend.own_case(&self.member, case).await.unwrap();
        let open = stored.submissions_open(&self.edition)?;
        let (backend, member, edition) = (&self.backend, &self.member, &self.edition);
        let saved = backend.save_case(member, open, edition, case, version, draft).await?;
        backend.submit_case(member, open, edition, case, saved.version, &consenting()).await?;
        Ok(saved.version + 1)
    }

    async fn read(&self, case: CaseId) -> backend::cases::Case {
        let admin = Admin::local_operator();
        self.backend.screening_case(&admin, &self.edition, case).await.unwrap()
    }

    async fn admit(&self, member: &Member, until: Instant) -> Result<(), Error> {
        let open = self.edition.screening_open().unwrap();
        let organisation = member.organisation_id().to_string();
        let until = format_local_minute(until);
        let asked = (organisation.as_str(), until.as_str(), "시스템 장애");
        self.backend.admit_late(&Admin::local_operator(), open, &self.edition, asked).await
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_case_that_is_sent_back_is_corrected_until_its_day_and_is_not_late(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let (case, version) = call.submitted().await;
    let call = call.at(Phase::Screening).await;
    let until = call.edition.now + TimeDelta::days(2);
    call.decide(case, version, Call::return_until(until)).await.unwrap();
    assert_eq!(call.state(case).await, CaseState::Returned);
    let mail = newest_mail(&pool, ADDRESS).await;
    assert!(mail.contains("사진 설명을 넣어 주세요.") && mail.contains("보완"), "{mail}");
    // Staff go on reading what was sent, not what is being written.
    let changed = CaseDraft { title: "고친 제목".to_owned(), ..call.whole().await };
    let open = call.edition.submissions_open_until(Some(until)).unwrap();
    let (backend, member) = (&call.backend, &call.member);
    let saved =
        backend.save_case(member, open, &call.edition, case, version, &changed).await.unwrap();
    assert_eq!(call.read(case).await.title, "골목 냉장고");
    let list = backend.screening_list(&Admin::local_operator(), &call.edition).await.unwrap();
    assert_eq!((list[0].title.as_str(), list[0].state), ("골목 냉장고", CaseState::Returned));
    let table = backend.export_cases(&Admin::local_operator(), &call.edition).await.unwrap();
    assert_eq!(table[0].title, "골목 냉장고");
    // Once it is written, the return cannot be undone, and the promised time is kept.
    for read in [version, saved.version] {
        let undone = call.decide(case, read, ScreeningDecision::Undo).await;
        assert!(matches!(undone, Err(Error::Refused(Refusal::Stale))), "{undone:?}");
    }
    let early =
        call.decide(case, saved.version, ScreeningDecision::Reject("늦음".to_owned())).await;
    let open = Err::<(), _>(Error::Refused(Refusal::Case(CaseRefusal::CorrectionOpen)));
    assert_eq!(format!("{early:?}"), format!("{open:?}"));
    let newest = call.send_again(case, saved.version, &changed).await.unwrap();
    let read = call.read(case).await;
    assert_eq!((read.title.as_str(), read.state), ("고친 제목", CaseState::Submitted));
    assert!(!read.late, "it was in time");
    assert_eq!((read.reason, read.receipt_number), (None, Some(1)), "it keeps its number");
    call.decide(case, newest, ScreeningDecision::Accept).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn after_its_day_a_returned_case_can_only_be_declined_or_get_more_time(pool: PgPool) {
    let call = Call::open(pool).await;
    let (case, version) = call.submitted().await;
    let call = call.at(Phase::Screening).await;
    let until = call.edition.now + TimeDelta::hours(5);
    call.decide(case, version, Call::return_until(until)).await.unwrap();
    let call = call.at_instant(until).await;
    let late = call.send_again(case, version, &call.whole().await).await;
    assert!(matches!(late, Err(Error::Phase(PhaseError::Over { .. }))), "{late:?}");
    let accepted = call.decide(case, version, ScreeningDecision::Accept).await;
    assert!(matches!(accepted, Err(Error::Refused(Refusal::WrongState))), "{accepted:?}");
    let more = call.edition.now + TimeDelta::hours(5);
    call.decide(case, version, Call::return_until(more)).await.unwrap();
    call.send_again(case, version, &call.whole().await).await.unwrap();
    let stored = call.backend.own_case(&call.member, case).await.unwrap();
    let again = call.edition.now + TimeDelta::hours(1);
    call.decide(case, stored.version, Call::return_until(again)).await.unwrap();
    let call = call.at_instant(again).await;
    let reject = ScreeningDecision::Reject("고치지 않음".to_owned());
    call.decide(case, stored.version, reject).await.unwrap();
    assert_eq!(call.state(case).await, CaseState::Rejected);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_return_needs_a_reason_and_a_day_before_the_vote_and_can_be_undone(pool: PgPool) {
    let call = Call::open(pool).await;
    let (case, version) = call.submitted().await;
    let opens = call.edition.schedule.windows.voting.opens;
    let wrong = [
        Call::return_until(call.edition.now - TimeDelta::days(1)),
        // Until the close of the call everybody may write.
        Call::return_until(call.edition.now + TimeDelta::days(1)),
        Call::return_until(opens + TimeDelta::minutes(1)),
        ScreeningDecision::Return { until: String::new(), reason: "이유".to_owned() },
        ScreeningDecision::Return { until: "내일".to_owned(), reason: "이유".to_owned() },
        ScreeningDecision::Return { until: format_local_minute(opens), reason: " ".to_owned() },
    ];
    for decision in wrong {
        let refused = call.decide(case, version, decision.clone()).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{decision:?}");
    }
    call.decide(case, version, Call::return_until(opens)).await.unwrap();
    call.decide(case, version, ScreeningDecision::Undo).await.unwrap();
    let stored = call.backend.own_case(&call.member, case).await.unwrap();
    assert_eq!((stored.state, stored.reason), (CaseState::Submitted, None));
    // A picture may have changed meanwhile, so it must be read again.
    let unread = call.decide(case, version, ScreeningDecision::Accept).await;
    assert!(matches!(unread, Err(Error::Refused(Refusal::Stale))), "{unread:?}");
    call.decide(case, stored.version, ScreeningDecision::Accept).await.unwrap();
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn one_organisation_sends_in_one_case_late_and_it_stays_marked(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let draft = call.begin().await;
    let stranger = call.stranger().await.require_member().unwrap();
    let call = call.at(Phase::Screening).await;
    let until = call.edition.now + TimeDelta::days(1);
    let closed = call.send_again(draft, 1, &call.whole().await).await;
    assert!(matches!(closed, Err(Error::Phase(PhaseError::Over { .. }))));
    let too_late = call.edition.schedule.windows.voting.opens + TimeDelta::minutes(1);
    for wrong in [call.edition.now - TimeDelta::minutes(1), too_late] {
        assert!(matches!(call.admit(&call.member, wrong).await, Err(Error::Invalid(_))));
    }
    call.admit(&call.member, until).await.unwrap();
    assert!(newest_mail(&pool, ADDRESS).await.contains("사례 1건"));
    // Only this organisation.
    let theirs = call.backend.own_late_admission(&stranger, &call.edition).await.unwrap();
    assert_eq!(theirs, None);
    let open = call.edition.submissions_open_until(Some(until)).unwrap();
    let track = call.whole().await.track;
    let begun = call.backend.begin_case(&stranger, open, &call.edition, "몰래", &track).await;
    assert!(matches!(begun, Err(Error::Phase(PhaseError::Over { .. }))), "{begun:?}");
    // The draft of before the close, or a new one: one of them.
    let other =
        call.backend.begin_case(&call.member, open, &call.edition, "둘째", &track).await.unwrap();
    call.send_again(draft, 1, &call.whole().await).await.unwrap();
    let read = call.read(draft).await;
    assert!(read.late);
    let second = call.send_again(other, 1, &call.whole().await).await;
    assert!(matches!(second, Err(Error::Phase(PhaseError::Over { .. }))), "{second:?}");
    let again = call.admit(&call.member, until).await;
    let sent = Err::<(), _>(Error::Refused(Refusal::Case(CaseRefusal::LateCaseSent)));
    assert_eq!(format!("{again:?}"), format!("{sent:?}"));
    // It can be taken back and sent in again in that time, and is still late.
    let version = read.version;
    let open = read.submissions_open(&call.edition).unwrap();
    call.backend.withdraw_case(&call.member, open, &call.edition, draft, version).await.unwrap();
    call.send_again(draft, version, &call.whole().await).await.unwrap();
    assert!(call.read(draft).await.late);
    let call = call.at_instant(until).await;
    assert!(call.read(draft).await.submissions_open(&call.edition).is_err());
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_permission_to_be_late_ends_when_it_is_taken_back(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let draft = call.begin().await;
    let call = call.at(Phase::Screening).await;
    call.admit(&call.member, call.edition.now + TimeDelta::days(1)).await.unwrap();
    let (admin, ours) = (Admin::local_operator(), call.member.organisation_id());
    call.backend.end_late_admission(&admin, &call.edition, ours).await.unwrap();
    let twice = call.backend.end_late_admission(&admin, &call.edition, ours).await;
    assert!(matches!(twice, Err(Error::NotFound)));
    let closed = call.send_again(draft, 1, &call.whole().await).await;
    assert!(matches!(closed, Err(Error::Phase(PhaseError::Over { .. }))), "{closed:?}");
    assert_eq!(count(&pool, "audit_event where action like 'case.late%'").await, 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn who_had_the_first_look_does_not_have_the_second(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let (backend, edition) = (&call.backend, &call.edition);
    let mut admins = Vec::new();
    for address in ["one@city.example", "two@city.example"] {
        let account = account(backend, edition, Role::Administrator, address, "").await;
        admins.push(account.require_admin().unwrap());
    }
    let [one, two] = [admins.remove(0), admins.remove(0)];
    let open = || edition.screening_open().unwrap();
    let (case, version) = call.submitted().await;
    let empty = backend.ask_second_look(&one, open(), edition, case, " ").await;
    assert!(matches!(empty, Err(Error::Invalid(_))));
    backend.ask_second_look(&one, open(), edition, case, "지역이 맞는지").await.unwrap();
    let accept = || ScreeningDecision::Accept;
    let own = backend.decide_case(&one, open(), edition, case, version, accept()).await;
    let refused = Err::<(), _>(Error::Refused(Refusal::Case(CaseRefusal::SecondLook)));
    assert_eq!(format!("{own:?}"), format!("{refused:?}"));
    let reject = ScreeningDecision::Reject("대상이 아님".to_owned());
    backend.decide_case(&two, open(), edition, case, version, reject).await.unwrap();
    // The organisation objects, once: whoever rejected does not decide again.
    let (member, other) = (&call.member, call.stranger().await.require_member().unwrap());
    let theirs = backend.object_to_rejection(&other, open(), edition, case, "이유").await;
    assert!(matches!(theirs, Err(Error::NotFound)));
    backend.object_to_rejection(member, open(), edition, case, "대상입니다").await.unwrap();
    let read = call.read(case).await;
    assert_eq!(
        (read.state, read.second_look.as_deref()),
        (CaseState::Submitted, Some("대상입니다"))
    );
    let own = backend.decide_case(&two, open(), edition, case, version, accept()).await;
    assert_eq!(format!("{own:?}"), format!("{refused:?}"));
    let reject = ScreeningDecision::Reject("다시 보아도 아님".to_owned());
    backend.decide_case(&one, open(), edition, case, version, reject).await.unwrap();
    let again = backend.object_to_rejection(member, open(), edition, case, "그래도").await;
    assert!(matches!(again, Err(Error::Refused(Refusal::WrongState))), "{again:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_lone_administrator_has_both_looks(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let (case, version) = call.submitted().await;
    let alone = "delete from account where role = 'administrator'";
    sqlx::query(alone).execute(&pool).await.unwrap();
    let open = call.edition.screening_open().unwrap();
    let admin = Admin::local_operator();
    call.backend.ask_second_look(&admin, open, &call.edition, case, "확인").await.unwrap();
    call.decide(case, version, ScreeningDecision::Accept).await.unwrap();
    assert_eq!(call.backend.find_edition(SLUG).await.unwrap().slug, SLUG);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn what_was_never_sent_in_is_thrown_away_when_the_time_is_over(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let (case, version) = call.submitted().await;
    let call = call.at(Phase::Screening).await;
    let until = call.edition.now + TimeDelta::hours(5);
    call.decide(case, version, Call::return_until(until)).await.unwrap();
    let unsent = CaseDraft { body: "보내지 않은 글".to_owned(), ..call.whole().await };
    let open = call.edition.submissions_open_until(Some(until)).unwrap();
    let (backend, member, edition) = (&call.backend, &call.member, &call.edition);
    let saved = backend.save_case(member, open, edition, case, version, &unsent).await.unwrap();
    let new = UploadedPicture { file: jpeg(), alt: "새 사진".to_owned() };
    backend.put_picture(member, open, edition, case, saved.version, new).await.unwrap();
    let agreement = AgreementForm { title: "새 협약".to_owned(), ..AgreementForm::default() };
    backend.store_agreement(member, open, edition, case, &agreement).await.unwrap();
    assert_eq!(call.read(case).await.agreement_title, "", "staff read what was sent");
    // More time makes nothing of it older.
    let more = until + TimeDelta::hours(5);
    call.decide(case, saved.version, Call::return_until(more)).await.unwrap();
    let call = call.at_instant(more).await;
    let reject = ScreeningDecision::Reject("고치지 않음".to_owned());
    call.decide(case, saved.version, reject).await.unwrap();
    for undo in [false, true] {
        let read = call.read(case).await;
        assert_eq!((read.body.as_str(), read.picture), ("첫 문단\n\n둘째 문단", None));
        assert_eq!(read.agreement_title, "");
        if !undo {
            call.decide(case, read.version, ScreeningDecision::Undo).await.unwrap();
        }
    }
    // Its organisation still has what it wrote, as a version.
    let versions = call.backend.case_versions(&call.member, case).await.unwrap();
    assert!(versions.iter().any(|kept| kept.draft.body == "보내지 않은 글"));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_masked_case_stays_readable_for_the_staff(pool: PgPool) {
    let call = Call::open(pool).await;
    let case = call.begin().await;
    let body = "골목 냉장고 문의 010-2345-6789".to_owned();
    let draft = CaseDraft { body, ..call.whole().await };
    let version = call.save(case, 1, &draft).await.unwrap();
    let open = call.edition.submissions_open().unwrap();
    let form = SubmissionForm { personal_reason: "대표전화".to_owned(), ..consenting() };
    call.backend
        .submit_case(&call.member, open, &call.edition, case, version, &form)
        .await
        .unwrap();
    let closes = call.edition.schedule.windows.call.closes;
    call.decide(case, version + 1, Call::return_until(closes)).await.unwrap();
    call.backend.remove_personal_versions(&call.member, case).await.unwrap();
    let read = call.read(case).await;
    assert!(read.body.starts_with("골목 냉장고 문의 "), "{}", read.body);
    assert!(!read.body.contains("2345"), "{}", read.body);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_late_admission_opens_no_case_that_was_in_time(pool: PgPool) {
    let call = Call::open(pool).await;
    let (case, version) = call.submitted().await;
    let draft = call.begin().await;
    let early = call.edition.schedule.windows.voting.opens - TimeDelta::days(1);
    assert!(
        matches!(call.admit(&call.member, early).await, Err(Error::Phase(_))),
        "the call is open"
    );
    let call = call.at(Phase::Screening).await;
    call.admit(&call.member, call.edition.now + TimeDelta::days(1)).await.unwrap();
    let in_time = call.backend.own_case(&call.member, case).await.unwrap();
    assert!(in_time.submissions_open(&call.edition).is_err());
    let late = call.backend.own_case(&call.member, draft).await.unwrap();
    let open = late.submissions_open(&call.edition).unwrap();
    let withdrawn =
        call.backend.withdraw_case(&call.member, open, &call.edition, case, version).await;
    assert!(matches!(withdrawn, Err(Error::Phase(PhaseError::Over { .. }))), "{withdrawn:?}");
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_second_look_outlives_decisions_that_are_undone(pool: PgPool) {
    let call = Call::open(pool.clone()).await;
    let (backend, edition) = (&call.backend, &call.edition);
    let mut admins = Vec::new();
    for address in ["one@city.example", "two@city.example", "three@city.example"] {
        let account = account(backend, edition, Role::Administrator, address, "").await;
        admins.push(account.require_admin().unwrap());
    }
    let open = || edition.screening_open().unwrap();
    let (case, version) = call.submitted().await;
    let reject = || ScreeningDecision::Reject("대상이 아님".to_owned());
    backend.decide_case(&admins[0], open(), edition, case, version, reject()).await.unwrap();
    backend.object_to_rejection(&call.member, open(), edition, case, "대상입니다").await.unwrap();
    // Another wish does not take its place.
    let asked = backend.ask_second_look(&admins[1], open(), edition, case, "나도").await;
    assert!(matches!(asked, Err(Error::Refused(Refusal::WrongState))), "{asked:?}");
    let accept = || ScreeningDecision::Accept;
    backend.decide_case(&admins[1], open(), edition, case, version, accept()).await.unwrap();
    let second = Err::<(), _>(Error::Refused(Refusal::Case(CaseRefusal::SecondLook)));
    let undo =
        backend.decide_case(&admins[0], open(), edition, case, version, ScreeningDecision::Undo);
    assert_eq!(
        format!("{:?}", undo.await),
        format!("{second:?}"),
        "the first does not undo the second"
    );
    let undo = ScreeningDecision::Undo;
    backend.decide_case(&admins[1], open(), edition, case, version, undo).await.unwrap();
    let again = backend.decide_case(&admins[0], open(), edition, case, version, reject()).await;
    assert_eq!(format!("{again:?}"), format!("{second:?}"));
    let read = call.read(case).await;
    assert_eq!(read.second_look.as_deref(), Some("대상입니다"));
    assert!(read.second_look_of_organisation);
    backend.decide_case(&admins[2], open(), edition, case, version, accept()).await.unwrap();
}
