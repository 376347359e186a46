//! Text files that people upload: lists, as Korean spreadsheets and others write them.

use unicode_normalization::UnicodeNormalization as _;

/// Decodes a file as UTF-8, else as CP949, because Korean spreadsheets write CP949. Composes the
/// letters (NFC), because a file from a Mac has decomposed letters: they look the same but would
/// make another name. Returns `None` if the file is neither.
pub(crate) fn decode_text_file(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            let (text, _, faulty) = encoding_rs::EUC_KR.decode(bytes);
            if faulty {
                return None;
            }
            text.into_owned()
        }
    };
    Some(text.nfc().collect())
}

#[cfg(test)]
mod tests {
    use super::decode_text_file;

    #[test]
    fn a_list_of_korean_excel_and_one_of_a_mac_are_read_alike() {
        let utf8 = "101동 1203호";
        let (cp949, _, _) = encoding_rs::EUC_KR.encode(utf8);
        assert_eq!(decode_text_file(&cp949).as_deref(), Some(utf8));
        let parts = "101\u{1103}\u{1169}\u{11BC} 1203\u{1112}\u{1169}";
        assert_eq!(decode_text_file(parts.as_bytes()).as_deref(), Some(utf8));
        assert_eq!(decode_text_file(&[0xFF, 0xFE, 0x00]), None);
    }
}
