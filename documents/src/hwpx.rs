//! HWPX (KS X 6101): sections in XML, in the order of the spine of `Contents/content.hpf`.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::archive::Archive;
use crate::collect::Collector;
use crate::{DocumentText, FileProblem, xml};

const PACKAGE: &str = "Contents/content.hpf";
/// The text of the first page, for file managers. Editors do not renew it.
const THUMBNAIL_TEXT: &str = "Preview/PrvText.txt";

/// Reads all sections.
pub(crate) fn read_text(file: &[u8]) -> Result<DocumentText, FileProblem> {
    let mut archive = Archive::open_archive(file)?;
    if is_encrypted(&mut archive)? {
        return Err(FileProblem::Password);
    }
    let sections = list_sections(&mut archive)?;
    if sections.is_empty() {
        return Err(FileProblem::Damaged);
    }
    let mut collector = Collector::default();
    for section in sections {
        let text = archive.read_text(&section)?.ok_or(FileProblem::Damaged)?;
        xml::walk_part(&text, &mut collector)?;
    }
    if let Some(thumbnail) = archive.read_part(THUMBNAIL_TEXT)? {
        collector.push_thumbnail(&String::from_utf8_lossy(&thumbnail));
    }
    Ok(collector.finish_document())
}

/// A document with a password lists its parts as encrypted (as OpenDocument does).
fn is_encrypted(archive: &mut Archive<'_>) -> Result<bool, FileProblem> {
    let Some(manifest) = archive.read_text("META-INF/manifest.xml")? else { return Ok(false) };
    let mut reader = Reader::from_str(&manifest);
    loop {
        match reader.read_event().map_err(|_| FileProblem::Damaged)? {
            Event::Start(element) | Event::Empty(element)
                if element.local_name().as_ref() == "encryption-data" =>
            {
                return Ok(true);
            }
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

/// Returns the names of the sections: those of the spine, or, without one, all by their numbers.
fn list_sections(archive: &mut Archive<'_>) -> Result<Vec<String>, FileProblem> {
    let package = archive.read_text(PACKAGE)?.unwrap_or_default();
    let (mut parts, mut spine) = (Vec::new(), Vec::new());
    let mut reader = Reader::from_str(&package);
    loop {
        let event = reader.read_event().map_err(|_| FileProblem::Damaged)?;
        let (Event::Start(element) | Event::Empty(element)) = &event else {
            if event == Event::Eof {
                break;
            }
            continue;
        };
        let value = |name: &str| xml::find_attribute(element, name).unwrap_or_default();
        match element.local_name().as_ref() {
            "item" => parts.push((value("id"), value("href"))),
            "itemref" => spine.push(value("idref")),
            _ => {}
        }
    }
    let listed = spine.iter().filter_map(|id| parts.iter().find(|(part, _)| part == id));
    // A path may be told from the top of the archive or from the package's own folder.
    let paths = listed.filter_map(|(_, path)| {
        let below = format!("Contents/{path}");
        [path.clone(), below].into_iter().find(|path| archive.has_part(path))
    });
    let listed: Vec<String> = paths.filter(|path| section_number(path).is_some()).collect();
    if !listed.is_empty() {
        return Ok(listed);
    }
    let mut all: Vec<String> =
        archive.part_names().filter(|name| section_number(name).is_some()).collect();
    all.sort_by_key(|name| section_number(name));
    Ok(all)
}

fn section_number(path: &str) -> Option<u32> {
    let name = path.rsplit('/').next()?;
    name.strip_prefix("section")?.strip_suffix(".xml")?.parse().ok()
}
