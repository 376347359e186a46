// Helpers that the journeys share: sentences, sessions, editions, mails, steps of a vote, and checks of every page.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import {
  type APIResponse,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
  expect,
  test,
} from "@playwright/test";

/** The languages of the interface, with the locale that a browser sends. */
export const LANGUAGES = { ko: "ko-KR", en: "en-GB" } as const;
export type Language = keyof typeof LANGUAGES;

const HERE = import.meta.dirname;
const catalogues = new Map<string, Record<string, Record<Language, string>>>();

/** Returns a sentence of the interface, from the catalogue that the program is built with. */
export function say(key: string, language: Language = "ko", values: Record<string, string | number> = {}): string {
  const [namespace = "", name = ""] = key.split(".");
  let catalogue = catalogues.get(namespace);
  if (catalogue === undefined) {
    const text = readFileSync(join(HERE, "../../phrases/text", `${namespace}.json`), "utf8");
    catalogue = JSON.parse(text) as Record<string, Record<Language, string>>;
    catalogues.set(namespace, catalogue);
  }
  const sentence = catalogue[name]?.[language];
  if (sentence === undefined) throw new Error(`there is no sentence ${key} in ${language}`);
  return sentence.replace(/\{(\w+)\}/g, (place, value: string) => String(values[value] ?? place));
}

/** The limit of a test that opens very many pages or waits for the record, in milliseconds. */
export const LONG_TEST = 15 * 60_000;

/** The limit of waiting for the record, which takes in lines and proves them by its own clock, in milliseconds. */
export const RECORD_WAIT = 3 * 60_000;

// ---- people ----

/** The roles that have an account in the demonstration season. */
export type Role =
  | "admin"
  | "member"
  | "judge1"
  | "judge2"
  | "judge3"
  | "judge4"
  | "judge5"
  | "judge6"
  | "judge7";

/** The password of the demonstration's accounts and of the accounts that journeys create. */
export const PASSWORD = "hanpyo-demo-2024";

/** Returns the e-mail address of a role's account, as `hanpyo serve` prints it. */
export const emailOf = (role: Role): string => `${role}@hanpyo.example`;

/** Returns an e-mail address that was not used before. */
export const freshEmail = (name: string): string =>
  `${name}-${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}@hanpyo.example`;

/** Signs in through the sign-in page. The test fails if the page does not change. */
export async function signIn(page: Page, role: Role): Promise<void> {
  await page.goto("/sign-in");
  const email = page.locator('input[name="email"]');
  await email.fill(emailOf(role));
  await page.locator('input[name="password"]').fill(PASSWORD);
  await page.locator("form", { has: email }).locator('button[type="submit"], button:not([type])').first().click();
  await expect(page, `${role} is signed in`).not.toHaveURL(/\/sign-in/);
}

type Sessions = Partial<Record<Role, string>>;

const baseURL = (): string => test.info().project.use.baseURL ?? "http://127.0.0.1:3000";

function sessionsFile(): string {
  // Playwright empties this folder before each run.
  return join(test.info().project.outputDir, `sessions-${new URL(baseURL()).port}.json`);
}

/**
 * Gives a browser the session of a role. An address may sign in ten times in 15 minutes, so a run signs in once for
 * each role and its journeys share the session.
 */
export async function enter(context: BrowserContext, role: Role): Promise<void> {
  const file = sessionsFile();
  const known: Sessions = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Sessions) : {};
  const kept = known[role];
  if (kept !== undefined) {
    await context.addCookies([
      { name: "__Host-session", value: kept, url: baseURL().replace("http:", "https:"), httpOnly: true, secure: true },
    ]);
    const answer = await context.request.get("/account", { maxRedirects: 0 });
    if (answer.ok()) return;
  }
  const form = { email: emailOf(role), password: PASSWORD, next: "" };
  const answer = await context.request.post("/sign-in", { form, maxRedirects: 0 });
  expect(answer.status(), `${role} is signed in`).toBe(303);
  const session = (await context.cookies()).find(({ name }) => name === "__Host-session");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...known, [role]: session?.value }));
}

/** Opens a browser context in which this role is signed in, with the settings of the phone or the desktop. */
export async function windowOf(browser: Browser, role?: Role, options?: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  if (role !== undefined) await enter(context, role);
  return context;
}

// ---- editions of their own ----

/** The parts of a season file that the journeys change. */
export interface Season {
  slug: string;
  title: Record<Language, string>;
  windows: Record<string, string | string[]>;
  poll: { picks: { at_most: number }; identity: string; weight: string };
  cases: object[];
}

/** Returns the small season with a new short name. */
export function smallSeason(name: string): Season {
  const season = JSON.parse(readFileSync(join(HERE, "../small-season.json"), "utf8")) as Season;
  season.slug = `${name}-${test.info().project.name}-${Date.now().toString(36)}`;
  return season;
}

/** The moments that the buttons of the rehearsal clock lead to. */
export type Moment = "call" | "screening" | "voting" | "judging" | "deliberation" | "result";

/** An edition for one journey, so that no other journey depends on its clock. */
export interface OwnEdition {
  slug: string;
  /** The ids of its cases, in no fixed order. */
  cases: string[];
}

const sampleCase = (number: number): object => ({
  track: "neighbourhood",
  district: "first",
  neighbourhood: number % 2 === 0 ? "하나동" : null,
  organisation: `작은 복지관 ${number}`,
  title: { ko: `작은 사례 ${number}`, en: `Small case ${number}` },
  summary: `작은 동네를 조금 바꾼 사례 ${number}입니다.`,
  sample: true,
});

async function posted(answer: APIResponse): Promise<void> {
  expect(answer.status(), `POST ${answer.url()}`).toBe(303);
}

/** Sends a form as its page does and expects success. */
export async function send(context: BrowserContext, path: string, form: Record<string, string>): Promise<void> {
  await posted(await context.request.post(path, { form, maxRedirects: 0 }));
}

/** Creates a kiosk link. Returns its path and the page that shows it, which stays open. */
export async function kioskLink(admin: BrowserContext, slug: string): Promise<{ path: string; desk: Page }> {
  const desk = await admin.newPage();
  await desk.goto(`/admin/${slug}/kiosk`);
  await desk.locator("#field-place").fill("복지관 로비");
  await desk.getByRole("button", { name: say("kiosk.open_link"), exact: true }).click();
  const link = (await desk.locator("code", { hasText: "/kiosk/start/" }).textContent()) ?? "";
  return { path: new URL(link).pathname, desk };
}

/** Moves the clock of a rehearsal. */
export async function moveClock(admin: BrowserContext, slug: string, to: Moment): Promise<void> {
  await send(admin, `/admin/${slug}/clock`, { jump: to });
}

/** The differences between a journey's edition and the small season. */
interface Wishes {
  cases?: number;
  judges?: Role[];
  /** Changes to its only poll. */
  poll?: object;
  /** Makes any other change to the season file. */
  change?: (season: Season) => void;
}

/** Creates and publishes an edition with these differences, and moves its clock. */
export async function makeEdition(
  admin: BrowserContext,
  name: string,
  to: Moment,
  { cases = 3, judges = [], poll = {}, change }: Wishes = {},
): Promise<OwnEdition> {
  const season = smallSeason(name);
  Object.assign(season.poll, poll);
  season.cases = Array.from({ length: cases }, (_, index) => sampleCase(index + 1));
  change?.(season);
  const multipart = { season: JSON.stringify(season, null, 1), rehearsal: "yes" };
  await posted(await admin.request.post("/admin/editions/new", { multipart, maxRedirects: 0 }));
  const { slug } = season;
  // Move the clock before publishing, because afterwards the record opens and closes votes by itself. By the real clock
  // this vote is over. If the clock is to stay before the vote, the vote must never be open, not even briefly.
  const early = to === "call" || to === "screening";
  await moveClock(admin, slug, early ? to : "voting");
  await send(admin, `/admin/${slug}`, { act: "publish" });
  for (const judge of judges) await seat(admin, slug, judge);
  const list = await (await admin.request.get(`/admin/${slug}/screening`)).text();
  const ids = list.matchAll(/\/screening\/([0-9a-f-]{36})["?]/g);
  if (!early && to !== "voting") await moveClock(admin, slug, to);
  return { slug, cases: [...new Set([...ids].map(([, id]) => id ?? ""))] };
}

async function seat(admin: BrowserContext, slug: string, judge: Role): Promise<void> {
  const page = await admin.newPage();
  await page.goto(`/admin/${slug}/people`);
  await page.getByRole("row", { name: emailOf(judge) }).locator('button[name="judge"]').click();
  await expect(page).toHaveURL(/done=seated/);
  await page.close();
}

/** Signs a sheet for every case as this judge. */
export async function signAll(judge: BrowserContext, { slug, cases }: OwnEdition): Promise<void> {
  for (const [index, id] of cases.entries()) {
    const scores = { "score-0": String(30 + index), "score-1": String(40 + index) };
    await send(judge, `/judging/${slug}/${id}`, { version: "0", ...scores, act: "sign", confirm: "yes" });
  }
}

// ---- mails ----

/** Waits for a mail to this address and returns its code or the target of its link. */
export async function readMail(context: BrowserContext, to: string, what: "code" | "link"): Promise<string> {
  const page = await context.newPage();
  const letter = page.getByRole("article").filter({ hasText: to }).first();
  const found = what === "code" ? letter.locator(".letter-code") : letter.locator(".letter-body a").first();
  await expect(async () => {
    await page.goto("/outbox");
    // The page is loaded and does not change, so look once, without a limit that a busy machine could exceed.
    expect(await found.isVisible()).toBe(true);
  }).toPass({ timeout: 60_000, intervals: [250] });
  const text = what === "code" ? ((await found.textContent()) ?? "") : ((await found.getAttribute("href")) ?? "");
  await page.close();
  return what === "code" ? (/\d{6}/.exec(text)?.[0] ?? "") : text;
}

// ---- voting ----

/** Returns the pick buttons of a page, without those in the basket. */
export const pickButtons = (page: Page): Locator => page.locator('main button[name="case"][aria-pressed]');

/** Opens the filters of the gallery, which are folded on a narrow screen. */
export async function openFilters(page: Page): Promise<void> {
  const fold = page.locator(".filters-fold > summary");
  if (await fold.isVisible()) await fold.click();
}

/** Returns the bar with the picks. */
export const basket = (page: Page, language: Language = "ko"): Locator =>
  page.getByRole("complementary", { name: say("ui.basket", language) });

/** Picks the first `count` cases of the gallery. */
export async function pick(page: Page, count: number, language: Language = "ko"): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await pickButtons(page).nth(index).click();
    await expect(pickButtons(page).nth(index)).toHaveAttribute("aria-pressed", "true");
  }
  await expect(basket(page, language).locator(".basket-dots [data-on]")).toHaveCount(count);
}

/** Enters an e-mail address or a number, and asks for the code. */
export async function askForCode(page: Page, contact: string, language: Language = "ko"): Promise<void> {
  await page.locator(contact.includes("@") ? "#field-email" : "#field-mobile").fill(contact);
  await page.locator("#field-consent").check();
  await page.locator("#field-of_age").check();
  await page.getByRole("button", { name: say("voting.send_code", language), exact: true }).click();
  await expect(page).toHaveURL(/\/vote\/citizens\/code$/);
}

/** Reads the code from the mail and enters it. */
export async function giveCode(page: Page, email: string, language: Language = "ko"): Promise<void> {
  await page.locator("#field-code").fill(await readMail(page.context(), email, "code"));
  await page.getByRole("button", { name: say("voting.confirm_code", language), exact: true }).click();
}

/** Casts the ballot of the check page and returns the number of the receipt. */
export async function cast(page: Page, language: Language = "ko"): Promise<string> {
  await expect(page).toHaveURL(/\/vote\/citizens\/check$/);
  await page.getByRole("button", { name: say("voting.cast", language), exact: true }).click();
  await expect(page).toHaveURL(/\/vote\/citizens\/receipt/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("voting.receipt_title", language));
  return receiptNumber(page);
}

/** Returns the number on a receipt. */
export async function receiptNumber(page: Page): Promise<string> {
  const code = page.locator(".receipt-code");
  await expect(code).toHaveText(/^([0-9A-F]{4} ?){8}$/);
  return (await code.textContent()) ?? "";
}

// ---- checks of every page ----

/** Returns the link in the header that shows this page in another language. */
export const languageLink = (page: Page, to: Language): Locator =>
  page.getByRole("banner").locator(".languages").getByRole("link", { name: say("shell.own_name", to), exact: true });

/** Fails on every finding of axe, however small, and names its rule and elements. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const findings = violations
    .map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html }) => `    ${html}`).join("\n")}`);
  expect.soft(findings, `accessibility of ${page.url()}`).toEqual([]);
}

/** Fails if the page is wider than the screen. Only tables may scroll sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, screen] = await page.evaluate(() => {
    const root = document.documentElement;
    return [root.scrollWidth, root.clientWidth] as const;
  });
  expect.soft(content, `width of ${page.url()}`).toBeLessThanOrEqual(screen);
}

/** Collects console errors, exceptions and policy violations from now on. */
export async function complaints(context: BrowserContext): Promise<string[]> {
  const list: string[] = [];
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      console.error(`policy: ${violatedDirective} stopped ${blockedURI}`);
    });
  });
  context.on("console", (message) => {
    if (message.type() === "error") list.push(`${message.page()?.url() ?? ""}: ${message.text()}`);
  });
  context.on("weberror", (error) => list.push(`${error.page()?.url() ?? ""}: ${error.error().message}`));
  return list;
}

/** Presses Tab until this element has the focus, like a person without a mouse. */
export async function tabTo(page: Page, target: Locator, most = 120): Promise<void> {
  for (let presses = 0; presses < most; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${target.toString()} cannot be reached by ${most} presses of Tab`);
}

/** Ticks what is needed to send a case in. */
export async function giveConsents(page: Page): Promise<void> {
  await page.locator("[name=people_agree]").check();
  await page.locator("[name=has_rights]").check();
}

/** Stores a picture of the whole page in end2end/shots/<phone or desktop>/, for people to look at. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({
    path: `shots/${test.info().project.name}/${name}.png`,
    fullPage: true,
    animations: "disabled",
  });
}

/** Records which events the islands listen to. Call it before the first page is opened. */
export async function watchIslands(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const heard = new Set<string>();
    Object.assign(window, { heard });
    const listen = window.addEventListener.bind(window);
    window.addEventListener = (...rest: Parameters<typeof listen>) => {
      heard.add(rest[0]);
      listen(...rest);
    };
  });
}

/** Waits until an island of this page listens to this event. From then on a press loads no new page. */
export async function awake(page: Page, event: "click" | "keydown"): Promise<void> {
  await page.waitForFunction((event) => (window as unknown as { heard: Set<string> }).heard.has(event), event);
}

/** Returns a picture as a phone would upload it, drawn by the browser. */
export async function photograph(page: Page): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 384 });
    const pen = canvas.getContext("2d");
    if (pen !== null) {
      pen.fillStyle = "#2f6f5e";
      pen.fillRect(0, 0, 640, 384);
      pen.fillStyle = "#f4c95d";
      pen.arc(420, 150, 90, 0, 7);
      pen.fill();
    }
    return canvas.toDataURL("image/png");
  });
  return { name: "골목.png", mimeType: "image/png", buffer: Buffer.from(url.split(",")[1] ?? "", "base64") };
}
/** Adds a photograph with this caption to an edition. */
export async function addPhotograph(admin: BrowserContext, slug: string, caption: string): Promise<void> {
  const page = await admin.newPage();
  const options = { multipart: { act: "add", caption, file: await photograph(page) }, maxRedirects: 0 };
  await posted(await admin.request.post(`/admin/${slug}/photographs`, options));
  await page.close();
}
