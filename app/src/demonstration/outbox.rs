//! The mail box of a demonstration: everybody's mail, with codes and links.

use backend::mail::OutboxMail;
use leptos::prelude::*;
use phrases::{Lang, admin as words};

use crate::ui::{ButtonLink, ButtonWeight, Empty, PageHead};
use crate::web::answer::PageResult;
use crate::web::page::Page;
use crate::web::request::RequestContext;
use crate::words::times;

/// GET /outbox
pub(crate) async fn show_outbox(cx: RequestContext) -> PageResult {
    let lang = cx.lang();
    let mails = cx.backend().demonstration_outbox().await?;
    let own = cx.backend().settings().public_url.clone();
    let crumbs = vec![
        (phrases::editions::home(lang).to_owned(), Some("/".to_owned())),
        (words::outbox(lang).to_owned(), None),
    ];
    let page = Page::titled(words::outbox(lang), move || {
        let content = if mails.is_empty() {
            view! {
                <Empty title=words::outbox_none(lang)><p>{words::outbox_none_text(lang)}</p></Empty>
            }
            .into_any()
        } else {
            let mails = mails.iter().map(|mail| mail_card(lang, &own, mail)).collect_view();
            view! { <ol class="letters">{mails}</ol> }.into_any()
        };
        view! {
            <PageHead title=words::outbox(lang) lead=words::outbox_lead(lang)>
                <ButtonLink label=words::outbox_reload(lang) href="/outbox"
                    weight=ButtonWeight::Secondary/>
            </PageHead>
            {content}
        }
    });
    Ok(cx.render_page(page.with_crumbs(crumbs)))
}

/// Shows one mail, with its code in large type and its addresses as links.
fn mail_card(lang: Lang, own: &str, mail: &OutboxMail) -> AnyView {
    let code = find_mail_code(&mail.body).map(|code| {
        let code = code.to_owned();
        view! {
            <p class="letter-code">
                <span class="visually-hidden">{words::outbox_code(lang)}" "</span>
                {code}
            </p>
        }
    });
    let lines = mail.body.trim_end().lines().map(|line| mail_line_view(own, line)).collect_view();
    let subject = match mail.subject.as_str() {
        "" => words::outbox_text(lang).to_owned(),
        subject => subject.to_owned(),
    };
    let to = words::outbox_to(lang, &mail.to);
    let at = times::format_minute(lang, mail.at);
    view! {
        <li>
            <article class="letter">
                <h2>{subject}</h2>
                <p class="muted small">{to}" · "{at}</p>
                {code}
                <div class="letter-body">{lines}</div>
            </article>
        </li>
    }
    .into_any()
}

/// Finds the code in a mail: six digits alone on a line. In a text message the code is at the end
/// of the last line, which browsers read.
fn find_mail_code(body: &str) -> Option<&str> {
    let is_code = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
    let text = |line: &'_ str| line.starts_with('@');
    let alone = body.lines().map(str::trim).find(is_code);
    alone.or_else(|| {
        let last = body.lines().last().filter(|line| text(line))?;
        last.rsplit_once('#').map(|(_, code)| code).filter(is_code)
    })
}

/// Shows a line as text and links. Only our own addresses become links. A link holds the path
/// alone, so that it works under every host name of this server.
fn mail_line_view(own: &str, line: &str) -> AnyView {
    let words = line.split(' ').enumerate().map(|(index, word)| {
        let space = if index > 0 { " " } else { "" };
        let path = word.strip_prefix(own).filter(|path| path.starts_with('/')).map(str::to_owned);
        let word = word.to_owned();
        match path {
            Some(path) => view! { {space}<a href=path>{word}</a> }.into_any(),
            None => view! { {space}{word} }.into_any(),
        }
    });
    view! { <p>{words.collect_view()}</p> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{find_mail_code, mail_line_view};
    use leptos::prelude::RenderHtml as _;

    #[test]
    fn a_code_is_six_digits_alone_on_a_line() {
        assert_eq!(find_mail_code("투표 확인 번호입니다.\n\n 042137 \n\n5분 안에"), Some("042137"));
        assert_eq!(
            find_mail_code("[한표] 확인 번호 042137\n@vote.example #042137"),
            Some("042137")
        );
        assert_eq!(find_mail_code("1234567\n12345\n12 456\nabcdef"), None);
    }

    #[test]
    fn only_our_own_addresses_become_links() {
        let own = "http://127.0.0.1:3000";
        let html = mail_line_view(own, "go http://127.0.0.1:3000/reset/x now").to_html();
        assert!(html.contains("<a href=\"/reset/x\">"), "{html}");
        for foreign in [
            "https://elsewhere.example/x",
            "http://127.0.0.1:3000.elsewhere.example/x",
            "javascript:alert(1)",
            "<a href=x>",
        ] {
            let html = mail_line_view(own, foreign).to_html();
            assert!(!html.contains("<a"), "{html}");
        }
    }
}
