//! A list of files.

use leptos::prelude::*;
use phrases::Lang;

/// A file in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileItem {
    /// Its name.
    pub name: String,
    /// Kind and size, as text.
    pub note: String,
    /// The address of the file; `None` if it cannot be downloaded.
    pub href: Option<String>,
}

impl FileItem {
    /// Makes a file from its name, its kind and size, and its address.
    pub fn with_link(
        name: impl Into<String>,
        note: impl Into<String>,
        href: Option<String>,
    ) -> Self {
        Self { name: name.into(), note: note.into(), href }
    }
}

/// Files, one on each line.
#[component]
pub fn Files(
    /// Language of the label.
    lang: Lang,
    /// The files.
    items: Vec<FileItem>,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|FileItem { name, note, href }| {
            let name = match href {
                Some(href) => view! { <a class="file-name" href=href>{name}</a> }.into_any(),
                None => view! { <span class="file-name">{name}</span> }.into_any(),
            };
            view! {
                <li>
                    <svg class="file-sign" viewBox="0 0 24 24" aria-hidden="true">
                        <path d="M6 2.5h8l5 5v14H6zM14 2.5v5h5"></path>
                    </svg>
                    {name}
                    <span class="file-note">{note}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="files" aria-label=phrases::ui::files(lang)>{items}</ul> }
}
