// A poll whose voters are identified by mobile number, on a phone, in both languages, with and without scripts.

import { type Page, expect, test } from "@playwright/test";
import {
  type Language,
  type OwnEdition,
  askForCode,
  basket,
  cast,
  expectAccessible,
  expectNoSidewaysScroll,
  giveCode,
  makeEdition,
  pick,
  readMail,
  say,
  shot,
  windowOf,
} from "./support.ts";

let edition: OwnEdition;

test.beforeAll(async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  edition = await makeEdition(admin, "sms", "voting", { poll: { identity: "mobile" } });
  await admin.close();
});

/** Returns a number that was not used before. */
const freshNumber = (): string => `010${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;

/** Returns the number as people write it. */
const written = (number: string): string => `${number.slice(0, 3)}-${number.slice(3, 7)}-${number.slice(7)}`;

for (const language of ["ko", "en"] satisfies Language[]) {
  for (const scripts of [true, false]) {
    test(`a citizen votes by text message: ${language}, ${scripts ? "with" : "without"} scripts`, async ({ browser }) => {
      const { viewport, hasTouch, isMobile, baseURL } = test.info().project.use;
      const context = await browser.newContext({ viewport, hasTouch, isMobile, baseURL, javaScriptEnabled: scripts });
      const page = await context.newPage();
      const number = freshNumber();
      await page.goto(`/editions/${edition.slug}/cases?lang=${language}`);
      await pick(page, 2, language);
      await basket(page, language).getByRole("link", { name: say("ui.basket_go", language), exact: true }).click();
      await expect(page.getByText(say("voting.who_lead_mobile", language))).toBeVisible();
      await expect(page.locator("#field-mobile")).toHaveAttribute("inputmode", "tel");
      if (scripts) {
        await expectAccessible(page);
        await expectNoSidewaysScroll(page);
        await shot(page, `sms-who-${language}`);
      }
      await askForCode(page, written(number), language);
      await expect(page.locator("#field-code")).toHaveAttribute("autocomplete", "one-time-code");
      await expect(page.getByText(written(number))).toBeVisible();
      if (scripts) await expectAccessible(page);
      await giveCode(page, number, language);
      await expect(page.locator(".ballot-paper > li")).toHaveCount(2);
      await cast(page, language);
      await context.close();
    });
  }
}

test("the same number written otherwise is the same voter", async ({ browser, page }) => {
  const number = freshNumber();
  await page.goto(`/editions/${edition.slug}/cases`);
  await pick(page, 1);
  await page.goto(`/editions/${edition.slug}/vote/citizens`);
  const other = await browser.newContext();
  const second = await other.newPage();
  await second.goto(`/editions/${edition.slug}/cases`);
  await pick(second, 1);
  await second.goto(`/editions/${edition.slug}/vote/citizens`);
  const fill = async (form: Page, mobile: string): Promise<void> => {
    await form.locator("#field-mobile").fill(mobile);
    await form.locator("#field-consent").check();
    await form.locator("#field-of_age").check();
  };
  const sendCode = (form: Page) => form.getByRole("button", { name: say("voting.send_code"), exact: true }).click();
  await fill(page, number);
  await fill(second, `+82 ${written(number).slice(1)}`);
  // Both forms are full, so the second request comes within a minute of the first, as soon as that is answered. So the
  // page says that a code was just sent.
  const sent = page.waitForResponse(
    (answer) => answer.request().method() === "POST" && answer.url().endsWith("/vote/citizens"),
  );
  await Promise.all([sent, sendCode(page)]);
  await sendCode(second);
  await expect(page).toHaveURL(/\/vote\/citizens\/code$/);
  await expect(second.getByText(/초 뒤에 다시 요청/)).toBeVisible();
  await other.close();
});

test("a phone that reads the message fills the code in", async ({ context, page }) => {
  const number = freshNumber();
  await page.exposeFunction("codeOfMessage", () => readMail(context, number, "code"));
  // Imitate WebOTP of Chrome on Android, because desktop browsers have none.
  await page.addInitScript(() => {
    const { codeOfMessage } = window as unknown as { codeOfMessage: () => Promise<string> };
    Object.assign(window, { OTPCredential: class {} });
    navigator.credentials.get = async () => ({ id: "", type: "otp", code: await codeOfMessage() }) as Credential;
  });
  await page.goto(`/editions/${edition.slug}/cases`);
  await pick(page, 1);
  await page.goto(`/editions/${edition.slug}/vote/citizens`);
  await askForCode(page, number);
  await expect(page.locator("#field-code")).toHaveValue(/^\d{6}$/, { timeout: 90_000 });
  await page.getByRole("button", { name: say("voting.confirm_code"), exact: true }).click();
  await cast(page);
});
