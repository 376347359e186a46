// A page whose answers can be held back, and a button that is pressed twice meanwhile.

import {
  type Browser,
  type CDPSession,
  type Download,
  type Locator,
  type Page,
  type Response,
  expect,
  test,
} from "@playwright/test";
import { PASSWORD, type Role, freshEmail, readMail, say, send, windowOf } from "./support.ts";

/** A page, and the line that its answers come over. */
export interface Desk {
  page: Page;
  line: CDPSession;
  scripts: boolean;
  /** The answers that are held back now; `null` if all go through. */
  held: { id: string; post: boolean }[] | null;
}

/** Opens a page of a visitor, or of a role. */
export type Enter = (role?: Role) => Promise<Desk>;

/** Opens a page whose answers can be held back, with or without scripts. */
export async function deskOf(browser: Browser, scripts: boolean, role?: Role): Promise<Desk> {
  const page = await (await windowOf(browser, role, { javaScriptEnabled: scripts })).newPage();
  const line = await page.context().newCDPSession(page);
  const desk: Desk = { page, line, scripts, held: null };
  line.on("Fetch.requestPaused", ({ requestId: id, request }) => {
    if (desk.held === null) void pass(desk, id);
    else desk.held.push({ id, post: request.method === "POST" });
  });
  await line.send("Fetch.enable", { patterns: [{ requestStage: "Response" }] });
  return desk;
}

/** Lets an answer through, unless the browser has given its request up. */
async function pass({ line }: Desk, id: string): Promise<void> {
  await line.send("Fetch.continueRequest", { requestId: id }).catch(() => undefined);
}

/** Lets no answer through from now on. */
export function hold(desk: Desk): void {
  desk.held = [];
}

/** Lets the answers through that were held back, and all others from now on. */
export async function letGo(desk: Desk): Promise<void> {
  const held = desk.held ?? [];
  desk.held = null;
  for (const { id } of held) await pass(desk, id);
}

/** Presses where the mouse is. A click of Playwright's own would wait for the answer to the press before. */
export async function pressAgain({ page }: Desk): Promise<void> {
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
}

/**
 * Presses a button twice before its answer is through. Without scripts each press sends the form: the second one when
 * the server has carried out the first.
 */
async function pressTwice(desk: Desk, button: Locator): Promise<void> {
  hold(desk);
  if (desk.scripts) {
    await button.dblclick({ noWaitAfter: true });
  } else {
    await button.click({ noWaitAfter: true });
    await expect.poll(() => desk.held?.some(({ post }) => post), "the form is carried out").toBe(true);
    await pressAgain(desk);
  }
  await letGo(desk);
}

/** What is typed into the fields of a page. `true` ticks a box. */
export type Fields = Record<string, string | true>;

/** Opens a page and fills in its fields. */
export async function open({ page }: Desk, path: string, fields: Fields = {}): Promise<void> {
  await page.goto(path);
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[id="field-${name}"]`);
    await (value === true ? field.check() : field.fill(value));
  }
}

/** Returns the first button of the page with this selector, or with the words of this key. */
export function find({ page }: Desk, button: string): Locator {
  const main = page.locator("main");
  const byWords = () => main.getByRole("button", { name: say(button), exact: true });
  return (button.startsWith("[") ? main.locator(`button${button}`) : byWords()).first();
}

/** Presses a button twice on a slow line, and expects the usual page after it, without an error. */
export async function twice(
  desk: Desk,
  button: string | Locator,
  end: RegExp,
  path?: string,
  fields?: Fields,
): Promise<void> {
  const { page } = desk;
  if (path !== undefined) await open(desk, path, fields);
  const refused: string[] = [];
  const hear = (answer: Response): void => {
    const wrong = answer.request().isNavigationRequest() && answer.status() >= 400;
    if (wrong) refused.push(`${answer.status()} ${answer.url()}`);
  };
  const next = page.waitForEvent("framenavigated", (frame) => frame === page.mainFrame());
  page.on("response", hear);
  await pressTwice(desk, typeof button === "string" ? find(desk, button) : button);
  await next;
  await page.waitForLoadState();
  page.off("response", hear);
  expect.soft(refused, "refusals").toEqual([]);
  await expect(page).toHaveURL(end);
  await expect.soft(page.locator("#errors"), `errors on ${page.url()}`).toHaveCount(0);
}

/** Presses a button twice that answers with a file. Returns the file, and expects no other one. */
export async function twiceForFile(desk: Desk, button: Locator): Promise<Download> {
  const files: Download[] = [];
  const keep = (file: Download): void => void files.push(file);
  desk.page.on("download", keep);
  await pressTwice(desk, button);
  await expect.poll(() => files.length, "a file comes").toBeGreaterThan(0);
  const [file] = files as [Download];
  await file.path();
  desk.page.off("download", keep);
  expect.soft(files, "files").toHaveLength(1);
  return file;
}

/** Expects that the audit trail of an edition says this so many times. */
export async function expectInTrail({ page }: Desk, slug: string, said: Record<string, number>): Promise<void> {
  const trail = await page.context().newPage();
  await trail.goto(`/admin/${slug}/audit`);
  for (const [key, count] of Object.entries(said)) {
    const acts = trail.locator("tbody").getByText(say(key), { exact: true });
    await expect.soft(acts, key).toHaveCount(count);
  }
  await trail.close();
}

/** Opens a page of a second administrator, whom the first one invites. */
export async function enterSecondAdmin(enter: Enter, { page }: Desk, slug: string): Promise<Desk> {
  const [second, email] = [await enter(), freshEmail("second")];
  const invite = { act: "invite", email, role: "administrator", organisation: "" };
  await send(page.context(), `/admin/${slug}/people`, invite);
  const invitation = await readMail(page.context(), email, "link");
  await send(second.page.context(), invitation, { name: "Han", password: PASSWORD });
  return second;
}

/** Expects that so many letters that say all this were sent. */
export async function expectLetters({ page }: Desk, count: number, ...words: string[]): Promise<void> {
  const box = await page.context().newPage();
  const letters = words.reduce((found, hasText) => found.filter({ hasText }), box.getByRole("article"));
  await expect(async () => {
    await box.goto("/outbox");
    expect(await letters.count()).toBeGreaterThanOrEqual(count);
  }).toPass();
  expect.soft(await letters.count(), `letters with ${words.join(", ")}`).toBe(count);
  await box.close();
}

/** Expects that a letter that says all this was sent, once. */
export async function expectOneLetter(desk: Desk, ...words: string[]): Promise<void> {
  await expectLetters(desk, 1, ...words);
}

/** Returns a button of the header, and opens the menu if the button is in it. */
export async function headerButton({ page }: Desk, key: string): Promise<Locator> {
  const buttons = page.getByRole("banner").getByRole("button", { name: say(key), exact: true });
  const button = buttons.filter({ visible: true });
  if ((await button.count()) === 0) await page.locator(".menu > summary").click();
  return button.first();
}

/** A walk through pages whose answers are held back. */
export type Walk = (enter: Enter) => Promise<void>;

/** Returns a test of each walk with scripts and one without. What a server does with two forms hangs on no width. */
export function testsOf(walks: Record<string, Walk>): [string, (fixtures: { browser: Browser }) => Promise<void>][] {
  return [true, false].flatMap((scripts) =>
    Object.entries(walks).map(([name, walk]) => [
      `${name}, ${scripts ? "with" : "without"} scripts`,
      async ({ browser }) => {
        test.skip(scripts !== (test.info().project.name === "phone"), "the other width presses these buttons");
        const pages: Page[] = [];
        await walk(async (role) => {
          const desk = await deskOf(browser, scripts, role);
          pages.push(desk.page);
          return desk;
        });
        for (const page of pages) await page.context().close();
      },
    ]),
  );
}
