//! Reads documents of strangers in a process of its own, which the system ends when it takes too much memory or time. A fault
//! in a reader's library costs that process and nothing else.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use documents::{DocumentText, FileKind, read_document, recognise_file};
use domain::limits;
use domain::refusal::{CaseRefusal, FileProblem};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use crate::file_store::FileStream;
use crate::work_queue::{WorkQueue, busy_error};
use crate::{Backend, Error, Refusal, Result};

/// The argument with which the program reads one document from its input and writes an [`Answer`].
pub const READ_DOCUMENT: &str = "read-document";

/// Two documents are read at the same time, because each may take half a gigabyte of memory.
static DOCUMENTS: WorkQueue = WorkQueue::with_places(2, 16);
/// Longest time for one document. A thick report takes a second.
const LONGEST: Duration = Duration::from_secs(20);
/// Most bytes of an answer: a million characters of Korean with the marks of JSON.
const ANSWER_BYTES: u64 = 16 * 1024 * 1024;

/// What the process says about a document.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Its kind, and what it says, which may be nothing.
    Read(FileKind, DocumentText),
    /// Why it is not read.
    Problem(FileProblem),
}

/// Where documents are read.
#[derive(Clone, Debug, Default)]
pub enum DocumentReader {
    /// Here, without bounds on memory and time. For tests.
    #[default]
    Here,
    /// In a process of this program, begun with [`READ_DOCUMENT`].
    Process(PathBuf),
}

impl Answer {
    /// Reads a document in this process.
    #[must_use]
    pub fn of_document(file: &[u8]) -> Self {
        let read = recognise_file(file)
            .and_then(|kind| read_document(kind, file).map(|text| (kind, text)));
        match read {
            Ok((_, text)) if is_garbled(&text) => Self::Problem(FileProblem::Damaged),
            Ok((kind, text)) => Self::Read(kind, text),
            Err(problem) => Self::Problem(problem),
        }
    }
}

/// Whether more than one sign in twenty is none, as in a PDF that was cut off within its fonts.
fn is_garbled(text: &DocumentText) -> bool {
    let (mut signs, mut wrong) = (0_usize, 0_usize);
    for sign in text.all_lines().flat_map(|line| line.chars().collect::<Vec<_>>()) {
        signs += 1;
        let control = sign.is_control() && !"\n\r\t".contains(sign);
        wrong += usize::from(control || sign == '\u{FFFD}');
    }
    wrong * 20 > signs
}

impl Backend {
    /// Sets where documents are read.
    #[must_use]
    pub fn with_document_reader(mut self, reader: DocumentReader) -> Self {
        self.reader = reader;
        self
    }

    /// Reads what a document says.
    ///
    /// # Errors
    /// [`CaseRefusal::Document`]; [`Error::Busy`] if too many wait, or if the process did not start.
    pub async fn read_document(&self, file: Vec<u8>) -> Result<DocumentText> {
        let refused = |problem| Error::Refused(Refusal::Case(CaseRefusal::Document(problem)));
        if file.len() > limits::DOCUMENT_BYTES {
            return Err(refused(FileProblem::TooLarge));
        }
        let read = self.read_file(stream::iter([Ok(Bytes::from(file))]).boxed()).await?;
        let (_, text) = read.map_err(refused)?;
        if text.blocks.is_empty() { Err(refused(FileProblem::NoText)) } else { Ok(text) }
    }

    /// Reads what a document says, which may be nothing, and tells its kind. Its bytes are in memory only in the process that
    /// reads it.
    ///
    /// # Errors
    /// [`Error::Busy`] if too many wait, or if the process did not start; the error of the source.
    pub(crate) async fn read_file(
        &self,
        file: FileStream,
    ) -> Result<std::result::Result<(FileKind, DocumentText), FileProblem>> {
        let _turn = DOCUMENTS.wait_for_turn().await?;
        let answer = match &self.reader {
            DocumentReader::Here => {
                let file: BytesMut = file.try_collect().await?;
                Answer::of_document(&file)
            }
            DocumentReader::Process(program) => ask_process(program, file).await?,
        };
        Ok(match answer {
            Answer::Read(kind, text) => Ok((kind, text)),
            Answer::Problem(problem) => Err(problem),
        })
    }
}

/// Lets a process read the document. One that the system ends, or that says nothing, could not read it.
async fn ask_process(program: &PathBuf, file: FileStream) -> Result<Answer> {
    let child = Command::new(program)
        .arg(READ_DOCUMENT)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let mut child = child.map_err(|error| {
        tracing::error!(%error, "the process that reads documents did not start");
        busy_error()
    })?;
    let answer = match tokio::time::timeout(LONGEST, exchange_with_child(&mut child, file)).await {
        Ok(Ok(Some(answer))) => answer,
        Ok(Err(error)) => return Err(error),
        Ok(Ok(None)) => {
            tracing::warn!("the process that reads documents ended without an answer");
            Answer::Problem(FileProblem::Damaged)
        }
        Err(_) => Answer::Problem(FileProblem::TooLarge),
    };
    Ok(answer)
}

/// Sends the document to the process and reads its answer; `None` if it says nothing that can be read.
///
/// # Errors
/// The error of the source.
async fn exchange_with_child(child: &mut Child, mut file: FileStream) -> Result<Option<Answer>> {
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Ok(None);
    };
    let mut answer = Vec::new();
    let write = async {
        while let Some(bytes) = file.try_next().await? {
            // A process that ends early closes its input; then its answer says why.
            if input.write_all(&bytes).await.is_err() {
                break;
            }
        }
        drop(input);
        Ok::<_, Error>(())
    };
    let mut output = output.take(ANSWER_BYTES);
    let (written, read) = tokio::join!(write, output.read_to_end(&mut answer));
    written?;
    let ended = child.wait().await;
    Ok(if read.is_err() || ended.is_err() { None } else { serde_json::from_slice(&answer).ok() })
}
