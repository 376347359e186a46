// As in twice.spec.ts: the buttons of printed codes, of links in letters, of shared machines and of accounts elsewhere
// are pressed twice on a slow line, and each voter has one ballot.

import { type Locator, type Page, expect, test } from "@playwright/test";
import { slipsOf } from "./paper.ts";
import {
  type Desk,
  type Enter,
  enterSecondAdmin,
  expectInTrail,
  expectLetters,
  find,
  open,
  testsOf,
  twice,
  twiceForFile,
} from "./press.ts";
import {
  askForCode,
  cast,
  freshEmail,
  giveCode,
  makeEdition,
  moveClock,
  pick,
  readMail,
  receiptNumber,
  say,
  send,
} from "./support.ts";

const VERIFIED = /\/cases\?poll=citizens&verified=yes/;

// ---- printed codes ----

/** Prints a sheet and returns the code of each label. */
async function printTwice(admin: Desk, button: Locator): Promise<Record<string, string>> {
  const slips = await slipsOf(await (await twiceForFile(admin, button)).path());
  return Object.fromEntries(slips.map(({ label, code }) => [label, code]));
}

/** Prints all codes, prints them anew, and replaces one. Returns the codes that are valid then. */
async function printCodes(admin: Desk, slug: string): Promise<Record<string, string>> {
  const { page } = admin;
  const roll = `/admin/${slug}/polls/citizens/roll`;
  await send(page.context(), roll, { act: "seats", first: "A1", count: "3", in_row: "" });
  await page.goto(roll);
  const first = await printTwice(admin, find(admin, "[value=print]"));
  expect(Object.keys(first)).toEqual(["A1", "A2", "A3"]);
  await expectInTrail(admin, slug, { "roll.act_printed": 1 });
  await page.goto(roll);
  await page.locator("summary", { hasText: say("roll.print_all") }).click();
  await page.locator("#field-confirm_all").check();
  const anew = await printTwice(admin, find(admin, "[value=print_all]"));
  await page.goto(roll);
  const one = await printTwice(admin, page.getByRole("row", { name: "A2" }).locator("[value=reissue]"));
  expect(Object.keys(one)).toEqual(["A2"]);
  const codes = [first, anew, one].flatMap((slips) => Object.values(slips));
  expect(new Set(codes).size, "different codes").toBe(7);
  await expectInTrail(admin, slug, { "roll.act_printed": 2, "roll.act_reissued": 1 });
  return { ...anew, ...one };
}

async function voteByPrintedCode(enter: Enter): Promise<void> {
  const [admin, voter, other] = [await enter("admin"), await enter(), await enter()];
  const { slug } = await makeEdition(admin.page.context(), "twice-print", "screening", { poll: { identity: "roll" } });
  const codes = await printCodes(admin, slug);
  await moveClock(admin.page.context(), slug, "voting");
  const [vote, slip] = [`/editions/${slug}/vote/citizens`, { code: codes["A2"] ?? "", of_age: true } as const];
  await twice(voter, "roll.go_on", VERIFIED, vote, slip);
  // In another browser the same code waits until it is taken over.
  await open(other, vote, slip);
  await find(other, "roll.go_on").click();
  await twice(other, "roll.take_over", VERIFIED);
  await pick(other.page, 1);
  await other.page.goto(`${vote}/check`);
  await cast(other.page);
  await open(voter, vote, { code: codes["A3"] ?? "", of_age: true });
  await find(voter, "roll.go_on").click();
  await expect(voter.page).toHaveURL(VERIFIED);
}

// ---- the link of a letter, and the next voter ----

/** Expects that this browser knows no voter and no picks. */
async function expectForgotten(page: Page): Promise<void> {
  const cookies = (await page.context().cookies()).filter(({ value }) => value !== "");
  expect(cookies.map(({ name }) => name).filter((name) => /voter|picks|challenge|contact/.test(name))).toEqual([]);
}

async function voteByLink(enter: Enter): Promise<void> {
  const [admin, asker, voter] = [await enter("admin"), await enter(), await enter()];
  const { page } = voter;
  const { slug } = await makeEdition(admin.page.context(), "twice-link", "voting");
  const [vote, email] = [`/editions/${slug}/vote/citizens`, freshEmail("link")];
  await asker.page.goto(`/editions/${slug}/cases`);
  await pick(asker.page, 1);
  await asker.page.goto(vote);
  await askForCode(asker.page, email);
  const asked = Date.now();
  const link = await readMail(page.context(), email, "link");
  await twice(voter, "voting.link_here", VERIFIED, link, { consent: true, of_age: true });
  await pick(page, 2);
  await page.goto(vote);
  await expect(page.locator(".ballot-paper > li")).toHaveCount(2);
  await page.locator("summary", { hasText: say("voting.next_voter") }).click();
  await twice(voter, "voting.next_voter_go", /\/vote\/citizens\?done=next/);
  await expect(page.getByText(say("voting.next_ready"), { exact: true })).toBeVisible();
  await expectForgotten(page);
  await pickAndRemove(voter, slug);
  // Another code is sent after a minute at the earliest. One wait is enough: the server takes both forms alike.
  if (!voter.scripts) return;
  await expect.poll(() => Date.now() - asked, { timeout: 90_000 }).toBeGreaterThan(61_000);
  await twice(asker, "voting.resend", /\/code\?sent=again/);
  await expectLetters(asker, 2, email);
  await giveCode(asker.page, email);
  await cast(asker.page);
}

/** Picks a case, and takes the pick back on the page of the vote. */
async function pickAndRemove(voter: Desk, slug: string): Promise<void> {
  const { page } = voter;
  const [vote, picks] = [`/editions/${slug}/vote/citizens`, page.locator("main li[data-case]")];
  await page.goto(`/editions/${slug}/cases`);
  await pick(page, 2);
  await page.goto(vote);
  await expect(picks).toHaveCount(2);
  await twice(voter, picks.first().getByRole("button"), /\/vote\/citizens/);
  await expect(picks).toHaveCount(1);
}

// ---- a shared machine ----

async function voteAtSharedMachine(enter: Enter): Promise<void> {
  const admin = await enter("admin");
  const poll = { channels: ["email_code", "kiosk"] };
  const { slug } = await makeEdition(admin.page.context(), "twice-kiosk", "voting", { poll });
  // Who opens a shared machine here is signed out, and the journeys share the session of the first administrator.
  const machine = await enterSecondAdmin(enter, admin, slug);
  const { page } = machine;
  const [desk, place] = [`/admin/${slug}/kiosk`, "The lobby"];
  await twice(machine, "kiosk.open_here", /\/kiosk$/, desk, { place });
  expect((await page.context().cookies()).map(({ name }) => name)).toEqual(["__Host-kiosk"]);
  await admin.page.goto(desk);
  await expect(admin.page.locator("tbody tr", { hasText: place })).toHaveCount(1);
  await expectInTrail(admin, slug, { "kiosk.act_opened": 1 });
  const receipts: string[] = [];
  for (const voter of ["first", "next"]) {
    await page.getByRole("link", { name: say("kiosk.begin"), exact: true }).click();
    await pick(page, 1);
    await page.goto(`/editions/${slug}/vote/citizens`);
    const email = freshEmail(voter);
    await askForCode(page, email);
    await page.locator("#field-code").fill(await readMail(admin.page.context(), email, "code"));
    await twice(machine, "voting.confirm_code", /\/check$/);
    await twice(machine, "voting.cast", /\/receipt$/);
    receipts.push(await receiptNumber(page));
    await twice(machine, "voting.leave", /\/kiosk$/);
    expect((await page.context().cookies()).map(({ name }) => name)).toEqual(["__Host-kiosk"]);
  }
  expect(new Set(receipts).size, "one ballot for each voter").toBe(2);
}

// ---- an account elsewhere ----

/** Picks a case, goes to the provider, signs in there, and comes back. */
async function comeByAccount(voter: Desk, slug: string, name: string, provider: string): Promise<void> {
  const { page } = voter;
  await page.goto(`/editions/${slug}/cases`);
  await pick(page, 1);
  await open(voter, `/editions/${slug}/vote/citizens`, { consent: true, of_age: true });
  const go = page.getByRole("button", { name: say("oidc.go", "ko", { name: "시험 계정" }), exact: true });
  await twice(voter, go, new RegExp(`^${provider}/interaction/`));
  await page.locator('input[name="login"]').fill(name);
  await page.locator('input[name="password"]').fill("anything");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

async function voteByAccount(enter: Enter): Promise<void> {
  const provider = process.env["OIDC_URL"] ?? "";
  test.skip(provider === "", "there is no provider beside this server");
  expect((await fetch(`${provider}/fault?is=`)).ok).toBe(true);
  const [admin, voter, again] = [await enter("admin"), await enter(), await enter()];
  // The provider's sample pages load a font from Google, which the journeys must not reach.
  for (const { line } of [voter, again]) {
    await line.send("Network.enable");
    await line.send("Network.setBlockedURLs", { urls: ["*googleapis*"] });
  }
  const { slug } = await makeEdition(admin.page.context(), "twice-oidc", "voting", { poll: { identity: "oidc" } });
  const name = freshEmail("account").split("@")[0] ?? "";
  await comeByAccount(voter, slug, name, provider);
  await expect(voter.page).toHaveURL(/\/check$/);
  await twice(voter, "voting.cast", /\/receipt$/);
  const receipt = await receiptNumber(voter.page);
  await comeByAccount(again, slug, name, provider);
  await expect(again.page, "one account is one vote").toHaveURL(/\/receipt\?again=yes$/);
  expect(await receiptNumber(again.page)).toBe(receipt);
}

const WALKS = {
  "codes are printed, and one is taken over": voteByPrintedCode,
  "a letter's link, the next voter and another code": voteByLink,
  "a shared machine is opened here, and two voters use it": voteAtSharedMachine,
  "an account elsewhere has one ballot": voteByAccount,
};

for (const [name, walk] of testsOf(WALKS)) test(name, walk);
