// Voting with an account at an OpenID provider, and what can go wrong. The provider is a real one (oidc-provider),
// started beside the server. OIDC_URL is its address.

import { type Page, expect, test } from "@playwright/test";
import {
  LANGUAGES,
  type Language,
  type OwnEdition,
  cast,
  complaints,
  expectAccessible,
  expectNoSidewaysScroll,
  makeEdition,
  pick,
  say,
  shot,
  windowOf,
} from "./support.ts";

const PROVIDER = process.env["OIDC_URL"] ?? "";
const NAME = { ko: "시험 계정", en: "Test account" } as const;
let edition: OwnEdition;

test.skip(PROVIDER === "", "there is no provider beside this server");

test.beforeAll(async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  edition = await makeEdition(admin, "oidc", "voting", { poll: { identity: "oidc" } });
  await admin.close();
});

test.beforeEach(async ({ context }) => {
  await fault("");
  // The provider's sample pages load a font from Google, which the journeys must not reach.
  await context.route(/googleapis/, (route) => route.abort());
});

const fault = async (is: string) => {
  expect((await fetch(`${PROVIDER}/fault?is=${is}`)).ok).toBe(true);
};
const votePath = () => `/editions/${edition.slug}/vote/citizens`;
const freshName = () => `person-${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;
const session = async (page: Page) =>
  (await page.context().cookies()).find(({ name, value }) => name === "__Host-voter" && value !== "");

/** Picks a case and sends the form that redirects to the provider. */
async function startOidc(page: Page, language: Language = "ko"): Promise<void> {
  await page.goto(`/editions/${edition.slug}/cases`);
  // A browser that was here before has picked already, and a second click would remove the pick.
  const first = page.locator('main button[name="case"][aria-pressed]').first();
  if ((await first.getAttribute("aria-pressed")) !== "true") await pick(page, 1, language);
  await page.goto(votePath());
  await page.locator("#field-consent").check();
  await page.locator("#field-of_age").check();
  await page.getByRole("button", { name: say("oidc.go", language, { name: NAME[language] }), exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`^${PROVIDER}/interaction/`));
}

/** Signs in at the provider, as a new person or under the given name. */
async function signIn(page: Page, name = freshName()): Promise<string> {
  await page.locator('input[name="login"]').fill(name);
  await page.locator('input[name="password"]').fill("anything");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
  return name;
}

/**
 * Intercepts the return from the provider once. It uses the browser's own protocol, because Playwright's routes do
 * not see redirects. If `then` returns an address, the browser is sent there instead.
 */
async function standInTheWay(page: Page, then: (url: URL) => Promise<URL | undefined>): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  await browser.send("Fetch.enable", { patterns: [{ urlPattern: "*/vote/oidc?*" }] });
  let done = false;
  browser.on("Fetch.requestPaused", async ({ requestId, request }) => {
    const instead = done ? undefined : await then(new URL(request.url));
    done = true;
    if (instead === undefined) {
      await browser.send("Fetch.continueRequest", { requestId });
      await browser.detach(); // only one interceptor may be attached at a time
      return;
    }
    const responseHeaders = [{ name: "Location", value: instead.toString() }];
    await browser.send("Fetch.fulfillRequest", { requestId, responseCode: 302, responseHeaders });
  });
}

/** Signs in and changes the address of the return. Returns the original address. */
async function wayBack(page: Page, change: (url: URL) => void): Promise<URL> {
  let right: URL | undefined;
  await standInTheWay(page, async (url) => {
    right = new URL(url);
    change(url);
    return url;
  });
  await signIn(page);
  await expect.poll(() => right).toBeDefined();
  return right as URL;
}

/** Expects this error on the page, and no voter session. */
async function expectRefused(page: Page, sentence: string, language: Language = "ko"): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("oidc.failed_title", language));
  await expect(page.getByText(say(`oidc.${sentence}`, language))).toBeVisible();
  expect(await session(page)).toBeUndefined();
}

for (const language of ["ko", "en"] as const) {
  for (const javaScriptEnabled of [true, false]) {
    test.describe(`in ${language}, ${javaScriptEnabled ? "with" : "without"} a script`, () => {
      test.use({ locale: LANGUAGES[language], javaScriptEnabled });

      test("somebody signs in, votes once, and is known again", async ({ page, context, browser }) => {
        const list = await complaints(context);
        await page.goto(votePath());
        await startOidc(page, language);
        const name = await signIn(page);
        await cast(page, language);
        const policy = list.filter((line) => line.includes("policy") || line.includes("Content Security"));
        expect(policy, "the policy lets the way there and back through").toEqual([]);

        const elsewhere = await browser.newContext({ javaScriptEnabled, locale: LANGUAGES[language] });
        await elsewhere.route(/googleapis/, (route) => route.abort());
        const other = await elsewhere.newPage();
        await startOidc(other, language);
        await signIn(other, name);
        await expect(other, "one account is one vote").toHaveURL(/\/receipt\?again=yes$/);
        await elsewhere.close();
      });
    });
  }
}

test("the question and the refusal can be used by everybody", async ({ page }) => {
  await page.goto(`/editions/${edition.slug}/cases`);
  await pick(page, 1);
  await page.goto(votePath());
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await shot(page, "oidc-who");
  await page.goto("/vote/oidc?state=unknown&code=made-up");
  await expectRefused(page, "over");
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await shot(page, "oidc-refused");
});

test("an answer that gets lost on the way back burns nothing", async ({ page, context }) => {
  await startOidc(page);
  let back: URL | undefined;
  let before = await context.cookies();
  await standInTheWay(page, async (url) => {
    back = new URL(url);
    before = await context.cookies();
    return undefined;
  });
  await signIn(page);
  await expect(page).toHaveURL(/\/check$/);
  const first = await session(page);
  expect(first).toBeDefined();
  // The browser as it was before the answer arrived.
  await context.clearCookies();
  await context.addCookies(before);
  expect(await session(page)).toBeUndefined();
  await page.goto(String(back));
  await expect(page).toHaveURL(/\/check$/);
  expect((await session(page))?.value).toBe(first?.value);
});

test("a cancelled sign-in leads back to the vote and can be tried again", async ({ page }) => {
  await startOidc(page);
  await page.getByRole("link", { name: /Cancel/ }).click();
  await expectRefused(page, "cancelled");
  await page.getByRole("link", { name: say("oidc.again"), exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`${votePath()}$`));
  await expect(page.locator("#field-consent")).not.toBeChecked();
});

test("a state that is not ours, and one that another browser brings, open nothing", async ({ page, browser }) => {
  await startOidc(page);
  const right = await wayBack(page, (url) => url.searchParams.set("state", "0".repeat(64)));
  await expectRefused(page, "over");
  const thief = await browser.newContext();
  const stolen = await thief.newPage();
  await stolen.goto(right.toString());
  await expectRefused(stolen, "over");
  await thief.close();
  await page.goto(right.toString());
  await expect(page, "its own browser may still finish").toHaveURL(/\/check$/);
});

test("an address that has been used opens nothing more", async ({ page }) => {
  await startOidc(page);
  const right = await wayBack(page, () => {});
  await expect(page).toHaveURL(/\/check$/);
  await page.context().clearCookies({ name: "__Host-voter" });
  // The cookie of the sign-in was removed when it opened the session.
  await page.goto(right.toString());
  await expectRefused(page, "over");
});

test("another issuer in the address is refused", async ({ page }) => {
  await startOidc(page);
  await wayBack(page, (url) => url.searchParams.set("iss", "https://elsewhere.example"));
  await expectRefused(page, "foreign");
});

for (const [is, sentence] of [
  ["nonce", "nonce"],
  ["issuer", "foreign"],
  ["audience", "foreign"],
  ["expired", "unproven"],
  ["signature", "unproven"],
] as const) {
  test(`a proof with a wrong ${is} is refused`, async ({ page }) => {
    await startOidc(page);
    await fault(is);
    await signIn(page);
    await expectRefused(page, sentence);
  });
}

test("where the provider does not answer, the page says so", async ({ page }) => {
  await startOidc(page);
  await standInTheWay(page, async () => {
    await fault("down");
    return undefined;
  });
  await signIn(page);
  await expectRefused(page, "down");
});
