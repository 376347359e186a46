// Two votes at the same time, each with its own basket, rules and receipt.

import { type Page, expect, test } from "@playwright/test";
import {
  type OwnEdition,
  type Season,
  awake,
  expectAccessible,
  expectNoSidewaysScroll,
  freshEmail,
  giveCode,
  languageLink,
  makeEdition,
  pickButtons,
  receiptNumber,
  say,
  shot,
  watchIslands,
  windowOf,
} from "./support.ts";

let edition: OwnEdition;
let base: string;

/** One poll of up to two picks, and one of exactly two among the cases of a track. */
function twoPolls(season: Season): void {
  const poll = { identity: "email", basis: "share_of_top", weight: "15/100" };
  const citizens = { slug: "citizens", title: { ko: "시민 투표", en: "Citizens’ vote" }, picks: { at_most: 2 } };
  const young = {
    slug: "young",
    title: { ko: "청소년이 뽑는 두 곳", en: "Young people’s two" },
    picks: { exactly: 2 },
    cases: { track: "neighbourhood" },
  };
  // JSON leaves out undefined values, so the file has no `poll`.
  Object.assign(season, { poll: undefined, polls: [{ ...poll, ...citizens }, { ...poll, ...young }] });
}

test.beforeAll(async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  edition = await makeEdition(admin, "polls", "voting", { cases: 4, change: twoPolls });
  base = `/editions/${edition.slug}`;
  await admin.close();
});

const basketOf = (page: Page, poll: string) =>
  page.getByRole("complementary", { name: say("ui.basket_of", "ko", { poll }) });

test("each vote has its own picks and rule, and the way on opens when the rule is met", async ({ page, context }) => {
  await watchIslands(context);
  await page.goto(`${base}/vote`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("voting.chooser_title"));
  await expect(page.locator(".poll")).toHaveCount(2);
  await expect(page.locator(".poll").nth(1)).toContainText(say("voting.rule_exactly", "ko", { max: 2 }));
  await shot(page, "chooser");
  await page.goto(`${base}/cases`);
  await expect(pickButtons(page)).toHaveCount(0);
  await shot(page, "polls-all");
  await page.locator(".poll-tabs").getByRole("link", { name: "청소년이 뽑는 두 곳", exact: true }).click();
  await expect(page).toHaveURL(/\?poll=young$/);
  await awake(page, "click");
  const young = basketOf(page, "청소년이 뽑는 두 곳");
  await pickButtons(page).nth(0).click();
  await expect(young).toContainText(say("ui.basket_exactly", "ko", { left: 1 }));
  await expect(young.getByRole("link", { name: say("ui.basket_go"), exact: true })).toHaveCount(0);
  await languageLink(page, "en").click();
  await expect(page).toHaveURL(/poll=young/);
  await languageLink(page, "ko").click();
  await page.goto(`${base}/vote/young`);
  await expect(page.getByText(say("voting.too_few_title", "ko", { left: 1 }))).toBeVisible();
  await expect(page.locator("#field-email")).toHaveCount(0);
  await page.goto(`${base}/cases?poll=citizens`);
  await expect(page.locator('main [aria-pressed="true"]')).toHaveCount(0);
  await page.goto(`${base}/cases?poll=young`);
  await awake(page, "click");
  await pickButtons(page).nth(1).click();
  await shot(page, "polls-young");
  await young.getByRole("link", { name: say("ui.basket_go"), exact: true }).click();
  await expect(page).toHaveURL(/\/vote\/young$/);
  const email = freshEmail("young");
  await page.locator("#field-email").fill(email);
  await page.locator("#field-consent").check();
  await page.locator("#field-of_age").check();
  await page.getByRole("button", { name: say("voting.send_code"), exact: true }).click();
  await giveCode(page, email);
  await expect(page).toHaveURL(/\/vote\/young\/check$/);
  await page.getByRole("button", { name: say("voting.cast"), exact: true }).click();
  await expect(page).toHaveURL(/\/vote\/young\/receipt$/);
  await receiptNumber(page);
  await expect(page.locator(".receipt")).toContainText("청소년이 뽑는 두 곳");
  await page.getByRole("link", { name: say("voting.other_polls"), exact: true }).click();
  await expect(page.locator(".poll").nth(0)).toContainText(say("voting.state_open"));
  await expect(page.locator(".poll").nth(1)).toContainText(say("voting.state_voted"));
  for (const language of ["ko", "en"] as const) {
    await page.goto(`${base}/vote?lang=${language}`);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await page.goto(`${base}/cases?poll=young&lang=${language}`);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  }
});

test("without a script too, a ballot of too few is not let on, nor taken", async ({ browser }) => {
  const context = await windowOf(browser, undefined, { javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${base}/cases/${edition.cases[0]}?poll=young`);
  await pickButtons(page).click();
  await expect(page).toHaveURL(/poll=young/);
  await expect(pickButtons(page)).toHaveAttribute("aria-pressed", "true");
  await expect(basketOf(page, "청소년이 뽑는 두 곳")).toContainText(say("ui.basket_exactly", "ko", { left: 1 }));
  await page.goto(`${base}/vote/young`);
  await expect(page.getByText(say("voting.too_few_title", "ko", { left: 1 }))).toBeVisible();
  await expect(page.locator("#field-email")).toHaveCount(0);
  await context.close();
});
