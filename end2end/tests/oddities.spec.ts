// What people and browsers do to pages: texts that are too long, a session that ended in another tab, a translator that
// swaps nodes, a device that slept, a picture where a receipt was asked for.

import { type Page, expect, test } from "@playwright/test";
import { awake, enter, giveConsents, makeEdition, say, watchIslands, windowOf } from "./support.ts";

const CALL = "daejeon-2024-call";

/** Begins a case in the demonstration's call, and opens its form. */
async function beginCase(page: Page, title: string): Promise<void> {
  await page.goto(`/organisation/cases/new?edition=${CALL}`);
  await page.locator("#field-title").fill(title);
  await page.getByRole("main").locator("form button").click();
  await expect(page).toHaveURL(/\/organisation\/cases\/[0-9a-f-]{36}$/);
}

/** Puts other nodes where texts were, as a browser does that translates a page. */
async function translate(page: Page, place: string): Promise<void> {
  await page.locator(place).evaluate((root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode() !== null) texts.push(walker.currentNode as Text);
    for (const text of texts) {
      const font = document.createElement("font");
      font.textContent = text.data;
      text.replaceWith(font);
    }
  });
}

test("a text that is too long is told, kept, and stops only the sending in", async ({ page, context }) => {
  await watchIslands(context);
  await enter(context, "member");
  await beginCase(page, "골목 냉장고");
  await awake(page, "click");
  const long = "반찬 나눔 ".repeat(35).trim();
  await page.locator("#field-summary").fill(long);
  await page.locator("#field-title_en").fill("👩‍👩‍👧‍👦".repeat(203));
  const counter = (name: string) => page.locator(`.field:has(#field-${name}) .field-counter`);
  await expect(counter("summary")).toContainText(say("ui.letters_over", "ko", { over: 9 }));
  await expect(counter("title_en")).toHaveText(say("ui.letters_over", "ko", { over: 3 }));
  const stored = new RegExp(`^${say("cases.autosave_saved", "ko", { time: "[0-9:]+" })}$`);
  await expect(page.locator(".draft [role=status]").last()).toHaveText(stored);
  await page.reload();
  await expect(page.locator("#field-summary")).toHaveValue(long);
  await expect(counter("summary")).toContainText(say("ui.letters_over", "ko", { over: 9 }));
  await page.locator("#field-body").fill("이야기");
  await page.locator("#field-place").selectOption({ index: 1 });
  await giveConsents(page);
  await page.locator('button[value="submit"]').click();
  await expect(page.locator("#error-summary")).toContainText(say("errors.too_long", "ko", { max: 200, over: 9 }));
  await expect(page.locator("#field-summary")).toHaveValue(long);
});

for (const scripts of [true, false]) {
  test(`what was typed outlives the session, ${scripts ? "with" : "without"} scripts`, async ({ browser }) => {
    const context = await windowOf(browser, "member", { javaScriptEnabled: scripts });
    const page = await context.newPage();
    await beginCase(page, "두 탭");
    const { pathname } = new URL(page.url());
    const story = "첫 줄\n둘째 줄 <b>굵게</b>";
    await page.locator("#field-body").fill(story);
    // In another tab somebody signs out, and in again: here only the browser forgets and learns the session.
    const session = await context.cookies();
    await context.clearCookies();
    await page.getByRole("button", { name: say("cases.save"), exact: true }).click();
    await expect(page.getByRole("heading", { name: say("errors.typed_title") })).toBeVisible();
    await expect(page.locator(".typed-texts textarea").last()).toHaveValue(story);
    const signInLink = page.getByRole("link", { name: say("errors.typed_sign_in") });
    await expect(signInLink).toHaveAttribute("target", "_blank");
    await context.addCookies(session);
    await page.getByRole("button", { name: say("errors.send_again") }).click();
    await expect(page).toHaveURL(`${pathname}?done=saved`);
    await expect(page.locator("#field-body")).toHaveValue(story);
    await context.close();
  });
}

test("words follow their state after a browser has translated the page", async ({ page, browser, context }) => {
  await page.goto("/editions/daejeon-2024");
  const time = page.locator(".countdown time").first();
  await expect(time).toHaveText(/초$/);
  await translate(page, ".countdown time");
  const before = await time.textContent();
  await expect(time).not.toHaveText(before ?? "");
  const admin = await windowOf(browser, "admin");
  const { slug, cases } = await makeEdition(admin, "translated", "judging", { cases: 2, judges: ["judge2"] });
  await admin.close();
  await watchIslands(context);
  await enter(context, "judge2");
  await page.goto(`/judging/${slug}/${cases[0] ?? ""}`);
  await awake(page, "keydown");
  const state = page.locator(".sheet-state");
  await expect(state).toContainText(say("judging.state_nothing"));
  await translate(page, ".sheet-state");
  await page.locator("#field-score-0").fill("20");
  await expect(state).toContainText(say("judging.state_server", "ko", { at: "" }).trim());
  await expect(state).not.toContainText(say("judging.state_nothing"));
});

/** Answers the next save as a proxy does that has lost its server, and counts the saves. */
async function breakOneSave(page: Page, path: string): Promise<{ saves: () => number }> {
  let saves = 0;
  await page.route(`**${path}`, async (route) => {
    saves += 1;
    const body = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    if (saves === 1) await route.fulfill({ status: 502, contentType: "text/html", body });
    else await route.continue();
  });
  return { saves: () => saves };
}

test("a proxy's page is taken for a broken line: what was typed is kept, and sent again by itself", async ({
  page,
  browser,
  context,
}) => {
  const admin = await windowOf(browser, "admin");
  const { slug, cases } = await makeEdition(admin, "proxied", "judging", { cases: 2, judges: ["judge3"] });
  await admin.close();
  await watchIslands(context);
  await enter(context, "judge3");
  await page.goto(`/judging/${slug}/${cases[0] ?? ""}`);
  await awake(page, "keydown");
  const sheet = await breakOneSave(page, "/api/judging/save_sheet");
  await page.locator("#field-score-0").fill("20.0");
  const state = page.locator(".sheet-state");
  await expect(state).toHaveAttribute("data-state", "offline");
  await expect(state).toHaveAttribute("data-state", "server");
  expect(sheet.saves()).toBeGreaterThan(1);
  // A wheel over the number changes nothing.
  await page.locator("#field-score-0").focus();
  await page.locator("#field-score-0").hover();
  await page.mouse.wheel(0, 300);
  await page.reload();
  await expect(page.locator("#field-score-0")).toHaveValue("20");
});

test("a draft behind a proxy that has lost its server asks before it is left, and saves itself later", async ({
  page,
  context,
}) => {
  await watchIslands(context);
  await enter(context, "member");
  await beginCase(page, "끊긴 줄");
  await awake(page, "click");
  const draft = await breakOneSave(page, "/api/cases/save_draft");
  await page.locator("#field-summary").fill("한 줄");
  const state = page.locator(".draft [role=status]").last();
  await expect(state).toHaveText(say("cases.autosave_offline"));
  const asked = page.waitForEvent("dialog");
  const left = page.goto("/").catch(() => null);
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await left;
  await expect(page.locator("#field-summary")).toHaveValue("한 줄");
  await expect(state).toHaveText(new RegExp(`^${say("cases.autosave_saved", "ko", { time: "[0-9:]+" })}$`));
  expect(draft.saves()).toBeGreaterThan(1);
});

test("what was typed before the program was loaded is saved when it is", async ({ page, context }) => {
  await enter(context, "member");
  let letGo = (): void => undefined;
  const gate = new Promise<void>((open) => (letGo = open));
  await page.route("**/assets/desk*", async (route) => {
    await gate;
    await route.continue();
  });
  await beginCase(page, "느린 전화기");
  await page.locator("#field-summary").fill("프로그램보다 빠른 손");
  letGo();
  const state = page.locator(".draft [role=status]").last();
  await expect(state).toHaveText(new RegExp(`^${say("cases.autosave_saved", "ko", { time: "[0-9:]+" })}$`));
  await page.reload();
  await expect(page.locator("#field-summary")).toHaveValue("프로그램보다 빠른 손");
});

test("a countdown asks again after its device has slept", async ({ page }) => {
  await page.goto("/editions/daejeon-2024");
  await expect(page.locator(".countdown time").first()).toHaveText(/초$/);
  const loadedAgain = page.waitForEvent("load");
  await page.evaluate(() => {
    const [open, wall] = [performance.now(), Date.now.bind(Date)];
    performance.now = () => open;
    Date.now = () => wall() + 2 * 3_600_000;
  });
  await loadedAgain;
  await expect(page.locator(".countdown time").first()).toHaveText(/초$/);
});

test("a pick that is pressed twice stays picked", async ({ page, context }) => {
  await watchIslands(context);
  await page.goto("/editions/daejeon-2024/cases");
  await awake(page, "click");
  const button = page.locator('main button[name="case"][aria-pressed]').first();
  await button.dblclick();
  await expect(button).toHaveAttribute("aria-pressed", "true");
  await button.click();
  await expect(button).toHaveAttribute("aria-pressed", "false");
});

test("a large file is no receipt, and is said to be none", async ({ page, context }) => {
  await watchIslands(context);
  await page.goto("/verify");
  const buffer = Buffer.alloc(3_000_000, "x");
  await page.locator("#field-file").setInputFiles({ name: "film.txt", mimeType: "text/plain", buffer });
  await expect(page.locator("#verify-result")).toContainText(say("verify.file_too_large"));
  await expect(page.locator("#field-receipt")).toHaveValue("");
});

test("a form that is pressed without a connection says so at its button, and goes through when it is back", async ({
  page,
  context,
}) => {
  await enter(context, "member");
  await page.goto(`/organisation/cases/new?edition=${CALL}`);
  const form = page.getByRole("main").locator("form");
  const title = page.locator("#field-title");
  await title.fill("지하철에서 쓴 제목");
  await context.setOffline(true);
  for (let press = 0; press < 2; press += 1) {
    await form.locator("button").click();
    await expect(form.getByRole("alert")).toHaveText(say("ui.offline"));
  }
  await expect(title).toHaveValue("지하철에서 쓴 제목");
  await context.setOffline(false);
  await form.locator("button").click();
  await expect(page).toHaveURL(/\/organisation\/cases\/[0-9a-f-]{36}$/);
  await expect(title).toHaveValue("지하철에서 쓴 제목");
});
