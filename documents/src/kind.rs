//! What kind a file is, by its content and never by its name.

use serde::{Deserialize, Serialize};

use crate::FileProblem;
use crate::archive::Archive;
use crate::hwp;

/// How far into a file the mark of a PDF may stand (ISO 32000-1, implementation note 13).
const PDF_MARK_WITHIN: usize = 1024;

/// A kind of document that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// Hangul (한글) 5.0, as Hancom Office saves it (`.hwp`).
    Hwp,
    /// Hangul in XML (KS X 6101, `.hwpx`).
    Hwpx,
    /// A text of Word since 2007.
    Docx,
    /// A workbook of Excel since 2007.
    Xlsx,
    /// A presentation of PowerPoint since 2007.
    Pptx,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::Pdf, Self::Hwp, Self::Hwpx, Self::Docx, Self::Xlsx, Self::Pptx];

    /// Returns how the names of such files end, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Hwp => "hwp",
            Self::Hwpx => "hwpx",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
        }
    }

    /// Returns the media type as IANA's register has it. HWPX is not registered; its own `mimetype` says this.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Hwp => "application/vnd.hancom.hwp",
            Self::Hwpx => "application/hwp+zip",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
        }
    }
}

/// Tells what kind a file is. No common library knows HWP and HWPX, so their marks are looked for here: a stream
/// `FileHeader` with its signature, and a part `mimetype` that says so. The standard (KS X 6101) wants that part first and
/// stored as it is, but of 227 public files 5 have been packed again by programs that do not know it.
///
/// # Errors
/// A [`FileProblem`] for every file that is not taken.
pub fn recognise_file(file: &[u8]) -> Result<FileKind, FileProblem> {
    if file.is_empty() {
        return Err(FileProblem::Empty);
    }
    if file.starts_with(b"PK\x03\x04") {
        return recognise_archive(file);
    }
    if file.starts_with(&hwp::COMPOUND_FILE_MARK) {
        return hwp::recognise_compound_file(file);
    }
    if file.starts_with(b"HWP Document File") {
        return Err(FileProblem::OldForm);
    }
    if matches!(file.get(4..12), Some(b"ftypheic" | b"ftypheix" | b"ftypmif1" | b"ftyphevc")) {
        return Err(FileProblem::Heic);
    }
    let top = &file[..file.len().min(PDF_MARK_WITHIN)];
    let pdf = top.windows(5).any(|window| window == b"%PDF-");
    if pdf { Ok(FileKind::Pdf) } else { Err(FileProblem::UnknownKind) }
}

fn recognise_archive(file: &[u8]) -> Result<FileKind, FileProblem> {
    let mut archive = Archive::open_archive(file)?;
    if archive.part_says("mimetype", b"application/hwp+zip") {
        return Ok(FileKind::Hwpx);
    }
    if !archive.has_part("[Content_Types].xml") {
        return Err(FileProblem::UnknownKind);
    }
    if archive.part_names().any(|name| name.to_ascii_lowercase().ends_with("vbaproject.bin")) {
        return Err(FileProblem::Macros);
    }
    let main_parts = [
        ("word/document.xml", FileKind::Docx),
        ("xl/workbook.xml", FileKind::Xlsx),
        ("ppt/presentation.xml", FileKind::Pptx),
    ];
    let found = main_parts.into_iter().find(|(part, _)| archive.has_part(part));
    found.map(|(_, kind)| kind).ok_or(FileProblem::UnknownKind)
}
