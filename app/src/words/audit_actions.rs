//! The actions of the audit trail as sentences. A test finds an action without a sentence.

use backend::audit::AuditAction;
use phrases::{Lang, admin as words};

/// Returns the sentence of an action.
pub(crate) fn action_sentence(lang: Lang, action: AuditAction) -> &'static str {
    match action {
        AuditAction::AccountClosed => words::act_account_closed(lang),
        AuditAction::AccountReopened => words::act_account_reopened(lang),
        AuditAction::AccountErased => words::act_account_erased(lang),
        AuditAction::BudgetSet => words::act_budget_set(lang),
        AuditAction::EditionCreated => words::act_edition_created(lang),
        AuditAction::EditionChanged => phrases::setup::act_changed(lang),
        AuditAction::EditionArchived => words::act_edition_archived(lang),
        AuditAction::EditionPublished => words::act_edition_published(lang),
        AuditAction::EditionWindowsMoved => words::act_edition_windows_moved(lang),
        AuditAction::OfficeChanged => phrases::office::act_changed(lang),
        AuditAction::NoticePublished => phrases::office::act_notice_published(lang),
        AuditAction::PhotographAdded => phrases::photographs::act_added(lang),
        AuditAction::PhotographRemoved => phrases::photographs::act_removed(lang),
        AuditAction::NoticeRemoved => phrases::office::act_notice_removed(lang),
        AuditAction::EditionUnpublished => words::act_edition_unpublished(lang),
        AuditAction::EditionRemoved => words::act_edition_removed(lang),
        AuditAction::EditionClockMoved => words::act_edition_clock_moved(lang),
        AuditAction::PollAdded => words::act_poll_added(lang),
        AuditAction::PollChanged => words::act_poll_changed(lang),
        AuditAction::PollRemoved => words::act_poll_removed(lang),
        AuditAction::PanelJudgeSeated => words::act_panel_judge_seated(lang),
        AuditAction::PanelJudgeUnseated => words::act_panel_judge_unseated(lang),
        AuditAction::JudgeRecused => words::act_judge_recused(lang),
        AuditAction::JudgesReminded => words::act_judges_reminded(lang),
        AuditAction::RollExtended => phrases::roll::act_extended(lang),
        AuditAction::RollEmptied => phrases::roll::act_emptied(lang),
        AuditAction::RollPrinted => phrases::roll::act_printed(lang),
        AuditAction::RollReissued => phrases::roll::act_reissued(lang),
        AuditAction::RollReissueRefused => phrases::roll::act_reissue_refused(lang),
        AuditAction::RollVoided => phrases::roll::act_voided(lang),
        AuditAction::SheetSigned => words::act_sheet_signed(lang),
        AuditAction::RecordSealed => phrases::record::act_sealed(lang),
        AuditAction::RecordErased => phrases::record::act_erased(lang),
        AuditAction::RecordObserverLinkMade => phrases::record::act_observer_made(lang),
        AuditAction::RecordObserverLinkEnded => phrases::record::act_observer_ended(lang),
        AuditAction::RecordObserved => phrases::record::act_observed(lang),
        AuditAction::ResultCountsRead => words::act_result_counts_read(lang),
        AuditAction::FraudEvidenceOpened => phrases::fraud::act_evidence_opened(lang),
        AuditAction::FraudRulingProposed => phrases::fraud::act_ruling_proposed(lang),
        AuditAction::FraudRulingWithdrawn => phrases::fraud::act_ruling_withdrawn(lang),
        AuditAction::FraudRulingConfirmed => phrases::fraud::act_ruling_confirmed(lang),
        AuditAction::FraudNoteWritten => phrases::fraud::act_note_written(lang),
        AuditAction::FraudAppealAnswered => phrases::fraud::act_appeal_answered(lang),
        AuditAction::QuorumReasonGiven => words::act_quorum_reason_given(lang),
        AuditAction::QuorumReasonConfirmed => words::act_quorum_reason_confirmed(lang),
        AuditAction::ResultTold => phrases::news::act_told(lang),
        AuditAction::ResultAnnounced => words::act_result_announced(lang),
        AuditAction::ResultAnnouncementWithdrawn => words::act_result_announcement_withdrawn(lang),
        AuditAction::KioskOpened => phrases::kiosk::act_opened(lang),
        AuditAction::KioskEnded => phrases::kiosk::act_ended(lang),
        _ => case_action_sentence(lang, action),
    }
}

/// Returns the sentence of an action about cases.
fn case_action_sentence(lang: Lang, action: AuditAction) -> &'static str {
    match action {
        AuditAction::CaseBegun => words::act_case_begun(lang),
        AuditAction::CaseSubmitted => words::act_case_submitted(lang),
        AuditAction::CaseWithdrawn => words::act_case_withdrawn(lang),
        AuditAction::CaseAccepted => words::act_case_accepted(lang),
        AuditAction::CaseRejected => words::act_case_rejected(lang),
        AuditAction::CaseDecisionUndone => words::act_case_decision_undone(lang),
        AuditAction::CaseReturned => words::act_case_returned(lang),
        AuditAction::CaseSecondLook => words::act_case_second_look(lang),
        AuditAction::LateAdmitted => words::act_late_admitted(lang),
        AuditAction::LateAdmissionEnded => words::act_late_admission_ended(lang),
        AuditAction::CasePartnerAsked => words::act_case_partner_asked(lang),
        AuditAction::CasePartnerRemoved => words::act_case_partner_removed(lang),
        AuditAction::CasePartnerAnswered => words::act_case_partner_answered(lang),
        AuditAction::RecommendationMade => words::act_recommendation_made(lang),
        AuditAction::RecommendationAnswered => words::act_recommendation_answered(lang),
        AuditAction::CasesExported => words::act_cases_exported(lang),
        AuditAction::CasePicturePut => words::act_case_picture_put(lang),
        AuditAction::CasePictureRemoved => words::act_case_picture_removed(lang),
        AuditAction::CaseFileAdded => words::act_case_file_added(lang),
        AuditAction::CaseFileRemoved => words::act_case_file_removed(lang),
        AuditAction::CaseFileShown => words::act_case_file_shown(lang),
        AuditAction::CaseFileScanned => words::act_case_file_scanned(lang),
        _ => account_action_sentence(lang, action),
    }
}

/// Returns the sentence of an action about accounts. The test below finds an action that has none:
/// it would share the last sentence.
fn account_action_sentence(lang: Lang, action: AuditAction) -> &'static str {
    match action {
        AuditAction::AccountCreated => words::act_account_created(lang),
        AuditAction::AccountInvited => words::act_account_invited(lang),
        AuditAction::AccountInvitationResent => phrases::invite::act_resent(lang),
        AuditAction::AccountInvitationCancelled => phrases::invite::act_cancelled(lang),
        AuditAction::AccountListInvited => phrases::invite::act_list(lang),
        AuditAction::JoinApproved => phrases::join::act_approved(lang),
        AuditAction::JoinDeclined => phrases::join::act_declined(lang),
        AuditAction::AccountSignedIn => words::act_account_signed_in(lang),
        AuditAction::AccountSignedOutEverywhere => words::act_account_signed_out_everywhere(lang),
        AuditAction::AccountPasswordChanged => words::act_account_password_changed(lang),
        _ => words::act_account_password_reset(lang),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use backend::audit::AuditAction;
    use phrases::Lang;

    use super::action_sentence;

    #[test]
    fn every_action_has_a_sentence_of_its_own_in_both_languages() {
        for lang in [Lang::Ko, Lang::En] {
            let sentences: BTreeSet<_> =
                AuditAction::ALL.map(|action| action_sentence(lang, action)).into();
            assert_eq!(sentences.len(), AuditAction::ALL.len());
            let whole = |sentence: &&str| match lang {
                Lang::Ko => sentence.ends_with("습니다"),
                Lang::En => sentence.starts_with(char::is_uppercase) && sentence.contains(' '),
            };
            assert!(sentences.iter().all(whole), "{sentences:?}");
        }
    }
}
