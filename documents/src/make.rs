//! Makes small documents, for tests: what the readers read, written by another hand.
#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a document for a test is made or the test ends"
)]

use std::io::{Cursor, Write as _};

use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// Makes an archive of these parts. The first is stored as it is, the others are deflated.
#[must_use]
pub fn make_archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (place, (name, content)) in parts.iter().enumerate() {
        let method =
            if place == 0 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method);
        archive.start_file(*name, options).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Makes an HWPX of sections, each what stands in `hs:sec`. The spine names them in the order that is given.
#[must_use]
pub fn make_hwpx(sections: &[&str], thumbnail: &str) -> Vec<u8> {
    let items = (0..sections.len())
        .map(|n| format!("<opf:item id=\"s{n}\" href=\"Contents/section{n}.xml\"/>"));
    let spine = (0..sections.len()).map(|n| format!("<opf:itemref idref=\"s{n}\"/>"));
    let package = format!(
        "<opf:package xmlns:opf=\"http://www.idpf.org/2007/opf/\"><opf:manifest>{}</opf:manifest>\
        <opf:spine>{}</opf:spine></opf:package>",
        items.collect::<String>(),
        spine.collect::<String>(),
    );
    let sections: Vec<(String, String)> = (0..)
        .zip(sections)
        .map(|(n, inside)| {
            let xml = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><hs:sec \
                xmlns:hs=\"http://www.hancom.co.kr/hwpml/2011/section\" \
                xmlns:hp=\"http://www.hancom.co.kr/hwpml/2011/paragraph\">{inside}</hs:sec>"
            );
            (format!("Contents/section{n}.xml"), xml)
        })
        .collect();
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("mimetype", b"application/hwp+zip"),
        ("Contents/content.hpf", package.as_bytes()),
        ("Preview/PrvText.txt", thumbnail.as_bytes()),
    ];
    parts.extend(sections.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())));
    make_archive(&parts)
}

/// A paragraph of an HWPX with this inside its text.
#[must_use]
pub fn hwpx_paragraph(inside: &str) -> String {
    format!("<hp:p><hp:run><hp:t>{inside}</hp:t></hp:run></hp:p>")
}

/// A record of an HWP: tag, level, data.
#[must_use]
pub fn hwp_record(tag: u32, level: u32, data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap();
    let short = length.min(0xFFF);
    let mut record = (tag | (level << 10) | (short << 20)).to_le_bytes().to_vec();
    if short == 0xFFF {
        record.extend(length.to_le_bytes());
    }
    record.extend(data);
    record
}

/// A paragraph of an HWP with these units of text, and what belongs to it.
#[must_use]
pub fn hwp_paragraph(level: u32, units: &[u16], belongs: &[u8]) -> Vec<u8> {
    let text: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let header = hwp_record(66, level, &[0; 22]);
    [header, hwp_record(67, level + 1, &text), belongs.to_vec()].concat()
}

/// Makes an HWP with these sections and flags (bit 0: compressed).
#[must_use]
pub fn make_hwp(sections: &[Vec<u8>], flags: u32, thumbnail: &str) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let mut header = b"HWP Document File".to_vec();
    header.resize(32, 0);
    header.extend([0, 1, 0, 5]);
    header.extend(flags.to_le_bytes());
    header.resize(256, 0);
    file.create_stream("/FileHeader").unwrap().write_all(&header).unwrap();
    file.create_storage("/BodyText").unwrap();
    for (number, section) in sections.iter().enumerate() {
        let bytes = if flags & 1 == 0 { section.clone() } else { deflate(section) };
        let name = format!("/BodyText/Section{number}");
        file.create_stream(name).unwrap().write_all(&bytes).unwrap();
    }
    let units: Vec<u8> = thumbnail.encode_utf16().flat_map(u16::to_le_bytes).collect();
    file.create_stream("/PrvText").unwrap().write_all(&units).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder =
        flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
