//! The text of every part of an archive, as it comes. The readers of the formats know what a page shows; this finds what they
//! do not look for, such as text boxes, notes of new kinds, feet of pages, properties and the targets of links.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::archive::Archive;
use crate::{FileProblem, TEXT_CHARS};

/// Parts whose letters are no text of people: what a cell holds stands in `v` and in the shared texts, which are read by row.
const READ_BY_ROW: &str = "xl/sharedStrings.xml";

/// Reads all parts that are XML. One that is broken gives what comes before.
pub(crate) fn read_rest(file: &[u8]) -> Result<Vec<String>, FileProblem> {
    let mut archive = Archive::open_archive(file)?;
    let names: Vec<String> = archive.part_names().collect();
    let (mut lines, mut chars) = (Vec::new(), 0);
    for name in names {
        let is_text = [".xml", ".rels", ".vml", ".hpf"].iter().any(|end| name.ends_with(end));
        if !is_text || name == READ_BY_ROW {
            continue;
        }
        let bytes = archive.read_part(&name)?.unwrap_or_default();
        for line in read_lines(&String::from_utf8_lossy(&bytes)) {
            chars += line.chars().count();
            if chars > TEXT_CHARS {
                return Err(FileProblem::TooLarge);
            }
            lines.push(line);
        }
    }
    Ok(lines)
}

/// Returns the text of a part. Runs of one paragraph are joined, and everything else stands on a line of its own.
fn read_lines(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml.trim_start_matches('\u{FEFF}'));
    reader.config_mut().check_end_names = false;
    let (mut text, mut number) = (String::new(), false);
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Start(element) | Event::Empty(element) => {
                number = matches!(element.local_name().as_ref(), "v" | "f");
                for attribute in element.attributes().flatten() {
                    let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
                    let value = value.unwrap_or_default();
                    if ["mailto:", "tel:", "sms:"].iter().any(|kind| value.starts_with(kind)) {
                        text.push('\n');
                        text.push_str(&value);
                        text.push('\n');
                    }
                }
            }
            Event::End(element) => {
                number = false;
                if !matches!(element.local_name().as_ref(), "t" | "r" | "rPr" | "run") {
                    text.push('\n');
                }
            }
            Event::Text(part) if !number => text.push_str(&part.xml10_content()),
            Event::CData(part) => text.push_str(&part.xml10_content()),
            Event::Eof => break,
            _ => {}
        }
    }
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
