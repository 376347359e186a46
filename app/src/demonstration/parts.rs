//! All parts of the interface on one page.

use phrases::admin as words;

use crate::web::answer::PageResult;
use crate::web::page::Page;
use crate::web::request::RequestContext;

/// GET /parts
pub(crate) async fn show_parts(cx: RequestContext) -> PageResult {
    let lang = cx.lang();
    Ok(cx.render_page(Page::titled(words::parts(lang), move || {
        crate::ui::parts::render_all_parts(lang)
    })))
}
