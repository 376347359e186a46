//! All parts of the interface on one page.

use phrases::admin as words;

use crate::web::answer::Answer;
use crate::web::page::Page;
use crate::web::request::Cx;

/// GET /parts
pub(crate) async fn show_parts(cx: Cx) -> Answer {
    let lang = cx.lang();
    Ok(cx.page(Page::new(words::parts(lang), move || crate::ui::parts::parts(lang))))
}
