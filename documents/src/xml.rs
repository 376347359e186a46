//! Walks through the XML of a document. HWPX, DOCX and PPTX name paragraphs, runs and tables alike: `p`, `t`, `tbl`, `tr`,
//! `tc`.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::FileProblem;
use crate::collect::Collector;

/// Deepest nesting of elements. A table in a table in a table of a real document has about 60.
const DEPTH: usize = 400;

/// What an open element is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Nothing by itself.
    Plain,
    /// Neither it nor what is in it is text: settings, and what only says the same again.
    Skipped,
    Paragraph,
    /// Its characters are text.
    Text,
    /// Its characters are text that was struck out.
    StruckText,
    Table,
    Row,
    Cell,
    /// A note, a heading or foot of pages.
    Note,
    /// A comment, or text that was moved away.
    Unseen,
}

/// Walks through one part of a document and gives its text to the collector.
pub(crate) fn walk_part(xml: &str, collector: &mut Collector) -> Result<(), FileProblem> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let mut walk = Walk { collector, open: Vec::new(), struck: None };
    loop {
        match reader.read_event().map_err(|_| FileProblem::Damaged)? {
            Event::Start(element) => walk.begin_element(&element)?,
            Event::End(_) => walk.end_element(),
            Event::Text(text) => walk.push_characters(&text.xml10_content())?,
            Event::CData(text) => walk.push_characters(&text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let sign = match reference.resolve_char_ref() {
                    Ok(Some(sign)) => sign,
                    Ok(None) => named_sign(&reference.xml10_content()).unwrap_or(' '),
                    Err(_) => return Err(FileProblem::Damaged),
                };
                walk.push_characters(sign.encode_utf8(&mut [0; 4]))?;
            }
            Event::Eof if walk.open.is_empty() => return Ok(()),
            Event::Eof => return Err(FileProblem::Damaged),
            _ => {}
        }
    }
}

/// The five names that XML knows. Others are not looked up.
fn named_sign(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

struct Walk<'a> {
    collector: &'a mut Collector,
    open: Vec<Role>,
    /// Between the signs that begin and end a deletion (HWPX): the number of elements around its paragraph's content. A
    /// deletion that is not ended ends with its paragraph.
    struck: Option<usize>,
}

impl Walk<'_> {
    fn begin_element(&mut self, element: &BytesStart<'_>) -> Result<(), FileProblem> {
        if self.open.len() >= DEPTH {
            return Err(FileProblem::TooLarge);
        }
        let role = match self.open.last() {
            Some(Role::Skipped) => Role::Skipped,
            _ => self.find_role(element)?,
        };
        match role {
            Role::Paragraph => self.collector.begin_paragraph(),
            Role::Table => self.collector.begin_table(),
            Role::Note => self.collector.begin_note(),
            Role::Unseen => self.collector.begin_unseen(),
            _ => {}
        }
        self.open.push(role);
        Ok(())
    }

    fn find_role(&mut self, element: &BytesStart<'_>) -> Result<Role, FileProblem> {
        let name = element.local_name();
        Ok(match name.as_ref() {
            "p" => Role::Paragraph,
            "t" | "script" | "mainText" | "subText" => Role::Text,
            "delText" => Role::StruckText,
            "tbl" => Role::Table,
            "tr" => Role::Row,
            "tc" => Role::Cell,
            "footNote" | "endNote" | "header" | "footer" => Role::Note,
            "hiddenComment" | "moveFrom" | "memogroup" => Role::Unseen,
            "fieldBegin" if find_attribute(element, "type").as_deref() == Some("MEMO") => {
                Role::Unseen
            }
            // Settings have elements named like text. Of two ways to say the same, one is read. What describes a picture is
            // written by the program.
            "pPr" | "rPr" | "tblPr" | "trPr" | "tcPr" | "sectPr" | "secPr" | "parameters"
            | "linesegarray" | "shapeComment" | "case" | "Fallback" => Role::Skipped,
            name => {
                self.take_sign(name, element)?;
                Role::Plain
            }
        })
    }

    /// Takes an element that stands for a sign or holds text in an attribute.
    fn take_sign(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), FileProblem> {
        match name {
            "tab" | "ptab" => self.push_plain("\t"),
            "br" | "cr" | "lineBreak" => self.push_plain("\n"),
            "nbSpace" | "fwSpace" => self.push_plain(" "),
            "noBreakHyphen" => self.push_plain("-"),
            "textart" => self.push_plain(&find_attribute(element, "text").unwrap_or_default()),
            "compose" => {
                self.push_plain(&find_attribute(element, "composeText").unwrap_or_default())
            }
            "deleteBegin" => {
                let paragraph = self.open.iter().rposition(|role| *role == Role::Paragraph);
                self.struck = self.struck.or(Some(paragraph.unwrap_or_default()));
                Ok(())
            }
            "deleteEnd" => {
                self.end_struck();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn end_element(&mut self) {
        match self.open.pop() {
            Some(Role::Paragraph) => {
                if self.struck.is_some_and(|begun| begun >= self.open.len()) {
                    self.end_struck();
                }
                self.collector.end_paragraph();
            }
            Some(Role::StruckText) => self.collector.end_struck(),
            Some(Role::Cell) => self.collector.end_cell(),
            Some(Role::Row) => self.collector.end_row(),
            Some(Role::Table | Role::Note | Role::Unseen) => self.collector.end_frame(),
            _ => {}
        }
    }

    fn end_struck(&mut self) {
        self.struck = None;
        self.collector.end_struck();
    }

    /// Takes the characters of an element.
    fn push_characters(&mut self, text: &str) -> Result<(), FileProblem> {
        // In HWPX signs such as a highlight stand within the text.
        let around = self.open.iter().rev().find(|role| **role != Role::Plain);
        match around {
            Some(Role::Text) => self.push_plain(text),
            Some(Role::StruckText) => self.collector.push_struck(text),
            _ => Ok(()),
        }
    }

    fn push_plain(&mut self, text: &str) -> Result<(), FileProblem> {
        if self.struck.is_some() {
            self.collector.push_struck(text)
        } else {
            self.collector.push_text(text)
        }
    }
}

pub(crate) fn find_attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found =
        element.attributes().flatten().find(|found| found.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?.into_owned())
}
