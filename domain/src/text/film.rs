//! The address of a film.

use super::{FieldProblem, parse_text_line};
use crate::limits;

/// The address of a film, as it may be shown as a link: `https://`, a host with a domain, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilmLink(String);

impl FilmLink {
    /// Reads an address as people paste it: with or without `https://`, with blanks around it.
    ///
    /// # Errors
    /// [`FieldProblem::TooLong`]; [`FieldProblem::Malformed`] for anything but an address in the web. An address with a user,
    /// a port or a number for a host is none that people share.
    pub fn parse_film_link(text: &str) -> Result<Self, FieldProblem> {
        let text =
            parse_text_line(text, limits::FILM_LINK_CHARS).map_err(|problem| match problem {
                FieldProblem::Missing => FieldProblem::Malformed,
                problem => problem,
            })?;
        let lower = text.to_ascii_lowercase();
        let scheme = ["https://", "http://"].into_iter().find(|scheme| lower.starts_with(scheme));
        let rest = &text[scheme.map_or(0, str::len)..];
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        let host = host.to_ascii_lowercase();
        let plain = |sign: char| sign.is_ascii_graphic() && !"<>\"'`{}|\\^".contains(sign);
        let path_fits =
            path.chars().all(|sign| plain(sign) || (sign.is_alphabetic() && !sign.is_ascii()));
        if is_domain(&host) && path_fits {
            Ok(Self(format!("https://{host}{path}")))
        } else {
            Err(FieldProblem::Malformed)
        }
    }

    /// Returns the whole address.
    #[must_use]
    pub fn as_address(&self) -> &str {
        &self.0
    }

    /// Returns its host, for example `youtu.be`.
    #[must_use]
    pub fn host_name(&self) -> &str {
        let rest = self.0.trim_start_matches("https://");
        rest.split(['/', '?', '#']).next().unwrap_or(rest)
    }
}

/// Whether a host is a name with a domain: labels of letters, digits and hyphens, the last of letters alone (RFC 1123, 2.1).
fn is_domain(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let label = |label: &&str| {
        let signs = label.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-');
        signs
            && !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = labels
        .last()
        .is_some_and(|last| last.len() >= 2 && last.bytes().all(|sign| sign.is_ascii_alphabetic()));
    labels.len() >= 2 && host.len() <= 253 && last && labels.iter().all(label)
}

#[cfg(test)]
mod tests {
    use super::FilmLink;
    use crate::text::FieldProblem;

    #[test]
    fn an_address_is_read_as_people_paste_it() {
        for (typed, link, host) in [
            ("https://youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ", "youtu.be"),
            (" youtu.be/abc?t=10 ", "https://youtu.be/abc?t=10", "youtu.be"),
            (
                "HTTP://WWW.Youtube.com/watch?v=A_b-1&t=2s",
                "https://www.youtube.com/watch?v=A_b-1&t=2s",
                "www.youtube.com",
            ),
            ("https://tv.naver.com", "https://tv.naver.com", "tv.naver.com"),
            ("vimeo.com#나눔", "https://vimeo.com#나눔", "vimeo.com"),
        ] {
            let read = FilmLink::parse_film_link(typed).unwrap();
            assert_eq!((read.as_address(), read.host_name()), (link, host));
        }
    }

    #[test]
    fn what_is_no_address_of_a_film_is_refused() {
        for typed in [
            "",
            "유튜브에 있습니다",
            "javascript:alert(1)",
            "data:text/html,a",
            "ftp://files.example.org/a.mp4",
            "https://",
            "https://localhost/a",
            "https://user@films.example.org/",
            "https://films.example.org:8443/",
            "https://127.0.0.1/a",
            "https://[::1]/a",
            "https://films..example.org/",
            "https://-films.example.org/",
            "https://films.example.org/<b>",
            "https://films.example.org/a b",
        ] {
            let read = FilmLink::parse_film_link(typed);
            assert_eq!(read, Err(FieldProblem::Malformed), "{typed}");
        }
        let long = format!("https://films.example.org/{}", "a".repeat(300));
        assert!(matches!(FilmLink::parse_film_link(&long), Err(FieldProblem::TooLong { .. })));
    }
}
