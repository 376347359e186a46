//! Small strict readers of bytes: hexadecimal digits, decimal numbers, ids of cases, instants.
//! Every value has exactly one text here; any other text is refused.

use chrono::NaiveDate;

/// Returns the value of one lower-case hexadecimal digit.
fn hex_digit_value(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

/// Reads `N` bytes from lower-case hexadecimal digits.
pub fn parse_hex<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let (pairs, rest) = text.as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = hex_digit_value(*high)? << 4 | hex_digit_value(*low)?;
    }
    Some(bytes)
}

/// Reads the id of a ballot or a sheet: 32 digits.
pub fn parse_record_id(text: &[u8]) -> Option<u128> {
    parse_hex(text).map(u128::from_be_bytes)
}

/// Reads the id of a case: a lower-case hyphenated UUID.
pub fn parse_case_id(text: &[u8]) -> Option<u128> {
    let mut digits = [0; 32];
    let mut at = 0;
    for (place, &byte) in text.iter().enumerate() {
        let hyphen = matches!(place, 8 | 13 | 18 | 23);
        if hyphen != (byte == b'-') {
            return None;
        }
        if !hyphen {
            *digits.get_mut(at)? = byte;
            at += 1;
        }
    }
    if text.len() == 36 { parse_record_id(&digits) } else { None }
}

/// Writes the id of a case as the text that [`parse_case_id`] reads.
pub fn format_case_id(id: u128) -> String {
    let digits = format!("{id:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

/// Reads a decimal number of up to 20 digits, without sign or leading zeros.
pub fn parse_number(text: &[u8]) -> Option<u64> {
    let short = matches!(text, [b'0'] | [b'1'..=b'9', ..]);
    if !short || text.len() > 20 {
        return None;
    }
    text.iter().try_fold(0_u64, |sum, &byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

/// Reads two decimal digits whose value is below a limit.
fn parse_two_digits(text: &[u8], limit: u32) -> Option<u32> {
    let [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] = text else { return None };
    let value = u32::from(tens - b'0') * 10 + u32::from(ones - b'0');
    (value < limit).then_some(value)
}

/// Reads `2024-11-28` as days since 1970.
pub fn parse_day(text: &[u8]) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', o1, o2, b'-', d1, d2] = text else { return None };
    let year = parse_two_digits(&[*y1, *y2], 100)? * 100 + parse_two_digits(&[*y3, *y4], 100)?;
    let month = parse_two_digits(&[*o1, *o2], 13)?;
    let day = parse_two_digits(&[*d1, *d2], 32)?;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Some(date.signed_duration_since(NaiveDate::default()).num_days())
}

/// Reads `2024-11-28T01:02:03Z` as seconds since 1970.
pub fn parse_instant(text: &[u8]) -> Option<i64> {
    let [date @ .., b'T', h1, h2, b':', m1, m2, b':', s1, s2, b'Z'] = text else { return None };
    let (hour, minute) = (parse_two_digits(&[*h1, *h2], 24)?, parse_two_digits(&[*m1, *m2], 60)?);
    let second = parse_two_digits(&[*s1, *s2], 60)?;
    let seconds = i64::from(hour * 3_600 + minute * 60 + second);
    Some(parse_day(date)? * 86_400 + seconds)
}

/// Reads `[a-z0-9-]{1,64}`: a short name or a reason code.
pub fn parse_slug(text: &[u8]) -> Option<&str> {
    parse_bounded_name(text, |byte| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
    })
}

/// Reads `[A-Za-z0-9-]{1,64}`: the name of a reviewer.
pub fn parse_reviewer(text: &[u8]) -> Option<&str> {
    parse_bounded_name(text, |byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn parse_bounded_name(text: &[u8], fits: impl Fn(u8) -> bool) -> Option<&str> {
    let fine = (1..=64).contains(&text.len()) && text.iter().all(|&byte| fits(byte));
    if fine { str::from_utf8(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_one_text() {
        assert_eq!(parse_instant(b"1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(parse_instant(b"2024-11-28T01:02:03Z"), Some(1_732_755_723));
        assert_eq!(parse_day(b"2024-11-28"), Some(1_732_755_723 / 86_400));
        for wrong in [
            "2024-11-28T01:02:60Z",
            "2024-02-30T01:02:03Z",
            "2024-11-28T24:02:03Z",
            "2024-11-28 01:02:03Z",
            "2024-11-28T01:02:03+00:00",
            "24-11-28T01:02:03Z",
            "",
        ] {
            assert_eq!(parse_instant(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn a_case_id_has_one_text() {
        let text = "0190b0c0-0000-7000-8000-00000000002a";
        let id = parse_case_id(text.as_bytes()).unwrap();
        assert_eq!(format_case_id(id), text);
        for wrong in [
            "0190B0C0-0000-7000-8000-00000000002a",
            "0190b0c000007000800000000000002a",
            "0190b0c0-0000-7000-8000-00000000002",
            "0190b0c0-0000-7000-8000-00000000002a0",
            "0190b0c0-0000-7000-80000-0000000002a",
        ] {
            assert_eq!(parse_case_id(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn a_number_has_no_sign_and_no_leading_zero() {
        assert_eq!(parse_number(b"0"), Some(0));
        assert_eq!(parse_number(b"18446744073709551615"), Some(u64::MAX));
        for wrong in ["", "00", "01", "+1", "-1", " 1", "1 ", "18446744073709551616"] {
            assert_eq!(parse_number(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
