//! HWP 5.0 (Hancom, *Hangul document file format 5.0*, revision 1.3): a compound file with sections of records.

mod records;

use std::io::{Cursor, Read as _};

use cfb::CompoundFile;
use flate2::read::DeflateDecoder;

use crate::collect::Collector;
use crate::{DocumentText, FileKind, FileProblem, UNPACKED_BYTES};

/// How a compound file begins (MS-CFB 2.2).
pub(crate) const COMPOUND_FILE_MARK: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
const SIGNATURE: &[u8] = b"HWP Document File";
/// Bits of the second word of the stream `FileHeader`.
const COMPRESSED: u32 = 1;
const PASSWORD: u32 = 1 << 1;
const DISTRIBUTION: u32 = 1 << 2;
const RIGHTS_MANAGED: u32 = 1 << 4 | 1 << 8 | 1 << 10;
const TRACKS_CHANGES: u32 = 1 << 14;
/// Most sections. A long book has some thirty.
const SECTIONS: usize = 1_000;

type File<'a> = CompoundFile<Cursor<&'a [u8]>>;

/// Tells what kind a compound file is.
pub(crate) fn recognise_compound_file(file: &[u8]) -> Result<FileKind, FileProblem> {
    let mut file = open_compound_file(file)?;
    if let Some(flags) = read_flags(&mut file) {
        return if flags & (PASSWORD | RIGHTS_MANAGED) == 0 {
            Ok(FileKind::Hwp)
        } else {
            Err(FileProblem::Password)
        };
    }
    if file.is_stream("/EncryptedPackage") {
        return Err(FileProblem::Password);
    }
    let old = ["/WordDocument", "/Workbook", "/Book", "/PowerPoint Document"];
    let is_old = old.into_iter().any(|stream| file.is_stream(stream));
    Err(if is_old { FileProblem::OldForm } else { FileProblem::UnknownKind })
}

/// Reads all sections.
pub(crate) fn read_text(file: &[u8]) -> Result<DocumentText, FileProblem> {
    let mut file = open_compound_file(file)?;
    let flags = read_flags(&mut file).ok_or(FileProblem::Damaged)?;
    if flags & (PASSWORD | RIGHTS_MANAGED) != 0 {
        return Err(FileProblem::Password);
    }
    if flags & DISTRIBUTION != 0 {
        return Err(FileProblem::Distribution);
    }
    let mut collector = Collector::default();
    let mut left = UNPACKED_BYTES;
    for number in 0..SECTIONS {
        let name = format!("/BodyText/Section{number}");
        if !file.is_stream(&name) {
            if number == 0 {
                return Err(FileProblem::Damaged);
            }
            break;
        }
        let compressed = flags & COMPRESSED != 0;
        let mut section = read_stream(&mut file, &name, compressed, &mut left)?;
        if flags & TRACKS_CHANGES != 0 {
            // The text with its changes stands in a stream of its own, and a shorter one in its place.
            let view = format!("/ViewText/Section{number}");
            let tracked = read_stream(&mut file, &view, compressed, &mut left);
            section =
                tracked.ok().filter(|view| records::begins_with_paragraph(view)).unwrap_or(section);
        }
        records::read_section(&section, &mut collector)?;
    }
    // The text of the first page, for file managers, in UTF-16. Editors do not renew it.
    if let Ok(thumbnail) = read_stream(&mut file, "/PrvText", false, &mut left) {
        collector.push_thumbnail(&records::decode_utf16(&thumbnail));
    }
    Ok(collector.finish_document())
}

fn open_compound_file(file: &[u8]) -> Result<File<'_>, FileProblem> {
    CompoundFile::open(Cursor::new(file)).map_err(|_| FileProblem::Damaged)
}

/// Returns the flags of a document of Hangul; `None` if it is none.
fn read_flags(file: &mut File<'_>) -> Option<u32> {
    let mut header = [0; 40];
    file.open_stream("/FileHeader").ok()?.read_exact(&mut header).ok()?;
    let flags = header.starts_with(SIGNATURE).then(|| header[36..40].try_into().ok())??;
    Some(u32::from_le_bytes(flags))
}

/// Reads a stream and unpacks it, no more than is left of the document's bytes.
fn read_stream(
    file: &mut File<'_>,
    name: &str,
    compressed: bool,
    left: &mut u64,
) -> Result<Vec<u8>, FileProblem> {
    let stream = file.open_stream(name).map_err(|_| FileProblem::Damaged)?;
    let mut bytes = Vec::new();
    let read = if compressed {
        DeflateDecoder::new(stream).take(*left + 1).read_to_end(&mut bytes)
    } else {
        stream.take(*left + 1).read_to_end(&mut bytes)
    };
    let read = read.map_err(|_| FileProblem::Damaged)?;
    let rest = u64::try_from(read).ok().and_then(|read| left.checked_sub(read));
    *left = rest.ok_or(FileProblem::TooLarge)?;
    Ok(bytes)
}
