// Every button that sends a form is pressed twice on a slow line, with and without scripts, and everything ends as if
// it had been pressed once: the page that follows is the usual one, and what was made is there once.

import { expect, test } from "@playwright/test";
import {
  type Desk,
  type Enter,
  type Fields,
  deskOf,
  expectOneLetter,
  find,
  headerButton,
  hold,
  letGo,
  open,
  pressAgain,
  testsOf,
  twice,
} from "./press.ts";
import {
  type OwnEdition,
  PASSWORD,
  emailOf,
  freshEmail,
  giveConsents,
  makeEdition,
  moveClock,
  photograph,
  pick,
  pickButtons,
  readMail,
  receiptNumber,
  say,
  signAll,
  smallSeason,
  windowOf,
} from "./support.ts";

const editions: Partial<Record<"call" | "screening" | "voting", OwnEdition>> = {};
const slugIn = (phase: "call" | "screening" | "voting"): string => editions[phase]?.slug ?? "";

test.beforeAll(async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  editions.call = await makeEdition(admin, "twice-call", "call", { cases: 0 });
  const poll = { channels: ["email_code", "kiosk"] };
  editions.screening = await makeEdition(admin, "twice-desk", "screening", { poll });
  editions.voting = await makeEdition(admin, "twice-vote", "voting");
  await admin.close();
});

/** Opens an account by an invitation, changes its password, goes out and in again, and forgets the password. */
async function useAccount(visitor: Desk, email: string, invitation: string): Promise<void> {
  const { page } = visitor;
  const password = `${PASSWORD}-2`;
  const sessions = page.locator("tbody tr");
  await twice(visitor, "accounts.accept", /\/organisation$/, invitation, { name: "Kim", password: PASSWORD });
  const passwords = { old_password: PASSWORD, new_password: password };
  await twice(visitor, "accounts.save_password", /\/account$/, "/account", passwords);
  await expect(page.getByText(say("accounts.password_changed"))).toBeVisible();
  await page.goto("/account");
  await expect(sessions).toHaveCount(1);
  await twice(visitor, "accounts.sign_out_everywhere", /\/$/);
  await twice(visitor, "accounts.sign_in", /\/organisation$/, "/sign-in", { email, password });
  await page.goto("/account");
  await expect.soft(sessions, "open sessions").toHaveCount(1);
  await twice(visitor, await headerButton(visitor, "shell.sign_out"), /\/$/);
  await twice(visitor, "accounts.send_link", /\/forgot$/, "/forgot", { email });
  await expectOneLetter(visitor, email, "/reset/");
  const link = await readMail(page.context(), email, "link");
  await twice(visitor, "accounts.save_password", /\/sign-in$/, link, { password: PASSWORD });
}

async function getAccount(enter: Enter): Promise<void> {
  const [visitor, admin] = [await enter(), await enter("admin")];
  // Only so many organisations of one domain may ask in a day.
  const ofOwnDomain = (name: string) => freshEmail(name).replace("@hanpyo", `@${name}-${Date.now().toString(36)}`);
  const [wanted, unwanted] = [ofOwnDomain("wanted"), ofOwnDomain("unwanted")];
  for (const email of [wanted, unwanted]) {
    const fields: Fields = { organisation: `Twice ${email}`, person: "Kim", email, consent: true };
    await twice(visitor, "join.send", /join\?done=sent/, `/editions/${slugIn("call")}/join`, fields);
    await expectOneLetter(visitor, email);
    await twice(visitor, "join.check", /\/join\/./, await readMail(visitor.page.context(), email, "link"));
    await expect(visitor.page.getByText(say("join.confirmed_title")).first()).toBeVisible();
  }
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
  await twice(admin, "setup.save_next", /\/schedule/, basics, { slug, rehearsal: true });
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

/** Sets an edition up, changes its settings, moves its clock, publishes it, takes it off the site and removes it. */
async function setUpAndRemove(enter: Enter): Promise<void> {
  const admin = await enter("admin");
  const { page } = admin;
  const slug = `twice-${test.info().project.name}-${Date.now().toString(36)}`;
  const base = `/admin/${slug}`;
  await setUp(admin, slug);
  await twice(admin, "setup.change", /\/basics/, `${base}/setup`);
  await page.locator("#field-title\\.ko").fill(`${slug} new`);
  await twice(admin, "setup.save", /done=saved/);
  await twice(admin, "setup.apply", /done=applied/, page.url().replace(/basics.*/, "check"));
  await twice(admin, "[value=call]", /done=moved/, `${base}/clock`);
  const clock = async () => Date.parse(`${await page.locator("#field-instant").inputValue()}Z`);
  const before = await clock();
  await twice(admin, "admin.hour_on", /done=moved/);
  expect(Math.floor(((await clock()) - before) / 3_600_000), "hours that the clock was moved").toBe(1);
  await twice(admin, "admin.save_windows", /done=same/, `${base}/windows`);
  await twice(admin, "admin.publish", /done=published/, base);
  await page.locator("#remove > summary").click();
  await twice(admin, "admin.unpublish", /done=unpublished/);
  await page.locator("#remove > summary").click();
  await page.locator("#field-confirm").fill(slug);
  await twice(admin, "admin.remove", /\/admin\?done=removed/);
}

async function sendCase(enter: Enter): Promise<void> {
  const member = await enter("member");
  const { page } = member;
  const [title, email] = [`Twice ${Date.now().toString(36)}`, freshEmail("colleague")];
  const cards = page.getByRole("article").filter({ hasText: title });
  const call = `/organisation/cases/new?edition=${slugIn("call")}`;
  await twice(member, "cases.begin", /\/organisation\/cases\/[0-9a-f-]{36}$/, call, { title });
  const [place, picture] = [page.url(), await photograph(page)];
  await page.goto("/organisation");
  await expect(cards).toHaveCount(1);
  await open(member, place, { summary: "Written once.", body: "Pressed twice.", alt: "A wall." });
  await page.locator("#field-picture").setInputFiles(picture);
  await twice(member, "cases.save", /done=saved/);
  await expect(page.locator("#field-summary")).toHaveValue("Written once.");
  await twice(member, "cases.remove_picture", /done=picture_removed/);
  await page.locator("#field-place").selectOption({ index: 1 });
  await page.locator("#field-picture").setInputFiles(picture);
  await giveConsents(page);
  await twice(member, "cases.submit", /done=submitted/);
  await page.locator("#withdraw > summary").click();
  await twice(member, "news.withdraw_confirm", /done=withdrawn/);
  await twice(member, "invite.colleague_send", /done=invited/, "/organisation", { email });
  await expect(cards).toContainText(say("cases.state_withdrawn"));
  const invited = page.locator("#colleagues article").filter({ hasText: email });
  await expect(invited).toHaveCount(1);
  await expectOneLetter(member, email);
  await twice(member, invited.locator("[value=cancel]"), /done=cancelled/);
  await expect(invited).toHaveCount(0);
}

/** Writes a notice and takes it down, and decides about a case again: first against it, then for it. */
async function keepDesks(enter: Enter): Promise<void> {
  const admin = await enter("admin");
  const { page } = admin;
  const [base, title] = [`/admin/${slugIn("screening")}`, `Twice ${admin.scripts}`];
  const notices = page.getByRole("heading", { name: title });
  await twice(admin, "office.save", /done=saved/, `${base}/office`, { department: title });
  const notice = { title, body: "Written once." };
  await twice(admin, "office.notice_publish", /done=published/, `${base}/office`, notice);
  await expect(notices).toHaveCount(1);
  await twice(admin, "office.notice_remove", /done=removed/);
  await expect(notices).toHaveCount(0);
  const count = (state: string) => page.locator("tbody tr").filter({ hasText: say(`screening.state_${state}`) });
  const decisions = [["undo", 1, 0], ["reject", 0, 1], ["undo", 1, 0], ["accept", 0, 0]] as const;
  for (const [button, waiting, rejected] of decisions) {
    const fields: Fields = button === "reject" ? { reason: "It tells of a product." } : {};
    const one = `${base}/screening/${editions.screening?.cases[0]}`;
    await twice(admin, `screening.${button}`, /\/screening$/, one, fields);
    await expect(count("waiting")).toHaveCount(waiting);
    await expect(count("rejected")).toHaveCount(rejected);
  }
  await twice(admin, "polls.save", /done=saved/, `${base}/polls/citizens`);
}

/** Invites a judge and a list, and makes links for an observer and for a shared machine. */
async function inviteAndLink(enter: Enter): Promise<void> {
  const [visitor, admin] = [await enter(), await enter("admin")];
  const { page } = admin;
  const [email, member, name] = [freshEmail("judge"), freshEmail("listed"), `Twice ${admin.scripts}`];
  const base = `/admin/${slugIn("screening")}`;
  const rows = (hasText: string) => page.locator("tbody tr", { hasText });
  await twice(admin, "admin.invite_send", /done=invited/, `${base}/people`, { email });
  await expect(rows(email)).toHaveCount(1);
  await expectOneLetter(admin, email);
  await twice(admin, rows(email).locator("[value=cancel]"), /done=cancelled/);
  await expect(rows(email)).toHaveCount(0);
  await twice(admin, "invite.list_preview", /\/people$/, `${base}/people`, { list: `${member}, Twice` });
  await twice(admin, "[value=confirm_list]", /done=listed/);
  await expect(rows(member)).toHaveCount(1);
  await expectOneLetter(admin, member);
  const observers = page.locator("main li", { hasText: name });
  await twice(admin, "record.observer_make", /\/record$/, `${base}/record`, { name });
  await expect(page.locator("code", { hasText: "?observer=" })).toHaveCount(1);
  await expect(observers).toHaveCount(1);
  await twice(admin, observers.locator("[value=end]"), /done=ended/);
  await expect(observers).toHaveCount(0);
  await twice(admin, "kiosk.open_link", /\/kiosk$/, `${base}/kiosk`, { place: name });
  await expect(rows(name)).toHaveCount(1);
  const link = (await page.locator("code", { hasText: "/kiosk/start/" }).textContent()) ?? "";
  await twice(visitor, "kiosk.become_here", /\/kiosk$/, new URL(link).pathname);
  await twice(admin, rows(name).locator("[value=end]"), /done=ended/);
}

async function fillRoll(enter: Enter): Promise<void> {
  const admin = await enter("admin");
  const { page } = admin;
  const { slug } = await makeEdition(page.context(), "twice-roll", "screening", { poll: { identity: "roll" } });
  const [roll, rows] = [`/admin/${slug}/polls/citizens/roll`, page.locator("tbody tr")];
  await twice(admin, "roll.add_now", /\/roll$/, roll, { labels: "A 1\nA 2" });
  await twice(admin, "[value=confirm_add]", /done=added/);
  await expect(rows).toHaveCount(2);
  await twice(admin, rows.first().locator("[value=void]"), /done=voided/);
  await page.locator("#field-confirm_empty").check();
  await twice(admin, "roll.empty", /done=emptied/);
  await twice(admin, "roll.seats_now", /done=/, roll, { first: "B1", count: "3" });
  await expect(rows).toHaveCount(3);
}

/** Makes an edition from a file, seats two judges, seals the rules, and opens the judging. */
async function prepareJudging(admin: Desk): Promise<OwnEdition> {
  const { page } = admin;
  const season = smallSeason(`twice-file-${admin.scripts}`);
  season.title = { ko: season.slug, en: season.slug };
  const about = { track: "neighbourhood", district: "first", neighbourhood: null, organisation: "Twice", sample: true };
  season.cases = ["1", "2", "3"].map((ko) => ({ ...about, summary: "Told once.", title: { ko, en: ko } }));
  const [base, buffer] = [`/admin/${season.slug}`, Buffer.from(JSON.stringify(season))];
  await open(admin, "/admin/editions/new", { rehearsal: true });
  await page.locator("#field-file").setInputFiles({ name: "season.json", mimeType: "application/json", buffer });
  await twice(admin, "admin.create", /done=created/);
  await moveClock(page.context(), season.slug, "screening");
  await twice(admin, "admin.publish", /done=published/, base);
  await page.goto(`${base}/people`);
  const seats = [["judge2", "seated"], ["judge2", "unseated"], ["judge2", "seated"], ["judge3", "seated"]] as const;
  for (const [role, done] of seats) {
    const seat = page.getByRole("row", { name: emailOf(role) }).locator('button[name="judge"]');
    await twice(admin, seat, new RegExp(`done=${done}`));
  }
  await twice(admin, "record.seal", /done=sealed/, `${base}/record`, { "confirm-seal": say("record.seal_word") });
  await page.goto(`${base}/screening`);
  const links = await page.locator("tbody a").evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
  await moveClock(page.context(), season.slug, "judging");
  return { slug: season.slug, cases: links.map((link) => link.split("/").at(-1) ?? "") };
}

/** Saves a sheet and signs it, and steps back from another one that a button leads to. */
async function fillSheets(judge: Desk, { slug, cases }: OwnEdition): Promise<void> {
  const { page } = judge;
  const scores = { "score-0": "31", "score-1": "52" };
  const sheet = `/judging/${slug}/${cases[0]}`;
  await twice(judge, "judging.save", new RegExp(`${sheet}$`), sheet, scores);
  await expect(page.locator("#field-score-0")).toHaveValue("31");
  await page.locator("#field-confirm").check();
  await twice(judge, "judging.sign", new RegExp(`${sheet}$`));
  await expect(page.getByText(say("judging.signed_title"))).toBeVisible();
  const next = new RegExp(`/judging/${slug}/(?!${cases[1]})[0-9a-f-]{36}$`);
  await twice(judge, "judging.save_next", next, `/judging/${slug}/${cases[1]}`, scores);
  await page.locator(".recusal > summary").click();
  await page.locator("#field-reason").fill("They are my neighbours.");
  await page.locator("#field-step-back").check();
  await twice(judge, "judging.recuse_act", new RegExp(`/judging/${slug}$`));
  await expect(page.getByText(say("judging.stepped_back", "ko", { n: 1 }))).toBeVisible();
}

async function judgeAndAnnounce(enter: Enter): Promise<void> {
  const admin = await enter("admin");
  const { page } = admin;
  const edition = await prepareJudging(admin);
  const base = `/admin/${edition.slug}`;
  await signAll((await enter("judge3")).page.context(), edition);
  await twice(admin, "judging.remind", /reminded=1/, `${base}/progress`);
  const subject = say("judging.reminder_subject", "ko", { edition: edition.slug });
  await expectOneLetter(admin, emailOf("judge2"), subject);
  await fillSheets(await enter("judge2"), edition);
  await moveClock(page.context(), edition.slug, "deliberation");
  await twice(admin, "awards.open_counts", /\/standings$/, `${base}/standings`);
  const announce = async (when: string): Promise<void> => {
    const without = page.locator("#field-without_judges");
    await page.locator(`input[name="when"][value="${when}"]`).check();
    if (await without.isVisible()) await without.check();
    await page.locator("#field-confirm").fill(say("awards.announce_word"));
    await twice(admin, "awards.announce", /\/standings(#.*)?$/);
  };
  await announce("planned");
  await page.locator("#field-confirm_withdraw").check();
  await twice(admin, "awards.withdraw", /\/standings(#.*)?$/);
  await announce("now");
  await expect(page.getByText(say("awards.decided_public"), { exact: true })).toBeVisible();
}

async function vote(enter: Enter): Promise<void> {
  const citizen = await enter();
  const { page } = citizen;
  const [base, email] = [`/editions/${slugIn("voting")}`, freshEmail("twice")];
  await page.goto(`${base}/cases`);
  // With scripts a pick sends no form, and a second press takes it back.
  if (citizen.scripts) await pick(page, 1);
  else await twice(citizen, pickButtons(page).first(), /\/cases/);
  await expect(pickButtons(page).first()).toHaveAttribute("aria-pressed", "true");
  await twice(citizen, "voting.send_code", /\/code$/, `${base}/vote/citizens`, { email, consent: true, of_age: true });
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
}

const WALKS = {
  "an organisation gets an account": getAccount,
  "an edition is set up, published and removed": setUpAndRemove,
  "a case is sent in and withdrawn, and a colleague invited": sendCase,
  "a notice is written, and a case decided about": keepDesks,
  "people are invited, and links made": inviteAndLink,
  "a roll is filled and emptied": fillRoll,
  "an edition is made from a file, judged and announced": judgeAndAnnounce,
  "a citizen gets one code and casts one ballot": vote,
};

for (const [name, walk] of testsOf(WALKS)) test(name, walk);

test("a button says that it is at work, and is itself again on a page that is shown again", async ({ browser }) => {
  const visitor = await deskOf(browser, true);
  const { page } = visitor;
  const button = find(visitor, "accounts.send_link");
  const [heard, posts]: string[][] = [[], []];
  page.on("request", (request) => request.method() === "POST" && posts?.push(request.url()));
  await open(visitor, "/forgot", { email: freshEmail("nobody") });
  await page.exposeFunction("hear", (state: string) => heard?.push(state));
  await button.evaluate((button) => {
    const { hear } = window as unknown as { hear: (state: string) => void };
    const tell = (): void => hear(`${button.getAttribute("aria-busy")}: ${button.textContent}`);
    new MutationObserver(tell).observe(button, { attributes: true, childList: true });
  });
  hold(visitor);
  await button.click({ noWaitAfter: true });
  await expect.poll(() => heard?.at(-1)).toBe(`true: ${say("ui.sending")}`);
  await pressAgain(visitor);
  await letGo(visitor);
  await expect(page.getByText(say("accounts.sent_title")).first()).toBeVisible();
  expect(posts).toHaveLength(1);
  await page.goBack();
  await expect(button).toBeVisible();
  await expect(button).not.toHaveAttribute("aria-busy");
  await page.context().close();
});
