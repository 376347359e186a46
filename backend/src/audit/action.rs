//! Every action that the audit trail knows.

/// What was done. The trail stores the name of an action; the pages have a sentence for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditAction {
    /// An account was created.
    AccountCreated,
    /// An invitation was sent.
    AccountInvited,
    /// An open invitation was sent again.
    AccountInvitationResent,
    /// An open invitation was cancelled.
    AccountInvitationCancelled,
    /// Members were invited from a list.
    AccountListInvited,
    /// An organisation's request for an account was approved.
    JoinApproved,
    /// An organisation's request for an account was declined.
    JoinDeclined,
    /// Somebody signed in.
    AccountSignedIn,
    /// Somebody ended all sessions of the own account.
    AccountSignedOutEverywhere,
    /// A password was changed by its owner.
    AccountPasswordChanged,
    /// A password was set anew by a link from a mail.
    AccountPasswordReset,
    /// An account was closed.
    AccountClosed,
    /// A closed account was opened again.
    AccountReopened,
    /// An account was deleted.
    AccountErased,
    /// The budgets of codes and text messages were set.
    BudgetSet,
    /// An edition was created.
    EditionCreated,
    /// The settings of an edition were changed.
    EditionChanged,
    /// An edition was published.
    EditionPublished,
    /// An edition was closed for good.
    EditionArchived,
    /// The windows were moved.
    EditionWindowsMoved,
    /// Whom people can ask was changed.
    OfficeChanged,
    /// A notice was published.
    NoticePublished,
    /// A notice was taken back.
    NoticeRemoved,
    /// A photograph was added.
    PhotographAdded,
    /// A photograph was removed.
    PhotographRemoved,
    /// A rehearsal was taken off the public pages.
    EditionUnpublished,
    /// An edition was removed with everything that belongs to it.
    EditionRemoved,
    /// The clock of a rehearsal was moved.
    EditionClockMoved,
    /// A poll was added.
    PollAdded,
    /// A poll was changed.
    PollChanged,
    /// A poll was removed.
    PollRemoved,
    /// A judge was seated on the panel.
    PanelJudgeSeated,
    /// A judge was taken from the panel.
    PanelJudgeUnseated,
    /// A case was begun.
    CaseBegun,
    /// A case was submitted.
    CaseSubmitted,
    /// A case was withdrawn.
    CaseWithdrawn,
    /// A case was accepted.
    CaseAccepted,
    /// A case was rejected.
    CaseRejected,
    /// A decision about a case was undone.
    CaseDecisionUndone,
    /// A case was sent back for a correction.
    CaseReturned,
    /// A second look at a case was asked for.
    CaseSecondLook,
    /// An organisation was allowed to send in one case late.
    LateAdmitted,
    /// Such a permission was taken back.
    LateAdmissionEnded,
    /// The submitted cases of an edition were downloaded as a table.
    CasesExported,
    /// A picture was added to a case.
    CasePicturePut,
    /// A picture was removed from a case.
    CasePictureRemoved,
    /// A document was added to a case.
    CaseFileAdded,
    /// A document was removed from a case.
    CaseFileRemoved,
    /// The staff decided what visitors get of a document.
    CaseFileShown,
    /// The virus scanner has looked at a document that waited for it.
    CaseFileScanned,
    /// An organisation was named as the partner of a case.
    CasePartnerAsked,
    /// A partner was taken off a case.
    CasePartnerRemoved,
    /// A partner confirmed or declined.
    CasePartnerAnswered,
    /// An organisation or a person was recommended.
    RecommendationMade,
    /// A recommendation was accepted or declined.
    RecommendationAnswered,
    /// A judge stepped back from a case.
    JudgeRecused,
    /// The judges were reminded.
    JudgesReminded,
    /// A sheet was signed.
    SheetSigned,
    /// Labels were added to a roll.
    RollExtended,
    /// A roll was emptied.
    RollEmptied,
    /// Codes of a roll were printed.
    RollPrinted,
    /// A code of a roll was replaced.
    RollReissued,
    /// A code of a roll could not be replaced, because votes may be changed.
    RollReissueRefused,
    /// A code of a roll was withdrawn.
    RollVoided,
    /// A shared machine was opened.
    KioskOpened,
    /// A shared machine was ended.
    KioskEnded,
    /// The rules were sealed in the record.
    RecordSealed,
    /// The keys of an edition were destroyed.
    RecordErased,
    /// A link for an observer was made.
    RecordObserverLinkMade,
    /// A link of an observer was ended.
    RecordObserverLinkEnded,
    /// An observer signed the result.
    RecordObserved,
    /// Counts were opened: to an administrator as standings, or to an observer.
    ResultCountsRead,
    /// Somebody opened the evidence about a group of ballots for the first time.
    FraudEvidenceOpened,
    /// Somebody proposed what becomes of held ballots.
    FraudRulingProposed,
    /// A proposal about held ballots was withdrawn.
    FraudRulingWithdrawn,
    /// A second person confirmed what becomes of held ballots.
    FraudRulingConfirmed,
    /// An appeal about a held ballot was answered.
    FraudAppealAnswered,
    /// A note about a group of ballots was written.
    FraudNoteWritten,
    /// A reason was given to announce below the quorum of sheets.
    QuorumReasonGiven,
    /// A second administrator confirmed such a reason.
    QuorumReasonConfirmed,
    /// A released result was told to organisations and judges by mail.
    ResultTold,
    /// The result was announced.
    ResultAnnounced,
    /// An announcement was withdrawn.
    ResultAnnouncementWithdrawn,
}

/// How many actions there are.
const ACTIONS: usize = 83;

/// Every action with the name that the trail stores, in the order of the variants.
const STORED_NAMES: [(AuditAction, &str); ACTIONS] = [
    (AuditAction::AccountCreated, "account.created"),
    (AuditAction::AccountInvited, "account.invited"),
    (AuditAction::AccountInvitationResent, "account.invitation_resent"),
    (AuditAction::AccountInvitationCancelled, "account.invitation_cancelled"),
    (AuditAction::AccountListInvited, "account.list_invited"),
    (AuditAction::JoinApproved, "join.approved"),
    (AuditAction::JoinDeclined, "join.declined"),
    (AuditAction::AccountSignedIn, "account.signed_in"),
    (AuditAction::AccountSignedOutEverywhere, "account.signed_out_everywhere"),
    (AuditAction::AccountPasswordChanged, "account.password_changed"),
    (AuditAction::AccountPasswordReset, "account.password_reset"),
    (AuditAction::AccountClosed, "account.closed"),
    (AuditAction::AccountReopened, "account.reopened"),
    (AuditAction::AccountErased, "account.erased"),
    (AuditAction::BudgetSet, "budget.set"),
    (AuditAction::EditionCreated, "edition.created"),
    (AuditAction::EditionChanged, "edition.changed"),
    (AuditAction::EditionPublished, "edition.published"),
    (AuditAction::EditionArchived, "edition.archived"),
    (AuditAction::EditionWindowsMoved, "edition.windows_moved"),
    (AuditAction::OfficeChanged, "office.changed"),
    (AuditAction::NoticePublished, "notice.published"),
    (AuditAction::NoticeRemoved, "notice.removed"),
    (AuditAction::PhotographAdded, "photograph.added"),
    (AuditAction::PhotographRemoved, "photograph.removed"),
    (AuditAction::EditionUnpublished, "edition.unpublished"),
    (AuditAction::EditionRemoved, "edition.removed"),
    (AuditAction::EditionClockMoved, "edition.clock_moved"),
    (AuditAction::PollAdded, "poll.added"),
    (AuditAction::PollChanged, "poll.changed"),
    (AuditAction::PollRemoved, "poll.removed"),
    (AuditAction::PanelJudgeSeated, "panel.judge_seated"),
    (AuditAction::PanelJudgeUnseated, "panel.judge_unseated"),
    (AuditAction::CaseBegun, "case.begun"),
    (AuditAction::CaseSubmitted, "case.submitted"),
    (AuditAction::CaseWithdrawn, "case.withdrawn"),
    (AuditAction::CaseAccepted, "case.accepted"),
    (AuditAction::CaseRejected, "case.rejected"),
    (AuditAction::CaseDecisionUndone, "case.decision_undone"),
    (AuditAction::CaseReturned, "case.returned"),
    (AuditAction::CaseSecondLook, "case.second_look"),
    (AuditAction::LateAdmitted, "case.late_admitted"),
    (AuditAction::LateAdmissionEnded, "case.late_admission_ended"),
    (AuditAction::CasesExported, "case.exported"),
    (AuditAction::CasePicturePut, "case.picture_put"),
    (AuditAction::CasePictureRemoved, "case.picture_removed"),
    (AuditAction::CaseFileAdded, "case.file_added"),
    (AuditAction::CaseFileRemoved, "case.file_removed"),
    (AuditAction::CaseFileShown, "case.file_shown"),
    (AuditAction::CaseFileScanned, "case.file_scanned"),
    (AuditAction::CasePartnerAsked, "case.partner_asked"),
    (AuditAction::CasePartnerRemoved, "case.partner_removed"),
    (AuditAction::CasePartnerAnswered, "case.partner_answered"),
    (AuditAction::RecommendationMade, "recommendation.made"),
    (AuditAction::RecommendationAnswered, "recommendation.answered"),
    (AuditAction::JudgeRecused, "judge.recused"),
    (AuditAction::JudgesReminded, "judges.reminded"),
    (AuditAction::SheetSigned, "sheet.signed"),
    (AuditAction::RollExtended, "roll.extended"),
    (AuditAction::RollEmptied, "roll.emptied"),
    (AuditAction::RollPrinted, "roll.printed"),
    (AuditAction::RollReissued, "roll.reissued"),
    (AuditAction::RollReissueRefused, "roll.reissue_refused"),
    (AuditAction::RollVoided, "roll.voided"),
    (AuditAction::KioskOpened, "kiosk.opened"),
    (AuditAction::KioskEnded, "kiosk.ended"),
    (AuditAction::RecordSealed, "record.sealed"),
    (AuditAction::RecordErased, "record.erased"),
    (AuditAction::RecordObserverLinkMade, "record.observer_link_made"),
    (AuditAction::RecordObserverLinkEnded, "record.observer_link_ended"),
    (AuditAction::RecordObserved, "record.observed"),
    (AuditAction::ResultCountsRead, "result.counts_read"),
    (AuditAction::FraudEvidenceOpened, "fraud.evidence_opened"),
    (AuditAction::FraudRulingProposed, "fraud.ruling_proposed"),
    (AuditAction::FraudRulingWithdrawn, "fraud.ruling_withdrawn"),
    (AuditAction::FraudRulingConfirmed, "fraud.ruling_confirmed"),
    (AuditAction::FraudAppealAnswered, "fraud.appeal_answered"),
    (AuditAction::FraudNoteWritten, "fraud.note_written"),
    (AuditAction::QuorumReasonGiven, "quorum.reason_given"),
    (AuditAction::QuorumReasonConfirmed, "quorum.reason_confirmed"),
    (AuditAction::ResultTold, "result.told"),
    (AuditAction::ResultAnnounced, "result.announced"),
    (AuditAction::ResultAnnouncementWithdrawn, "result.announcement_withdrawn"),
];

impl AuditAction {
    /// All actions.
    pub const ALL: [Self; ACTIONS] = {
        let mut all = [Self::AccountCreated; ACTIONS];
        let mut place = 0;
        while place < ACTIONS {
            all[place] = STORED_NAMES[place].0;
            place += 1;
        }
        all
    };

    /// Returns the name that the trail stores, e.g. `case.accepted`.
    #[must_use]
    pub const fn stored_name(self) -> &'static str {
        STORED_NAMES[self as usize].1
    }

    /// Returns the action with this stored name. `None` for the name of another version's action.
    #[must_use]
    pub fn from_stored_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.stored_name() == name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::AuditAction;

    #[test]
    fn every_action_is_listed_and_read_back_by_its_name() {
        for (place, action) in AuditAction::ALL.into_iter().enumerate() {
            assert_eq!(action as usize, place, "the table has the order of the variants");
            assert_eq!(AuditAction::from_stored_name(action.stored_name()), Some(action));
        }
        let names: BTreeSet<_> = AuditAction::ALL.map(AuditAction::stored_name).into();
        assert_eq!(names.len(), AuditAction::ALL.len());
        // The last variant has the last place of the list: none was left out.
        let last = AuditAction::ResultAnnouncementWithdrawn as usize;
        assert_eq!(AuditAction::ALL.len(), last + 1);
        assert_eq!(AuditAction::from_stored_name("case.lost"), None);
    }
}
