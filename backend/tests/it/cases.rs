//! Cases: written in private, submitted complete and in time, decided once, then public.

use std::io::Cursor;

use crate::support::{account, backend, season_in};
use backend::accounts::{Admin, Member, Role, SignedIn};
use backend::cases::{
    CaseDraft, CaseState, GalleryFilter, OrderSeed, ScreeningDecision, SubmissionForm,
    UploadedPicture,
};
use backend::editions::Edition;
use backend::{Backend, Error};
use domain::ids::{CaseId, PictureId};
use domain::schedule::Phase;
use sqlx::PgPool;

mod gallery;
mod pictures;
mod returned;
mod screening;
mod sealed;
mod search_speed;
mod together;
mod versions;
mod writing;

const ADDRESS: &str = "member@agency.example";

/// A season in its call, with one member of an organisation.
struct Call {
    backend: Backend,
    edition: Edition,
    visitor: SignedIn,
    member: Member,
}

impl Call {
    async fn open(pool: PgPool) -> Self {
        let backend = backend(pool);
        let edition = season_in(&backend, Phase::Call).await;
        let visitor = account(&backend, &edition, Role::Member, ADDRESS, "중구 복지관").await;
        let member = visitor.require_member().unwrap();
        Self { backend, edition, visitor, member }
    }

    async fn stranger(&self) -> SignedIn {
        let address = "other@agency.example";
        account(&self.backend, &self.edition, Role::Member, address, "서구 복지관").await
    }

    /// Returns a complete draft.
    async fn whole(&self) -> CaseDraft {
        let places = self.backend.tracks_and_districts(self.edition.id).await.unwrap();
        CaseDraft {
            title: "골목 냉장고".to_owned(),
            title_en: "The alley fridge".to_owned(),
            summary: "반찬 한 그릇을 나눕니다.".to_owned(),
            body: "첫 문단\r\n\r\n둘째 문단".to_owned(),
            track: places.tracks[0].id.to_string(),
            place: places.districts[1].neighbourhoods[0].id.to_string(),
            alt: String::new(),
            film: String::new(),
        }
    }

    async fn begin(&self) -> CaseId {
        let track = self.whole().await.track;
        let open = self.edition.submissions_open().unwrap();
        self.backend
            .begin_case(&self.member, open, &self.edition, "골목 냉장고", &track)
            .await
            .unwrap()
    }

    async fn save(&self, case: CaseId, version: i32, draft: &CaseDraft) -> Result<i32, Error> {
        let open = self.edition.submissions_open().unwrap();
        let saved =
            self.backend.save_case(&self.member, open, &self.edition, case, version, draft).await?;
        Ok(saved.version)
    }

    /// Submits a case and returns its new version.
    async fn submit(&self, case: CaseId, version: i32) -> Result<i32, Error> {
        let open = self.edition.submissions_open().unwrap();
        self.backend
            .submit_case(&self.member, open, &self.edition, case, version, &consenting())
            .await?;
        Ok(version + 1)
    }

    async fn withdraw(&self, case: CaseId, version: i32) -> Result<(), Error> {
        let open = self.edition.submissions_open().unwrap();
        self.backend.withdraw_case(&self.member, open, &self.edition, case, version).await
    }

    async fn decide(
        &self,
        case: CaseId,
        version: i32,
        decision: ScreeningDecision,
    ) -> Result<(), Error> {
        let (admin, edition) = (Admin::local_operator(), &self.edition);
        let open = edition.screening_open().unwrap();
        self.backend.decide_case(&admin, open, edition, case, version, decision).await
    }

    async fn state(&self, case: CaseId) -> CaseState {
        self.backend.own_case(&self.member, case).await.unwrap().state
    }

    /// Submits a complete case and returns it with its version.
    async fn submitted(&self) -> (CaseId, i32) {
        let case = self.begin().await;
        let version = self.save(case, 1, &self.whole().await).await.unwrap();
        let version = self.submit(case, version).await.unwrap();
        (case, version)
    }

    async fn put_picture(&self, case: CaseId, version: i32) -> Result<PictureId, Error> {
        let open = self.edition.submissions_open().unwrap();
        let new = UploadedPicture { file: jpeg(), alt: "꽃을 심는 주민들".to_owned() };
        self.backend.put_picture(&self.member, open, &self.edition, case, version, new).await
    }
}

/// The form of a case without personal data, with every consent.
fn consenting() -> SubmissionForm {
    SubmissionForm { personal_reason: String::new(), people_agree: true, has_rights: true }
}

fn jpeg() -> Vec<u8> {
    let mut bytes = Vec::new();
    image::DynamicImage::new_rgb8(40, 30)
        .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Jpeg)
        .unwrap();
    bytes
}

/// Returns all cases that the gallery shows for this search, over all pages.
async fn found(backend: &Backend, edition: &Edition, search: &str, seed: OrderSeed) -> Vec<CaseId> {
    let filter = GalleryFilter { search: search.to_owned(), ..GalleryFilter::default() };
    let mut ids = Vec::new();
    for page in 1.. {
        let public = edition.gallery_public().unwrap();
        let shown = backend.gallery_page(public, edition, &filter, seed, page).await.unwrap();
        ids.extend(shown.cards.iter().map(|card| card.id));
        if page >= shown.pages {
            break;
        }
    }
    ids
}
