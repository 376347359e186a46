//! Invitations: what their mails say, sending again, cancelling, colleagues and lists.

use backend::accounts::{Admin, InvitationRequest, InvitedList, Role, SignedIn};
use backend::editions::Edition;
use backend::{Backend, Error, Refusal};
use domain::invitation_list::{HeadingWords, ListedMember, parse_invitation_list};
use domain::refusal::AccountRefusal;
use domain::schedule::Phase;
use phrases::Lang;
use sqlx::PgPool;

use super::link_token;
use crate::support::{PASSWORD, account, backend, count, mails, newest_mail, season_in};

fn invitation(edition: &Edition, role: Role, email: &str, lang: Lang) -> InvitationRequest {
    InvitationRequest {
        email: email.to_owned(),
        role,
        organisation: "가양동 협의체".to_owned(),
        edition: edition.id,
        lang,
    }
}

fn listed(text: &str) -> Vec<ListedMember> {
    let headings = HeadingWords { email: &["메일"], organisation: &["기관"], totals: &[] };
    parse_invitation_list(text, headings).members
}

/// Returns an administrator with the name 홍길동 and a member of 가양동 협의체.
async fn inviters(backend: &Backend, edition: &Edition) -> (SignedIn, SignedIn) {
    let admin = account(backend, edition, Role::Administrator, "admin@city.example", "").await;
    let email = "member@council.example";
    (admin, account(backend, edition, Role::Member, email, "가양동 협의체").await)
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn the_mail_names_inviter_contest_role_and_organisation(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let (admin, _) = inviters(&backend, &edition).await;
    let proof = admin.require_admin().unwrap();
    for (role, lang, subject) in [
        (
            Role::Judge,
            Lang::Ko,
            format!("[연습] [한표] 「{}」 심사위원으로 초대합니다", edition.title.ko),
        ),
        (
            Role::Member,
            Lang::Ko,
            format!("[연습] [한표] 「{}」 가양동 협의체 담당자로 초대합니다", edition.title.ko),
        ),
        (
            Role::Judge,
            Lang::En,
            format!("[Rehearsal] [Hanpyo] You are invited to judge “{}”", edition.title.en),
        ),
    ] {
        let email = "new@agency.example";
        let invite = invitation(&edition, role, email, lang);
        backend.send_invitation(&proof, &invite).await.unwrap();
        let (_, newest, body) = mails(&pool).await.into_iter().next().unwrap();
        assert_eq!(newest, subject);
        let host = lang.choose_text(&edition.host.ko, &edition.host.en);
        let title = lang.choose_text(&edition.title.ko, &edition.title.en);
        for part in ["홍길동", host, title] {
            assert!(body.contains(part), "{part}: {body}");
        }
        assert_eq!(body.contains("가양동 협의체"), role == Role::Member, "{body}");
    }
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_invitation_is_sent_again_with_a_new_link_and_cancelled(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let admin = Admin::local_operator();
    let email = "new@agency.example";
    let invite = invitation(&edition, Role::Member, email, Lang::En);
    backend.send_invitation(&admin, &invite).await.unwrap();
    let old = link_token(&newest_mail(&pool, email).await, "/invitations/");
    let id = backend.pending_invitations(&admin, edition.id).await.unwrap()[0].id;
    let elsewhere = domain::ids::EditionId(uuid::Uuid::new_v4());
    let foreign = backend.resend_invitation(&admin, elsewhere, id).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    backend.resend_invitation(&admin, edition.id, id).await.unwrap();
    let (_, subject, body) = mails(&pool).await.into_iter().next().unwrap();
    assert!(
        subject.starts_with("[Rehearsal] [Hanpyo] You are invited"),
        "in its language: {subject}"
    );
    let new = link_token(&body, "/invitations/");
    let gone = backend.find_invitation(&old).await;
    assert!(matches!(gone, Err(Error::Refused(Refusal::Account(AccountRefusal::LinkInvalid)))));
    backend.find_invitation(&new).await.unwrap();
    let foreign = backend.cancel_invitation(&admin, elsewhere, id).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    backend.cancel_invitation(&admin, edition.id, id).await.unwrap();
    assert!(backend.find_invitation(&new).await.is_err());
    assert_eq!(count(&pool, "invitation").await, 0, "the address is gone");
    for action in ["account.invitation_resent", "account.invitation_cancelled"] {
        let acts: i64 = sqlx::query_scalar("select count(*) from audit_event where action = $1")
            .bind(action)
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(acts, 1, "{action}");
    }
    let twice = backend.cancel_invitation(&admin, edition.id, id).await;
    assert!(matches!(twice, Err(Error::NotFound)));
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_member_invites_a_colleague_and_learns_nothing_about_the_address(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let (_, member) = inviters(&backend, &edition).await;
    account(&backend, &edition, Role::Judge, "judge@agency.example", "").await;
    let proof = member.require_member().unwrap();
    let of = Some(edition.id);
    for email in ["new@council.example", "judge@agency.example"] {
        backend.invite_colleague(&proof, of, email, Lang::Ko).await.unwrap();
    }
    let pending = backend.colleague_invitations(&proof).await.unwrap();
    assert_eq!(pending.len(), 2, "both look the same");
    let known = newest_mail(&pool, "judge@agency.example").await;
    assert!(known.contains("/sign-in") && !known.contains("/invitations/"), "{known}");
    let body = newest_mail(&pool, "new@council.example").await;
    assert!(body.contains("가양동 협의체") && body.contains("홍길동"), "{body}");
    let token = link_token(&body, "/invitations/");
    let (_, colleague) =
        backend.accept_invitation(&token, "김하나", PASSWORD, Lang::Ko).await.unwrap();
    assert_eq!(colleague.organisation_name(), Some("가양동 협의체"));
    assert_eq!(colleague.require_member().unwrap().organisation_id(), proof.organisation_id());
    assert_eq!(count(&pool, "audit_event where detail->>'by' = 'member'").await, 2);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn members_reach_only_invitations_of_their_own_organisation(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let (_, member) = inviters(&backend, &edition).await;
    let proof = member.require_member().unwrap();
    let admin = Admin::local_operator();
    let email = "judge@agency.example";
    let invite = invitation(&edition, Role::Judge, email, Lang::Ko);
    backend.send_invitation(&admin, &invite).await.unwrap();
    backend.invite_colleague(&proof, None, email, Lang::Ko).await.unwrap();
    assert_eq!(count(&pool, "invitation").await, 2, "a member ends nobody else's invitation");
    let own = backend.colleague_invitations(&proof).await.unwrap();
    assert_eq!(own.len(), 1);
    let staff = backend.pending_invitations(&admin, edition.id).await.unwrap()[0].id;
    let other = "other@council.example";
    let stranger = account(&backend, &edition, Role::Member, other, "다른 기관").await;
    let stranger = stranger.require_member().unwrap();
    for (who, id) in [(&proof, staff), (&stranger, own[0].id), (&stranger, staff)] {
        let sent = backend.resend_colleague_invitation(who, id).await;
        let gone = backend.cancel_colleague_invitation(who, id).await;
        assert!(matches!((sent, gone), (Err(Error::NotFound), Err(Error::NotFound))));
    }
    assert!(backend.colleague_invitations(&stranger).await.unwrap().is_empty());
    backend.resend_colleague_invitation(&proof, own[0].id).await.unwrap();
    backend.cancel_colleague_invitation(&proof, own[0].id).await.unwrap();
    assert_eq!(count(&pool, "invitation").await, 1);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_organisation_has_twenty_open_invitations_at_most(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let (_, member) = inviters(&backend, &edition).await;
    let proof = member.require_member().unwrap();
    for number in 0..20 {
        let email = format!("colleague-{number}@council.example");
        backend.invite_colleague(&proof, None, &email, Lang::Ko).await.unwrap();
    }
    backend.invite_colleague(&proof, None, "colleague-0@council.example", Lang::Ko).await.unwrap();
    let more = backend.invite_colleague(&proof, None, "more@council.example", Lang::Ko).await;
    let refusal = AccountRefusal::TooManyInvitations { max: 20 };
    assert!(matches!(more, Err(Error::Refused(Refusal::Account(why))) if why == refusal));
    assert_eq!(count(&pool, "invitation").await, 20);
}

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn a_list_invites_everybody_once_however_often_it_comes(pool: PgPool) {
    let backend = backend(pool.clone());
    let edition = season_in(&backend, Phase::Call).await;
    let (_, member) = inviters(&backend, &edition).await;
    let text = format!(
        "기관,메일\n가양동 협의체,a@council.example\n중구,b@council.example\n다,{}",
        member.email()
    );
    let list = || listed(&text);
    let admin = Admin::local_operator();
    assert_eq!(backend.find_invited_addresses(&admin, &list()).await.unwrap().len(), 1);
    let both = || backend.invite_list(&admin, edition.id, list(), Lang::Ko);
    let (one, other) = tokio::join!(both(), both());
    let mut done = [one.unwrap(), other.unwrap()];
    done.sort_by_key(|done| done.sent);
    let expected = [InvitedList { sent: 0, known: 3 }, InvitedList { sent: 2, known: 1 }];
    assert_eq!(done, expected);
    assert_eq!(count(&pool, "invitation").await, 2);
    assert_eq!(mails(&pool).await.len(), 2);
    assert!(newest_mail(&pool, "b@council.example").await.contains("기관: 중구"));
    assert_eq!(count(&pool, "audit_event where action = 'account.list_invited'").await, 2);
    let nowhere = domain::ids::EditionId(uuid::Uuid::new_v4());
    let fresh = listed("라,c@council.example");
    let lost = backend.invite_list(&admin, nowhere, fresh, Lang::Ko).await;
    assert!(matches!(lost, Err(Error::NotFound)));
    assert_eq!(count(&pool, "invitation").await, 2);
}
