//! An edition that is not public is shown to administrators alone, as citizens will see it.

use backend::accounts::{Admin, Role};
use domain::schedule::Phase;
use http::StatusCode;
use phrases::{Lang, shell};
use sqlx::PgPool;

use crate::support::{House, SLUG};

#[sqlx::test(migrator = "backend::MIGRATIONS")]
async fn an_edition_that_is_not_public_is_shown_to_administrators_alone(pool: PgPool) {
    let house = House::in_phase(pool.clone(), Phase::Call).await;
    let (admin, judge) =
        (house.cookie_of(Role::Administrator).await, house.cookie_of(Role::Judge).await);
    let edition = house.edition().await;
    house.backend.unpublish_rehearsal(&Admin::local_operator(), &edition).await.unwrap();
    let preview = shell::preview(Lang::Ko);
    for end in ["", "/rules", "/privacy", "/contact", "/help", "/notices", "/terms", "/join"] {
        let path = format!("/editions/{SLUG}{end}");
        for stranger in ["", judge.as_str()] {
            let hidden = house.get(&path, stranger).await;
            assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{path}");
        }
        let shown = house.get(&path, &admin).await;
        assert_eq!(shown.status, StatusCode::OK, "{path}");
        assert!(shown.body.contains(preview), "{path}: {}", shown.body);
    }
    let asked = "organisation=Gayang&person=Kim&email=kim%40council.example&consent=yes";
    let sent = house.post(&format!("/editions/{SLUG}/join"), &admin, asked).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND, "a preview takes nothing");
    house.backend.publish_edition(&Admin::local_operator(), &house.edition().await).await.unwrap();
    let public = house.get(&format!("/editions/{SLUG}"), &admin).await;
    assert!(!public.body.contains(preview), "{}", public.body);
}
