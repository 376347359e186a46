//! Parts of a ZIP archive, unpacked within bounds.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::{FileProblem, UNPACKED_BYTES};

/// Most parts of an archive. A presentation with many pictures has a few hundred.
const PARTS: usize = 10_000;

/// An archive of which no more than [`UNPACKED_BYTES`] are unpacked in all.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl<'a> Archive<'a> {
    pub(crate) fn open_archive(file: &'a [u8]) -> Result<Self, FileProblem> {
        let zip = ZipArchive::new(Cursor::new(file)).map_err(|_| FileProblem::Damaged)?;
        if zip.len() > PARTS {
            return Err(FileProblem::TooLarge);
        }
        Ok(Self { zip, left: UNPACKED_BYTES })
    }

    pub(crate) fn has_part(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// Returns the names that are text.
    pub(crate) fn part_names(&self) -> impl Iterator<Item = String> {
        self.zip.file_names().filter_map(|name| Some(name.ok()?.into_owned()))
    }

    /// Unpacks a part; `None` if there is none of this name.
    pub(crate) fn read_part(&mut self, name: &str) -> Result<Option<Vec<u8>>, FileProblem> {
        let part = match self.zip.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err(FileProblem::Password);
            }
            Err(_) => return Err(FileProblem::Damaged),
        };
        let mut bytes = Vec::new();
        // What an archive says about its sizes may be wrong.
        let read = part.take(self.left + 1).read_to_end(&mut bytes);
        let read = read.map_err(|_| FileProblem::Damaged)?;
        self.left = u64::try_from(read)
            .ok()
            .and_then(|read| self.left.checked_sub(read))
            .ok_or(FileProblem::TooLarge)?;
        Ok(Some(bytes))
    }

    /// Unpacks a part that is text; `None` if there is none of this name.
    pub(crate) fn read_text(&mut self, name: &str) -> Result<Option<String>, FileProblem> {
        let Some(bytes) = self.read_part(name)? else { return Ok(None) };
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").map(<[u8]>::to_vec).unwrap_or(bytes);
        String::from_utf8(bytes).map(Some).map_err(|_| FileProblem::Damaged)
    }

    /// Whether a part says exactly this.
    pub(crate) fn part_says(&mut self, name: &str, content: &[u8]) -> bool {
        let Ok(part) = self.zip.by_name(name) else { return false };
        let longest = u64::try_from(content.len()).unwrap_or_default() + 16;
        let mut bytes = Vec::new();
        part.take(longest).read_to_end(&mut bytes).is_ok() && bytes.trim_ascii() == content
    }
}
