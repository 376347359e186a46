//! The picks in the cookie of their poll: `<edition>~<case>.<case>…`. The server and the browser
//! read and write the same form. The cookie is a note for the voter and not a ballot: its content
//! is checked when the ballot is cast.

use domain::ids::CaseId;

/// The first part of the names of these cookies. Scripts may read them; they hold no secret.
pub const PICKS_COOKIES: &str = "picks.";

/// Returns the name of the cookie for a poll. The name contains the edition, because polls of
/// different editions may have the same short name and each keeps its own picks.
#[must_use]
pub fn picks_cookie_name(edition: &str, poll: &str) -> String {
    format!("{PICKS_COOKIES}{edition}.{poll}")
}

/// Reads the picks for this edition: different cases, at most `max`. Skips what cannot be read.
#[must_use]
pub fn parse_picks(cookie: &str, edition: &str, max: usize) -> Vec<CaseId> {
    let Some(list) = cookie.strip_prefix(edition).and_then(|rest| rest.strip_prefix('~')) else {
        return Vec::new();
    };
    let mut picks = Vec::new();
    for case in list.split('.').filter_map(|id| id.parse::<CaseId>().ok()) {
        if picks.len() < max && !picks.contains(&case) {
            picks.push(case);
        }
    }
    picks
}

/// Writes the cookie's value for these picks.
#[must_use]
pub fn format_picks(edition: &str, picks: &[CaseId]) -> String {
    let ids: Vec<String> = picks.iter().map(ToString::to_string).collect();
    format!("{edition}~{}", ids.join("."))
}

/// Returns the picks without this case, or with it if there is room; `None` if there is no room.
#[must_use]
pub fn toggle_pick(picks: &[CaseId], case: CaseId, max: usize) -> Option<Vec<CaseId>> {
    let mut picks = picks.to_vec();
    if let Some(place) = picks.iter().position(|picked| *picked == case) {
        picks.remove(place);
    } else if picks.len() < max {
        picks.push(case);
    } else {
        return None;
    }
    Some(picks)
}

#[cfg(test)]
mod tests {
    use super::{format_picks, parse_picks, picks_cookie_name, toggle_pick};
    use domain::ids::CaseId;

    fn case(number: u128) -> CaseId {
        CaseId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn picks_come_back_from_their_cookie_in_their_order() {
        let picks = [case(3), case(1)];
        assert_eq!(parse_picks(&format_picks("daejeon-2024", &picks), "daejeon-2024", 3), picks);
        assert_eq!(parse_picks(&format_picks("daejeon-2024", &[]), "daejeon-2024", 3), []);
    }

    #[test]
    fn a_cookie_of_another_edition_or_of_a_joker_holds_no_picks() {
        let cookie = format_picks("daejeon-2024", &[case(1)]);
        assert_eq!(parse_picks(&cookie, "daejeon-20", 3), []);
        assert_eq!(parse_picks(&cookie, "seoul", 3), []);
        assert_eq!(parse_picks("daejeon-2024~..<script>.1", "daejeon-2024", 3), []);
        let twice = format_picks("x", &[case(1), case(1), case(2), case(3), case(4)]);
        assert_eq!(parse_picks(&twice, "x", 3), [case(1), case(2), case(3)]);
    }

    #[test]
    fn polls_of_the_same_name_in_two_editions_keep_their_picks_apart() {
        assert_ne!(
            picks_cookie_name("daejeon-2024", "citizens"),
            picks_cookie_name("daejeon-2025", "citizens")
        );
        assert_ne!(
            picks_cookie_name("daejeon-2024", "citizens"),
            picks_cookie_name("daejeon-2024", "seats")
        );
    }

    #[test]
    fn a_fourth_pick_has_no_room_until_one_is_taken_out() {
        let full = [case(1), case(2), case(3)];
        assert_eq!(toggle_pick(&full, case(4), 3), None);
        let two = toggle_pick(&full, case(2), 3).unwrap();
        assert_eq!(toggle_pick(&two, case(4), 3), Some(vec![case(1), case(3), case(4)]));
    }
}
