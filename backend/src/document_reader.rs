//! Reads documents of strangers in a process of its own, which the system ends when it takes too much memory or time. A fault
//! in a reader's library costs that process and nothing else.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use documents::{DocumentText, read_document, recognise_file};
use domain::limits;
use domain::refusal::{CaseRefusal, FileProblem};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use crate::work_queue::WorkQueue;
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
    /// What it says.
    Text(DocumentText),
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
        match recognise_file(file).and_then(|kind| read_document(kind, file)) {
            Ok(text) if text.blocks.is_empty() => Self::Problem(FileProblem::NoText),
            Ok(text) if is_garbled(&text) => Self::Problem(FileProblem::Damaged),
            Ok(text) => Self::Text(text),
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
    /// [`CaseRefusal::Document`]; [`Error::Busy`] if too many wait.
    pub async fn read_document(&self, file: Vec<u8>) -> Result<DocumentText> {
        let refused = |problem| Error::Refused(Refusal::Case(CaseRefusal::Document(problem)));
        if file.is_empty() {
            return Err(refused(FileProblem::Empty));
        }
        if file.len() > limits::DOCUMENT_BYTES {
            return Err(refused(FileProblem::TooLarge));
        }
        let _turn = DOCUMENTS.wait_for_turn().await?;
        let answer = match &self.reader {
            DocumentReader::Here => Answer::of_document(&file),
            DocumentReader::Process(program) => ask_process(program, &file).await,
        };
        match answer {
            Answer::Text(text) => Ok(text),
            Answer::Problem(problem) => Err(refused(problem)),
        }
    }
}

/// Lets a process read the document. One that the system ends, or that says nothing, could not read it.
async fn ask_process(program: &PathBuf, file: &[u8]) -> Answer {
    let child = Command::new(program)
        .arg(READ_DOCUMENT)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            tracing::error!(%error, "the process that reads documents did not start");
            return Answer::Problem(FileProblem::Damaged);
        }
    };
    match tokio::time::timeout(LONGEST, exchange_with_child(&mut child, file)).await {
        Ok(Some(answer)) => answer,
        Ok(None) => {
            tracing::warn!("the process that reads documents ended without an answer");
            Answer::Problem(FileProblem::Damaged)
        }
        Err(_) => Answer::Problem(FileProblem::TooLarge),
    }
}

async fn exchange_with_child(child: &mut Child, file: &[u8]) -> Option<Answer> {
    let (mut input, output) = (child.stdin.take()?, child.stdout.take()?);
    let mut answer = Vec::new();
    let write = async {
        // A process that ends early closes its input; then its answer says why.
        input.write_all(file).await.ok();
        drop(input);
    };
    let mut output = output.take(ANSWER_BYTES);
    let (_, read) = tokio::join!(write, output.read_to_end(&mut answer));
    read.ok()?;
    child.wait().await.ok()?;
    serde_json::from_slice(&answer).ok()
}
