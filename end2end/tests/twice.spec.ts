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
  photograph,
  pick,
  pickButtons,
  readMail,
  receiptNumber,
  say,
  smallSeason,
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

/** Presses where the mouse is. A click of Playwright's own would wait for the answer to the press before. */
async function pressAgain({ page }: Desk): Promise<void> {
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
}

/** Presses a button twice before its answer arrives. Without scripts each press sends the form. */
async function pressTwice(desk: Desk, button: Locator): Promise<void> {
  if (desk.scripts) return button.dblclick({ noWaitAfter: true });
  for (const press of [() => button.click({ noWaitAfter: true }), () => pressAgain(desk)]) {
    const sent = desk.page.waitForRequest((request) => request.method() === "POST");
    await press();
    await sent;
  }
}

/** Returns the button with this selector, or with the words of this key. */
function find({ page }: Desk, button: string | Locator): Locator {
  if (typeof button !== "string") return button;
  const words = button.startsWith("[") ? null : say(button);
  const main = page.locator("main");
  return (words === null ? main.locator(`button${button}`) : main.getByRole("button", { name: words, exact: true })).first();
}

/** Presses a button twice on a slow line, and expects the usual page after it, without an error. */
async function twice(desk: Desk, button: string | Locator, end: RegExp): Promise<void> {
  const { page } = desk;
  const answers: Response[] = [];
  const hear = (answer: Response): void => {
    if (answer.request().isNavigationRequest()) answers.push(answer);
  };
  const found = find(desk, button);
  await found.scrollIntoViewIfNeeded();
  page.on("response", hear);
  await setSlow(desk, true);
  const next = page.waitForEvent("framenavigated", (frame) => frame === page.mainFrame());
  await pressTwice(desk, found);
  await setSlow(desk, false);
  await next;
  await expect(page).toHaveURL(end);
  await page.waitForLoadState();
  page.off("response", hear);
  const refused = answers.filter((answer) => answer.status() >= 400);
  expect.soft(refused.map((answer) => `${answer.status()} ${answer.url()}`), "refusals").toEqual([]);
  await expect.soft(page.locator("#errors"), `errors on ${page.url()}`).toHaveCount(0);
}

/** Opens a page and fills in its fields. `true` ticks a box. */
async function open({ page }: Desk, path: string, fields: Record<string, string | true> = {}): Promise<void> {
  await page.goto(path);
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[id="field-${name}"]`);
    await (value === true ? field.check() : field.fill(value));
  }
}

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

/** Returns a button of the header, and opens the menu if the button is in it. */
async function headerButton({ page }: Desk, key: string): Promise<Locator> {
  const button = page.getByRole("banner").getByRole("button", { name: say(key), exact: true }).filter({ visible: true });
  if ((await button.count()) === 0) await page.locator(".menu > summary").click();
  return button.first();
}

const close = async (...desks: Desk[]): Promise<void> => {
  for (const { page } of desks) await page.context().close();
};

type Phase = "call" | "screening" | "voting";
const editions: Partial<Record<Phase, OwnEdition>> = {};
const slugIn = (phase: Phase): string => editions[phase]?.slug ?? "";

test.beforeAll(async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  editions.call = await makeEdition(admin, "twice-call", "call", { cases: 0 });
  editions.screening = await makeEdition(admin, "twice-desk", "screening", { poll: { channels: ["email_code", "kiosk"] } });
  editions.voting = await makeEdition(admin, "twice-vote", "voting");
  await admin.close();
});

/** Asks for an account as an organisation, and confirms it by the link of the letter. */
async function ask(visitor: Desk, email: string): Promise<void> {
  const fields = { organisation: `Twice ${email}`, person: "Kim", email, consent: true } as const;
  await open(visitor, `/editions/${slugIn("call")}/join`, fields);
  await twice(visitor, "join.send", /join\?done=sent/);
  await expectOneLetter(visitor, email);
  await open(visitor, await readMail(visitor.page.context(), email, "link"));
  await twice(visitor, "join.check", /\/join\/./);
  await expect(visitor.page.getByText(say("join.confirmed_title")).first()).toBeVisible();
}

/** Opens an account by an invitation, changes its password, goes out and in again, and forgets the password. */
async function useAccount(visitor: Desk, email: string, invitation: string): Promise<void> {
  const { page } = visitor;
  const password = `${PASSWORD}-2`;
  const sessions = page.locator("tbody tr");
  await open(visitor, invitation, { name: "Kim", password: PASSWORD });
  await twice(visitor, "accounts.accept", /\/organisation$/);
  await open(visitor, "/account", { old_password: PASSWORD, new_password: password });
  await twice(visitor, "accounts.save_password", /\/account$/);
  await expect(page.getByText(say("accounts.password_changed"))).toBeVisible();
  await page.goto("/account");
  await expect(sessions).toHaveCount(1);
  await twice(visitor, "accounts.sign_out_everywhere", /\/$/);
  await open(visitor, "/sign-in", { email, password });
  await twice(visitor, "accounts.sign_in", /\/organisation$/);
  await page.goto("/account");
  await expect.soft(sessions, "open sessions").toHaveCount(1);
  await twice(visitor, await headerButton(visitor, "shell.sign_out"), /\/$/);
  await open(visitor, "/forgot", { email });
  await twice(visitor, "accounts.send_link", /\/forgot$/);
  await expectOneLetter(visitor, email, "/reset/");
  await open(visitor, await readMail(page.context(), email, "link"), { password: PASSWORD });
  await twice(visitor, "accounts.save_password", /\/sign-in$/);
}

/** Begins a draft of an edition, and presses the buttons of its steps up to the edition. */
async function setUp(admin: Desk, slug: string): Promise<void> {
  const { page } = admin;
  const [drafts, rows] = [page.locator("main ul.desk > li"), page.locator(".setup-row")];
  await page.goto("/admin/editions/new");
  const before = await drafts.count();
  await page.locator("#field-from").selectOption("example");
  await twice(admin, "setup.start", /\/basics/);
  const basics = page.url();
  await page.goto("/admin/editions/new");
  await expect(drafts).toHaveCount(before + 1);
  await open(admin, basics, { slug, rehearsal: true });
  await twice(admin, "setup.save_next", /\/schedule/);
  await twice(admin, "setup.save_next", /\/places/);
  const places = await rows.count();
  await twice(admin, "[value='more.tracks']", /more=tracks/);
  await expect(rows).toHaveCount(places + 3);
  for (const step of ["polls", "judging", "awards"]) await twice(admin, "setup.save_next", new RegExp(`/${step}`));
  const awards = await rows.count();
  await twice(admin, page.locator('button[value^="remove.awards."]').last(), /\/awards/);
  await expect(rows).toHaveCount(awards - 1);
  await twice(admin, "setup.save_next", /\/check/);
  await twice(admin, "setup.create", /\?done=created/);
  await page.goto("/admin/editions/new");
  await expect(drafts).toHaveCount(before);
}

/** Changes the settings, moves the clock, publishes, takes the edition off the site and removes it. */
async function steer(admin: Desk, slug: string): Promise<void> {
  const { page } = admin;
  const base = `/admin/${slug}`;
  await page.goto(`${base}/setup`);
  await twice(admin, "setup.change", /\/basics/);
  await page.locator("#field-title\\.ko").fill(`${slug} new`);
  await twice(admin, "setup.save", /done=saved/);
  await page.goto(page.url().replace(/basics.*/, "check"));
  await twice(admin, "setup.apply", /done=applied/);
  await page.goto(`${base}/clock`);
  await twice(admin, "[value=call]", /done=moved/);
  const clock = async () => Date.parse(`${await page.locator("#field-instant").inputValue()}Z`);
  const before = await clock();
  await twice(admin, "admin.hour_on", /done=moved/);
  expect(Math.floor(((await clock()) - before) / 3_600_000), "hours that the clock was moved").toBe(1);
  await page.goto(`${base}/windows`);
  await twice(admin, "admin.save_windows", /done=same/);
  await page.goto(base);
  await twice(admin, "admin.publish", /done=published/);
  await page.locator("#remove > summary").click();
  await twice(admin, "admin.unpublish", /done=unpublished/);
  await page.locator("#remove > summary").click();
  await page.locator("#field-confirm").fill(slug);
  await twice(admin, "admin.remove", /\/admin\?done=removed/);
}

/** Writes a notice and takes it down, and decides about a case again: first against it, then for it. */
async function keepDesks(admin: Desk): Promise<void> {
  const { page } = admin;
  const [base, title] = [`/admin/${slugIn("screening")}`, `Twice ${admin.scripts}`];
  const notices = page.getByRole("heading", { name: title });
  await open(admin, `${base}/office`, { department: title });
  await twice(admin, "office.save", /done=saved/);
  await open(admin, `${base}/office`, { title, body: "Written once." });
  await twice(admin, "office.notice_publish", /done=published/);
  await expect(notices).toHaveCount(1);
  await twice(admin, "office.notice_remove", /done=removed/);
  await expect(notices).toHaveCount(0);
  const inState = (state: string) => page.locator("tbody tr").filter({ hasText: say(`screening.state_${state}`) });
  for (const [button, state] of [["undo", "waiting"], ["reject", "rejected"], ["undo", "waiting"], ["accept", "accepted"]] as const) {
    const fields: Record<string, string> = button === "reject" ? { reason: "It tells of a product." } : {};
    await open(admin, `${base}/screening/${editions.screening?.cases[0]}`, fields);
    await twice(admin, `screening.${button}`, /\/screening$/);
    await expect(inState(state)).toHaveCount(state === "accepted" ? 3 : 1);
  }
  await page.goto(`${base}/polls/citizens`);
  await twice(admin, "polls.save", /done=saved/);
}

/** Invites a judge and everybody on a list, and cancels the invitation of the judge. */
async function invite(admin: Desk): Promise<void> {
  const { page } = admin;
  const [judge, member] = [freshEmail("judge"), freshEmail("listed")];
  const row = (email: string) => page.locator("#pending tbody tr", { hasText: email });
  const people = `/admin/${slugIn("screening")}/people`;
  await open(admin, people, { email: judge });
  await twice(admin, "admin.invite_send", /done=invited/);
  await expect(row(judge)).toHaveCount(1);
  await expectOneLetter(admin, judge);
  await twice(admin, row(judge).locator("[value=cancel]"), /done=cancelled/);
  await expect(row(judge)).toHaveCount(0);
  await open(admin, people, { list: `${member}, Twice` });
  await twice(admin, "invite.list_preview", /\/people$/);
  await twice(admin, "[value=confirm_list]", /done=listed/);
  await expect(row(member)).toHaveCount(1);
  await expectOneLetter(admin, member);
}

/** Makes a link for an observer and one for a shared machine, uses the second, and ends both. */
async function makeLinks(admin: Desk, visitor: Desk): Promise<void> {
  const { page } = admin;
  const [base, name] = [`/admin/${slugIn("screening")}`, `Twice ${admin.scripts}`];
  const observers = page.locator("main li", { hasText: name });
  await open(admin, `${base}/record`, { name });
  await twice(admin, "record.observer_make", /\/record$/);
  await expect(page.locator("code", { hasText: "?observer=" })).toHaveCount(1);
  await page.goto(`${base}/record`);
  await expect(observers).toHaveCount(1);
  await twice(admin, observers.locator("[value=end]"), /done=ended/);
  await expect(observers).toHaveCount(0);
  await open(admin, `${base}/kiosk`, { place: name });
  await twice(admin, "kiosk.open_link", /\/kiosk$/);
  await expect(page.locator("tbody tr", { hasText: name })).toHaveCount(1);
  const link = (await page.locator("code", { hasText: "/kiosk/start/" }).textContent()) ?? "";
  await visitor.page.goto(new URL(link).pathname);
  await twice(visitor, "kiosk.become_here", /\/kiosk$/);
  await twice(admin, page.locator("tbody tr", { hasText: name }).locator("[value=end]"), /done=ended/);
}

/** Makes an edition from a file, seats a judge, seals the rules, and opens the judging. */
async function prepareJudging(admin: Desk, title: string): Promise<string> {
  const { page } = admin;
  const season = smallSeason(`twice-file-${admin.scripts}`);
  season.title = { ko: title, en: title };
  const names = ["One", "Two", "Three"];
  const about = { track: "neighbourhood", district: "first", organisation: "Twice", summary: "Told once.", sample: true };
  season.cases = names.map((name) => ({ ...about, neighbourhood: null, title: { ko: name, en: name } }));
  const buffer = Buffer.from(JSON.stringify(season));
  const base = `/admin/${season.slug}`;
  await open(admin, "/admin/editions/new", { rehearsal: true });
  await page.locator("#field-file").setInputFiles({ name: "season.json", mimeType: "application/json", buffer });
  await twice(admin, "admin.create", /done=created/);
  await moveClock(page.context(), season.slug, "screening");
  await page.goto(base);
  await twice(admin, "admin.publish", /done=published/);
  const row = page.getByRole("row", { name: emailOf("judge2") });
  await page.goto(`${base}/people`);
  for (const done of ["seated", "unseated", "seated"]) {
    await twice(admin, row.locator('button[name="judge"]'), new RegExp(`done=${done}`));
  }
  await open(admin, `${base}/record`, { "confirm-seal": say("record.seal_word") });
  await twice(admin, "record.seal", /done=sealed/);
  await moveClock(page.context(), season.slug, "judging");
  return season.slug;
}

/** Saves a sheet and signs it, signs the next one that a button leads to, and steps back from the last. */
async function fillSheets(judge: Desk, slug: string): Promise<void> {
  const { page } = judge;
  const scores = { "score-0": "31", "score-1": "52" };
  await page.goto(`/judging/${slug}`);
  const links = await page.locator("tbody a").evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  const [first = "", second = "", third = ""] = links;
  await open(judge, first, scores);
  await twice(judge, "judging.save", new RegExp(`${first}$`));
  await expect(page.locator("#field-score-0")).toHaveValue("31");
  await twice(judge, "judging.save_next", new RegExp(`${second}$`));
  for (const sheet of [first, second]) {
    await open(judge, sheet, { ...scores, confirm: true });
    await twice(judge, "judging.sign", new RegExp(`${sheet}$`));
    await expect(page.getByText(say("judging.signed_title"))).toBeVisible();
  }
  await page.goto(third);
  await page.locator(".recusal > summary").click();
  await page.locator("#field-reason").fill("They are my neighbours.");
  await page.locator("#field-step-back").check();
  await twice(judge, "judging.recuse_act", new RegExp(`/judging/${slug}$`));
  await expect(page.getByText(say("judging.stepped_back", "ko", { n: 1 }))).toBeVisible();
}

/** Opens the counts, announces, takes it back, announces at once, and closes the edition. */
async function announce(admin: Desk, slug: string): Promise<void> {
  const { page } = admin;
  await page.goto(`/admin/${slug}/standings`);
  await twice(admin, "awards.open_counts", /\/standings$/);
  const press = async (when: string): Promise<void> => {
    await page.locator(`input[name="when"][value="${when}"]`).check();
    await page.locator("#field-confirm").fill(say("awards.announce_word"));
    await twice(admin, "awards.announce", /\/standings(#.*)?$/);
  };
  await press("planned");
  await page.locator("#field-confirm_withdraw").check();
  await twice(admin, "awards.withdraw", /\/standings(#.*)?$/);
  await page.goto(`/admin/${slug}/standings`);
  await press("now");
  await expect(page.getByText(say("awards.decided_public"), { exact: true })).toBeVisible();
}

for (const scripts of [true, false]) {
  const how = scripts ? "with scripts" : "without scripts";

  test(`an organisation gets an account, ${how}`, async ({ browser }) => {
    const [visitor, admin] = [await deskOf(browser, scripts), await deskOf(browser, scripts, "admin")];
    // Only so many organisations of one domain may ask in a day.
    const ofOwnDomain = (name: string) => freshEmail(name).replace("@hanpyo", `@${name}-${Date.now().toString(36)}`);
    const [wanted, unwanted] = [ofOwnDomain("wanted"), ofOwnDomain("unwanted")];
    for (const email of [wanted, unwanted]) await ask(visitor, email);
    const request = (email: string) => admin.page.locator("#requests article").filter({ hasText: email });
    await admin.page.goto(`/admin/${slugIn("call")}/people`);
    await expect(request(wanted)).toHaveCount(1);
    await twice(admin, request(wanted).locator("[value=approve]"), /done=approved/);
    await expect(admin.page.locator("#pending tbody tr", { hasText: wanted })).toHaveCount(1);
    await request(unwanted).locator("summary").click();
    await request(unwanted).locator("textarea").fill("We know you already.");
    await twice(admin, request(unwanted).locator("[value=decline]"), /done=declined/);
    await expectOneLetter(admin, unwanted, "We know you already.");
    await expectOneLetter(admin, wanted, "/invitations/");
    await useAccount(visitor, wanted, await readMail(admin.page.context(), wanted, "link"));
    await close(visitor, admin);
  });

  test(`an edition is set up, published and removed, ${how}`, async ({ browser }) => {
    const admin = await deskOf(browser, scripts, "admin");
    const slug = `twice-${test.info().project.name}-${Date.now().toString(36)}`;
    await setUp(admin, slug);
    await steer(admin, slug);
    await close(admin);
  });

  test(`a case is begun, sent in and withdrawn, and a colleague is invited, ${how}`, async ({ browser }) => {
    const member = await deskOf(browser, scripts, "member");
    const { page } = member;
    const [title, colleague] = [`Twice ${Date.now().toString(36)}`, freshEmail("colleague")];
    const cards = page.getByRole("article").filter({ hasText: title });
    await open(member, `/organisation/cases/new?edition=${slugIn("call")}`, { title });
    await twice(member, "cases.begin", /\/organisation\/cases\/[0-9a-f-]{36}$/);
    const place = page.url();
    const picture = await photograph(page);
    await page.goto("/organisation");
    await expect(cards).toHaveCount(1);
    await open(member, place, { summary: "Written once.", body: "Pressed twice.", alt: "A wall." });
    await page.locator("#field-picture").setInputFiles(picture);
    await twice(member, "cases.save", /done=saved/);
    await expect(page.locator("#field-summary")).toHaveValue("Written once.");
    await twice(member, "cases.remove_picture", /done=picture_removed/);
    await page.locator("#field-place").selectOption({ index: 1 });
    await page.locator("#field-picture").setInputFiles(picture);
    await twice(member, "cases.submit", /done=submitted/);
    await page.locator("#withdraw > summary").click();
    await twice(member, "news.withdraw_confirm", /done=withdrawn/);
    await open(member, "/organisation", { email: colleague });
    await expect(cards).toContainText(say("cases.state_withdrawn"));
    await twice(member, "invite.colleague_send", /done=invited/);
    const invited = page.locator("#colleagues article").filter({ hasText: colleague });
    await expect(invited).toHaveCount(1);
    await expectOneLetter(member, colleague);
    await twice(member, invited.locator("[value=cancel]"), /done=cancelled/);
    await expect(invited).toHaveCount(0);
    await close(member);
  });

  test(`staff write, decide, invite and open links, ${how}`, async ({ browser }) => {
    const [admin, visitor] = [await deskOf(browser, scripts, "admin"), await deskOf(browser, scripts)];
    await keepDesks(admin);
    await invite(admin);
    await makeLinks(admin, visitor);
    await close(admin, visitor);
  });

  test(`a roll is filled and emptied, ${how}`, async ({ browser }) => {
    const admin = await deskOf(browser, scripts, "admin");
    const { page } = admin;
    const { slug } = await makeEdition(page.context(), "twice-roll", "screening", { poll: { identity: "roll" } });
    const rows = page.locator("tbody tr");
    await open(admin, `/admin/${slug}/polls/citizens/roll`, { labels: "A 1\nA 2" });
    await twice(admin, "roll.add_now", /\/roll$/);
    await twice(admin, "[value=confirm_add]", /done=added/);
    await expect(rows).toHaveCount(2);
    await twice(admin, rows.first().locator("[value=void]"), /done=voided/);
    await page.locator("#field-confirm_empty").check();
    await twice(admin, "roll.empty", /done=emptied/);
    await open(admin, page.url(), { first: "B1", count: "3" });
    await twice(admin, "roll.seats_now", /done=/);
    await expect(rows).toHaveCount(3);
    await close(admin);
  });

  test(`an edition is made from a file, judged and announced, ${how}`, async ({ browser }) => {
    const [admin, judge] = [await deskOf(browser, scripts, "admin"), await deskOf(browser, scripts, "judge2")];
    const slug = await prepareJudging(admin, `Twice ${Date.now().toString(36)}`);
    await admin.page.goto(`/admin/${slug}/progress`);
    await twice(admin, "judging.remind", /reminded=1/);
    await expectOneLetter(admin, emailOf("judge2"), `/judging/${slug}`);
    await fillSheets(judge, slug);
    await moveClock(admin.page.context(), slug, "deliberation");
    await announce(admin, slug);
    await close(admin, judge);
  });

  test(`a citizen gets one code and casts one ballot, ${how}`, async ({ browser }) => {
    const citizen = await deskOf(browser, scripts);
    const { page } = citizen;
    const [base, email] = [`/editions/${slugIn("voting")}`, freshEmail("twice")];
    await page.goto(`${base}/cases`);
    if (scripts) await pick(page, 1);
    else await twice(citizen, pickButtons(page).first(), /\/cases/);
    await expect(pickButtons(page).first()).toHaveAttribute("aria-pressed", "true");
    await open(citizen, `${base}/vote/citizens`, { email, consent: true, of_age: true });
    await twice(citizen, "voting.send_code", /\/code$/);
    await expectOneLetter(citizen, email);
    await page.locator("#field-code").fill(await readMail(page.context(), email, "code"));
    await twice(citizen, "voting.confirm_code", /\/check$/);
    await twice(citizen, "voting.cast", /\/receipt$/);
    const receipt = await receiptNumber(page);
    await page.reload();
    expect(await receiptNumber(page)).toBe(receipt);
    await twice(citizen, "voting.leave", new RegExp(`${base}$`));
    await page.goto("/");
    await twice(citizen, await headerButton(citizen, "shell.theme_dark"), /\/$/);
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await close(citizen);
  });
}

test("a button says that it is at work, and is itself again on a page that is shown again", async ({ browser }) => {
  const visitor = await deskOf(browser, true);
  const { page, line } = visitor;
  const button = find(visitor, "accounts.send_link");
  let posts = 0;
  page.on("request", (request) => (posts += request.method() === "POST" ? 1 : 0));
  await open(visitor, "/forgot", { email: freshEmail("nobody") });
  await expect(button).not.toHaveAttribute("aria-busy");
  await setSlow(visitor, true);
  await button.click({ noWaitAfter: true });
  // A locator would wait for the page that is coming, so the browser is asked.
  const expression = 'document.querySelector("main [aria-busy=true]")?.textContent';
  const shown = async () => (await line.send("Runtime.evaluate", { expression })).result.value as string | undefined;
  await expect.poll(shown).toBe(say("ui.sending"));
  await pressAgain(visitor);
  expect(await shown()).toBe(say("ui.sending"));
  await setSlow(visitor, false);
  await expect(page.getByText(say("accounts.sent_title")).first()).toBeVisible();
  expect(posts, "forms that were sent").toBe(1);
  await page.goBack();
  await expect(button).toBeVisible();
  await expect(button).not.toHaveAttribute("aria-busy");
  await close(visitor);
});
