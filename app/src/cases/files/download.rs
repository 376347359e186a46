//! The bytes of a document, and the page with its text.

use axum::extract::Path;
use axum::response::IntoResponse as _;
use backend::cases::{FileText, ShownAs, TextBlock};
use domain::ids::FileId;
use futures_util::TryStreamExt as _;
use http::{HeaderValue, header};
use leptos::prelude::*;
use phrases::{Lang, files as words};

use crate::AppError;
use crate::ui::{ButtonLink, ButtonWeight, Notice, PageHead, TableBox, Tone, paragraphs};
use crate::web::answer::{PageResult, redirect_to};
use crate::web::fields::FormFields;
use crate::web::limits::{Queue, body_with_place};
use crate::web::page::Page;
use crate::web::paths;
use crate::web::request::RequestContext;
use crate::words::cases::korean_mark;

use super::describe_file;

/// GET /files/{file}
///
/// A browser never shows the document by itself: it is saved, it is of the type that we found in it, and it may run nothing.
pub(crate) async fn document_file(cx: RequestContext, Path(id): Path<String>) -> PageResult {
    // While this request waits for a place as a download, others read pages. The place is held until the reader has everything.
    cx.release_place();
    let place = cx.app_state().limits.wait_for_place(Queue::Download).await?;
    cx.hold_place(Queue::Read).await?;
    let found = cx.backend().visible_file(paths::parse_path_key(&id)?, cx.visitor()).await?;
    let file = found.file;
    let ending = format!(".{}", file.kind.extension());
    let mut name = file.name;
    if !name.to_lowercase().ends_with(&ending) {
        name.push_str(&ending);
    }
    let disposition = attachment_name(&name);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(file.kind.media_type())),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CONTENT_LENGTH, HeaderValue::from(file.length)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"),
        ),
        // The staff may take it back, so nobody keeps it without asking.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ];
    let bytes = found.bytes.map_ok(|bytes| bytes.to_vec());
    Ok((headers, body_with_place(place, bytes)).into_response())
}

/// Names the file that a browser saves: in ASCII for old programs, and as it is (RFC 6266, RFC 8187).
fn attachment_name(name: &str) -> HeaderValue {
    let plain =
        |sign: char| if sign.is_ascii_alphanumeric() || "-_. ".contains(sign) { sign } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    let value = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}");
    HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static("attachment"))
}

/// GET /files/{file}/text
pub(crate) async fn show_document_text(cx: RequestContext, Path(id): Path<String>) -> PageResult {
    let lang = cx.lang();
    let text = cx.backend().visible_file_text(paths::parse_path_key(&id)?, cx.visitor()).await?;
    let edition = cx.backend().find_edition(&text.edition_slug).await?;
    let FileText { file, blocks, public, .. } = text;
    let title = file.name.clone();
    let about = describe_file(file.kind, file.length);
    let whole = (file.is_file_shown() || !public) && !cx.is_kiosk();
    let masked = (!file.found.is_empty()).then(|| words::masked(lang));
    let back = public.then(|| {
        let href = format!("/editions/{}/cases/{}", edition.slug, file.case);
        view! { <ButtonLink label=words::to_case(lang) href weight=ButtonWeight::Secondary/> }
    });
    let download = whole.then(|| {
        let href = format!("/files/{}", file.id);
        view! { <ButtonLink label=words::download(lang) href/> }
    });
    let head = title.clone();
    let page = Page::titled(title, move || {
        let blocks = render_blocks(lang, &blocks);
        view! {
            <PageHead title=head eyebrow=about lead=words::text_lead(lang)>""</PageHead>
            {masked.map(|said| view! { <Notice lang tone=Tone::Info><p>{said}</p></Notice> })}
            <div class="prose document-text" lang=korean_mark(lang)>{blocks}</div>
            <div class="actions">{back}{download}</div>
        }
    });
    Ok(cx.render_page(page.for_edition(&edition)))
}

/// Renders paragraphs, and rows that follow each other as one table.
fn render_blocks(lang: Lang, blocks: &[TextBlock]) -> Vec<AnyView> {
    let is_row = |block: &TextBlock| matches!(block, TextBlock::Row(_));
    let mut tables = 0;
    blocks
        .chunk_by(|one, next| is_row(one) && is_row(next))
        .map(|run| match run {
            [TextBlock::Paragraph(text)] => paragraphs::render_paragraphs(text).into_any(),
            rows => {
                tables += 1;
                render_table(lang, tables, rows)
            }
        })
        .collect()
}

fn render_table(lang: Lang, number: usize, rows: &[TextBlock]) -> AnyView {
    let rows = rows
        .iter()
        .filter_map(|block| match block {
            TextBlock::Row(cells) => Some(cells),
            TextBlock::Paragraph(_) => None,
        })
        .map(|cells| {
            let cells = cells
                .iter()
                .map(|cell| view! { <td>{paragraphs::render_paragraphs(cell)}</td> })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! { <TableBox caption=words::table(lang, number)><tbody>{rows}</tbody></TableBox> }
        .into_any()
}

/// POST /admin/{edition}/screening/{case}/files
pub(crate) async fn decide_shown_files(
    cx: RequestContext,
    Path((slug, id)): Path<(String, String)>,
    fields: FormFields,
) -> PageResult {
    let admin = cx.require_admin()?;
    let edition = cx.backend().find_edition(&slug).await?;
    let case = paths::parse_path_key(&id)?;
    let file: FileId = fields.field_text("file").parse().map_err(|_| AppError::BadRequest)?;
    let word = fields.field_text(&format!("shown-{file}"));
    let shown_as = ShownAs::from_word(word).ok_or(AppError::BadRequest)?;
    cx.backend().show_file_as(&admin, &edition, case, file, shown_as).await?;
    Ok(redirect_to(&format!("/admin/{slug}/screening/{case}?done=shown#files")))
}

#[cfg(test)]
mod tests {
    use super::attachment_name;

    #[test]
    fn a_name_is_sent_as_it_is_and_in_ascii() {
        let value = attachment_name("\u{BCF4}\u{ACE0} \"1\".pdf");
        let expected = "attachment; filename=\"__ _1_.pdf\"; filename*=UTF-8''%EB%B3%B4%EA%B3%A0%20%221%22.pdf";
        assert_eq!(value, expected);
    }
}
