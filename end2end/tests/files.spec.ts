// Documents of a case: sent in pieces, over a broken line, refused, shown to visitors, judges and the staff.

import { readFileSync, writeFileSync } from "node:fs";
import { type Browser, type Page, expect, test } from "@playwright/test";
import {
  type OwnEdition,
  complaints,
  expectAccessible,
  expectNoSidewaysScroll,
  giveConsents,
  makeEdition,
  moveClock,
  say,
  shot,
  windowOf,
} from "./support.ts";

const HWPX = "files/application.hwpx";

/** Bytes of a piece, as public/files.js sends them. */
const PIECE = 256 * 1024;

const chosen = (page: Page) => page.locator("#field-files");
const listed = (page: Page) => page.locator("#file-list .file-line");

/** Makes a PDF of a browser that says this on each of its pages. */
async function makePdf(page: Page, text: string, pages = 1): Promise<Buffer> {
  await page.setContent(`<div style="break-after: page">${text}</div>`.repeat(pages));
  return page.pdf({ format: "A4" });
}

async function beginCase(page: Page, slug: string, title: string): Promise<string> {
  await page.goto(`/organisation/cases/new?edition=${slug}`);
  await page.locator("#field-title").fill(title);
  await page.getByRole("main").locator("form button").click();
  await expect(page).toHaveURL(/\/organisation\/cases\/[0-9a-f-]{36}/);
  return new URL(page.url()).pathname;
}

test("documents go up in pieces, over a broken line, and what was typed stays", async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  const { slug } = await makeEdition(admin, "files", "call", { judges: ["judge4"] });
  const context = await windowOf(browser, "member");
  const said = await complaints(context);
  const page = await context.newPage();
  // Three megabytes of noise, which no browser makes smaller: several pieces.
  const noise = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7919 + (at >> 8)) % 251));
  const pdf = Buffer.concat([await makePdf(page, "이웃이 함께 채우는 냉장고"), Buffer.from("\n%"), noise, Buffer.from("\n%%EOF")]);
  const own = await beginCase(page, slug, "나눔 냉장고");
  await page.locator("#field-summary").fill("아직 저장하지 않은 글");
  let pieces = 0;
  await page.route("**/organisation/uploads/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    pieces += 1;
    return pieces === 2 ? route.abort("connectionreset") : route.continue();
  });
  await chosen(page).setInputFiles([
    { name: "계획서.pdf", mimeType: "application/pdf", buffer: pdf },
    { name: "photo.png", mimeType: "image/png", buffer: await page.screenshot() },
  ]);
  await expect(listed(page)).toContainText("계획서.pdf");
  expect(pieces, "pieces, one of them twice").toBeGreaterThan(3);
  const refused = page.locator("#file-uploads .field-error");
  await expect(refused).toHaveText(say("errors.file_refused", "ko", { name: "photo.png", why: say("errors.file_unknown") }));
  await expect(page.locator("#field-summary")).toHaveValue("아직 저장하지 않은 글");
  await page.unroute("**/organisation/uploads/*");
  await chosen(page).setInputFiles(HWPX);
  await expect(listed(page)).toHaveCount(2);
  await expect(listed(page).last()).toContainText("010-0000-1234");
  await expect(listed(page).last()).toContainText(say("files.shown_text"));
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await shot(page, "case-files");
  // The browser itself tells of the line that we cut and of the file that was refused.
  const others = said.filter((line) => !/Failed to load resource/.test(line));
  expect(others, "complaints of the browser").toEqual([]);

  // It is removed by its own button, and what was typed is saved.
  await listed(page).first().getByRole("button", { name: say("files.remove_label", "ko", { name: "계획서.pdf" }) }).click();
  await expect(page.getByText(say("files.removed"))).toBeVisible();
  await expect(listed(page)).toHaveCount(1);
  await expect(page.locator("#field-summary")).toHaveValue("아직 저장하지 않은 글");
  await chosen(page).setInputFiles({ name: "보고서.pdf", mimeType: "application/pdf", buffer: pdf });
  await expect(listed(page)).toHaveCount(2);

  await page.locator("#field-body").fill("이야기");
  await page.locator("#field-place").selectOption({ index: 1 });
  await giveConsents(page);
  await page.getByRole("button", { name: say("cases.submit"), exact: true }).click();
  await expect(page.getByText(say("cases.submitted"))).toBeVisible();
  await expect(page.locator(".file-list")).toContainText("보고서.pdf");
  await walkAsOthers(browser, { slug, cases: [own.split("/").at(-1) ?? ""] });
  await context.close();
  await admin.close();
});

/** The staff, a judge and a visitor open the documents of the case. */
async function walkAsOthers(browser: Browser, { slug, cases: [id = ""] }: OwnEdition): Promise<void> {
  const admin = await windowOf(browser, "admin");
  const desk = await admin.newPage();
  await desk.goto(`/admin/${slug}/screening/${id}`);
  await expect(desk.locator("#files")).toContainText("010-0000-1234");
  await expectNoSidewaysScroll(desk);
  await expectAccessible(desk);
  await shot(desk, "screening-files");
  await desk.getByRole("button", { name: say("screening.accept"), exact: true }).click();
  await expect(desk).toHaveURL(/\/screening$/);
  await moveClock(admin, slug, "voting");

  const visitor = await windowOf(browser);
  const page = await visitor.newPage();
  await page.goto(`/editions/${slug}/cases/${id}`);
  const files = page.locator(".file-list");
  await expect(files.getByRole("link")).toHaveCount(3);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await shot(page, "case-public-files");
  const saved = page.waitForEvent("download");
  await files.getByRole("link", { name: say("files.download") }).click();
  expect((await saved).suggestedFilename()).toBe("보고서.pdf");
  await files.getByRole("link", { name: "application.hwpx" }).click();
  await expect(page.locator(".document-text")).toContainText("***-****-****");
  await expect(page.locator(".document-text")).not.toContainText("010-0000");
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await shot(page, "file-text");
  await page.getByRole("link", { name: say("files.to_case") }).click();
  await expect(page).toHaveURL(new RegExp(`/cases/${id}$`));

  // The staff take it back.
  await desk.goto(`/admin/${slug}/screening/${id}`);
  await desk.getByLabel(say("files.visitors_get", "ko", { name: "보고서.pdf" })).selectOption("nothing");
  const line = desk.locator("#files .file-line", { hasText: "보고서.pdf" });
  await line.getByRole("button", { name: say("files.save_shown") }).click();
  await expect(desk.getByText(say("files.shown_saved"))).toBeVisible();
  await page.reload();
  await expect(page.locator(".file-list")).not.toContainText("보고서.pdf");

  await moveClock(admin, slug, "judging");
  const judge = await windowOf(browser, "judge4");
  const sheet = await judge.newPage();
  await sheet.goto(`/judging/${slug}/${id}`);
  await expect(sheet.locator(".file-list")).toContainText("보고서.pdf");
  await expectNoSidewaysScroll(sheet);
  await expectAccessible(sheet);
  await shot(sheet, "sheet-files");
  for (const context of [admin, visitor, judge]) await context.close();
}

test("without scripts documents go with the form, in English", async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  const { slug } = await makeEdition(admin, "files-plain", "call");
  await admin.close();
  const context = await windowOf(browser, "member", { javaScriptEnabled: false, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto("/?lang=en");
  await beginCase(page, slug, "Fridge");
  await page.getByRole("button", { name: say("files.add", "en"), exact: true }).click();
  await expect(page.locator(".error-summary")).toContainText(say("errors.file_none", "en"));
  const text = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("plain") };
  await chosen(page).setInputFiles([text]);
  await page.locator("#field-summary").fill("Typed before");
  await page.getByRole("button", { name: say("files.add", "en"), exact: true }).click();
  const why = say("errors.file_unknown", "en");
  await expect(page.locator("#error-files")).toHaveText(say("errors.file_refused", "en", { name: "notes.txt", why }));
  await chosen(page).setInputFiles(HWPX);
  await page.getByRole("button", { name: say("files.add", "en"), exact: true }).click();
  await expect(page.getByText(say("files.added", "en"))).toBeVisible();
  await expect(listed(page)).toHaveCount(1);
  await expect(page.locator("#field-summary")).toHaveValue("Typed before");
  await shot(page, "case-files-plain");
  await context.close();
});

test("an upload that is cancelled or left behind goes away or goes on", async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  const { slug } = await makeEdition(admin, "files-left", "call");
  await admin.close();
  const context = await windowOf(browser, "member");
  const page = await context.newPage();
  const noise = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 7919 + (at >> 8)) % 251));
  const pdf = Buffer.concat([await makePdf(page, "두 번째 문서"), Buffer.from("\n%"), noise, Buffer.from("\n%%EOF")]);
  const own = await beginCase(page, slug, "다시 시작");
  let pieces = 0;
  let hold = true;
  await page.route("**/organisation/uploads/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    pieces += 1;
    // After the first piece nothing arrives any more.
    return hold && pieces > 1 ? undefined : route.continue();
  });
  // On the disk, so that its time stays the same: by name, size and time the page knows it again.
  const file = test.info().outputPath("left.pdf");
  writeFileSync(file, pdf);
  const second = { name: "second.hwpx", mimeType: "application/hwp+zip", buffer: readFileSync(HWPX) };
  await chosen(page).setInputFiles(file);
  await expect.poll(() => pieces).toBe(2);
  // Another choice waits for its turn, and comes when the first is cancelled.
  await chosen(page).setInputFiles(second);
  await expect(page.locator("#file-uploads .file-line")).toHaveCount(2);
  await expect(page.locator("#file-uploads .file-line").last()).toContainText(say("files.waits_for_turn"));
  hold = false;
  await page.getByRole("button", { name: `${say("files.cancel")}: left.pdf` }).click();
  await expect(listed(page)).toHaveCount(1);
  await expect(page.locator("#file-uploads .file-line")).toHaveCount(0);
  await expect(listed(page)).toContainText("second.hwpx");

  // The page is closed in the middle; the same file goes on where it was.
  pieces = 0;
  hold = true;
  await page.goto(own);
  await chosen(page).setInputFiles([file]);
  await expect.poll(() => pieces).toBe(2);
  page.on("dialog", (dialog) => void dialog.accept());
  await page.goto("/organisation");
  hold = false;
  pieces = 0;
  await page.goto(own);
  await chosen(page).setInputFiles([file]);
  await expect(listed(page)).toHaveCount(2);
  expect(pieces, "only the pieces that were missing").toBe(Math.ceil(pdf.length / PIECE) - 1);
  await context.close();
});
