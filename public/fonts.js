// Loads the font after the page, so that it never delays the first paint. Without scripts a <noscript>
// link does the same a little earlier.
const letters = document.createElement("link");
letters.rel = "stylesheet";
letters.href = document.currentScript.dataset.href;
document.head.append(letters);
