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
    /// The budgets of codes and text messages were set.
    BudgetSet,
    /// An edition was created.
    EditionCreated,
    /// An edition was published.
    EditionPublished,
    /// An edition was closed for good.
    EditionArchived,
    /// The windows were moved.
    EditionWindowsMoved,
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
    /// A picture was added to a case.
    CasePicturePut,
    /// A picture was removed from a case.
    CasePictureRemoved,
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

impl AuditAction {
    /// All actions.
    pub const ALL: [Self; 60] = [
        Self::AccountCreated,
        Self::AccountInvited,
        Self::AccountInvitationResent,
        Self::AccountInvitationCancelled,
        Self::AccountListInvited,
        Self::JoinApproved,
        Self::JoinDeclined,
        Self::AccountSignedIn,
        Self::AccountSignedOutEverywhere,
        Self::AccountPasswordChanged,
        Self::AccountPasswordReset,
        Self::BudgetSet,
        Self::EditionCreated,
        Self::EditionPublished,
        Self::EditionArchived,
        Self::EditionWindowsMoved,
        Self::EditionUnpublished,
        Self::EditionRemoved,
        Self::EditionClockMoved,
        Self::PollAdded,
        Self::PollChanged,
        Self::PollRemoved,
        Self::PanelJudgeSeated,
        Self::PanelJudgeUnseated,
        Self::CaseBegun,
        Self::CaseSubmitted,
        Self::CaseWithdrawn,
        Self::CaseAccepted,
        Self::CaseRejected,
        Self::CaseDecisionUndone,
        Self::CasePicturePut,
        Self::CasePictureRemoved,
        Self::JudgeRecused,
        Self::JudgesReminded,
        Self::SheetSigned,
        Self::RollExtended,
        Self::RollEmptied,
        Self::RollPrinted,
        Self::RollReissued,
        Self::RollReissueRefused,
        Self::RollVoided,
        Self::KioskOpened,
        Self::KioskEnded,
        Self::RecordSealed,
        Self::RecordErased,
        Self::RecordObserverLinkMade,
        Self::RecordObserverLinkEnded,
        Self::RecordObserved,
        Self::ResultCountsRead,
        Self::FraudEvidenceOpened,
        Self::FraudRulingProposed,
        Self::FraudRulingWithdrawn,
        Self::FraudRulingConfirmed,
        Self::FraudAppealAnswered,
        Self::FraudNoteWritten,
        Self::QuorumReasonGiven,
        Self::QuorumReasonConfirmed,
        Self::ResultTold,
        Self::ResultAnnounced,
        Self::ResultAnnouncementWithdrawn,
    ];

    /// Returns the name that the trail stores, e.g. `case.accepted`.
    #[must_use]
    pub const fn stored_name(self) -> &'static str {
        match self {
            Self::AccountCreated => "account.created",
            Self::AccountInvited => "account.invited",
            Self::AccountInvitationResent => "account.invitation_resent",
            Self::AccountInvitationCancelled => "account.invitation_cancelled",
            Self::AccountListInvited => "account.list_invited",
            Self::JoinApproved => "join.approved",
            Self::JoinDeclined => "join.declined",
            Self::AccountSignedIn => "account.signed_in",
            Self::AccountSignedOutEverywhere => "account.signed_out_everywhere",
            Self::AccountPasswordChanged => "account.password_changed",
            Self::AccountPasswordReset => "account.password_reset",
            Self::BudgetSet => "budget.set",
            Self::EditionCreated => "edition.created",
            Self::EditionPublished => "edition.published",
            Self::EditionArchived => "edition.archived",
            Self::EditionWindowsMoved => "edition.windows_moved",
            Self::EditionUnpublished => "edition.unpublished",
            Self::EditionRemoved => "edition.removed",
            Self::EditionClockMoved => "edition.clock_moved",
            Self::PollAdded => "poll.added",
            Self::PollChanged => "poll.changed",
            Self::PollRemoved => "poll.removed",
            Self::PanelJudgeSeated => "panel.judge_seated",
            Self::PanelJudgeUnseated => "panel.judge_unseated",
            Self::CaseBegun => "case.begun",
            Self::CaseSubmitted => "case.submitted",
            Self::CaseWithdrawn => "case.withdrawn",
            Self::CaseAccepted => "case.accepted",
            Self::CaseRejected => "case.rejected",
            Self::CaseDecisionUndone => "case.decision_undone",
            Self::CasePicturePut => "case.picture_put",
            Self::CasePictureRemoved => "case.picture_removed",
            Self::JudgeRecused => "judge.recused",
            Self::JudgesReminded => "judges.reminded",
            Self::SheetSigned => "sheet.signed",
            Self::RollExtended => "roll.extended",
            Self::RollEmptied => "roll.emptied",
            Self::RollPrinted => "roll.printed",
            Self::RollReissued => "roll.reissued",
            Self::RollReissueRefused => "roll.reissue_refused",
            Self::RollVoided => "roll.voided",
            Self::KioskOpened => "kiosk.opened",
            Self::KioskEnded => "kiosk.ended",
            Self::RecordSealed => "record.sealed",
            Self::RecordErased => "record.erased",
            Self::RecordObserverLinkMade => "record.observer_link_made",
            Self::RecordObserverLinkEnded => "record.observer_link_ended",
            Self::RecordObserved => "record.observed",
            Self::ResultCountsRead => "result.counts_read",
            Self::FraudEvidenceOpened => "fraud.evidence_opened",
            Self::FraudRulingProposed => "fraud.ruling_proposed",
            Self::FraudRulingWithdrawn => "fraud.ruling_withdrawn",
            Self::FraudRulingConfirmed => "fraud.ruling_confirmed",
            Self::FraudAppealAnswered => "fraud.appeal_answered",
            Self::FraudNoteWritten => "fraud.note_written",
            Self::QuorumReasonGiven => "quorum.reason_given",
            Self::QuorumReasonConfirmed => "quorum.reason_confirmed",
            Self::ResultTold => "result.told",
            Self::ResultAnnounced => "result.announced",
            Self::ResultAnnouncementWithdrawn => "result.announcement_withdrawn",
        }
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
        for action in AuditAction::ALL {
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
