// A roll: its administrator fills it and prints its codes; a slip's QR fills the field of the vote's page.

import { expect, test } from "@playwright/test";
import {
  LANGUAGES,
  type OwnEdition,
  complaints,
  expectAccessible,
  expectNoSidewaysScroll,
  makeEdition,
  moveClock,
  say,
  shot,
  windowOf,
} from "./support.ts";

let edition: OwnEdition;

test.beforeAll(async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  edition = await makeEdition(admin, "roll", "screening", { poll: { identity: "roll" } });
  await admin.close();
});

test("an administrator fills the roll, prints the codes, and the vote's page takes one", async ({ browser, page }) => {
  const admin = await windowOf(browser, "admin");
  const desk = await admin.newPage();
  await desk.goto(`/admin/${edition.slug}/polls/citizens/roll`);
  await desk.locator("#field-labels").fill("101동 101호\n101동 102호\n101동 101호");
  await desk.getByRole("button", { name: say("roll.add_now"), exact: true }).click();
  const fault = say("roll.fault_line", "ko", { line: 3, fault: say("roll.fault_twice", "ko", { first: 1 }) });
  await expect(desk.getByText(fault)).toBeVisible();
  await expectAccessible(desk);
  await expectNoSidewaysScroll(desk);
  await shot(desk, "roll-fault");
  await desk.locator("#field-labels").fill("101동 101호\n101동 102호");
  await desk.getByRole("button", { name: say("roll.add_now"), exact: true }).click();
  await expect(desk.getByText(say("roll.done_added"))).toBeVisible();
  const [sheet] = await Promise.all([
    desk.waitForEvent("download"),
    desk.getByRole("button", { name: say("roll.print_waiting", "ko", { count: 2 }), exact: true }).click(),
  ]);
  expect(sheet.suggestedFilename()).toBe(`codes-${edition.slug}-citizens.pdf`);
  await desk.reload();
  await expectAccessible(desk);
  await expectNoSidewaysScroll(desk);
  await shot(desk, "roll-admin");

  await moveClock(admin, edition.slug, "voting");
  await desk.reload();
  await expect(desk.getByText(say("roll.sealed"))).toBeVisible();
  await shot(desk, "roll-sealed");
  const list = await complaints(page.context());
  await page.goto(`/editions/${edition.slug}/vote/citizens#code=0123456789ABCDEF`);
  await expect(page.locator("#field-code")).toHaveValue("0123 4567 89AB CDEF");
  await expect(page).toHaveURL(new RegExp(`/editions/${edition.slug}/vote/citizens$`));
  await expect(page.getByText(say("roll.scanned"))).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await shot(page, "roll-scanned");
  await page.locator("#field-of_age").check();
  await page.getByRole("button", { name: say("roll.go_on"), exact: true }).click();
  await expect(page.getByText(say("roll.unknown"))).toBeVisible();
  await expect(page.locator("#field-code")).toHaveValue("0123 4567 89AB CDEF");
  expect(list.filter((line) => !line.includes("422"))).toEqual([]);
  await shot(page, "roll-unknown");
  await admin.close();
});

test.describe("without a script, in English", () => {
  test.use({ javaScriptEnabled: false, locale: LANGUAGES.en });

  test("the code is typed", async ({ page }) => {
    await page.goto(`/editions/${edition.slug}/vote/citizens#code=0123456789ABCDEF`);
    await expect(page.locator("#field-code")).toHaveValue("");
    await expect(page.getByText(say("roll.scanned", "en"))).toBeHidden();
    await page.locator("#field-code").fill("O123");
    await page.locator("#field-of_age").check();
    await page.getByRole("button", { name: say("roll.go_on", "en"), exact: true }).click();
    await expect(page.locator(".field-error")).toHaveText(say("roll.code_malformed", "en"));
    await expect(page.locator("#field-code")).toHaveValue("O123");
  });
});
