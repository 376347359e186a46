// As in twice.spec.ts: the buttons of the fraud desk and of held ballots, of an edition's end, its polls, its draft and
// its clock are pressed twice on a slow line, and everything ends as if pressed once.

import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "@playwright/test";
import {
  type Desk,
  type Enter,
  type Fields,
  enterSecondAdmin,
  expectInTrail,
  expectLetters,
  expectOneLetter,
  find,
  open,
  testsOf,
  twice,
} from "./press.ts";
import { Program } from "./program.ts";
import {
  type OwnEdition,
  RECORD_WAIT,
  type Season,
  freshEmail,
  makeEdition,
  moveClock,
  photograph,
  readMail,
  say,
  send,
  signAll,
} from "./support.ts";

// ---- held ballots ----

/** Ballots of the program: more than the detector lets one browser cast without a question. */
const FORGED = 14;

/** Lets a program vote until its ballots are held. Returns it and its receipts. */
async function forge({ slug, cases }: OwnEdition): Promise<{ program: Program; receipts: string[] }> {
  const program = new Program("127.0.0.3");
  const receipts: string[] = [];
  for (let voter = 1; voter <= FORGED; voter += 1) {
    if (voter > 1) await program.next(slug);
    const email = freshEmail(`forged-${voter}`).replace("@hanpyo.example", "@program.example");
    await program.vote(slug, cases, email);
    receipts.push(await program.readReceipt(slug));
  }
  return { program, receipts };
}

/** Waits until the ballot of this receipt is held. */
async function waitUntilHeld({ page }: Desk, slug: string, receipt: string): Promise<void> {
  const form = { act: "look", receipt };
  await expect(async () => {
    const answer = await page.request.post(`/record/${slug}/appeal`, { form });
    expect(await answer.text()).toContain(say("fraud.receipt_held"));
  }).toPass({ timeout: RECORD_WAIT, intervals: [250] });
}

/** Sends the appeal of the ballot that the page is about. */
async function appeal(voter: Desk, slug: string, message: string): Promise<void> {
  const { page } = voter;
  await page.locator("#field-message").fill(message);
  await twice(voter, "fraud.appeal_send", new RegExp(`/record/${slug}/appeal$`));
  await expect(page.getByText(say("fraud.appeal_sent"), { exact: true })).toBeVisible();
  await expect(page.locator("#state").getByText(message, { exact: true })).toHaveCount(1);
}

/** Appeals for three held ballots, and proves the voter of the first again by telephone. */
async function appealThreeTimes(voter: Desk, slug: string, receipts: string[], messages: string[]): Promise<void> {
  const { page } = voter;
  const way = new RegExp(`/record/${slug}/appeal$`);
  await twice(voter, "fraud.to_appeal", way, `/editions/${slug}/vote/citizens/receipt`);
  await appeal(voter, slug, messages[0] ?? "");
  const mobile = `010${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;
  await page.locator("#field-mobile").fill(mobile);
  await page.locator("#field-consent-mobile").check();
  await twice(voter, "fraud.again_send", way);
  await expectOneLetter(voter, mobile);
  await page.locator("#field-code").fill(await readMail(page.context(), mobile, "code"));
  await twice(voter, "fraud.again_check", way);
  await expect(page.getByText(say("fraud.again_proven_mobile"), { exact: true })).toBeVisible();
  for (const at of [1, 2]) {
    const fields: Fields = { receipt: receipts[at] ?? "" };
    await twice(voter, "fraud.appeal_look", way, `/record/${slug}/appeal`, fields);
    await appeal(voter, slug, messages[at] ?? "");
  }
}

/** Writes a note, withdraws a proposal and makes another one, which the second person confirms. */
async function rule(first: Desk, second: Desk, slug: string, group: string): Promise<void> {
  const { page } = first;
  const [rulings, notes] = [page.locator("#rulings li"), page.locator("#notes li")];
  const propose = async (): Promise<void> => {
    await page.locator("#field-reason").selectOption({ label: say("fraud.reason_program") });
    await twice(first, "fraud.propose", /done=proposed/);
    await expect(rulings).toHaveCount(1);
  };
  await open(first, group, { message: "They were called once." });
  await twice(first, "fraud.note_write", /done=noted/);
  await expect(notes).toHaveCount(1);
  await propose();
  await twice(first, "fraud.withdraw", /done=withdrawn/);
  await expect(rulings).toHaveCount(0);
  await propose();
  await twice(second, "fraud.confirm", /done=confirmed/, group);
  await expect(second.page.locator("#rulings li")).toHaveCount(1);
  await expectInTrail(first, slug, {
    "fraud.act_note_written": 1,
    "fraud.act_ruling_proposed": 2,
    "fraud.act_ruling_withdrawn": 1,
    "fraud.act_ruling_confirmed": 1,
  });
}

/** Answers one appeal, and then the two others at once. */
async function answerAppeals(admin: Desk, slug: string, group: string, messages: string[]): Promise<void> {
  const appeals = admin.page.locator("#appeals");
  await admin.page.goto(group);
  for (const message of messages) await expect(appeals.getByText(message, { exact: true })).toHaveCount(1);
  const one = appeals.locator("li").filter({ hasText: messages[0] ?? "" });
  await one.locator("textarea").fill("Heard once.");
  await twice(admin, one.locator("[value=answer]"), /done=answered/);
  await expect(appeals.getByText("Heard once.", { exact: true })).toHaveCount(1);
  await appeals.locator("summary").click();
  await appeals.locator('[id="field-answer-all"]').fill("Heard together.");
  await twice(admin, "fraud.send_answer_all", /done=answered/);
  await expect(appeals.getByText("Heard together.", { exact: true })).toHaveCount(2);
  await expectInTrail(admin, slug, { "fraud.act_appeal_answered": 2 });
}

async function hearHeldVoters(enter: Enter): Promise<void> {
  const [admin, voter] = [await enter("admin"), await enter()];
  const edition = await makeEdition(admin.page.context(), "twice-fraud", "voting");
  const { slug } = edition;
  const { program, receipts } = await forge(edition);
  const messages = ["I voted by myself.", "I helped my mother.", "We share one computer."];
  const shown = [receipts.at(-1) ?? "", receipts[0] ?? "", receipts[1] ?? ""];
  for (const receipt of shown) await waitUntilHeld(voter, slug, receipt);
  await program.handOver(voter.page.context());
  await appealThreeTimes(voter, slug, shown, messages);
  if (!voter.scripts) {
    await twice(voter, "verify.go", /\/verify$/, "/verify", { receipt: shown[1] ?? "" });
    await expect(voter.page.locator("#verify-result")).toContainText(say("verify.status_held"));
  }
  await admin.page.goto(`/admin/${slug}/fraud`);
  const groups = admin.page.locator("#groups tbody tr");
  await expect(groups).toHaveCount(1);
  const group = (await groups.getByRole("link").getAttribute("href")) ?? "";
  await rule(admin, await enterSecondAdmin(enter, admin, slug), slug, group);
  await answerAppeals(admin, slug, group, messages);
}

// ---- the end of an edition ----

/** Returns the name and the lines of an edition's record. */
async function readRecord({ page }: Desk, slug: string): Promise<{ origin: string; lines: string[] }> {
  const [origin = "", size = ""] = (await (await page.request.get(`/record/${slug}/checkpoint`)).text()).split("\n");
  const lines = await (await page.request.get(`/record/${slug}/entries/000.p/${size}`)).text();
  return { origin, lines: lines.trimEnd().split("\n") };
}

/** A line of a record: the record's name, its text, and its index. */
interface RecordLine {
  origin: string;
  line: string;
  at: number;
}

/** Waits until one line of the record begins like this, and no other. */
async function waitForLine(desk: Desk, slug: string, begin: string): Promise<RecordLine> {
  let found = { origin: "", line: "", at: -1 };
  await expect(async () => {
    const { origin, lines } = await readRecord(desk, slug);
    const own = lines.filter((line) => line.startsWith(begin));
    expect(own).toHaveLength(1);
    found = { origin, line: own[0] ?? "", at: lines.indexOf(own[0] ?? "") };
  }).toPass({ timeout: RECORD_WAIT, intervals: [250] });
  return found;
}

/** Signs the result in the record with a new key, as an observer's program does. */
async function signResult(desk: Desk, slug: string): Promise<Fields> {
  const { origin, line, at } = await waitForLine(desk, slug, "result/v1 ");
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const name = "press.example/observer";
  const bytes = Buffer.concat([Buffer.of(1), publicKey.export({ type: "spki", format: "der" }).subarray(-32)]);
  const id = createHash("sha256").update(`${name}\n`).update(bytes).digest().subarray(0, 4);
  const text = `hanpyo-observed/v1\n${origin}\n${at}\n${line.split(" ").at(-1)}\n`;
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]);
  return {
    key: `${name}+${id.toString("hex")}+${bytes.toString("base64")}`,
    note: `${text}\n— ${name} ${signature.toString("base64")}\n`,
  };
}

/** Gives the written reason for cases with too few sheets, and confirms it as the second person. */
async function excuseQuorum(first: Desk, second: Desk, slug: string): Promise<void> {
  const quorum = `/admin/${slug}/quorum`;
  const reason = "A judge fell ill.";
  await twice(first, "awards.quorum_give", /done=given/, quorum, { reason });
  await expect(first.page.locator("main .prose").getByText(reason, { exact: true })).toHaveCount(1);
  await twice(second, "awards.quorum_confirm", /done=confirmed/, quorum, { confirm: say("awards.quorum_word") });
  await expectInTrail(first, slug, { "admin.act_quorum_reason_given": 1, "admin.act_quorum_reason_confirmed": 1 });
}

/** Shows a photograph with the result, and takes it away again. */
async function showPhotograph(admin: Desk, visitor: Desk, slug: string): Promise<void> {
  const { page } = admin;
  const [photographs, caption] = [page.locator("ul.photographs > li"), "Everybody on the stage"];
  await open(admin, `/admin/${slug}/photographs`, { caption });
  await page.locator("#field-file").setInputFiles(await photograph(page));
  await twice(admin, "photographs.add", /done=added/);
  await expect(photographs).toHaveCount(1);
  await visitor.page.goto(`/editions/${slug}/results`);
  await expect(visitor.page.locator("#photographs figure")).toHaveCount(1);
  await twice(admin, photographs.locator("[value=remove]"), /done=removed/);
  await expect(photographs).toHaveCount(0);
  await expectInTrail(admin, slug, { "photographs.act_added": 1, "photographs.act_removed": 1 });
}

async function endEdition(enter: Enter): Promise<void> {
  const [first, visitor] = [await enter("admin"), await enter()];
  const { page } = first;
  const change = (season: Season): void => {
    (season as Season & { panel: { quorum: number } }).panel.quorum = 2;
  };
  const edition = await makeEdition(page.context(), "twice-end", "judging", { judges: ["judge4", "judge5"], change });
  const { slug } = edition;
  const [base, record] = [`/admin/${slug}`, `/admin/${slug}/record`];
  const second = await enterSecondAdmin(enter, first, slug);
  await signAll((await enter("judge4")).page.context(), edition);
  await moveClock(page.context(), slug, "deliberation");
  await excuseQuorum(first, second, slug);
  const announcement = { act: "announce", when: "now", minutes: "", without_judges: "yes" };
  await send(page.context(), `${base}/standings`, { ...announcement, confirm: say("awards.announce_word") });
  await showPhotograph(first, visitor, slug);
  await open(first, record, { name: "The press" });
  await find(first, "record.observer_make").click();
  const link = new URL((await page.locator("code", { hasText: "?observer=" }).textContent()) ?? "");
  const signed = await signResult(visitor, slug);
  await twice(visitor, "record.sign_send", /done=observed/, `${link.pathname}${link.search}`, signed);
  await visitor.page.goto(`/record/${slug}`);
  await expect(visitor.page.locator("#observed tbody tr")).toHaveCount(1);
  await page.goto(base);
  await page.getByText(say("admin.archive_title"), { exact: true }).click();
  await twice(first, "admin.archive", /done=archived/);
  await twice(first, "record.erase", /done=erased/, record, { "confirm-erase": say("record.erase_word") });
  await expect(find(first, "record.erase")).toHaveCount(0);
  await waitForLine(visitor, slug, "erase/v1 ");
  await expectInTrail(first, slug, {
    "record.act_observed": 1,
    "admin.act_edition_archived": 1,
    "record.act_erased": 1,
  });
}

// ---- polls, a draft, and the clock ----

/** Adds a poll and removes it. */
async function changePolls(admin: Desk, slug: string): Promise<void> {
  const { page } = admin;
  const [polls, title] = [`/admin/${slug}/polls`, "Twice asked"];
  const named = page.locator("main").getByRole("heading", { name: title });
  await twice(admin, "polls.save", /done=saved/, `/admin/${slug}/add-poll`, {
    title_ko: title,
    title_en: title,
    slug: "second",
    weight: "1/10",
  });
  await expect(named).toHaveCount(1);
  await page.goto(`${polls}/second`);
  await page.getByText(say("polls.remove_title"), { exact: true }).click();
  await twice(admin, "polls.remove", /\/polls\?done=removed/);
  await expect(named).toHaveCount(0);
  await expectInTrail(admin, slug, { "admin.act_poll_added": 1, "admin.act_poll_removed": 1 });
}

/** Begins a draft, fills in a city, and deletes it. */
async function deleteDraft(admin: Desk): Promise<void> {
  const { page } = admin;
  const [drafts, rows] = [page.locator("main ul.desk > li"), page.locator(".setup-row")];
  await page.goto("/admin/editions/new");
  const before = await drafts.count();
  await find(admin, "setup.start").click();
  await page.waitForURL(/\/basics/);
  await page.goto(page.url().replace(/basics.*/, "places"));
  await page.getByText(say("setup.city"), { exact: true }).click();
  await twice(admin, "setup.city_daejeon", /\/places/);
  await expect(rows.filter({ has: page.locator('[id^="field-districts."]') })).toHaveCount(5);
  await page.goto(page.url().replace(/places.*/, "check"));
  await page.getByText(say("setup.delete_open"), { exact: true }).click();
  await twice(admin, "setup.delete", /\/new\?done=deleted/);
  await expect(drafts).toHaveCount(before);
}

/** Moves the clock by a day, to a typed time, and back to the real time. */
async function moveTheClock(admin: Desk, slug: string): Promise<void> {
  const { page } = admin;
  const typed = page.locator("#field-instant");
  const hour = async (): Promise<number> => Math.floor(Date.parse(`${await typed.inputValue()}Z`) / 3_600_000);
  await page.goto(`/admin/${slug}/clock`);
  const before = await hour();
  await twice(admin, "admin.day_on", /done=moved/);
  expect((await hour()) - before, "hours that the clock was moved").toBe(24);
  await typed.fill("2024-03-12T09:00");
  await twice(admin, "admin.clock_go", /done=moved/);
  await expect(typed).toHaveValue(/^2024-03-12T09:/);
  await twice(admin, "admin.clock_back", /done=moved/);
  await expectInTrail(admin, slug, { "admin.act_edition_clock_moved": 4 });
}

/** Sends invitations again: that of a judge, and that of a colleague. */
async function inviteAgain(admin: Desk, member: Desk, slug: string): Promise<void> {
  const [judge, colleague] = [freshEmail("judge"), freshEmail("colleague")];
  const people = `/admin/${slug}/people`;
  await send(admin.page.context(), people, { act: "invite", email: judge, role: "judge", organisation: "" });
  await admin.page.goto(people);
  const row = admin.page.locator("tbody tr", { hasText: judge });
  await twice(admin, row.locator("[value=resend]"), /done=resent/);
  await expectLetters(admin, 2, judge);
  await send(member.page.context(), "/organisation", { act: "invite", email: colleague });
  await member.page.goto("/organisation");
  const card = member.page.locator("#colleagues article").filter({ hasText: colleague });
  await twice(member, card.locator("[value=resend]"), /done=resent/);
  await expectLetters(member, 2, colleague);
}

/** Publishes a notice after the session has ended in another tab, and came back. */
async function sendAgain(admin: Desk, slug: string): Promise<void> {
  const { page } = admin;
  const title = `Sent again ${admin.scripts}`;
  await open(admin, `/admin/${slug}/office`, { title, body: "It was typed once, and not lost." });
  const session = await page.context().cookies();
  await page.context().clearCookies();
  await find(admin, "office.notice_publish").click();
  await expect(page.getByRole("heading", { name: say("errors.typed_title") })).toBeVisible();
  await page.context().addCookies(session);
  await twice(admin, "errors.send_again", /done=published/);
  await expect(page.getByRole("heading", { name: title })).toHaveCount(1);
}

async function runEdition(enter: Enter): Promise<void> {
  const [admin, member] = [await enter("admin"), await enter("member")];
  const { slug } = await makeEdition(admin.page.context(), "twice-run", "screening");
  await changePolls(admin, slug);
  await deleteDraft(admin);
  await inviteAgain(admin, member, slug);
  await sendAgain(admin, slug);
  await moveTheClock(admin, slug);
}

/** Saves a sheet over another version of it that a second tab has saved. */
async function keepOwnSheet(enter: Enter): Promise<void> {
  const [admin, judge] = [await enter("admin"), await enter("judge5")];
  test.skip(judge.scripts, "with scripts the page asks without a form");
  const { slug, cases } = await makeEdition(admin.page.context(), "twice-sheet", "judging", { judges: ["judge5"] });
  const sheet = `/judging/${slug}/${cases[0]}`;
  await open(judge, sheet, { "score-0": "31", "score-1": "52" });
  const other = { version: "0", "score-0": "1", "score-1": "2", act: "save" };
  await send(judge.page.context(), sheet, other);
  await find(judge, "judging.save").click();
  await expect(judge.page.getByText(say("judging.clash_title"), { exact: true })).toBeVisible();
  await twice(judge, "judging.keep_mine", new RegExp(`${sheet}$`));
  await expect(judge.page.locator("#field-score-0")).toHaveValue("31");
}

const WALKS = {
  "held voters appeal, and two people rule": hearHeldVoters,
  "an edition ends with a result, a signature and an erasure": endEdition,
  "polls, a draft, invitations, a lost session and the clock": runEdition,
  "a sheet is kept that another tab has changed": keepOwnSheet,
};

for (const [name, walk] of testsOf(WALKS)) test(name, walk);
