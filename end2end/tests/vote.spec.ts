// A citizen votes with JavaScript: no input is lost, the vote is short, and the keyboard is enough.

import { type Page, expect, test } from "@playwright/test";
import {
  type OwnEdition,
  askForCode,
  awake,
  basket,
  cast,
  freshEmail,
  giveCode,
  languageLink,
  makeEdition,
  pick,
  pickButtons,
  readMail,
  receiptNumber,
  say,
  shot,
  tabTo,
  watchIslands,
  windowOf,
} from "./support.ts";

let edition: OwnEdition;
let gallery: string;

test.beforeAll(async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  edition = await makeEdition(admin, "vote", "voting", { cases: 4 });
  gallery = `/editions/${edition.slug}/cases`;
  await admin.close();
});

test.beforeEach(async ({ context }) => {
  await watchIslands(context);
});

/** Returns the titles in the basket or on the ballot paper, in their order. */
const titles = (page: Page, list: ".basket-list" | ".ballot-paper") => page.locator(`${list} > li > span`);

const toVote = (page: Page) => basket(page).getByRole("link", { name: say("ui.basket_go"), exact: true });

test("a pick shows in the basket at once, without a new page, and one too many is told", async ({ page }) => {
  await page.goto(gallery);
  await awake(page, "click");
  let loads = 0;
  page.on("framenavigated", () => (loads += 1));
  await expect(toVote(page)).toHaveCount(0);
  await pick(page, 2);
  await expect(basket(page)).toContainText(say("ui.basket_count", "ko", { max: 2, picked: 2 }));
  await expect(basket(page)).toContainText(say("ui.basket_full"));
  await expect(basket(page).getByRole("listitem", { includeHidden: true })).toHaveCount(2);
  await expect(toVote(page)).toBeVisible();
  await pickButtons(page).nth(2).click();
  await expect(basket(page).getByRole("status")).toContainText(say("voting.full", "ko", { max: 2 }));
  await expect(pickButtons(page).nth(2)).toHaveAttribute("aria-pressed", "false");
  await shot(page, "basket-full");
  await pickButtons(page).nth(0).click();
  await expect(basket(page)).toContainText(say("ui.basket_count", "ko", { max: 2, picked: 1 }));
  await basket(page).locator("summary").click();
  await basket(page).getByRole("button", { name: say("voting.remove") }).click();
  await expect(basket(page)).toContainText(say("ui.basket_count", "ko", { max: 2, picked: 0 }));
  await expect(pickButtons(page).nth(1)).toHaveAttribute("aria-pressed", "false");
  await expect(toVote(page)).toHaveCount(0);
  expect(loads).toBe(0);
});

test("a first visit to the vote's page loads one file of letters and no WebAssembly", async ({ page }) => {
  const loaded: string[] = [];
  page.on("response", (response) => loaded.push(new URL(response.url()).pathname));
  // The page has our own words only: the title of the contest and the names of cases stand on others.
  await page.goto(`/editions/daejeon-2024/vote/citizens`);
  await page.evaluate(() => document.fonts.ready);
  const fonts = loaded.filter((path) => path.startsWith("/assets/fonts/"));
  expect(fonts.map((path) => path.replace(/\.[0-9a-f]+\.woff2$/, ""))).toEqual(["/assets/fonts/pretendard-own"]);
  expect(loaded.filter((path) => path.endsWith(".wasm"))).toEqual([]);
});

test("the first case and the field of the address are on the first screen of a phone", async ({ page }) => {
  test.skip(test.info().project.name !== "phone", "a wide screen has room");
  for (const language of ["ko", "en"] as const) {
    await page.goto(`/editions/daejeon-2024/cases?lang=${language}`);
    const first = await page.locator(".card").first().boundingBox();
    expect(first?.y, `the first case in ${language}`).toBeLessThan(700);
    if (language === "ko") await pick(page, 3);
    await page.goto("/editions/daejeon-2024/vote/citizens");
    const field = await page.locator("#field-email").boundingBox();
    expect((field?.y ?? 0) + (field?.height ?? 0), `the field in ${language}`).toBeLessThan(780);
  }
});

test("a result prints on one page", async ({ page }) => {
  test.skip(test.info().project.name !== "desktop", "paper is as wide for everybody");
  await page.goto("/editions/daejeon-2024-result/results");
  const paper = await page.pdf({ format: "A4" });
  expect(paper.toString("latin1").match(/\/Type\s*\/Page[^s]/g)).toHaveLength(1);
});

test("picks survive reload, back, the other language and the code", async ({ page }) => {
  await page.goto(gallery);
  await awake(page, "click");
  await pick(page, 2);
  await expect(titles(page, ".basket-list")).toHaveCount(2);
  const picked = (await titles(page, ".basket-list").allTextContents()).map((title) => title.trim());
  await page.reload();
  await expect(titles(page, ".basket-list")).toHaveText(picked);
  await page.locator("main article.card a").first().click();
  await expect(page).toHaveURL(/\/cases\/[0-9a-f-]{36}$/);
  await expect(pickButtons(page)).toHaveAttribute("aria-pressed", "true");
  await page.goBack();
  await expect(page.locator('main [aria-pressed="true"]')).toHaveCount(2);
  await languageLink(page, "en").click();
  await expect(basket(page, "en")).toContainText(say("ui.basket_count", "en", { max: 2, picked: 2 }));
  await languageLink(page, "ko").click();
  await toVote(page).click();
  await expect(titles(page, ".ballot-paper")).toHaveText(picked);
  const email = freshEmail("survivor");
  await askForCode(page, email);
  await languageLink(page, "en").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("voting.code_title", "en"));
  await languageLink(page, "ko").click();
  await page.getByRole("link", { name: say("voting.change_email"), exact: true }).click();
  await expect(page).toHaveURL(/\/vote\/citizens$/);
  await expect(titles(page, ".ballot-paper")).toHaveText(picked);
  await page.getByRole("link", { name: say("voting.have_code") }).click();
  await giveCode(page, email);
  await expect(page).toHaveURL(/\/vote\/citizens\/check$/);
  for (const title of picked) await expect(page.locator(".ballot-paper")).toContainText(title);
  await cast(page);
  await page.goto(gallery);
  await expect(page.locator('main [aria-pressed="true"]')).toHaveCount(0);
});

// Seconds are printed and not asserted, because they say as much about the machine as about the vote. A vote gets
// longer for people by screens, and those are counted.
test("a vote takes at most five screens, and its seconds are printed", async ({ page }) => {
  const screens = new Set<string>();
  page.on("framenavigated", (frame) => {
    if (frame === page.mainFrame()) screens.add(new URL(frame.url()).pathname);
  });
  const begun = Date.now();
  const email = freshEmail("quick");
  await page.goto(gallery);
  await pick(page, 2);
  await toVote(page).click();
  await askForCode(page, email);
  await shot(page, "code");
  // Wait as long as a person needs to receive, find and read a mail.
  await page.waitForTimeout(12_000);
  await giveCode(page, email);
  await shot(page, "check");
  await cast(page);
  const seconds = Math.round((Date.now() - begun) / 100) / 10;
  console.log(`a vote: ${seconds} s on ${screens.size} screens (${test.info().project.name})`);
  expect([...screens].filter((path) => path.startsWith("/editions/")).length).toBeLessThanOrEqual(5);
  // The receipt tells people to print it: it is one page.
  const sheets = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g);
  expect(sheets?.length, "printed pages of the receipt").toBe(1);
});

test("a ballot goes on through a dead line and a busy server, and is one ballot", async ({ page }) => {
  const email = freshEmail("stubborn");
  await page.goto(gallery);
  await pick(page, 2);
  await toVote(page).click();
  await askForCode(page, email);
  await giveCode(page, email);
  await expect(page).toHaveURL(/\/vote\/citizens\/check$/);
  const keys: string[] = [];
  let goOn = (): void => {};
  const looked = new Promise<void>((go) => (goOn = go));
  await page.route("**/vote/citizens/check", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    keys.push(new URLSearchParams(route.request().postData() ?? "").get("key") ?? "");
    switch (keys.length) {
      case 1:
        return route.abort("connectionfailed");
      case 2:
        return route.fulfill({ status: 503, headers: { "retry-after": "2" }, body: "" });
      case 3:
        // The ballot arrives, and its answer is lost.
        await route.fetch({ maxRedirects: 0 });
        return route.abort("connectionreset");
      default:
        // The page keeps trying until the test has looked at it.
        await looked;
        return route.continue();
    }
  });
  // Each sentence is shown for only one or two seconds, so record every change instead of polling.
  const heard: string[] = [];
  await page.exposeFunction("hear", (text: string) => heard.push(text));
  await page.locator("#casting").evaluate((casting) => {
    const { hear } = window as unknown as { hear: (text: string | null) => void };
    new MutationObserver(() => hear(casting.textContent)).observe(casting, {
      characterData: true,
      childList: true,
      subtree: true,
    });
  });
  // From then on the page sends the ballot by itself.
  await expect(page.locator('#cast-form input[name="script"]')).toHaveValue("yes");
  await page.getByRole("button", { name: say("voting.cast"), exact: true }).click();
  await expect(page.locator("#casting"), "the focus does not fall off the page").toBeFocused();
  await shot(page, "casting");
  for (const sentence of [say("voting.casting_checking"), say("voting.casting_busy")]) {
    await expect.poll(() => heard.some((text) => text.includes(sentence)), sentence).toBe(true);
  }
  goOn();
  await expect(page).toHaveURL(/\/vote\/citizens\/receipt$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("voting.receipt_title"));
  expect(keys.length).toBe(4);
  expect(new Set(keys).size).toBe(1);
});

test("a code that was wrong five times is locked, and the person is told how to go on", async ({ page }) => {
  const email = freshEmail("unlucky");
  await page.goto(gallery);
  await pick(page, 1);
  await page.goto(`/editions/${edition.slug}/vote/citizens`);
  await askForCode(page, email);
  const code = await readMail(page.context(), email, "code");
  const wrong = code === "000000" ? "111111" : "000000";
  const alert = page.getByRole("alert");
  const enter = async (digits: string): Promise<void> => {
    await page.locator("#field-code").fill(digits);
    await page.getByRole("button", { name: say("voting.confirm_code"), exact: true }).click();
  };
  await enter("12345");
  await expect(alert).toContainText(say("voting.code_malformed"));
  for (const left of [4, 3, 2, 1]) {
    await enter(wrong);
    await expect(alert).toContainText(say("errors.code_wrong", "ko", { left }));
  }
  await enter(wrong);
  await expect(alert).toContainText(say("errors.code_tries_used"));
  await enter(code);
  await expect(alert).toContainText(say("errors.code_over"));
  // Within a minute of the last code another one is refused. If it took longer to get here, the first press sends one,
  // and the second press is refused.
  const resend = page.getByRole("button", { name: say("voting.resend"), exact: true });
  const refused = alert.filter({ hasText: say("errors.code_just_sent").split("{")[0] ?? "" });
  const resent = page.getByText(say("voting.resent"), { exact: true });
  await resend.click();
  await expect(refused.or(resent)).toBeVisible();
  if (await resent.isVisible()) await resend.click();
  await expect(refused).toBeVisible();
  await expect(page).toHaveURL(/\/vote\/citizens\/code$/);
});

test("what is missing from the first step is told, and what was typed stays", async ({ page }) => {
  await page.goto(gallery);
  await pick(page, 1);
  await page.goto(`/editions/${edition.slug}/vote/citizens`);
  await page.locator("form", { has: page.locator("#field-email") }).evaluate((form: HTMLFormElement) => {
    form.noValidate = true;
  });
  await page.locator("#field-email").fill("no-address");
  await page.locator("#field-of_age").check();
  await page.getByRole("button", { name: say("voting.send_code"), exact: true }).click();
  await expect(page.locator("#field-email")).toHaveValue("no-address");
  await expect(page.locator("#field-of_age")).toBeChecked();
  await expect(page.locator("#field-email")).toHaveAccessibleDescription(new RegExp(say("voting.email_malformed")));
  await expect(page.getByText(say("errors.consent_missing")).first()).toBeVisible();
  await expect(page.locator("#errors"), "what is wrong is where one is").toBeFocused();
});

test("a verified voter is asked nothing again, and the next voter can begin", async ({ page }) => {
  const email = freshEmail("known");
  await page.goto(gallery);
  await pick(page, 1);
  await toVote(page).click();
  await askForCode(page, email);
  await giveCode(page, email);
  await expect(page).toHaveURL(/\/vote\/citizens\/check$/);
  await page.getByRole("link", { name: say("voting.change_picks"), exact: true }).click();
  await expect(page).toHaveURL(/\/cases\?poll=citizens$/);
  await awake(page, "click");
  await pickButtons(page).first().click();
  await expect(pickButtons(page).first()).toHaveAttribute("aria-pressed", "false");
  await page.goto(`/editions/${edition.slug}/vote/citizens`);
  await expect(page.getByText(say("voting.verified_title"), { exact: true })).toBeVisible();
  await expect(page.locator("#field-email")).toHaveCount(0);
  await page.goto(gallery);
  await awake(page, "click");
  await pick(page, 2);
  await toVote(page).click();
  await expect(page).toHaveURL(/\/vote\/citizens\/check$/);
  await page.locator("summary", { hasText: say("voting.next_voter") }).click();
  await page.getByRole("button", { name: say("voting.next_voter_go"), exact: true }).click();
  await expect(page).toHaveURL(/\/vote\/citizens\?done=next$/);
  await expect(page.getByText(say("voting.next_ready"))).toBeVisible();
  await expect(page.getByText(say("voting.pick_first_title"), { exact: true })).toBeVisible();
});

test("the keyboard alone is enough to vote", async ({ page }) => {
  const email = freshEmail("keyboard");
  const keys = page.keyboard;
  await page.goto(gallery);
  await awake(page, "click");
  await tabTo(page, pickButtons(page).first());
  await keys.press("Space");
  await expect(pickButtons(page).first()).toHaveAttribute("aria-pressed", "true");
  await tabTo(page, toVote(page));
  await keys.press("Enter");
  await expect(page).toHaveURL(/\/vote\/citizens$/);
  await tabTo(page, page.locator("#field-email"));
  await keys.type(email);
  await tabTo(page, page.locator("#field-consent"));
  await keys.press("Space");
  await tabTo(page, page.locator("#field-of_age"));
  await keys.press("Space");
  await tabTo(page, page.getByRole("button", { name: say("voting.send_code"), exact: true }));
  await keys.press("Enter");
  await expect(page).toHaveURL(/\/vote\/citizens\/code$/);
  await tabTo(page, page.locator("#field-code"));
  await keys.type(await readMail(page.context(), email, "code"));
  await keys.press("Enter");
  await expect(page).toHaveURL(/\/vote\/citizens\/check$/);
  await tabTo(page, page.getByRole("button", { name: say("voting.cast"), exact: true }));
  await keys.press("Enter");
  await expect(page).toHaveURL(/\/vote\/citizens\/receipt$/);
  await receiptNumber(page);
});
