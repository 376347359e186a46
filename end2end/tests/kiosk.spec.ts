// A kiosk, opened by staff: voters use it one after another and see nothing of the last one.

import { type BrowserContext, type Page, expect, test } from "@playwright/test";
import {
  type OwnEdition,
  askForCode,
  cast,
  expectAccessible,
  expectNoSidewaysScroll,
  freshEmail,
  kioskLink,
  makeEdition,
  pick,
  readMail,
  say,
  shot,
  windowOf,
} from "./support.ts";

let edition: OwnEdition;
let admin: BrowserContext;

test.beforeAll(async ({ browser }) => {
  admin = await windowOf(browser, "admin");
  const poll = { channels: ["email_code", "kiosk"] };
  edition = await makeEdition(admin, "kiosk", "voting", { poll });
});

test.afterAll(async () => admin.close());

/** Opens a kiosk by a link of the staff. */
async function machine(context: BrowserContext): Promise<Page> {
  const { path, desk } = await kioskLink(admin, edition.slug);
  await expect(desk.getByRole("img", { name: say("kiosk.link_qr") })).toBeVisible();
  await expectAccessible(desk);
  await desk.close();
  const page = await context.newPage();
  await page.goto(path);
  // The link opens one machine, so press once. A key and not the mouse, because on a busy machine the font may load
  // during a click and move the button away.
  await page.getByRole("button", { name: say("kiosk.become_here"), exact: true }).press("Enter");
  await expect(page).toHaveURL(/\/kiosk$/);
  return page;
}

/**
 * Keeps the receipts of this page on the screen: takes the header out of the answer that leads back after 30 seconds,
 * so that no step has to be done within them. Returns the headers that were taken out. Routes do not see redirects, so
 * a receipt must be opened by a script or a link.
 */
async function keepReceipts(page: Page): Promise<(string | undefined)[]> {
  const taken: (string | undefined)[] = [];
  await page.route("**/vote/citizens/receipt", async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    const { refresh, ...headers } = response.headers();
    taken.push(refresh);
    await route.fulfill({ response, headers });
  });
  return taken;
}

test("the next voter sees nothing of the last one, even by going back", async ({ context }) => {
  const page = await machine(context);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await shot(page, "kiosk-start");
  await page.getByRole("link", { name: say("kiosk.begin", "en"), exact: true }).click();
  await pick(page, 2, "en");
  await page.goto(`/editions/${edition.slug}/vote/citizens`);
  await expect(page.getByText(say("kiosk.shared", "en", { seconds: 90 }))).toBeVisible();
  const email = freshEmail("kiosk");
  await askForCode(page, email, "en");
  await page.locator("#field-code").fill(await readMail(admin, email, "code"));
  await page.getByRole("button", { name: say("voting.confirm_code", "en"), exact: true }).click();
  const refreshes = await keepReceipts(page);
  const number = await cast(page, "en");
  await expect(page.getByText(say("kiosk.shared_receipt", "en", { seconds: 30 }))).toBeVisible();
  await expect(page.getByRole("link", { name: say("voting.receipt_file", "en"), exact: true })).toHaveCount(0);
  // A voter who needs longer reloads the page, and its 30 seconds begin again.
  const before = refreshes.length;
  await page.getByRole("link", { name: say("kiosk.stay", "en"), exact: true }).click();
  await expect.poll(() => refreshes.slice(before)).toEqual(["30; url=/kiosk"]);
  await expect(page.locator(".receipt-code")).toHaveText(number);
  await shot(page, "kiosk-receipt");
  await page.unroute("**/vote/citizens/receipt");
  await page.getByRole("link", { name: say("kiosk.finish", "en"), exact: true }).click();
  await expect(page.getByRole("link", { name: say("kiosk.begin", "ko"), exact: true })).toBeVisible();
  expect((await context.cookies()).map(({ name }) => name)).toEqual(["__Host-kiosk"]);
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  // A voter who presses "back" sees the pages as a new visitor, in Korean.
  for (let presses = 0; presses < 6; presses += 1) {
    await page.goBack().catch(() => null);
    const shown = (await page.locator("body").textContent()) ?? "";
    expect(shown, page.url()).not.toContain(email);
    expect(shown, page.url()).not.toContain(number.slice(0, 9));
    await expect(page.locator('button[name="case"][aria-pressed="true"]')).toHaveCount(0);
    await expect(page.locator(".ballot-paper > li")).toHaveCount(0);
  }
  await page.goto(`/editions/${edition.slug}/cases`);
  await pick(page, 1);
});

test("a machine that nobody touches goes back to its start by itself", async ({ context }) => {
  // Time passes for the pages only when the test moves the clock.
  const now = Date.now();
  await context.clock.install({ time: now });
  await context.clock.pauseAt(now);
  const page = await machine(context);
  await page.getByRole("link", { name: say("kiosk.begin", "ko"), exact: true }).click();
  await pick(page, 1);
  const question = page.getByRole("dialog", { name: say("kiosk.still_there_title") });
  await context.clock.fastForward(60_000);
  await page.mouse.move(5, 5);
  await page.mouse.move(50, 50);
  await context.clock.fastForward(60_000);
  await expect(question).toBeHidden();
  await context.clock.fastForward(11_000);
  await expect(question).toContainText(say("kiosk.still_there", "ko", { seconds: 20 }));
  await shot(page, "kiosk-warning");
  await question.getByRole("button", { name: say("kiosk.go_on"), exact: true }).click();
  await expect(question).toBeHidden();
  await context.clock.fastForward(60_000);
  await expect(page).toHaveURL(/\/cases/);
  await context.clock.fastForward(31_000);
  await expect(page).toHaveURL(/\/kiosk$/);
  expect((await context.cookies()).map(({ name }) => name)).toEqual(["__Host-kiosk"]);
});

test("without scripts the page itself leads back", async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await machine(context);
  await page.getByRole("link", { name: say("kiosk.begin", "ko"), exact: true }).click();
  await expect(page.locator('meta[http-equiv="refresh"]')).toHaveAttribute("content", "90; url=/kiosk");
  await context.close();
});

test("staff end a machine from their own desk", async ({ context }) => {
  const page = await machine(context);
  const desk = await admin.newPage();
  await desk.goto(`/admin/${edition.slug}/kiosk`);
  await desk.getByRole("row", { name: say("kiosk.state_open") }).first()
    .getByRole("button", { name: say("kiosk.end"), exact: true }).click();
  await expect(desk.getByText(say("kiosk.ended"))).toBeVisible();
  await desk.close();
  await page.goto("/kiosk");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("kiosk.over_title"));
});
