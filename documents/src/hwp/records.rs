//! The records of a section. Each has a tag, a level and data; what belongs to a record follows it one level deeper.

use crate::FileProblem;
use crate::collect::Collector;

const PARA_HEADER: u32 = 66;
const PARA_TEXT: u32 = 67;
const PARA_RANGE_TAG: u32 = 70;
const CTRL_HEADER: u32 = 71;
const LIST_HEADER: u32 = 72;
const EQUATION: u32 = 88;
const MEMO_LIST: u32 = 93;

/// The kind of a range of text that was struck out while changes were tracked. Its end is the first unit behind it.
const STRUCK_OUT: u32 = 17;

/// Deepest level that is followed. A table in a table in a table of a real document has about 12.
const LEVELS: u32 = 200;

#[derive(Clone, Copy)]
struct Record<'a> {
    tag: u32,
    level: u32,
    data: &'a [u8],
}

/// Gives the text of a section to the collector.
pub(super) fn read_section(section: &[u8], collector: &mut Collector) -> Result<(), FileProblem> {
    let records = split_records(section)?;
    SectionReader { records: &records, next: 0, collector }.read_children(0)
}

/// Whether a section can be one: it begins with a paragraph.
pub(super) fn begins_with_paragraph(section: &[u8]) -> bool {
    take_u32(&mut &*section).is_some_and(|word| word & 0x3FF == PARA_HEADER)
}

/// Decodes UTF-16, little end first; what is no letter becomes U+FFFD.
pub(super) fn decode_utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> =
        bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    String::from_utf16_lossy(&units)
}

/// A record begins with 32 bits: 10 of its tag, 10 of its level, 12 of its length; with all of these 12 set the length
/// follows in 32 bits.
fn split_records(mut bytes: &[u8]) -> Result<Vec<Record<'_>>, FileProblem> {
    let mut records = Vec::new();
    while !bytes.is_empty() {
        let word = take_u32(&mut bytes).ok_or(FileProblem::Damaged)?;
        let (tag, level, short) = (word & 0x3FF, (word >> 10) & 0x3FF, word >> 20);
        let length =
            if short == 0xFFF { take_u32(&mut bytes).ok_or(FileProblem::Damaged)? } else { short };
        let length = usize::try_from(length).map_err(|_| FileProblem::Damaged)?;
        let (data, rest) = bytes.split_at_checked(length).ok_or(FileProblem::Damaged)?;
        if level > LEVELS {
            return Err(FileProblem::TooLarge);
        }
        bytes = rest;
        records.push(Record { tag, level, data });
    }
    Ok(records)
}

fn take_u32(bytes: &mut &[u8]) -> Option<u32> {
    let (word, rest) = bytes.split_first_chunk::<4>()?;
    *bytes = rest;
    Some(u32::from_le_bytes(*word))
}

struct SectionReader<'a, 'c> {
    records: &'a [Record<'a>],
    next: usize,
    collector: &'c mut Collector,
}

impl<'a> SectionReader<'a, '_> {
    /// Returns the next record if it is at this level or deeper.
    fn peek_record(&self, level: u32) -> Option<Record<'a>> {
        self.records.get(self.next).copied().filter(|record| record.level >= level)
    }

    /// Reads the records of a level and what belongs to them.
    fn read_children(&mut self, level: u32) -> Result<(), FileProblem> {
        while let Some(record) = self.peek_record(level) {
            self.next += 1;
            match record.tag {
                PARA_HEADER => self.read_paragraph(record.level)?,
                CTRL_HEADER => self.read_control(record)?,
                EQUATION => self.read_equation(record.data)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn read_paragraph(&mut self, level: u32) -> Result<(), FileProblem> {
        self.collector.begin_paragraph();
        let struck = self.find_struck_ranges(level + 1);
        while let Some(record) = self.peek_record(level + 1) {
            self.next += 1;
            match record.tag {
                PARA_TEXT => self.read_text(record.data, &struck)?,
                CTRL_HEADER => self.read_control(record)?,
                // The memos of a section belong to one of its paragraphs, behind everything else.
                MEMO_LIST => {
                    self.collector.begin_unseen();
                    self.read_children(record.level)?;
                    self.collector.end_frame();
                }
                _ => {}
            }
        }
        self.collector.end_paragraph();
        Ok(())
    }

    /// Finds the ranges of a paragraph, in units of its text, that were struck out while changes were tracked.
    fn find_struck_ranges(&self, level: u32) -> Vec<std::ops::Range<u32>> {
        let own = self.records[self.next..].iter().take_while(|record| record.level >= level);
        let tags = own.filter(|record| record.level == level && record.tag == PARA_RANGE_TAG);
        let entries = tags.flat_map(|record| record.data.as_chunks::<12>().0);
        let ranges = entries.filter_map(|entry| {
            let mut entry = entry.as_slice();
            let (start, end) = (take_u32(&mut entry)?, take_u32(&mut entry)?);
            (take_u32(&mut entry)? >> 24 == STRUCK_OUT).then_some(start..end)
        });
        ranges.collect()
    }

    fn read_control(&mut self, record: Record<'a>) -> Result<(), FileProblem> {
        let id = record.data.first_chunk::<4>().map(|id| {
            let mut id = *id;
            id.reverse();
            id
        });
        match id.as_ref().map(|id| id.as_slice()) {
            Some(b"tbl ") => self.read_table(record.level),
            Some(b"fn  " | b"en  " | b"head" | b"foot") => {
                self.collector.begin_note();
                self.read_children(record.level + 1)?;
                self.collector.end_frame();
                Ok(())
            }
            Some(b"tcmt") => {
                self.collector.begin_unseen();
                self.read_children(record.level + 1)?;
                self.collector.end_frame();
                Ok(())
            }
            _ => self.read_children(record.level + 1),
        }
    }

    /// The cells of a table follow each other, row by row; each begins with a list header that names its row.
    fn read_table(&mut self, level: u32) -> Result<(), FileProblem> {
        self.collector.begin_table();
        let (mut row, mut in_cell) = (0, false);
        while let Some(record) = self.peek_record(level + 1) {
            self.next += 1;
            match record.tag {
                LIST_HEADER => {
                    if in_cell {
                        self.collector.end_cell();
                    }
                    let of_cell = row_of_cell(record.data).unwrap_or(row);
                    if in_cell && of_cell != row {
                        self.collector.end_row();
                    }
                    (row, in_cell) = (of_cell, true);
                }
                PARA_HEADER => self.read_paragraph(record.level)?,
                CTRL_HEADER => self.read_control(record)?,
                _ => {}
            }
        }
        self.collector.end_cell();
        self.collector.end_row();
        self.collector.end_frame();
        Ok(())
    }

    /// An equation is written in a language of its own, which is read as it is.
    fn read_equation(&mut self, data: &[u8]) -> Result<(), FileProblem> {
        let Some((length, rest)) = data.get(4..).and_then(|data| data.split_first_chunk::<2>())
        else {
            return Ok(());
        };
        let bytes = usize::from(u16::from_le_bytes(*length)) * 2;
        self.collector.push_text(&decode_utf16(rest.get(..bytes).unwrap_or(rest)))
    }

    /// Text is UTF-16 in which the first 32 signs are controls: some alone, some with seven more units.
    fn read_text(
        &mut self,
        data: &[u8],
        struck: &[std::ops::Range<u32>],
    ) -> Result<(), FileProblem> {
        let units: Vec<u16> =
            data.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
        let mut place = 0;
        while place < units.len() {
            let begin = place;
            let text = match units[place] {
                // Tab.
                9 => {
                    place += 8;
                    "\t".to_owned()
                }
                10 => take_unit(&mut place, "\n"),
                // End of the paragraph, a hyphen for the end of a line, and the reserved signs that stand alone.
                0 | 13 | 24..=29 => take_unit(&mut place, ""),
                30 | 31 => take_unit(&mut place, " "),
                1..=23 => {
                    place += 8;
                    String::new()
                }
                _ => {
                    let rest = units[place..].iter();
                    let mut end = place + rest.take_while(|unit| **unit > 31).count();
                    end = next_border(begin, end, struck);
                    place = end;
                    String::from_utf16_lossy(&units[begin..end])
                }
            };
            let at = u32::try_from(begin).unwrap_or(u32::MAX);
            if struck.iter().any(|range| range.contains(&at)) {
                self.collector.push_struck(&text)?;
            } else {
                self.collector.end_struck();
                self.collector.push_text(&text)?;
            }
        }
        self.collector.end_struck();
        Ok(())
    }
}

fn take_unit(place: &mut usize, text: &str) -> String {
    *place += 1;
    text.to_owned()
}

/// Returns where text from `begin` to `end` first meets the border of a range.
fn next_border(begin: usize, end: usize, ranges: &[std::ops::Range<u32>]) -> usize {
    let borders = ranges.iter().flat_map(|range| [range.start, range.end]);
    let inside = borders.filter_map(|border| usize::try_from(border).ok());
    inside.filter(|border| (begin + 1..end).contains(border)).min().unwrap_or(end)
}

/// A list header has 8 bytes of its own; that of a cell then tells column and row, 16 bits each.
fn row_of_cell(data: &[u8]) -> Option<u16> {
    data.get(10..12)?.first_chunk::<2>().map(|row| u16::from_le_bytes(*row))
}
