// Everything works without scripts: reading, picking, voting, judging, and writing a case.

import { expect, test } from "@playwright/test";
import {
  type OwnEdition,
  askForCode,
  basket,
  cast,
  enter,
  freshEmail,
  giveCode,
  giveConsents,
  languageLink,
  makeEdition,
  pick,
  pickButtons,
  say,
  windowOf,
  openFilters,
} from "./support.ts";

test.use({ javaScriptEnabled: false });

const DEMONSTRATION = "/editions/daejeon-2024";
const own: Partial<Record<"voting" | "judging" | "call", OwnEdition>> = {};

test.beforeAll(async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  own.voting = await makeEdition(admin, "plain-vote", "voting");
  own.judging = await makeEdition(admin, "plain-judging", "judging", { cases: 2, judges: ["judge6"] });
  own.call = await makeEdition(admin, "plain-call", "call", { cases: 0 });
  await admin.close();
});

test("the gallery is filtered and searched, and a case is read", async ({ page }) => {
  await page.goto(DEMONSTRATION);
  await page.getByRole("link", { name: say("editions.see_and_vote") }).first().click();
  await expect(page).toHaveURL(/\/cases$/);
  await openFilters(page);
  await page.getByRole("link", { name: "동 지역사회보장협의체", exact: true }).click();
  await expect(page).toHaveURL(/track=neighbourhood/);
  await expect(page.getByText(say("cases.count", "ko", { n: 14 }), { exact: true })).toBeVisible();
  await page.getByRole("searchbox").fill("반찬");
  await page.getByRole("button", { name: say("cases.search_go"), exact: true }).click();
  await expect(page.locator("main article.card")).toHaveCount(1);
  await page.getByRole("link", { name: "문고리 반찬", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("문고리 반찬");
});

test("a citizen votes: picks survive reload, back and the other language up to the receipt", async ({ page }) => {
  const { slug } = own.voting as OwnEdition;
  const count = (language: "ko" | "en") => say("ui.basket_count", language, { max: 2, picked: 2 });
  await page.goto(`/editions/${slug}/cases`);
  await pick(page, 2);
  await pickButtons(page).nth(2).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("voting.full_title"));
  await page.getByRole("link", { name: say("voting.back_to_page") }).click();
  await expect(basket(page)).toContainText(count("ko"));
  await page.reload();
  await expect(basket(page)).toContainText(count("ko"));
  await page.locator("main article.card a").first().click();
  await page.goBack();
  await expect(basket(page)).toContainText(count("ko"));
  await languageLink(page, "en").click();
  await expect(basket(page, "en")).toContainText(count("en"));
  await languageLink(page, "ko").click();
  await basket(page).getByRole("link", { name: say("ui.basket_go"), exact: true }).click();
  await expect(page.locator(".ballot-paper > li")).toHaveCount(2);
  const email = freshEmail("plain");
  await askForCode(page, email);
  await giveCode(page, email);
  await expect(page.locator(".ballot-paper > li")).toHaveCount(2);
  await cast(page);
  await page.getByRole("button", { name: say("voting.leave"), exact: true }).click();
  await page.goto(`/editions/${slug}/vote/citizens/receipt`);
  await expect(page).toHaveURL(/\/vote\/citizens$/);
});

test("a judge saves a sheet, is told what is missing, and signs it", async ({ page, context }) => {
  const { slug, cases } = own.judging as OwnEdition;
  await enter(context, "judge6");
  await page.goto(`/judging/${slug}/${cases[0]}`);
  const press = (key: string) => page.getByRole("button", { name: say(key), exact: true }).click();
  await page.locator("#field-score-0").fill("31");
  await press("judging.save");
  await expect(page.locator("#field-score-0")).toHaveValue("31");
  await page.locator("#field-confirm").check();
  await press("judging.sign");
  await expect(page.getByText(say("errors.sheet_incomplete", "ko", { count: 1 }))).toBeVisible();
  await page.locator("#field-score-1").fill("52");
  await page.locator("#field-comment").fill("이웃이 함께한 점이 좋습니다.");
  await page.locator("#field-confirm").uncheck();
  await press("judging.sign");
  await expect(page.locator("#field-confirm")).toHaveAccessibleDescription(new RegExp(say("errors.missing")));
  await page.locator("#field-confirm").check();
  await press("judging.sign");
  await expect(page.getByText(say("judging.signed_title"))).toBeVisible();
  await expect(page.getByText(say("judging.points", "ko", { max: 100, total: 83 }))).toBeVisible();
  await expect(page.locator("#sheet-form")).toHaveCount(0);
});

test("a member begins a case, saves a draft and withdraws what was submitted", async ({ page, context }) => {
  const { slug } = own.call as OwnEdition;
  await enter(context, "member");
  await page.goto(`/organisation/cases/new?edition=${slug}`);
  await page.locator("#field-title").fill("종이로도 쓸 수 있는 사례");
  const press = (key: string) => page.getByRole("button", { name: say(key), exact: true }).click();
  await press("cases.begin");
  await page.locator("#field-summary").fill("누구나 쓸 수 있습니다.");
  await press("cases.save");
  await expect(page.getByText(say("cases.saved"))).toBeVisible();
  await expect(page.locator("#field-summary")).toHaveValue("누구나 쓸 수 있습니다.");
  await press("cases.submit");
  const missing = say("cases.missing_field", "ko", { field: say("cases.body") });
  await expect(page.locator("#errors")).toContainText(missing);
  await page.locator("#field-body").fill("종이와 연필처럼 단순합니다.");
  await page.locator("#field-place").selectOption({ label: "두리동" });
  await giveConsents(page);
  await press("cases.submit");
  await expect(page.getByText(say("cases.submitted"))).toBeVisible();
  // The first press only opens what follows.
  await page.locator("#withdraw > summary").click();
  await press("news.withdraw_confirm");
  await expect(page.getByText(say("cases.withdrawn"))).toBeVisible();
});
