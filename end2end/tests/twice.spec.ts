// Every button that sends a form is pressed twice on a slow line, with and without scripts, and everything ends as if
// it had been pressed once: the page that follows is the usual one, and what was made is there once.

import { type Browser, type CDPSession, type Locator, type Page, type Response, expect, test } from "@playwright/test";
import {
  type OwnEdition,
  type Role,
  PASSWORD,
  emailOf,
  freshEmail,
  makeEdition,
  moveClock,
  pick,
  pickButtons,
  readMail,
  receiptNumber,
  say,
  windowOf,
} from "./support.ts";

/** A page, and the line that its answers come over. */
interface Desk {
  page: Page;
  line: CDPSession;
  scripts: boolean;
}

async function deskOf(browser: Browser, scripts: boolean, role?: Role): Promise<Desk> {
  const context = await windowOf(browser, role, { javaScriptEnabled: scripts });
  const page = await context.newPage();
  const line = await context.newCDPSession(page);
  await line.send("Network.enable");
  return { page, line, scripts };
}

/** Makes the line so slow that no answer arrives, or fast again: then every answer arrives at once. */
async function setSlow({ line }: Desk, slow: boolean): Promise<void> {
  const latency = slow ? 10 * 60_000 : 0;
  const free = { offline: false, downloadThroughput: -1, uploadThroughput: -1 };
  await line.send("Network.emulateNetworkConditions", { ...free, latency });
}

/** Presses a button twice before its answer arrives. Without scripts each press sends the form. */
async function pressTwice({ page, scripts }: Desk, button: Locator): Promise<void> {
  if (scripts) return button.dblclick({ noWaitAfter: true });
  const sent = page.waitForRequest((request) => request.method() === "POST");
  await button.click({ noWaitAfter: true });
  await sent;
  // The mouse is still there. A click of Playwright's own would wait for the answer.
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
}

/** Presses a button twice on a slow line, and expects the usual page after it, without an error. */
async function twice(desk: Desk, button: Locator, end: RegExp): Promise<void> {
  const { page } = desk;
  const answers: Response[] = [];
  const hear = (answer: Response): void => {
    if (answer.request().isNavigationRequest()) answers.push(answer);
  };
  await button.scrollIntoViewIfNeeded();
  page.on("response", hear);
  await setSlow(desk, true);
  const next = page.waitForEvent("framenavigated", (frame) => frame === page.mainFrame());
  await pressTwice(desk, button);
  await setSlow(desk, false);
  await next;
  await expect(page).toHaveURL(end);
  await page.waitForLoadState();
  page.off("response", hear);
  const refused = answers.filter((answer) => answer.status() >= 400);
  expect.soft(refused.map((answer) => `${answer.status()} ${answer.url()}`), "refusals").toEqual([]);
  await expect.soft(page.locator("#errors"), `errors on ${page.url()}`).toHaveCount(0);
}

/** Returns the button with these words. */
const named = ({ page }: Desk, key: string): Locator => page.getByRole("button", { name: say(key), exact: true }).first();

/** Returns the button that sends this value. */
const act = ({ page }: Desk, value: string): Locator => page.locator(`main button[value="${value}"]`).first();

/** Expects that a letter that says all this was sent, once. */
async function expectOneLetter({ page }: Desk, ...words: string[]): Promise<void> {
  const box = await page.context().newPage();
  let letters = box.getByRole("article");
  for (const hasText of words) letters = letters.filter({ hasText });
  await expect(async () => {
    await box.goto("/outbox");
    expect(await letters.count()).toBeGreaterThan(0);
  }).toPass();
  expect.soft(await letters.count(), `letters with ${words.join(", ")}`).toBe(1);
  await box.close();
}

/** Opens the menu of the header, if the button is in it. */
async function headerButton({ page }: Desk, name: string): Promise<Locator> {
  const button = page.getByRole("banner").getByRole("button", { name, exact: true }).filter({ visible: true });
  if ((await button.count()) === 0) await page.locator(".menu > summary").click();
  return button.first();
}

const EDITIONS: Partial<Record<"call" | "screening" | "voting", OwnEdition>> = {};
const editionIn = (phase: "call" | "screening" | "voting"): string => EDITIONS[phase]?.slug ?? "";

test.beforeAll(async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  EDITIONS.call = await makeEdition(admin, "twice-call", "call", { cases: 0 });
  EDITIONS.screening = await makeEdition(admin, "twice-desk", "screening", { poll: { channels: ["email_code", "kiosk"] } });
  EDITIONS.voting = await makeEdition(admin, "twice-vote", "voting");
  await admin.close();
});

/** Asks for an account as an organisation, and confirms it by the link of the letter. */
async function ask(visitor: Desk, slug: string, email: string): Promise<void> {
  const { page } = visitor;
  await page.goto(`/editions/${slug}/join`);
  await page.locator("#field-organisation").fill(`Twice ${email}`);
  await page.locator("#field-person").fill("Kim");
  await page.locator("#field-email").fill(email);
  await page.locator("#field-consent").check();
  await twice(visitor, named(visitor, "join.send"), /join\?done=sent/);
  await expectOneLetter(visitor, email);
  await page.goto(await readMail(page.context(), email, "link"));
  await twice(visitor, named(visitor, "join.check"), /\/join\/./);
  await expect(page.getByText(say("join.confirmed_title")).first()).toBeVisible();
}

/** Opens an account by an invitation, changes its password, and goes out and in again. */
async function useAccount(visitor: Desk, email: string, invitation: string): Promise<void> {
  const { page } = visitor;
  const next = `${PASSWORD}-2`;
  await page.goto(invitation);
  await page.locator("#field-name").fill("Kim");
  await page.locator("#field-password").fill(PASSWORD);
  await twice(visitor, named(visitor, "accounts.accept"), /\/organisation$/);
  await page.goto("/account");
  await page.locator("#field-old_password").fill(PASSWORD);
  await page.locator("#field-new_password").fill(next);
  await twice(visitor, act(visitor, "password"), /\/account$/);
  await expect(page.getByText(say("accounts.password_changed"))).toBeVisible();
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await page.goto("/account");
  await twice(visitor, act(visitor, "everywhere"), /\/$/);
  await page.goto("/sign-in");
  await page.locator("#field-email").fill(email);
  await page.locator("#field-password").fill(next);
  await twice(visitor, page.locator("main").getByRole("button", { name: say("accounts.sign_in"), exact: true }), /\/organisation$/);
  await page.goto("/account");
  await expect.soft(page.locator("tbody tr"), "open sessions").toHaveCount(1);
  await twice(visitor, await headerButton(visitor, say("shell.sign_out")), /\/$/);
  await page.goto("/forgot");
  await page.locator("#field-email").fill(email);
  await twice(visitor, named(visitor, "accounts.send_link"), /\/forgot$/);
  await expect(page.getByText(say("accounts.sent_title")).first()).toBeVisible();
  await expectOneLetter(visitor, email, "/reset/");
  await page.goto(await readMail(page.context(), email, "link"));
  await page.locator("#field-password").fill(PASSWORD);
  await twice(visitor, named(visitor, "accounts.save_password"), /\/sign-in$/);
}

/** Writes a notice and takes it down. */
async function keepOffice(admin: Desk): Promise<void> {
  const { page } = admin;
  const title = `Twice ${admin.scripts}`;
  const notices = page.getByRole("heading", { name: title });
  await page.goto(`/admin/${editionIn("screening")}/office`);
  await page.locator("#field-department").fill(title);
  await twice(admin, act(admin, "save"), /done=saved/);
  await page.locator("#field-title").fill(title);
  await page.locator("#field-body").fill("Written once.");
  await twice(admin, act(admin, "publish"), /done=published/);
  await expect(notices).toHaveCount(1);
  await twice(admin, act(admin, "remove"), /done=removed/);
  await expect(notices).toHaveCount(0);
}

/** Takes the decision about a case back, and decides again: first against it, then for it. */
async function screen(admin: Desk): Promise<void> {
  const { page } = admin;
  const list = `/admin/${editionIn("screening")}/screening`;
  const one = `${list}/${EDITIONS.screening?.cases[0]}`;
  const decide = async (button: string): Promise<void> => {
    await page.goto(one);
    if (button === "reject") await page.locator("#field-reason").fill("It tells of a product.");
    await twice(admin, act(admin, button), /\/screening$/);
  };
  const rows = (state: string) => page.locator("tbody tr").filter({ hasText: say(state) });
  await decide("undo");
  await expect(rows("screening.state_waiting")).toHaveCount(1);
  await decide("reject");
  await expect(rows("screening.state_rejected")).toHaveCount(1);
  await decide("undo");
  await decide("accept");
  await expect(rows("screening.state_waiting")).toHaveCount(0);
}

/** Invites a judge, sends the invitation again and cancels it. */
async function invitePeople(admin: Desk): Promise<void> {
  const { page } = admin;
  const email = freshEmail("twice-judge");
  const row = page.locator("#pending tbody tr", { hasText: email });
  await page.goto(`/admin/${editionIn("screening")}/people`);
  await page.locator("#field-email").fill(email);
  await twice(admin, act(admin, "invite"), /done=invited/);
  await expect(row).toHaveCount(1);
  await expectOneLetter(admin, email);
  await twice(admin, row.locator('button[value="cancel"]'), /done=cancelled/);
  await expect(row).toHaveCount(0);
}

/** Makes a link for an observer and one for a shared machine, ends both, and seals the rules. */
async function makeLinks(admin: Desk): Promise<void> {
  const { page } = admin;
  const base = `/admin/${editionIn("screening")}`;
  const name = `Twice ${admin.scripts}`;
  const observers = page.locator("main li", { hasText: name });
  await page.goto(`${base}/record`);
  await page.locator("#field-name").fill(name);
  await twice(admin, act(admin, "observer"), /\/record$/);
  await expect(page.locator("code", { hasText: "?observer=" })).toHaveCount(1);
  await page.goto(`${base}/record`);
  await expect(observers).toHaveCount(1);
  await twice(admin, observers.locator('button[value="end"]'), /done=ended/);
  await expect(observers).toHaveCount(0);
  await page.goto(`${base}/kiosk`);
  await page.locator("#field-place").fill(name);
  await twice(admin, act(admin, "link"), /\/kiosk$/);
  const machine = page.locator("tbody tr", { hasText: name });
  await expect(machine).toHaveCount(1);
  await twice(admin, machine.locator('button[value="end"]'), /done=ended/);
  await page.goto(`${base}/windows`);
  await twice(admin, named(admin, "admin.save_windows"), /done=(same|moved)/);
  await page.goto(`${base}/polls/citizens`);
  await twice(admin, named(admin, "polls.save"), /done=saved/);
}

/** Seats a judge, takes the judge from the panel, and seats the judge again. */
async function appoint(admin: Desk, slug: string): Promise<void> {
  const row = admin.page.getByRole("row", { name: emailOf("judge2") });
  const seat = row.locator('button[name="judge"]');
  await admin.page.goto(`/admin/${slug}/people`);
  await twice(admin, seat, /done=seated/);
  await twice(admin, seat, /done=unseated/);
  await twice(admin, seat, /done=seated/);
  await expect(row).toContainText(say("admin.seated"));
}

/** Saves one sheet and signs it, goes on to the next by its button and signs that, and steps back from the last. */
async function fillSheets(judge: Desk, { slug, cases }: OwnEdition): Promise<void> {
  const { page } = judge;
  const fill = async (id: string | undefined): Promise<void> => {
    await page.goto(`/judging/${slug}/${id}`);
    await page.locator("#field-score-0").fill("31");
    await page.locator("#field-score-1").fill("52");
  };
  await fill(cases[0]);
  await twice(judge, act(judge, "save"), /\/judging\/[^?]+$/);
  await expect(page.locator("#field-score-0")).toHaveValue("31");
  await page.locator("#field-confirm").check();
  await twice(judge, act(judge, "sign"), new RegExp(`${cases[0]}$`));
  await expect(page.getByText(say("judging.signed_title"))).toBeVisible();
  await fill(cases[1]);
  await twice(judge, act(judge, "next"), new RegExp(`${cases[2]}$`));
  await page.goto(`/judging/${slug}/${cases[1]}`);
  await page.locator("#field-confirm").check();
  await twice(judge, act(judge, "sign"), new RegExp(`${cases[1]}$`));
  await page.goto(`/judging/${slug}/${cases[2]}`);
  await page.locator(".recusal > summary").click();
  await page.locator("#field-reason").fill("They are my neighbours.");
  await page.locator("#field-step-back").check();
  await twice(judge, act(judge, "recuse"), new RegExp(`/judging/${slug}$`));
  await expect(page.getByText(say("judging.recused"), { exact: true })).toHaveCount(1);
}

/** Opens the counts, announces, takes it back, and announces at once. */
async function announce(admin: Desk, slug: string): Promise<void> {
  const { page } = admin;
  await page.goto(`/admin/${slug}/standings`);
  await twice(admin, act(admin, "open"), /\/standings$/);
  const press = async (when: string): Promise<void> => {
    await page.locator(`input[name="when"][value="${when}"]`).check();
    await page.locator("#field-confirm").fill(say("awards.announce_word"));
    await twice(admin, act(admin, "announce"), /\/standings(#.*)?$/);
  };
  await press("planned");
  await expect(page.getByText(say("awards.decided_embargo"))).toBeVisible();
  await page.locator("#field-confirm_withdraw").check();
  await twice(admin, act(admin, "withdraw"), /\/standings(#.*)?$/);
  await page.goto(`/admin/${slug}/standings`);
  await press("now");
  await expect(page.getByText(say("awards.decided_public"), { exact: true })).toBeVisible();
}

for (const scripts of [true, false]) {
  const how = scripts ? "with scripts" : "without scripts";

  test(`an organisation gets an account, ${how}`, async ({ browser }) => {
    const [visitor, admin] = [await deskOf(browser, scripts), await deskOf(browser, scripts, "admin")];
    const slug = editionIn("call");
    // Only so many organisations of one domain may ask in a day.
    const ofOwnDomain = (name: string) => freshEmail(name).replace("@hanpyo", `@${name}-${Date.now().toString(36)}`);
    const [wanted, unwanted] = [ofOwnDomain("wanted"), ofOwnDomain("unwanted")];
    for (const email of [wanted, unwanted]) await ask(visitor, slug, email);
    await admin.page.goto(`/admin/${slug}/people`);
    const request = (email: string) => admin.page.locator("#requests article").filter({ hasText: email });
    await expect(request(wanted)).toHaveCount(1);
    await twice(admin, request(wanted).locator('button[value="approve"]'), /done=approved/);
    await expect(request(wanted)).toHaveCount(0);
    await expect(admin.page.locator("#pending tbody tr", { hasText: wanted })).toHaveCount(1);
    await request(unwanted).locator("summary").click();
    await request(unwanted).locator("textarea").fill("We know this organisation already.");
    await twice(admin, request(unwanted).locator('button[value="decline"]'), /done=declined/);
    await expectOneLetter(admin, unwanted, "We know this organisation already.");
    await expectOneLetter(admin, wanted, "/invitations/");
    await useAccount(visitor, wanted, await readMail(admin.page.context(), wanted, "link"));
    for (const { page } of [visitor, admin]) await page.context().close();
  });

  test(`an edition is set up, published and removed, ${how}`, async ({ browser }) => {
    const admin = await deskOf(browser, scripts, "admin");
    const { page } = admin;
    const slug = `twice-${test.info().project.name}-${Date.now().toString(36)}`;
    const drafts = page.locator("main ul.desk > li");
    await page.goto("/admin/editions/new");
    const before = await drafts.count();
    await page.locator("#field-from").selectOption("example");
    await twice(admin, named(admin, "setup.start"), /\/basics/);
    const draft = page.url().replace(/\/basics.*/, "");
    await page.goto("/admin/editions/new");
    await expect(drafts).toHaveCount(before + 1);
    await page.goto(`${draft}/basics`);
    await page.locator("#field-slug").fill(slug);
    await page.locator("#field-rehearsal").check();
    await twice(admin, act(admin, "next"), /\/schedule/);
    await twice(admin, act(admin, "next"), /\/places/);
    const rows = await page.locator(".setup-row").count();
    await twice(admin, act(admin, "more.tracks"), /more=tracks/);
    await expect(page.locator(".setup-row")).toHaveCount(rows + 3);
    for (const step of ["polls", "judging", "awards"]) await twice(admin, act(admin, "next"), new RegExp(`/${step}`));
    const awards = await page.locator(".setup-row").count();
    await twice(admin, page.locator('button[value^="remove.awards."]').last(), /\/awards/);
    await expect(page.locator(".setup-row")).toHaveCount(awards - 1);
    await twice(admin, act(admin, "next"), /\/check/);
    await twice(admin, named(admin, "setup.create"), /\?done=created/);
    await page.goto("/admin/editions/new");
    await expect(drafts).toHaveCount(before);
    await page.goto(`/admin/${slug}/setup`);
    await twice(admin, named(admin, "setup.change"), /\/basics/);
    await page.locator("#field-title\\.ko").fill(`${slug} new`);
    await twice(admin, page.locator('main button.button[value="save"]').first(), /done=saved/);
    await page.goto(page.url().replace(/basics.*/, "check"));
    await twice(admin, named(admin, "setup.apply"), /done=applied/);
    await page.goto(`/admin/${slug}/clock`);
    await twice(admin, page.locator('button[name="jump"][value="call"]'), /done=moved/);
    const clock = async () => Date.parse((await page.locator("#field-instant").inputValue()) + "Z");
    const hour = await clock();
    await twice(admin, named(admin, "admin.hour_on"), /done=moved/);
    expect(Math.floor(((await clock()) - hour) / 3_600_000), "hours that the clock was moved").toBe(1);
    await page.goto(`/admin/${slug}`);
    await twice(admin, named(admin, "admin.publish"), /done=published/);
    await page.locator("#remove > summary").click();
    await twice(admin, act(admin, "unpublish"), /done=unpublished/);
    await page.locator("#remove > summary").click();
    await page.locator("#field-confirm").fill(slug);
    await twice(admin, act(admin, "remove"), /\/admin\?done=removed/);
    await page.context().close();
  });

  test(`a case is begun, sent in and withdrawn, and a colleague is invited, ${how}`, async ({ browser }) => {
    const member = await deskOf(browser, scripts, "member");
    const { page } = member;
    const title = `Twice ${scripts} ${Date.now().toString(36)}`;
    const colleague = freshEmail("colleague");
    const own = /\/organisation\/cases\/[0-9a-f-]{36}/;
    await page.goto(`/organisation/cases/new?edition=${editionIn("call")}`);
    await page.locator("#field-title").fill(title);
    await twice(member, named(member, "cases.begin"), own);
    const place = page.url();
    await page.goto("/organisation");
    await expect(page.getByRole("article").filter({ hasText: title })).toHaveCount(1);
    await page.goto(place);
    await page.locator("#field-summary").fill("Written once.");
    await twice(member, act(member, "save"), /done=saved/);
    await expect(page.locator("#field-summary")).toHaveValue("Written once.");
    await page.locator("#field-body").fill("Pressed twice.");
    await page.locator("#field-place").selectOption({ index: 1 });
    await twice(member, act(member, "submit"), /done=submitted/);
    await page.locator("#withdraw > summary").click();
    await twice(member, act(member, "withdraw"), /done=withdrawn/);
    await page.goto("/organisation");
    await expect(page.getByRole("article").filter({ hasText: title })).toContainText(say("cases.state_withdrawn"));
    await page.locator("#field-email").fill(colleague);
    await twice(member, act(member, "invite"), /done=invited/);
    const invited = page.locator("#colleagues article").filter({ hasText: colleague });
    await expect(invited).toHaveCount(1);
    await expectOneLetter(member, colleague);
    await twice(member, invited.locator('button[value="cancel"]'), /done=cancelled/);
    await expect(invited).toHaveCount(0);
    await page.context().close();
  });

  test(`staff's desks write notices, decide, invite, appoint and seal, ${how}`, async ({ browser }) => {
    const admin = await deskOf(browser, scripts, "admin");
    await keepOffice(admin);
    await screen(admin);
    await invitePeople(admin);
    await makeLinks(admin);
    await admin.page.context().close();
  });

  test(`a judge saves, signs and steps back, and the result is announced, ${how}`, async ({ browser }) => {
    const [admin, judge] = [await deskOf(browser, scripts, "admin"), await deskOf(browser, scripts, "judge2")];
    const title = `Twice ${Date.now().toString(36)}`;
    const edition = await makeEdition(admin.page.context(), `twice-judging-${scripts}`, "voting", {
      change: (season) => (season.title = { ko: title, en: title }),
    });
    await appoint(admin, edition.slug);
    await moveClock(admin.page.context(), edition.slug, "judging");
    await admin.page.goto(`/admin/${edition.slug}/progress`);
    await twice(admin, named(admin, "judging.remind"), /reminded=1/);
    await expectOneLetter(admin, emailOf("judge2"), `/judging/${edition.slug}`);
    await fillSheets(judge, edition);
    await moveClock(admin.page.context(), edition.slug, "deliberation");
    await announce(admin, edition.slug);
    for (const { page } of [admin, judge]) await page.context().close();
  });

  test(`a citizen gets one code and casts one ballot, ${how}`, async ({ browser }) => {
    const citizen = await deskOf(browser, scripts);
    const { page } = citizen;
    const vote = `/editions/${editionIn("voting")}/vote/citizens`;
    const email = freshEmail("twice");
    await page.goto(`/editions/${editionIn("voting")}/cases`);
    if (scripts) await pick(page, 1);
    else await twice(citizen, pickButtons(page).first(), /\/cases/);
    await expect(pickButtons(page).first()).toHaveAttribute("aria-pressed", "true");
    await page.goto(vote);
    await page.locator("#field-email").fill(email);
    await page.locator("#field-consent").check();
    await page.locator("#field-of_age").check();
    await twice(citizen, named(citizen, "voting.send_code"), /\/code$/);
    await expectOneLetter(citizen, email);
    await page.locator("#field-code").fill(await readMail(page.context(), email, "code"));
    await twice(citizen, named(citizen, "voting.confirm_code"), /\/check$/);
    await twice(citizen, named(citizen, "voting.cast"), /\/receipt$/);
    const receipt = await receiptNumber(page);
    await page.reload();
    expect(await receiptNumber(page)).toBe(receipt);
    await twice(citizen, named(citizen, "voting.leave"), /\/editions\/[^/]+$/);
    await page.goto("/");
    await twice(citizen, await headerButton(citizen, say("shell.theme_dark")), /\/$/);
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await page.context().close();
  });
}

test("a button says that it is at work, and is itself again on a page that is shown again", async ({ browser }) => {
  const visitor = await deskOf(browser, true);
  const { page } = visitor;
  const button = page.locator("main form.form button");
  let posts = 0;
  page.on("request", (request) => (posts += request.method() === "POST" ? 1 : 0));
  await page.goto("/forgot");
  await page.locator("#field-email").fill(freshEmail("nobody"));
  await expect(button).not.toHaveAttribute("aria-busy");
  await setSlow(visitor, true);
  await button.click({ noWaitAfter: true });
  // A locator waits for the page that is coming, so the page itself is asked.
  const shown = () => page.evaluate(() => {
    const button = document.querySelector("main form.form button");
    return [button?.getAttribute("aria-busy"), button?.textContent];
  });
  await expect.poll(shown).toEqual(["true", say("ui.sending")]);
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  expect(await shown()).toEqual(["true", say("ui.sending")]);
  await setSlow(visitor, false);
  await expect(page.getByText(say("accounts.sent_title")).first()).toBeVisible();
  expect(posts, "forms that were sent").toBe(1);
  await page.goBack();
  await expect(button).toHaveText(say("accounts.send_link"));
  await expect(button).not.toHaveAttribute("aria-busy");
  await page.context().close();
});
