// The vote on a phone, in both languages, with and without scripts, by e-mail and at a kiosk. Text messages, rolls and
// OpenID providers have their own files.

import { type BrowserContext, expect, test } from "@playwright/test";
import {
  LANGUAGES,
  type Language,
  type OwnEdition,
  askForCode,
  basket,
  cast,
  freshEmail,
  kioskLink,
  makeEdition,
  pick,
  readMail,
  say,
  windowOf,
} from "./support.ts";

let edition: OwnEdition;
let admin: BrowserContext;

test.beforeAll(async ({ browser }) => {
  admin = await windowOf(browser, "admin");
  const poll = { channels: ["email_code", "kiosk"] };
  edition = await makeEdition(admin, "channels", "voting", { poll });
});

test.afterAll(async () => admin.close());

for (const language of Object.keys(LANGUAGES) as Language[]) {
  for (const javaScriptEnabled of [true, false]) {
    for (const channel of ["e-mail", "a shared machine"]) {
      const how = `${channel}, ${language}, ${javaScriptEnabled ? "with" : "without"} scripts`;
      test(`a vote by ${how}`, async ({ browser }) => {
        test.skip(test.info().project.name !== "phone", "the phone is the width that counts here");
        const context = await windowOf(browser, undefined, { javaScriptEnabled, locale: LANGUAGES[language] });
        const page = await context.newPage();
        if (channel === "e-mail") {
          await page.goto(`/editions/${edition.slug}/cases?lang=${language}`);
        } else {
          const { path, desk } = await kioskLink(admin, edition.slug);
          await desk.close();
          await page.goto(path);
          // The link works once. A font that loads during a click may move the button away, so press a key.
          await page.locator("main form button").press("Enter");
          await page.getByRole("link", { name: say("kiosk.begin", language), exact: true }).click();
        }
        await pick(page, 2, language);
        await basket(page, language).getByRole("link", { name: say("ui.basket_go", language), exact: true }).click();
        const email = freshEmail("channel");
        await askForCode(page, email, language);
        await page.locator("#field-code").fill(await readMail(admin, email, "code"));
        await page.getByRole("button", { name: say("voting.confirm_code", language), exact: true }).click();
        await expect(page.locator(".ballot-paper > li")).toHaveCount(2);
        await cast(page, language);
        await page.getByRole("button", { name: say("voting.leave", language), exact: true }).click();
        await expect(page.locator(".receipt-code")).toHaveCount(0);
        await context.close();
      });
    }
  }
}
