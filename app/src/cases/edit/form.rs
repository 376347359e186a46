//! What the form of a case does.

use axum::extract::Path;
use backend::Error;
use backend::accounts::Member;
use backend::cases::{
    CaseDraft, CaseState, CaseTexts, NewFile, ShownAs, SubmissionForm, UploadedPicture,
    find_case_texts,
};
use backend::editions::Edition;
use domain::ids::CaseId;
use domain::refusal::{CaseRefusal, FileProblem, Refusal};
use domain::schedule::SubmissionsOpen;

use crate::AppError;
use crate::cases::edit::fields::TypedDraft;
use crate::cases::edit::fill::FilledDraft;
use crate::cases::edit::page;
use crate::cases::personal::mask_draft;
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::{FormFields, UploadedFile};
use crate::web::paths;
use crate::web::request::RequestContext;

/// Largest body of the form, in bytes: 2 MiB more than a picture may have. So a picture that is
/// slightly too large still gets a message about its size.
pub(crate) const CASE_FORM_BYTES: usize = domain::limits::PICTURE_BYTES + 2 * 1024 * 1024;

/// POST /organisation/cases/{case}
pub(crate) async fn submit_case_form(
    cx: RequestContext,
    Path(id): Path<String>,
    fields: FormFields,
) -> PageResult {
    let member = cx.require_member()?;
    let case = cx.backend().own_case(&member, paths::parse_path_key(&id)?).await?;
    let edition = cx.backend().find_edition(&case.edition_slug).await?;
    let version = fields.field_text("version").parse().map_err(|_| AppError::BadRequest)?;
    if fields.field_text("act") == "withdraw" && !fields.has_field("confirm") {
        // The page asks first. Nothing is withdrawn by one press.
        let page = format!("/organisation/cases/{}?ask=withdraw#withdraw", case.id);
        return Ok(redirect_to(&page));
    }
    let mut form =
        CaseFormAction { cx: &cx, member, edition: &edition, case: case.id, version, filled: None };
    match form.carry_out(&fields).await {
        // Back to the list of what is left.
        Ok("masked") => {
            Ok(redirect_to(&format!("/organisation/cases/{}?done=masked#personal", case.id)))
        }
        Ok("filled") => {
            let stored = cx.backend().own_case(&member, case.id).await?;
            let mut typed = TypedDraft::from_case(&stored);
            typed.submission = read_submission(&fields);
            let filled = form.filled.take();
            typed.filled =
                filled.map(|(file, texts)| FilledDraft::fill_draft(&mut typed.draft, file, texts));
            let page = page::edit_case_page(&cx, &edition, stored, Some(typed), None, "").await?;
            Ok(cx.render_page(page))
        }
        Ok(done) => Ok(redirect_to(&format!("/organisation/cases/{}?done={done}", case.id))),
        Err(error) => {
            let stored = cx.backend().own_case(&member, case.id).await?;
            // After a conflict the page shows both versions, so the next save may replace the
            // stored one.
            let stale = error == AppError::Refused(Refusal::Stale);
            let version = if stale { stored.version } else { form.version };
            let (draft, submission) = (read_case_draft(&fields), read_submission(&fields));
            let objection = fields.field_text("second_look").to_owned();
            let typed = TypedDraft { draft, submission, objection, version, filled: None };
            // Submitted in these words before: pressed twice, or the answer was lost.
            let submits = fields.field_text("act") == "submit";
            if submits && stored.state == CaseState::Submitted && typed.is_stored_in(&stored) {
                let page = format!("/organisation/cases/{}?done=submitted", stored.id);
                return Ok(redirect_to(&page));
            }
            let page =
                page::edit_case_page(&cx, &edition, stored, Some(typed), Some(error.clone()), "");
            cx.show_again(page.await?, &error)
        }
    }
}

fn read_case_draft(fields: &FormFields) -> CaseDraft {
    let text = |name: &str| fields.field_text(name).to_owned();
    CaseDraft {
        title: text("title"),
        title_en: text("title_en"),
        summary: text("summary"),
        body: text("body"),
        track: text("track"),
        place: text("place"),
        alt: text("alt"),
        film: text("film"),
    }
}

fn read_submission(fields: &FormFields) -> SubmissionForm {
    SubmissionForm {
        personal_reason: fields.field_text("personal_reason").to_owned(),
        people_agree: fields.has_field("people_agree"),
        has_rights: fields.has_field("has_rights"),
    }
}

/// A sent form of the case's page, while its action runs.
struct CaseFormAction<'a> {
    cx: &'a RequestContext,
    member: Member,
    edition: &'a Edition,
    case: CaseId,
    /// The version that the next statement must name.
    version: i32,
    /// The name and the texts of a document that was read.
    filled: Option<(String, CaseTexts)>,
}

impl CaseFormAction<'_> {
    /// Runs the action of the pressed button. Returns the word for the notice on the next page.
    async fn carry_out(&mut self, fields: &FormFields) -> Result<&'static str, AppError> {
        let (backend, edition, case) = (self.cx.backend(), self.edition, self.case);
        let act = fields.field_text("act");
        if act == "object" {
            return self.object(fields.field_text("second_look")).await;
        }
        let found = backend.own_case(&self.member, case).await?;
        let open = found.submissions_open(edition).map_err(Error::from)?;
        if act == "withdraw" {
            backend.withdraw_case(&self.member, open, edition, case, self.version).await?;
            return Ok("withdrawn");
        }
        // Every other button saves the typed text first, so that no text is lost.
        let mut draft = read_case_draft(fields);
        let masks = act == "mask" || act.starts_with("mask.");
        if masks {
            mask_draft(&mut draft, act.strip_prefix("mask."));
        }
        let saved =
            backend.save_case(&self.member, open, edition, case, self.version, &draft).await?;
        self.version = saved.version;
        if act == "remove_picture" {
            backend.remove_picture(&self.member, open, edition, case, self.version).await?;
            return Ok("picture_removed");
        }
        let picture = fields.uploaded_file_of("picture").filter(|file| !file.bytes.is_empty());
        if let Some(file) = picture {
            let new = UploadedPicture { file: file.bytes.clone(), alt: draft.alt };
            backend.put_picture(&self.member, open, edition, case, self.version, new).await?;
        }
        if let Some(file) = act.strip_prefix("remove_file.") {
            let file = file.parse().map_err(|_| AppError::BadRequest)?;
            return match backend.remove_file(&self.member, open, edition, case, file).await {
                // A colleague was quicker.
                Ok(()) | Err(Error::NotFound) => Ok("file_removed"),
                Err(error) => Err(error.into()),
            };
        }
        let added = self.add_files(fields, open).await?;
        if act == "add_files" && added.is_none() {
            let none = CaseRefusal::File { name: String::new(), problem: FileProblem::Empty };
            return Err(AppError::Refused(Refusal::Case(none)));
        }
        // Its author sees what was found in a document before the case goes out.
        if act == "add_files" || (act == "submit" && added == Some(true)) {
            return Ok("files_added");
        }
        let document = fields.uploaded_file_of("document");
        // Who chooses a document and presses the usual button means it, too.
        if act == "fill" || (act == "save" && document.is_some()) {
            self.filled = Some(self.read_chosen_document(document).await?);
            return Ok("filled");
        }
        if masks {
            backend.remove_personal_versions(&self.member, case).await?;
            return Ok("masked");
        }
        if act == "submit" {
            let form = read_submission(fields);
            backend.submit_case(&self.member, open, edition, case, self.version, &form).await?;
            return Ok("submitted");
        }
        Ok("saved")
    }

    /// Asks for a second look at a rejected case.
    async fn object(&self, why: &str) -> Result<&'static str, AppError> {
        let open = self.edition.screening_open().map_err(Error::from)?;
        let (backend, member) = (self.cx.backend(), &self.member);
        backend.object_to_rejection(member, open, self.edition, self.case, why).await?;
        Ok("objected")
    }

    /// Adds the documents that were chosen. Returns whether something in them wants a look; `None` if there were none.
    async fn add_files(
        &self,
        fields: &FormFields,
        open: SubmissionsOpen,
    ) -> Result<Option<bool>, AppError> {
        let (backend, mut added) = (self.cx.backend(), Vec::new());
        for UploadedFile { name, bytes } in fields.uploaded_files_of("files") {
            let new = NewFile { name: name.clone(), bytes: bytes.clone() };
            added.push(backend.add_file(&self.member, open, self.edition, self.case, new).await?);
        }
        if added.is_empty() {
            return Ok(None);
        }
        let files = backend.case_files(self.case).await?;
        let mut new = files.iter().filter(|file| added.contains(&file.id));
        Ok(Some(new.any(|file| file.shown_as != ShownAs::File)))
    }

    /// Returns the name and the texts of the document that was chosen.
    async fn read_chosen_document(
        &self,
        document: Option<&UploadedFile>,
    ) -> Result<(String, CaseTexts), AppError> {
        let refused = |problem| AppError::Refused(Refusal::Case(CaseRefusal::Document(problem)));
        let file = document.ok_or(refused(FileProblem::Empty))?;
        if file.bytes.is_empty() {
            return Err(refused(FileProblem::Damaged));
        }
        let read = self.cx.backend().read_document(file.bytes.clone()).await?;
        Ok((file.name.clone(), find_case_texts(&read)))
    }
}
