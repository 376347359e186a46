//! Tests of the auditor's own reader of lines.

use domain::record::entry::LogEntry;

use super::*;

const HEX: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const ID: &str = "00112233445566778899aabbccddeeff";

fn lines() -> Vec<String> {
    vec![
        format!("rulebook/v1 daejeon-2024 {HEX}"),
        "open/v1 public 2024-11-28T00:00:00Z".to_owned(),
        format!("ballot/v1 public {ID} {HEX} {HEX} 2024-11-28"),
        format!("hold/v1 public {ID} burst,same-device {HEX}"),
        format!("ruling/v1 public {ID} exclude burst A-1 B-2"),
        format!("ruling/v1 public {ID} count honest A-1 B-2"),
        "close/v1 public 2024-12-02T00:00:00Z 1400000".to_owned(),
        format!("sheet/v1 daejeon-2024 {ID} {HEX}"),
        format!("result/v1 daejeon-2024 {HEX}"),
        "erase/v1 daejeon-2024 2025-01-31T00:00:00Z".to_owned(),
    ]
}

#[test]
fn every_kind_of_line_is_read() {
    for line in lines() {
        assert!(LogLine::parse_log_line(line.as_bytes()).is_some(), "{line}");
    }
}

/// Two readers, written separately, must agree about every text near a line.
#[test]
fn both_readers_of_lines_take_the_same_texts() {
    let signs = b" 0aZg-,:T\n\r\t\0Z/v1\xff9";
    let (mut taken, mut refused) = (0, 0);
    for line in lines() {
        for at in 0..=line.len() {
            for &sign in signs {
                let mut changed = line.clone().into_bytes();
                changed.insert(at, sign);
                let mut replaced = line.clone().into_bytes();
                replaced.get_mut(at).into_iter().for_each(|byte| *byte = sign);
                let mut shorter = line.clone().into_bytes();
                shorter.truncate(at);
                for text in [changed, replaced, shorter] {
                    let here = LogLine::parse_log_line(&text).is_some();
                    let there =
                        str::from_utf8(&text).is_ok_and(|text| text.parse::<LogEntry>().is_ok());
                    assert_eq!(here, there, "{:?}", String::from_utf8_lossy(&text));
                    if here { taken += 1 } else { refused += 1 }
                }
            }
        }
    }
    assert!(taken > 1_000 && refused > 1_000, "{taken} taken, {refused} refused");
}
