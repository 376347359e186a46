// The voter's own device checks a receipt, also when the server no longer exists.

import { readFileSync } from "node:fs";
import { type Server, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { type BrowserContext, type Page, expect, test } from "@playwright/test";
import {
  LONG_TEST,
  type OwnEdition,
  RECORD_WAIT,
  askForCode,
  cast,
  expectAccessible,
  expectNoSidewaysScroll,
  freshEmail,
  giveCode,
  makeEdition,
  pick,
  say,
  shot,
  windowOf,
} from "./support.ts";

let edition: OwnEdition;

test.beforeAll(async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  edition = await makeEdition(admin, "verify", "voting", { cases: 3 });
  await admin.close();
});

/** Votes and stays on the receipt. */
async function vote(page: Page): Promise<void> {
  const email = freshEmail("verify");
  await page.goto(`/editions/${edition.slug}/cases`);
  await pick(page, 2);
  await page.goto(`/editions/${edition.slug}/vote/citizens`);
  await askForCode(page, email);
  await giveCode(page, email);
  await cast(page);
}

const recorded = (page: Page) => page.locator('#keeper[data-state="recorded"]');
const verdict = (page: Page) => page.locator("#verify-result .verdict");

/** Waits for the proof and saves the receipt. */
async function saved(page: Page): Promise<{ path: string; text: string }> {
  test.setTimeout(LONG_TEST);
  await expect(recorded(page)).toBeVisible({ timeout: RECORD_WAIT });
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: say("voting.receipt_file"), exact: true }).click();
  const path = await (await download).path();
  return { path, text: readFileSync(path, "utf8") };
}

const check = async (page: Page, text: string): Promise<void> => {
  await page.locator("#field-receipt").fill(text);
  await page.getByRole("button", { name: say("verify.go"), exact: true }).click();
};

/** Starts a proxy to the server. When it is shut, its clients see a server that has stopped. */
async function door(): Promise<{ url: string; shut: () => Promise<void> }> {
  const behind = new URL(test.info().project.use.baseURL ?? "");
  const server: Server = createServer((asked, answer) => {
    const { method, headers, url } = asked;
    const passed = request({ host: behind.hostname, port: behind.port, method, headers, path: url }, (came) => {
      answer.writeHead(came.statusCode ?? 502, came.headers);
      came.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((open) => server.listen(0, "127.0.0.1", open));
  const { port } = server.address() as AddressInfo;
  const shut = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise<void>((closed) => server.close(() => closed()));
  };
  return { url: `http://127.0.0.1:${port}`, shut };
}

test("a receipt is proven to be in the record, and once more when the server is gone", async ({ browser }) => {
  const { url, shut } = await door();
  const context: BrowserContext = await windowOf(browser, undefined, { baseURL: url, acceptDownloads: true });
  const page = await context.newPage();
  await vote(page);
  await shot(page, "receipt-waiting");
  const { path } = await saved(page);
  await expect(page.locator("#keeper")).toContainText(say("verify.state_picks"));
  await shot(page, "receipt");
  await page.goto("/verify");
  await page.evaluate(() => navigator.serviceWorker.ready);
  // The worker stores this page last, after both pages' files.
  const stored = () => page.evaluate(async () => (await caches.match("/verify?lang=en")) !== undefined);
  await expect.poll(stored, { timeout: 60_000 }).toBe(true);
  const scopes = await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope));
  expect(scopes).toEqual([`${url}/verify`]);
  await page.goto("/editions");
  expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
  await shut();
  await page.goto("/verify");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("verify.title"));
  await page.locator("#field-file").setInputFiles(path);
  await expect(verdict(page)).toHaveAttribute("data-mood", "recorded");
  await expect(verdict(page)).toContainText(say("verify.recorded_title"));
  await expect(verdict(page)).toContainText(say("verify.point_picks"));
  await expect(page.locator("#verify-where")).toHaveText(say("verify.on_device_unanswered"));
  await context.setOffline(true);
  await check(page, (await page.locator("#field-receipt").inputValue()).trim());
  await expect(page.locator("#verify-where")).toHaveText(say("verify.on_device"));
  await context.setOffline(false);
  const milliseconds = await page.evaluate(() => {
    const at = (name: string): number => performance.getEntriesByName(name).at(-1)?.startTime ?? 0;
    return at("verify-ends") - at("verify-begins");
  });
  console.log(`the check of a receipt in the browser: ${milliseconds.toFixed(1)} ms (${test.info().project.name})`);
  await shot(page, "verify-recorded");
  await page.goto("/verify?lang=en");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("verify.title", "en"));
  await page.locator("#verify-list button").first().click();
  await expect(verdict(page)).toContainText(say("verify.recorded_title", "en"));
  await shot(page, "verify-recorded-en");
  await context.close();
});

test("a changed letter is found, wherever it stands", async ({ page }) => {
  await vote(page);
  const { text } = await saved(page);
  await page.goto("/verify");
  await check(page, text.replaceAll("\n", "\r\n").trim());
  await expect(verdict(page)).toHaveAttribute("data-mood", "recorded");
  const digit = (line: string): string => {
    const at = text.indexOf(line) + line.length;
    return text.slice(0, at) + (text[at] === "0" ? "1" : "0") + text.slice(at + 1);
  };
  for (const line of ["\nballot ", "\ncommitment ", "\naccepted ", "\nballot/v1 citizens "]) {
    await check(page, digit(line));
    await expect(verdict(page), line).toHaveAttribute("data-mood", "wrong");
  }
  await shot(page, "verify-wrong");
  await check(page, text.replace(`edition ${edition.slug}`, "edition another"));
  await expect(verdict(page)).toHaveAttribute("data-mood", "wrong");
  await check(page, "hello");
  await expect(verdict(page)).toHaveAttribute("data-mood", "unreadable");
  await check(page, text.replaceAll("/record/", "/elsewhere/"));
  await expect(verdict(page)).toHaveAttribute("data-mood", "no-key");
  await expect(page.locator(".verify")).not.toContainText(/작은 사례/);
});

test("the link of the QR code opens the check, and brings the receipt with it", async ({ page }) => {
  await vote(page);
  await expect(page.locator("svg.qr path")).toHaveCount(1);
  const link = page.getByRole("link", { name: say("verify.here"), exact: true });
  const target = new URL((await link.getAttribute("href")) ?? "");
  await page.goto(`${target.pathname}${target.hash}`);
  await expect(verdict(page)).toHaveAttribute("data-mood", /^(accepted|recorded)$/);
  await expect(verdict(page)).toContainText(say("verify.point_signed"));
  await expect(page.locator("#verify-where")).toHaveText(say("verify.on_device_asked"));
});

test("an answer that comes after the next check changes nothing", async ({ browser }) => {
  // Block the service worker, because a test cannot delay a request that a worker handles.
  const context = await windowOf(browser, undefined, { acceptDownloads: true, serviceWorkers: "block" });
  const page = await context.newPage();
  await vote(page);
  const { text } = await saved(page);
  await page.goto("/verify");
  let answer = (): void => {};
  const held = new Promise<void>((go) => (answer = go));
  await page.route(/\/record\/.*\/status\//, async (route) => {
    await held;
    await route.continue();
  });
  const asked = page.waitForRequest(/\/status\//);
  await check(page, text);
  await asked;
  await check(page, "hello");
  const late = page.waitForResponse(/\/status\//);
  answer();
  await late;
  await expect(verdict(page)).toHaveAttribute("data-mood", "unreadable");
  await expect(page.locator("#verify-result")).not.toContainText(say("verify.status_received"));
  await context.close();
});

test("without a script the server makes the same check and says so", async ({ browser, page }) => {
  await vote(page);
  const { path, text } = await saved(page);
  const context = await windowOf(browser, undefined, { javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto("/verify");
  // Chromium shows no <noscript> while its debugger disables scripts, so only check that it is sent.
  expect(await (await plain.request.get("/verify")).text()).toContain(say("verify.no_script"));
  await plain.getByRole("button", { name: say("verify.go"), exact: true }).click();
  await expect(plain.locator(".verify-result")).toContainText(say("verify.empty"));
  await plain.locator("#field-file").setInputFiles(path);
  await plain.getByRole("button", { name: say("verify.go"), exact: true }).click();
  await expect(verdict(plain)).toHaveAttribute("data-mood", "recorded");
  await expect(plain.locator("#verify-where")).toHaveText(say("verify.on_server"));
  await plain.locator("#field-receipt").fill(text.replace("accepted 2", "accepted 1"));
  await plain.getByRole("button", { name: say("verify.go"), exact: true }).click();
  await expect(verdict(plain)).toHaveAttribute("data-mood", "wrong");
  await context.close();
});

test("finishing on a shared device leaves nothing behind", async ({ page }) => {
  await vote(page);
  await expect(recorded(page)).toBeVisible({ timeout: RECORD_WAIT });
  const kept = (): Promise<number> =>
    page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("hanpyo.")).length);
  expect(await kept()).toBe(2);
  await page.getByRole("button", { name: say("voting.leave"), exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/editions/${edition.slug}$`));
  expect(await kept()).toBe(0);
  await page.goBack();
  await expect(page).toHaveURL(/\/vote\/citizens$/);
  await expect(page.locator(".receipt-code")).toHaveCount(0);
});

test("the page of receipts is for everybody: eye, ear and narrow screen, in both languages", async ({ page }) => {
  for (const language of ["ko", "en"] as const) {
    await page.goto(`/verify?lang=${language}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(say("verify.title", language));
    await checkNothing(page, language);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await shot(page, `verify-${language}`);
  }
});

async function checkNothing(page: Page, language: "ko" | "en"): Promise<void> {
  await page.getByRole("button", { name: say("verify.go", language), exact: true }).click();
  await expect(page.locator("#verify-result")).toHaveText(say("verify.empty", language));
}
