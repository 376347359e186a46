//! Korean time, in which people read and type instants. It has no summer time.

use chrono::{DateTime, FixedOffset, NaiveDateTime};

use super::Instant;
use crate::text::narrow_line;

/// Returns the offset of Korean time from UTC: nine hours.
#[must_use]
pub const fn seoul_offset() -> FixedOffset {
    match FixedOffset::east_opt(9 * 3600) {
        Some(offset) => offset,
        None => panic!("nine hours are less than a day"),
    }
}

/// Writes an instant as the value of an `<input type="datetime-local">`: to the minute, in Korean time.
#[must_use]
pub fn format_local_minute(instant: Instant) -> String {
    instant.with_timezone(&seoul_offset()).format("%Y-%m-%dT%H:%M").to_string()
}

/// Parses the value of an `<input type="datetime-local">`. Browsers leave the seconds out; some
/// tools send them. `None` for anything else.
#[must_use]
pub fn parse_local_minute(text: &str) -> Option<Instant> {
    let text = narrow_line(text).replace(' ', "T");
    let local = NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S"))
        .ok()?;
    let local: DateTime<FixedOffset> = local.and_local_timezone(seoul_offset()).single()?;
    Some(local.to_utc())
}

#[cfg(test)]
mod tests {
    use super::{format_local_minute, parse_local_minute};

    #[test]
    fn a_time_typed_into_a_form_comes_back_the_same() {
        let instant = parse_local_minute("2024-11-28T00:00").unwrap();
        assert_eq!(instant.to_rfc3339(), "2024-11-27T15:00:00+00:00");
        assert_eq!(format_local_minute(instant), "2024-11-28T00:00");
        assert_eq!(
            parse_local_minute("2024-11-28T00:00:59").map(format_local_minute).unwrap(),
            "2024-11-28T00:00"
        );
        // A browser without a field for times shows one for text.
        let typed = parse_local_minute("２０２４-11-28  ００:00");
        assert_eq!(typed.map(format_local_minute).unwrap(), "2024-11-28T00:00");
        assert_eq!(parse_local_minute("yesterday"), None);
    }
}
