//! What application forms call the texts of a case, as they are looked for in documents.

/// What forms call the title. Folded words.
pub(super) const TITLE_LABELS: [&str; 12] = [
    "제목",
    "사례명",
    "사례제목",
    "사업명",
    "프로그램명",
    "활동명",
    "과제명",
    "응모작명",
    "작품명",
    "title",
    "projecttitle",
    "casetitle",
];
/// What forms call the summary. Folded words.
pub(super) const SUMMARY_LABELS: [&str; 9] = [
    "요약",
    "개요",
    "사례요약",
    "사업요약",
    "사업개요",
    "사례개요",
    "한줄요약",
    "한줄소개",
    "summary",
];
