// Every page in both languages, in light and dark: findings of axe, one heading, its language, no sideways scroll.

import { type Browser, type Page, expect, test } from "@playwright/test";
import { type Visit, everyPage } from "./pages.ts";
import {
  LANGUAGES,
  LONG_TEST,
  type Language,
  type Role,
  askForCode,
  cast,
  expectAccessible,
  expectNoSidewaysScroll,
  freshEmail,
  giveCode,
  makeEdition,
  pick,
  pickButtons,
  say,
  windowOf,
} from "./support.ts";

type Theme = "light" | "dark";

let visits: Visit[];
let poll: string;

test.describe.configure({ mode: "default", timeout: LONG_TEST });

test.beforeAll(async ({ browser }) => {
  test.setTimeout(LONG_TEST);
  visits = await everyPage(browser, "axe");
  const admin = await windowOf(browser, "admin");
  poll = (await makeEdition(admin, "axe-vote", "voting")).slug;
  await admin.close();
});

async function expectGood(page: Page, language: Language): Promise<void> {
  await expect.soft(page.locator("html"), page.url()).toHaveAttribute("lang", language);
  // The page of parts shows the headings of several pages.
  if (!page.url().endsWith("/parts")) expect.soft(await page.locator("h1").count(), page.url()).toBe(1);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
}

/** The phone uses Korean in light and the desktop English in dark, because colours do not depend on the language. */
function dress(): [Language, Theme] {
  return test.info().project.name === "phone" ? ["ko", "light"] : ["en", "dark"];
}

async function open(browser: Browser, role?: Role): Promise<[Language, Page]> {
  const [language, theme] = dress();
  const context = await windowOf(browser, role, { locale: LANGUAGES[language] });
  const url = test.info().project.use.baseURL ?? "";
  await context.addCookies([{ name: "look", value: `${theme}.2`, url }]);
  const page = await context.newPage();
  await page.goto("/");
  await expect(page.locator("html")).toHaveAttribute("data-theme", theme);
  return [language, page];
}

const PEOPLE: [string, Role | undefined][] = [
  ["anybody", undefined],
  ["an administrator", "admin"],
  ["a judge", "judge5"],
  ["a member of an organisation", "member"],
];

for (const [who, role] of PEOPLE) {
  test(`every page that ${who} sees can be read by everybody`, async ({ browser }) => {
    const [language, page] = await open(browser, role);
    for (const { path } of visits.filter((visit) => visit.role === role)) {
      await test.step(path, async () => {
        const answer = await page.goto(path);
        expect.soft(answer?.status(), path).toBe(200);
        await expectGood(page, language);
      });
    }
  });
}

// English sentences are longer, so check the width in English too. The pages themselves are checked above.
for (const [who, role] of PEOPLE) {
  test(`every page that ${who} sees fits a phone in English`, async ({ browser }) => {
    test.skip(test.info().project.name !== "phone", "wider screens have room");
    const page = await (await windowOf(browser, role, { locale: LANGUAGES.en })).newPage();
    for (const { path } of visits.filter((visit) => visit.role === role)) {
      await test.step(path, async () => {
        await page.goto(path);
        await expectNoSidewaysScroll(page);
      });
    }
  });
}

test("every step of a vote can be read by everybody, also what goes wrong on the way", async ({ browser }) => {
  const [language, page] = await open(browser);
  const email = freshEmail("reader");
  await page.goto(`/editions/${poll}/cases`);
  await pick(page, 2, language);
  await expectGood(page, language);
  await page.goto(`/editions/${poll}/vote/citizens`);
  await expectGood(page, language);
  await page.locator("#field-email").fill("a@b");
  await page.locator("#field-consent").check();
  await page.locator("#field-of_age").check();
  await page.getByRole("button", { name: say("voting.send_code", language), exact: true }).click();
  await expect(page.locator("#errors")).toBeVisible();
  await expectGood(page, language);
  await askForCode(page, email, language);
  await expectGood(page, language);
  await page.locator("#field-code").fill("12");
  await page.getByRole("button", { name: say("voting.confirm_code", language), exact: true }).click();
  await expect(page.locator("#errors")).toBeVisible();
  await expectGood(page, language);
  await giveCode(page, email, language);
  await expect(page).toHaveURL(/\/vote\/citizens\/check$/);
  await expectGood(page, language);
  await cast(page, language);
  await expectGood(page, language);
  await page.goto(`/editions/${poll}/vote/citizens/receipt?again=yes`);
  await expectGood(page, language);
});

test("pages that refuse can be read by everybody", async ({ browser }) => {
  const [language, page] = await open(browser);
  await page.goto("/nowhere");
  await expectGood(page, language);
  await page.goto("/invitations/never-sent");
  await expectGood(page, language);
  await page.goto("/sign-in");
  await page.locator("#field-email").fill("nobody@hanpyo.example");
  await page.locator("#field-password").fill("not-the-password");
  await page.locator('main form button[type="submit"]').click();
  await expect(page.getByRole("alert")).toContainText(say("errors.wrong_password", language));
  await expectGood(page, language);
  await page.goto(`/editions/${poll}/cases`);
  await pick(page, 2, language);
  // Submit the form as without scripts, because the island would keep the page.
  await pickButtons(page).nth(2).evaluate((button: HTMLButtonElement) => button.form?.requestSubmit(button));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("voting.full_title", language));
  await expectGood(page, language);
});
