// The fraud checks from end to end: a program's ballots are held, two administrators rule, a voter appeals, and the
// record says what became of every ballot.

import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Locator, type Page, expect, test } from "@playwright/test";
import { Program } from "./program.ts";
import {
  LANGUAGES,
  type Language,
  PASSWORD,
  RECORD_WAIT,
  askForCode,
  cast,
  expectAccessible,
  expectNoSidewaysScroll,
  freshEmail,
  giveCode,
  languageLink,
  makeEdition,
  moveClock,
  pick,
  readMail,
  receiptNumber,
  say,
  send,
  shot,
  signAll,
  tabTo,
  windowOf,
} from "./support.ts";

/** Ballots of the program: more than the detector lets one browser cast without a question. */
const FORGED = 14;
/** How the desk counts them, and fewer than five, until the poll is closed. */
const IN_STEPS = "10–14";
const A_FEW = "0–4";
const APPEAL = "복지관에서 어르신들의 투표를 차례로 도왔습니다.\n이 표는 제가 직접 했습니다.";
const NOTE = "복지관 담당자와 통화했습니다.";
const ANSWER = "말씀해 주셔서 고맙습니다. 이 표는 집계에 넣기로 했습니다.";

/** Runs the auditor and returns its output. A failure carries its output. */
function audit(...words: string[]): string {
  return execFileSync(process.env["HANPYO_AUDIT"] ?? "hanpyo-audit", words, { encoding: "utf8", stdio: "pipe" });
}

const button = (page: Page, key: string, language: Language): Locator =>
  page.getByRole("button", { name: say(key, language), exact: true });

/** Checks a page for the eye, the ear and a narrow screen, and takes a picture of it. */
async function look(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await shot(page, name);
}

/** Opens a page again and again until this is on it. */
async function openUntil(page: Page, path: string, wanted: Locator, timeout = 60_000): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    expect(await wanted.first().isVisible()).toBe(true);
  }).toPass({ timeout, intervals: [250] });
}

/** Reads the value beside a name in a list of facts. */
async function fact(page: Page, name: string): Promise<string> {
  const row = page.locator(".facts > div").filter({ has: page.getByText(name, { exact: true }) });
  return ((await row.locator("dd").textContent()) ?? "").trim();
}

/** Proposes a ruling, about the whole group or about one ballot. */
async function propose(desk: Page, language: Language, reason: string, ballot = ""): Promise<void> {
  await desk.locator("#field-reason").selectOption({ label: say(`fraud.${reason}`, language) });
  await desk.locator("#field-ballot").fill(ballot);
  await button(desk, "fraud.propose", language).click();
  await expect(desk.getByText(say("fraud.done_proposed", language), { exact: true })).toBeVisible();
}

/** Opens a group and confirms what the other person has proposed. */
async function confirm(desk: Page, group: string, language: Language): Promise<void> {
  await desk.goto(group);
  await expect(desk.getByText(say("fraud.same_browser", language))).toHaveCount(0);
  await button(desk, "fraud.confirm", language).click();
  await expect(desk.getByText(say("fraud.done_confirmed", language), { exact: true })).toBeVisible();
}

/** Shows a receipt to the page of appeals. */
async function lookAt(page: Page, slug: string, receipt: string, language: Language): Promise<void> {
  await page.goto(`/record/${slug}/appeal`);
  await page.locator("#field-receipt").fill(receipt);
  await button(page, "fraud.appeal_look", language).click();
}

test("a program's ballots are held, two people rule, an appeal is heard, and anybody can count again", async ({ browser }) => {
  // The desktop uses English. The phone uses Korean.
  const half: Language = test.info().project.name === "desktop" ? "en" : "ko";
  const locale = LANGUAGES[half];
  const of = (key: string, values: Record<string, string | number> = {}): string => say(key, half, values);

  const first = await windowOf(browser, "admin", { locale });
  const edition = await makeEdition(first, "fraud", "voting", { judges: ["judge7"] });
  const { slug } = edition;
  const fraud = `/admin/${slug}/fraud`;

  const program = await test.step("a program casts many ballots with one jar of cookies", async () => {
    const program = new Program("127.0.0.2");
    for (let voter = 1; voter <= FORGED; voter += 1) {
      const email = freshEmail(`forged-${voter}`).replace("@hanpyo.example", "@program.example");
      await program.vote(slug, edition.cases, email);
      if (voter < FORGED) await program.next(slug);
    }
    return program;
  });

  const person = await test.step("a person votes in a browser", async () => {
    const page = await (await windowOf(browser, undefined, { locale })).newPage();
    const email = freshEmail("person");
    await page.goto(`/editions/${slug}/cases`);
    await pick(page, 2, half);
    await page.goto(`/editions/${slug}/vote/citizens`);
    await askForCode(page, email, half);
    await giveCode(page, email, half);
    await cast(page, half);
    return page;
  });

  const desk = await first.newPage();
  const group = await test.step("an administrator finds the group that is held, and opens it by the keyboard", async () => {
    const held = desk.locator("#groups tbody tr").filter({ hasText: of("fraud.state_waiting", { n: IN_STEPS }) });
    await openUntil(desk, fraud, held);
    await expect(desk.locator("#groups tbody tr"), "one group for one program").toHaveCount(1);
    const text = (await held.textContent()) ?? "";
    const shared = ["fraud.shares_device", "fraud.shares_domain", "fraud.shares_network"].map((key) => of(key));
    expect(shared.filter((sentence) => text.includes(sentence)), text).toHaveLength(1);
    await look(desk, "fraud-board");
    await tabTo(desk, held.getByRole("link"));
    await desk.keyboard.press("Enter");
    await expect(desk).toHaveURL(new RegExp(`${fraud}/[0-9a-f-]{36}$`));
    await expect(desk.getByText(of("fraud.group_lead", { n: IN_STEPS }))).toBeVisible();
    return new URL(desk.url()).pathname;
  });

  await test.step("the person's ballot is not held", async () => {
    await person.reload();
    await receiptNumber(person);
    await expect(person.getByText(of("fraud.receipt_held"))).toHaveCount(0);
  });

  const voter = await (await windowOf(browser, undefined, { locale })).newPage();
  const ballot = await test.step("a voter of the program's browser reads on the receipt that the ballot is held", async () => {
    await program.handOver(voter.context());
    await voter.goto(`/editions/${slug}/vote/citizens/receipt`);
    const other: Language = half === "ko" ? "en" : "ko";
    for (const language of [half, other, half]) {
      if ((await voter.locator("html").getAttribute("lang")) !== language) await languageLink(voter, language).click();
      await expect(voter.locator("html")).toHaveAttribute("lang", language);
      await expect(voter.getByText(say("fraud.receipt_held", language), { exact: true })).toBeVisible();
      await expect(voter.getByText(say("fraud.receipt_held_text", language), { exact: true })).toBeVisible();
    }
    await look(voter, "fraud-receipt");
    return receiptNumber(voter);
  });

  const receipt = await (await voter.request.get(`/editions/${slug}/vote/citizens/receipt/file`)).text();
  const plain = await (await windowOf(browser, undefined, { locale, javaScriptEnabled: false })).newPage();
  const verify = async (): Promise<Locator> => {
    await plain.goto("/verify");
    await plain.locator("#field-receipt").fill(receipt);
    await button(plain, "verify.go", half).click();
    await expect(plain.locator("#verify-where")).toHaveText(of("verify.on_server"));
    return plain.locator("#verify-result");
  };
  await expect(await verify()).toContainText(of("verify.status_held"));

  await test.step("the voter appeals", async () => {
    await button(voter, "fraud.to_appeal", half).click();
    await expect(voter).toHaveURL(new RegExp(`/record/${slug}/appeal$`));
    await expect(voter.locator("#state")).toContainText(of("fraud.receipt_held"));
    await look(voter, "fraud-appeal");
    await voter.locator("#field-message").fill(APPEAL);
    await button(voter, "fraud.appeal_send", half).click();
    await expect(voter.getByText(of("fraud.appeal_sent"), { exact: true })).toBeVisible();
    await expect(voter.locator("#state")).toContainText(APPEAL.split("\n")[1] ?? "");
    await expect(voter.locator("#state")).toContainText(of("fraud.appeal_waiting"));
    await look(voter, "fraud-appeal-sent");
  });

  await test.step("the voter proves themselves again by mobile phone", async () => {
    const number = `010${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;
    await voter.locator("#field-mobile").fill("010-12");
    await voter.locator("#field-consent-mobile").check();
    await button(voter, "fraud.again_send", half).click();
    await expect(voter.locator("#error-mobile")).toBeVisible();
    await expect(voter.locator("#field-mobile")).toHaveValue("010-12");
    await voter.locator("#field-mobile").fill(number);
    await button(voter, "fraud.again_send", half).click();
    await expect(voter.getByText(of("fraud.again_sent_mobile"), { exact: true })).toBeVisible();
    const code = await readMail(voter.context(), number, "code");
    await voter.locator("#field-code").fill(code === "123456" ? "654321" : "123456");
    await button(voter, "fraud.again_check", half).click();
    await expect(voter.locator("#field-code")).toBeVisible();
    await look(voter, "fraud-again-wrong");
    await voter.locator("#field-code").fill(code);
    await button(voter, "fraud.again_check", half).click();
    await expect(voter.getByText(of("fraud.again_proven_mobile"), { exact: true })).toBeVisible();
    await look(voter, "fraud-again-proven");
  });

  await test.step("the administrator proposes to exclude the group, and cannot confirm it alone", async () => {
    // A ruling is about the ballots on the page. The program's last ones may have been held after it was opened.
    await desk.reload();
    await propose(desk, half, "reason_program");
    await expect(desk.getByText(of("fraud.own_proposal"), { exact: true })).toBeVisible();
    await expect(button(desk, "fraud.confirm", half)).toHaveCount(0);
    await look(desk, "fraud-group");
    const ruling = (await desk.locator('#rulings input[name="ruling"]').getAttribute("value")) ?? "";
    const headers = { "accept-language": locale };
    const alone = await first.request.post(group, { form: { act: "confirm", ruling }, headers, maxRedirects: 0 });
    expect(alone.status()).toBeGreaterThanOrEqual(400);
    expect(await alone.text()).toContain(of("fraud.second_person"));
  });

  const second = await windowOf(browser, undefined, { locale });
  const other = await second.newPage();
  await test.step("a second administrator opens the evidence and confirms", async () => {
    const email = freshEmail("second");
    await send(first, `/admin/${slug}/people`, { act: "invite", email, role: "administrator", organisation: "" });
    await send(second, await readMail(first, email, "link"), { name: "한두울", password: PASSWORD });
    await confirm(other, group, half);
    await expect(other.locator(".facts").first()).toContainText(of("fraud.state_ruled", { excluded: IN_STEPS, restored: A_FEW }));
    await voter.goto(`/editions/${slug}/vote/citizens/receipt`);
    await expect(voter.getByText(of("fraud.receipt_excluded"), { exact: true })).toBeVisible();
    await expect(await verify()).toContainText(of("verify.status_excluded"));
  });

  await test.step("the appeal is granted by both, and answered", async () => {
    const appeal = other.locator("#appeals");
    await expect(appeal).toContainText(APPEAL.split("\n")[0] ?? "");
    await expect(appeal).toContainText(of("fraud.again_proven_mobile"));
    await other.locator("#field-message").fill(NOTE);
    await button(other, "fraud.note_write", half).click();
    await expect(other.locator("#notes")).toContainText(NOTE);
    // The link beside the appeal fills in the number of its ballot.
    await appeal.getByRole("link", { name: of("fraud.rule_on_this"), exact: true }).click();
    await expect(other.locator("#field-ballot")).toHaveValue(ballot.replaceAll(" ", "").toLowerCase());
    await propose(other, half, "reason_shown_on_appeal", ballot);
    await confirm(desk, group, half);
    await expect(desk.locator(".facts").first()).toContainText(of("fraud.state_ruled", { excluded: IN_STEPS, restored: A_FEW }));
    await desk.locator('#appeals textarea[name^="answer-"]').fill(ANSWER);
    await button(desk, "fraud.send_answer", half).click();
    await expect(desk.getByText(of("fraud.done_answered"), { exact: true })).toBeVisible();
    await expect(desk.locator("#appeals")).toContainText(ANSWER);
    await look(desk, "fraud-group-ruled");
    await desk.goto(`${fraud}?groups=ruled`);
    const ruled = desk.locator("#groups tbody tr");
    await expect(ruled).toHaveCount(1);
    await expect(ruled).toContainText(of("fraud.state_ruled", { excluded: IN_STEPS, restored: A_FEW }));
    await look(desk, "fraud-board-ruled");
  });

  await test.step("the voter reads with the receipt that the ballot counts", async () => {
    await lookAt(voter, slug, receipt, half);
    await expect(voter.locator("#state")).toContainText(of("fraud.receipt_restored"));
    await expect(voter.locator("#state")).toContainText(ANSWER);
    await expect(voter.locator("#write")).toHaveCount(0);
    await look(voter, "fraud-appeal-answered");
    const result = await verify();
    await expect(result).toContainText(of("verify.status_received"));
    await expect(result).not.toContainText(of("verify.status_held"));
    await expect(result).not.toContainText(of("verify.status_excluded"));
  });

  await test.step("the counts are read, and the report says what became of every ballot", async () => {
    await moveClock(first, slug, "judging");
    const judge = await windowOf(browser, "judge7");
    await signAll(judge, edition);
    await moveClock(first, slug, "deliberation");
    const announcement = { act: "announce", when: "now", minutes: "두 사람이 모여 살폈습니다.", confirm: say("awards.announce_word") };
    await send(first, `/admin/${slug}/standings`, announcement);
    const section = voter.getByRole("heading", { name: of("fraud.report_ranks"), exact: true });
    await openUntil(voter, `/record/${slug}/fraud`, section, RECORD_WAIT);
    const numbers = { received: FORGED + 1, counted: 2, held: 0, excluded: FORGED - 1, replaced: 0 };
    for (const [name, number] of Object.entries(numbers)) {
      expect(await fact(voter, of(`fraud.report_${name}`)), name).toBe(String(number));
    }
    // The reason without its verdict.
    const program = of("fraud.report_excluded_by", { reason: of("fraud.reason_program").replace(/^[^:]*: /, "") });
    expect(await fact(voter, program)).toBe(String(FORGED - 1));
    expect(await fact(voter, of("fraud.report_restored"))).toBe("1");
    expect(await fact(voter, of("fraud.report_groups"))).toBe("1");
    expect(await fact(voter, of("fraud.report_appeals"))).toBe(
      of("fraud.report_appeals_text", { n: 1, answered: 1, granted: 1, rejected: 0 }),
    );
    await look(voter, "fraud-report");
    await lookAt(voter, slug, receipt, half);
    await expect(voter.locator("#state")).toContainText(of("fraud.receipt_restored"));
    await desk.goto(group);
    await expect(desk.getByText(of("fraud.counts_were_read"), { exact: true })).toBeVisible();
    await expect(button(desk, "fraud.propose", half)).toHaveCount(0);
    await look(desk, "fraud-group-over");
    await desk.goto(`/admin/${slug}/audit`);
    await expect(desk.getByText(of("fraud.act_ruling_confirmed")).first()).toBeVisible();
  });

  await test.step("the second program counts the same", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hanpyo-fraud-"));
    const balance = `received ${FORGED + 1} = counted 2 + held 0 + excluded ${FORGED - 1} + replaced 0`;
    await expect(async () => {
      audit("fetch", `${process.env["HANPYO_URL"]}/record/${slug}`, folder);
      const report = audit("verify", folder);
      expect(report).toContain("result.json is the document in the log");
      expect(report).toContain(`poll     citizens: ${balance}`);
      expect(report).toContain("CLEAN: nothing that was checked is wrong");
    }).toPass({ timeout: RECORD_WAIT });
    await rm(folder, { recursive: true });
  });

  for (const window of [first, second, person.context(), voter.context(), plain.context()]) await window.close();
});
