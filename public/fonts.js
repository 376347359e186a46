// Asks for the letters' shapes once the page stands, so that they never hold its first paint back.
// Without scripts a <noscript> link does the same, a little earlier.
const letters = document.createElement("link");
letters.rel = "stylesheet";
letters.href = document.currentScript.dataset.href;
document.head.append(letters);
