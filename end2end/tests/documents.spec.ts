// A case is filled from a document: its author reads the text in the form, and saves it.

import { type Page, expect, test } from "@playwright/test";
import { type Language, expectAccessible, expectNoSidewaysScroll, say, shot, windowOf } from "./support.ts";

const CALL = "daejeon-2024-call";
const HWPX = "files/application.hwpx";

/** Begins a case without a title and returns its page. */
async function beginCase(page: Page, language: Language, title: string): Promise<void> {
  await page.goto(`/organisation/cases/new?edition=${CALL}&lang=${language}`);
  await page.locator("#field-title").fill(title);
  await page.getByRole("main").locator("form button").click();
  await expect(page).toHaveURL(/\/organisation\/cases\/[0-9a-f-]{36}/);
}

async function chooseDocument(page: Page, language: Language, file: Parameters<Page["setInputFiles"]>[1]): Promise<void> {
  await page.locator("#fill summary").click();
  await page.locator("#field-document").setInputFiles(file);
  await page.getByRole("button", { name: say("cases.fill_press", language) }).click();
}

for (const javaScriptEnabled of [true, false]) {
  test(`a form of Hangul fills a case, ${javaScriptEnabled ? "with" : "without"} scripts`, async ({ browser }) => {
    const context = await windowOf(browser, "member", { javaScriptEnabled });
    const page = await context.newPage();
    const title = `나눔 ${Date.now()}`;
    await beginCase(page, "ko", title);
    await chooseDocument(page, "ko", HWPX);
    await expect(page.getByText(say("cases.fill_done", "ko", { file: "application.hwpx" }))).toBeVisible();
    await expect(page.locator("#field-title")).toHaveValue(title);
    await expect(page.locator("#field-summary")).toHaveValue("누구나 넣고 누구나 꺼내 가는 냉장고");
    await expect(page.locator("#field-body")).toHaveValue(/추진 내용\n이웃이 함께 채웁니다\.\n문의 010-0000-1234/);
    await expect(page.locator("#personal")).toContainText("010-0000-1234");
    await expectNoSidewaysScroll(page);
    if (javaScriptEnabled) await expectAccessible(page);
    await shot(page, "case-from-document");
    await page.getByRole("button", { name: say("cases.save"), exact: true }).click();
    await expect(page.getByText(say("cases.saved"))).toBeVisible();
    await page.reload();
    await expect(page.locator("#field-summary")).toHaveValue("누구나 넣고 누구나 꺼내 가는 냉장고");
    await context.close();
  });
}

test("a PDF of a browser fills a case, and a picture does not", async ({ browser }) => {
  const context = await windowOf(browser, "member");
  const page = await context.newPage();
  await page.setContent("<p>제목: 마을 부엌</p><p>요약: 금요일마다 함께 먹는 저녁</p><p>열두 집이 모여 밥을 짓습니다.</p>");
  const pdf = await page.pdf({ format: "A4" });
  await beginCase(page, "en", `Kitchen ${Date.now()}`);
  await chooseDocument(page, "en", { name: "photo.png", mimeType: "image/png", buffer: await page.screenshot() });
  await expect(page.locator("#error-document")).toHaveText(say("errors.document_unknown", "en"));
  await page.locator("#field-document").setInputFiles({ name: "부엌.pdf", mimeType: "application/pdf", buffer: pdf });
  await page.getByRole("button", { name: say("cases.fill_press", "en") }).click();
  await expect(page.getByText(say("cases.fill_done", "en", { file: "부엌.pdf" }))).toBeVisible();
  await expect(page.locator("#field-summary")).toHaveValue("금요일마다 함께 먹는 저녁");
  await expect(page.locator("#field-body")).toHaveValue(/열두 집이 모여 밥을 짓습니다\./);
  await page.getByRole("link", { name: say("cases.fill_undo", "en") }).click();
  await expect(page.locator("#field-summary")).toHaveValue("");
  await context.close();
});
