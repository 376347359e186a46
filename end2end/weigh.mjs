// Weighs pages as a phone loads them, first with an empty cache and then once more:
//   node weigh.mjs http://127.0.0.1:3000 /editions/daejeon-2024 /verify
// Prints a row for each page: all bytes on the wire without fonts, the same the second time, the page itself, its fonts
// (all in KiB), and the layout shift.

import { chromium } from "@playwright/test";

const [site, ...paths] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });

async function weigh(context, path) {
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  const bytes = { fonts: 0, rest: 0, html: 0 };
  const names = new Map();
  network.on("Network.responseReceived", ({ requestId, response }) => {
    if (!response.fromDiskCache) names.set(requestId, new URL(response.url).pathname);
  });
  network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const name = names.get(requestId);
    if (name === undefined) return;
    bytes[name.includes("/fonts/") ? "fonts" : "rest"] += encodedDataLength;
    if (name === path) bytes.html += encodedDataLength;
  });
  await page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(site + path, { waitUntil: "networkidle" });
  await page.evaluate(() => document.fonts.ready);
  const shift = await page.evaluate(() => globalThis.shift);
  await page.close();
  return { ...bytes, shift };
}

const kib = (count) => `${(count / 1024).toFixed(1)} KiB`;
for (const path of paths) {
  const context = await browser.newContext({ viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true, locale: "ko-KR" });
  const [first, next] = [await weigh(context, path), await weigh(context, path)];
  console.log(`| ${path} | ${kib(first.rest)} | ${kib(next.rest)} | ${kib(first.html)} | ${kib(first.fonts)} | ${first.shift.toFixed(3)} |`);
  await context.close();
}
await browser.close();
