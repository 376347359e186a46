// A judge's sheet keeps what was typed: on the device at once and on the server soon after, also through a lost
// connection and with two tabs.

import { type Page, expect, test } from "@playwright/test";
import {
  type OwnEdition,
  awake,
  enter,
  expectAccessible,
  makeEdition,
  say,
  shot,
  watchIslands,
  windowOf,
} from "./support.ts";

let edition: OwnEdition;

test.beforeAll(async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  edition = await makeEdition(admin, "judging", "judging", { cases: 6, judges: ["judge1"] });
  await admin.close();
});

test.beforeEach(async ({ context }) => {
  await watchIslands(context);
  await enter(context, "judge1");
});

const score = (page: Page, place: 0 | 1) => page.locator(`#field-score-${place}`);
const state = (page: Page) => page.locator(".sheet-state");

/** Opens the sheet of a case. Each journey uses another case. */
async function open(page: Page, place: number): Promise<void> {
  await page.goto(`/judging/${edition.slug}/${edition.cases[place]}`);
  await awake(page, "keydown");
}

async function expectSaved(page: Page): Promise<void> {
  await expect(state(page)).toHaveAttribute("data-state", "server");
  await expect(state(page)).toContainText(say("judging.state_server", "ko", { at: "" }).trim());
}

test("what is typed is saved without a button, and is there after a reload", async ({ page }) => {
  await open(page, 0);
  await expect(state(page)).toHaveText(say("judging.state_nothing"));
  await score(page, 0).fill("35");
  await score(page, 1).fill("48");
  await expect(page.locator("#sheet-total")).toHaveText(say("judging.points", "ko", { max: 100, total: 83 }));
  await page.locator("#field-comment").fill("이웃이 함께한 점이 좋습니다.");
  await expectSaved(page);
  await shot(page, "sheet");
  await page.reload();
  await expect(score(page, 0)).toHaveValue("35");
  await expect(score(page, 1)).toHaveValue("48");
  await expect(page.locator("#field-comment")).toHaveValue("이웃이 함께한 점이 좋습니다.");
});

test("without a connection typing goes on, and everything arrives when it is back", async ({ page, context }) => {
  await open(page, 1);
  await score(page, 0).fill("11");
  await expectSaved(page);
  await context.setOffline(true);
  await score(page, 0).fill("22");
  await expect(state(page)).toHaveText(say("judging.state_offline"));
  await score(page, 1).fill("33");
  await page.locator("#field-note").fill("지하철에서 적었습니다.");
  await expect(state(page)).toHaveAttribute("data-state", /offline|here/);
  await context.setOffline(false);
  await expectSaved(page);
  await page.reload();
  await expect(score(page, 0)).toHaveValue("22");
  await expect(score(page, 1)).toHaveValue("33");
  await expect(page.locator("#field-note")).toHaveValue("지하철에서 적었습니다.");
});

test("what the device alone has is sent when the page is opened again", async ({ page, context }) => {
  await open(page, 2);
  await context.setOffline(true);
  await score(page, 1).fill("44");
  await expect(state(page)).toHaveText(say("judging.state_offline"));
  await page.goto("about:blank");
  await context.setOffline(false);
  await open(page, 2);
  await expect(score(page, 1)).toHaveValue("44");
  await expectSaved(page);
});

test("two tabs never overwrite each other: both versions are shown and one is chosen", async ({ page, context }) => {
  const other = await context.newPage();
  await open(page, 3);
  await open(other, 3);
  await score(page, 0).fill("10");
  await expectSaved(page);
  await score(other, 0).fill("20");
  const question = other.getByRole("alert").filter({ hasText: say("judging.clash_title") });
  await expect(question).toBeVisible();
  const row = question.getByRole("row", { name: "필요성" });
  await expect(row.getByRole("cell").nth(0)).toHaveText("20");
  await expect(row.getByRole("cell").nth(1)).toHaveText("10");
  // A visible table without width would show neither version.
  expect.soft((await question.getByRole("table").boundingBox())?.width ?? 0).toBeGreaterThan(200);
  await expectAccessible(other);
  await shot(other, "sheet-clash");
  await question.getByRole("button", { name: say("judging.keep_mine"), exact: true }).click();
  await expectSaved(other);
  await score(page, 0).fill("30");
  const again = page.getByRole("alert").filter({ hasText: say("judging.clash_title") });
  await again.getByRole("button", { name: say("judging.take_stored"), exact: true }).click();
  await expect(score(page, 0)).toHaveValue("20");
  await expect(again).toHaveCount(0);
  await page.reload();
  await expect(score(page, 0)).toHaveValue("20");
});

test("arrows move between criteria and change no number, and Ctrl+Enter goes on to the next case", async ({ page }) => {
  await open(page, 4);
  await score(page, 0).focus();
  await page.keyboard.type("25");
  await page.keyboard.press("ArrowDown");
  await expect(score(page, 1)).toBeFocused();
  await page.keyboard.type("50");
  await page.keyboard.press("ArrowUp");
  await expect(score(page, 0)).toBeFocused();
  await expect(score(page, 0)).toHaveValue("25");
  await page.keyboard.press("Control+Enter");
  await expect(page).not.toHaveURL(new RegExp(edition.cases[4] ?? ""));
  await expect(page).toHaveURL(new RegExp(`/judging/${edition.slug}/[0-9a-f-]{36}$`));
  await open(page, 4);
  await expect(score(page, 0)).toHaveValue("25");
  await expect(score(page, 1)).toHaveValue("50");
});

test("a score above the criterion is not sent but told, and mending it saves", async ({ page }) => {
  await open(page, 5);
  await score(page, 0).fill("41");
  await expect(state(page)).toHaveText(say("judging.state_check"));
  await score(page, 0).fill("40");
  await expectSaved(page);
  await page.locator("#field-confirm").check();
  await page.getByRole("button", { name: say("judging.sign"), exact: true }).click();
  await expect(page.getByText(say("errors.sheet_incomplete", "ko", { count: 1 }))).toBeVisible();
});

test("a signature without a connection is told at its button, and made when it is pressed again", async ({ page, context }) => {
  const outcome = page.locator(".sheet-outcome");
  const sign = page.getByRole("button", { name: say("judging.sign"), exact: true });
  await open(page, 1);
  await score(page, 0).fill("31");
  await score(page, 1).fill("32");
  await expectSaved(page);
  await page.locator("#field-confirm").check();
  await context.setOffline(true);
  await sign.click();
  await expect(outcome).toContainText(say("judging.not_signed"));
  await expect(outcome).toContainText(say("judging.state_offline"));
  await expect(page).toHaveURL(new RegExp(edition.cases[1] ?? ""));
  await shot(page, "sheet-not-signed");
  await context.setOffline(false);
  await expectSaved(page);
  await expect(outcome).toContainText(say("judging.not_signed"));
  await sign.click();
  await expect(page.getByText(say("judging.signed_title"))).toBeVisible();
});

test("a score that is no number is shown again after the page was left", async ({ page }) => {
  await open(page, 2);
  await score(page, 0).fill("서른");
  await expect(state(page)).toHaveText(say("judging.state_check"));
  page.once("dialog", (dialog) => dialog.accept());
  await page.reload();
  await expect(score(page, 0)).toHaveValue("서른");
  await expect(state(page)).toHaveText(say("judging.state_check"));
  await score(page, 0).fill("");
  await expectSaved(page);
});

test("another judge's sheets are not there", async ({ page, context }) => {
  await context.clearCookies();
  await enter(context, "judge7");
  const answer = await page.goto(`/judging/${edition.slug}/${edition.cases[0]}`);
  expect(answer?.status()).toBe(404);
});
