// The gallery of the demonstration season: search, filters, order, and the marks of sample cases.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Page, expect, test } from "@playwright/test";
import { languageLink, say, shot, windowOf, openFilters } from "./support.ts";

interface Entry {
  track: string;
  district: string;
  neighbourhood: string | null;
  title: { ko: string; en: string };
  sample: boolean;
}

const GALLERY = "/editions/daejeon-2024/cases";
const data = readFileSync(join(import.meta.dirname, "../../data/daejeon-2024.json"), "utf8");
const { cases } = JSON.parse(data) as { cases: Entry[] };
/** The number of cases on the first page. */
const FIRST = 12;

const cards = (page: Page) => page.locator("main article.card");
const headings = (page: Page) => cards(page).getByRole("heading");

/** Returns the titles of a page as soon as all of it is there. The page shows this number of cases. */
async function titles(page: Page, count: number): Promise<string[]> {
  await expect(headings(page)).toHaveCount(count);
  await page.waitForLoadState("domcontentloaded");
  return headings(page).allTextContents();
}

async function everyTitle(page: Page): Promise<string[]> {
  await page.goto(GALLERY);
  const first = await titles(page, FIRST);
  await page.getByRole("link", { name: say("ui.page_number", "ko", { n: 2 }), exact: true }).click();
  await expect(page).toHaveURL(/page=2/);
  return [...first, ...(await titles(page, cases.length - FIRST))];
}

test("every case is shown once, in an order that stays for one visitor and differs for another", async ({
  page,
  browser,
}) => {
  const order = await everyTitle(page);
  expect(order).toHaveLength(cases.length);
  expect([...order].sort()).toEqual(cases.map(({ title }) => title.ko).sort());
  expect(await everyTitle(page)).toEqual(order);
  await page.reload();
  expect(await titles(page, cases.length - FIRST)).toEqual(order.slice(FIRST));
  const stranger = await windowOf(browser);
  expect(await everyTitle(await stranger.newPage())).not.toEqual(order);
  await stranger.close();
});

test("filters are part of the address and can be combined and cleared", async ({ page }) => {
  const wanted = cases.filter(({ track, district }) => track === "neighbourhood" && district === "junggu");
  await page.goto(GALLERY);
  await openFilters(page);
  await page.getByRole("link", { name: "동 지역사회보장협의체", exact: true }).click();
  await expect(page).toHaveURL(/track=neighbourhood/);
  await page.getByRole("link", { name: "중구", exact: true }).click();
  await expect(page).toHaveURL(/track=neighbourhood/);
  await expect(page).toHaveURL(/district=junggu/);
  await expect(page.getByRole("link", { name: "중구", exact: true })).toHaveAttribute("aria-current", "true");
  expect((await titles(page, wanted.length)).sort()).toEqual(wanted.map(({ title }) => title.ko).sort());
  await expect(page.getByText(say("cases.count", "ko", { n: wanted.length }), { exact: true })).toBeVisible();
  await page.reload();
  await expect(cards(page)).toHaveCount(wanted.length);
  await page.locator('select[name="neighbourhood"]').selectOption({ label: "문창동" });
  await page.getByRole("button", { name: say("cases.search_go"), exact: true }).click();
  await expect(cards(page)).toHaveCount(1);
  await expect(page).toHaveURL(/track=neighbourhood/);
  await shot(page, "gallery-filtered");
  await page.goBack();
  await expect(cards(page)).toHaveCount(wanted.length);
  await page.getByRole("link", { name: say("cases.clear"), exact: true }).click();
  await expect(page.getByText(say("cases.count", "ko", { n: cases.length }), { exact: true })).toBeVisible();
});

test("search finds titles and organisations and takes every sign as it is", async ({ page }) => {
  await page.goto(GALLERY);
  await openFilters(page);
  const search = async (text: string): Promise<void> => {
    await page.getByRole("searchbox").fill(text);
    await page.getByRole("searchbox").press("Enter");
    // The box holds the text before the answer is there too, so wait for the address of the answer.
    await expect(page).toHaveURL((url) => url.searchParams.get("q") === text);
    await expect(page.getByRole("searchbox")).toHaveValue(text);
  };
  await search("반찬");
  await expect(headings(page).filter({ hasText: /^문고리 반찬$/ })).toHaveCount(1);
  await search("가족친화과");
  await expect(headings(page)).toHaveText(["일상이 양성평등한 대덕구 만들기"]);
  // Stories have a percent sign, and marks between words count for nothing.
  for (const nothing of ["%_%", "_", "\\", `"><script>zzqx'`, "이런 말은 어디에도 없다"]) {
    await search(nothing);
    await expect(page.getByRole("heading", { name: say("cases.empty_title") })).toBeVisible();
    await expect(cards(page)).toHaveCount(0);
  }
  await shot(page, "gallery-empty");
  await page.getByRole("link", { name: say("cases.clear"), exact: true }).first().click();
  await expect(cards(page)).toHaveCount(FIRST);
});

test("addresses that make no sense show the gallery and never an error", async ({ page }) => {
  for (const query of ["page=999", "page=-1", "page=x", "track=none", "district=%00", "neighbourhood=1", "q=%FF"]) {
    const answer = await page.goto(`${GALLERY}?${query}`);
    expect(answer?.status(), query).toBeLessThan(500);
    await expect(page.getByRole("heading", { level: 1 }), query).toBeVisible();
  }
  const answer = await page.goto(`${GALLERY}/00000000-0000-4000-8000-000000000000`);
  expect(answer?.status()).toBe(404);
});

test("invented cases are marked as samples wherever they show, and real ones are not", async ({ page }) => {
  const mark = say("ui.sample");
  for (const query of ["", "?page=2"]) {
    await page.goto(GALLERY + query);
    await expect(cards(page)).toHaveCount(query === "" ? FIRST : cases.length - FIRST);
    for (const card of await cards(page).all()) {
      const title = await card.getByRole("heading").textContent();
      const entry = cases.find(({ title: { ko } }) => ko === title);
      await expect(card.getByText(mark, { exact: true }), title ?? "").toHaveCount(entry?.sample === true ? 1 : 0);
    }
  }
  await page.goto(`${GALLERY}?q=문고리`);
  await page.getByRole("link", { name: "문고리 반찬", exact: true }).click();
  await expect(page.locator("main").getByText(mark, { exact: true })).toBeVisible();
});

test("the English gallery has English titles, and says which words are Korean", async ({ page }) => {
  await page.goto(`${GALLERY}?track=service&district=daedeokgu`);
  await languageLink(page, "en").click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page).toHaveURL(/district=daedeokgu/);
  const wanted = cases.filter(({ track, district }) => track === "service" && district === "daedeokgu");
  expect((await titles(page, wanted.length)).sort()).toEqual(wanted.map(({ title }) => title.en).sort());
  await expect(cards(page).first().locator('[lang="ko"]').first()).toBeVisible();
  await cards(page).first().getByRole("link").click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByText(say("cases.korean_only", "en"))).toBeVisible();
  await page.goto(`${GALLERY}?page=2`);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});
