//! Words that follow their state whatever has been done to their nodes: a browser that translates a page puts
//! other nodes where the text was, so the words are set as the content of their element, never as a node.

/// Returns plain words as the content of an element.
pub(crate) fn content_of(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
