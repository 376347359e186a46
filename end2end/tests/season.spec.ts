// One whole season in a browser, from an empty edition to a result that anybody can check.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, type Page, expect, test } from "@playwright/test";
import {
  LANGUAGES,
  LONG_TEST,
  type Language,
  PASSWORD,
  RECORD_WAIT,
  type Season,
  askForCode,
  basket,
  cast,
  expectAccessible,
  expectNoSidewaysScroll,
  freshEmail,
  giveCode,
  giveConsents,
  languageLink,
  photograph,
  readMail,
  receiptNumber,
  say,
  shot,
  signIn,
  smallSeason,
  windowOf,
} from "./support.ts";

const STORIES = ["골목 화단을 함께 가꾸었습니다", "밤길에 등을 달았습니다", "우리 회사 제품을 소개합니다"] as const;
const [GARDEN, LAMPS, ADVERT] = STORIES;
const REASON = "홍보 글이어서 공모의 취지에 맞지 않습니다.";

const button = (page: Page, key: string, language: Language = "ko") =>
  page.getByRole("button", { name: say(key, language), exact: true });

async function jump(admin: Page, slug: string, to: string): Promise<void> {
  await admin.goto(`/admin/${slug}/clock`);
  await admin.locator(`button[name="jump"][value="${to}"]`).click();
  await expect(admin).toHaveURL(/done=moved/);
}

async function upload(admin: Page, season: Season): Promise<string> {
  const text = JSON.stringify(season, null, 2);
  const file = { name: "season.json", mimeType: "application/json", buffer: Buffer.from(text) };
  await admin.goto("/admin/editions/new");
  await admin.locator("#field-file").setInputFiles(file);
  await admin.locator("#field-rehearsal").check();
  await button(admin, "admin.create").click();
  return text;
}

async function invite(admin: Page, slug: string, role: "judge" | "member", email: string): Promise<void> {
  await admin.goto(`/admin/${slug}/people`);
  await admin.locator("#field-email").fill(email);
  await admin.getByRole("radio", { name: say(`accounts.${role}`), exact: true }).check();
  if (role === "member") await admin.locator("#field-organisation").fill(`${slug} 복지관`);
  await button(admin, "admin.invite_send").click();
  await expect(admin.getByText(say("admin.invite_done"))).toBeVisible();
}

async function accept(window: BrowserContext, email: string, name: string): Promise<Page> {
  const page = await window.newPage();
  await page.goto(await readMail(window, email, "link"));
  await expect(page.getByText(email)).toBeVisible();
  await page.locator("#field-name").fill(name);
  await page.locator("#field-password").fill(PASSWORD);
  await button(page, "accounts.accept").click();
  await expect(page).not.toHaveURL(/invitations/);
  return page;
}

async function begin(member: Page, slug: string, title: string): Promise<void> {
  await member.goto("/organisation");
  await member.locator(`a[href$="/organisation/cases/new?edition=${slug}"]`).click();
  await member.locator("#field-title").fill(title);
  await button(member, "cases.begin").click();
  await expect(member).toHaveURL(/\/organisation\/cases\/[0-9a-f-]{36}$/);
}

async function tell(member: Page): Promise<void> {
  await member.locator("#field-summary").fill("주민이 함께 시작하여 골목이 달라졌습니다.");
  await member.locator("#field-body").fill("처음에는 세 집이 모였습니다.\n\n지금은 서른 집이 함께합니다.");
  await member.locator("#field-place").selectOption({ label: "하나동" });
  await giveConsents(member);
  await button(member, "cases.submit").click();
  await expect(member).toHaveURL(/done=submitted/);
}

async function decide(admin: Page, slug: string, title: string, reason = ""): Promise<void> {
  await admin.goto(`/admin/${slug}/screening`);
  await admin.getByRole("link", { name: title, exact: true }).click();
  if (reason !== "") await admin.locator("#field-reason").fill(reason);
  await button(admin, reason === "" ? "screening.accept" : "screening.reject").click();
  await expect(admin).toHaveURL(/\/screening$/);
  const state = say(reason === "" ? "screening.state_accepted" : "screening.state_rejected");
  await expect(admin.getByRole("row", { name: title })).toContainText(state);
}

/** Scores every case and signs: all points for the garden, half of them for the others. */
async function judge(page: Page, language: Language): Promise<void> {
  await page.goto("/judging");
  await page.getByRole("link", { name: say("judging.continue_next", language) }).click();
  for (let signed = 0; signed < 2; signed += 1) {
    if (signed > 0) await page.getByRole("link", { name: say("judging.next_case", language), exact: true }).click();
    // The form is on the page of an unsigned case only, so the heading is not the one of the case before.
    await expect(page.locator("#field-confirm")).toBeVisible();
    const best = (await page.getByRole("heading", { level: 1 }).textContent()) === GARDEN;
    await page.locator("#field-score-0").fill(best ? "40" : "20");
    await page.locator("#field-score-1").fill(best ? "60" : "30");
    await page.locator("#field-confirm").check();
    await button(page, "judging.sign", language).click();
    await expect(page.getByText(say("judging.signed_title", language))).toBeVisible();
  }
  await page.goto("/judging");
  await expect(page.getByText(say("judging.all_signed", language))).toBeVisible();
}

test("a whole season is walked from an empty edition to a result that anybody can check", async ({ browser }) => {
  test.setTimeout(LONG_TEST);
  // In the second half the desktop uses English. The phone stays in Korean.
  const half: Language = test.info().project.name === "desktop" ? "en" : "ko";
  const turn = async (page: Page): Promise<void> => {
    if (half === "en") await languageLink(page, "en").click();
    await expect(page.locator("html")).toHaveAttribute("lang", half);
  };
  const season = smallSeason("walk");
  const { slug } = season;
  const admin = await (await windowOf(browser)).newPage();

  await test.step("the administrator is told what is wrong with a season file, and nothing of it is stored", async () => {
    await signIn(admin, "admin");
    const text = await upload(admin, { ...season, poll: { ...season.poll, weight: "40/100" } });
    const fault = admin.getByRole("alert").getByRole("row", { name: "/poll/weight" });
    await expect(fault).toContainText(say("season.weights_sum", "ko", { sum: "11/10" }));
    const line = Number(await fault.getByRole("cell").first().textContent());
    expect(text.split("\n")[line - 1]).toContain('"weight": "40/100"');
    expect((await admin.request.get(`/admin/${slug}`)).status()).toBe(404);
    await shot(admin, "season-refused");
  });

  await test.step("the mended file becomes an edition, which is published", async () => {
    await upload(admin, season);
    await expect(admin).toHaveURL(new RegExp(`/admin/${slug}\\?done=created`));
    const stranger = await windowOf(browser);
    expect((await stranger.request.get(`/editions/${slug}`)).status()).toBe(404);
    await stranger.close();
    await admin.goto(`/editions/${slug}`);
    await expect(admin.getByText(say("shell.preview"))).toBeVisible();
    await admin.goBack();
    await button(admin, "admin.publish").click();
    await expect(admin.getByText(say("admin.publish_rehearsal_done"))).toBeVisible();
    expect((await admin.request.get(`/editions/${slug}`)).status()).toBe(200);
  });

  const emails = { member: freshEmail("member"), one: freshEmail("judge"), two: freshEmail("judge") };
  const [member, one, two] = await test.step("a member and two judges are invited and open accounts", async () => {
    // By the real clock the judging of this season is over, and nobody joins its panel.
    await jump(admin, slug, "call");
    await invite(admin, slug, "member", emails.member);
    await invite(admin, slug, "judge", emails.one);
    await invite(admin, slug, "judge", emails.two);
    const open = async (email: string, name: string) => accept(await windowOf(browser), email, name);
    return [await open(emails.member, "박담당"), await open(emails.one, "최심사"), await open(emails.two, "정심사")] as const;
  });

  await test.step("the member saves a draft, sees what is missing, and submits it with a picture", async () => {
    await begin(member, slug, GARDEN);
    await button(member, "cases.save").click();
    await expect(member.getByText(say("cases.saved"))).toBeVisible();
    await button(member, "cases.submit").click();
    const missing = say("cases.missing_field", "ko", { field: say("cases.summary") });
    await expect(member.locator("#errors").getByRole("link", { name: missing })).toHaveAttribute("href", "#field-summary");
    await shot(member, "case-missing");
    await member.locator("#field-picture").setInputFiles(await photograph(member));
    await member.locator("#field-alt").fill("초록 담장 위로 해가 뜬다.");
    await tell(member);
    await expect(member.getByRole("img", { name: "초록 담장 위로 해가 뜬다." })).toBeVisible();
    for (const title of [LAMPS, ADVERT]) {
      await begin(member, slug, title);
      await tell(member);
    }
  });

  await test.step("the administrator accepts two cases and rejects one, and the member reads why", async () => {
    await jump(admin, slug, "screening");
    await decide(admin, slug, GARDEN);
    await decide(admin, slug, LAMPS);
    await decide(admin, slug, ADVERT, REASON);
    await member.goto("/organisation");
    const line = (title: string) => member.getByRole("article").filter({ hasText: title });
    await expect(line(GARDEN)).toContainText(say("cases.state_accepted"));
    await expect(line(ADVERT)).toContainText(say("cases.state_rejected"));
    await expect(line(ADVERT)).toContainText(REASON);
    await shot(member, "organisation");
  });

  await test.step("a citizen without an account votes once, however often they press", async () => {
    await jump(admin, slug, "voting");
    const window = await windowOf(browser);
    const page = await window.newPage();
    await page.goto(`/editions/${slug}`);
    await page.getByRole("link", { name: say("editions.see_and_vote") }).first().click();
    await expect(page.locator("main article.card")).toHaveCount(2);
    await page.getByRole("button", { name: GARDEN }).and(page.locator("[aria-pressed]")).click();
    await turn(page);
    const count = say("ui.basket_count", half, { max: 2, picked: 1 });
    await expect(basket(page, half)).toContainText(count);
    await basket(page, half).getByRole("link").click();
    const email = freshEmail("citizen");
    await askForCode(page, email, half);
    await giveCode(page, email, half);
    const again = await window.newPage();
    await again.goto(page.url());
    const receipt = await cast(page, half);
    await shot(page, "receipt");
    await button(again, "voting.cast", half).click();
    await expect(again.getByRole("heading", { level: 1 })).toHaveText(say("voting.already_title", half));
    expect(await receiptNumber(again)).toBe(receipt);
    await window.close();
  });

  await test.step("both judges score and sign every case", async () => {
    await jump(admin, slug, "judging");
    for (const page of [one, two]) {
      await page.goto("/judging");
      await turn(page);
      await judge(page, half);
    }
  });

  await test.step("the administrator reads the standings and announces them with a typed word", async () => {
    await jump(admin, slug, "deliberation");
    await admin.goto(`/admin/${slug}/standings`);
    await turn(admin);
    await shot(admin, "standings-unread");
    await expect(admin.locator("#announce")).toHaveCount(0);
    await admin.reload();
    await expect(button(admin, "awards.open_counts", half), "opening the page opens nothing").toBeVisible();
    await button(admin, "awards.open_counts", half).click();
    await expect(admin.locator("#announce")).toBeVisible();
    await shot(admin, "standings");
    await admin.locator('input[name="when"][value="now"]').check();
    await admin.locator("#field-confirm").fill("아니요");
    await button(admin, "awards.announce", half).click();
    await expect(admin.getByText(say("errors.not_confirmed", half))).toBeVisible();
    await admin.locator("#field-confirm").fill(say("awards.announce_word", half));
    await button(admin, "awards.announce", half).click();
    await expect(admin.getByText(say("awards.decided_public", half), { exact: true })).toBeVisible();
  });

  await test.step("anybody reads ranks and points, and the document has the quoted fingerprint", async () => {
    const window = await windowOf(browser);
    const page = await window.newPage();
    await page.goto(`/editions/${slug}/results?lang=${half}`);
    const ranks = page.locator("ol.ranks > li");
    await expect(ranks).toHaveCount(2);
    await expect(ranks.nth(0)).toContainText(GARDEN);
    await expect(ranks.nth(0)).toContainText(say("awards.point_count", half, { n: "100.00" }));
    await expect(ranks.nth(1)).toContainText(LAMPS);
    await expect(ranks.nth(1)).toContainText(say("awards.point_count", half, { n: "35.00" }));
    const document = await page.request.get(`/editions/${slug}/result.json`);
    const fingerprint = createHash("sha256").update(await document.body()).digest("hex");
    await expect(page.getByText(fingerprint, { exact: true })).toBeVisible();
    await shot(page, "results");
    await window.close();
  });

  await test.step("anybody mirrors the record with the second program, and it agrees with every number", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hanpyo-mirror-"));
    const site = `${process.env["HANPYO_URL"]}/record/${slug}`;
    // The line of the result is usually in the record after one or two seconds.
    await expect(async () => {
      audit("fetch", site, folder);
      expect(await readFile(join(folder, "result.json"), "utf8")).toContain(slug);
      const report = audit("verify", folder);
      expect(report).toContain("result.json is the document in the log");
    }).toPass({ timeout: RECORD_WAIT });
    const polls = await readdir(join(folder, "cvr"));
    expect(polls).toEqual(["citizens.csv"]);
    const rows = audit("recount", join(folder, "cvr/citizens.csv"), join(folder, "rulebook.json"), "--result", join(folder, "result.json"));
    expect(rows).toContain("1");
    await observe(admin, slug, folder, half);
    audit("fetch", site, folder);
    expect(audit("verify", folder)).toContain("observer press.example/observer+");
    const votes = join(folder, "cvr/citizens.csv");
    await writeFile(votes, (await readFile(votes, "utf8")) + "2,00000000-0000-4000-8000-000000000000\n");
    expect(() => audit("verify", folder)).toThrow();
    await rm(folder, { recursive: true });
  });
});

/** Checks the openings as an observer, by the administrator's link, and signs the result. */
async function observe(admin: Page, slug: string, folder: string, half: Language): Promise<void> {
  await admin.goto(`/admin/${slug}/record`);
  await admin.locator("#field-name").fill("대전 시민 참관단");
  await button(admin, "record.observer_make", half).click();
  const link = await admin.locator("code").filter({ hasText: "?observer=" }).textContent();
  const { pathname, search } = new URL(link ?? "");
  const window = await windowOf(admin.context().browser() as Browser, undefined, { locale: LANGUAGES[half] });
  const page = await window.newPage();
  const openings = await page.request.get(`/record/${slug}/openings/citizens.csv${search}`);
  await mkdir(join(folder, "openings"));
  await writeFile(join(folder, "openings/citizens.csv"), await openings.body());
  const seed = join(folder, "observer.seed");
  const key = audit("observe", "--new-key", "press.example/observer", "--seed", seed).trim();
  const note = audit("observe", folder, "--seed", seed);
  await rm(join(folder, "openings"), { recursive: true });
  await page.goto(`${pathname}${search}`);
  await page.locator("#field-key").fill(key);
  await page.locator("#field-note").fill(note.replace(" ", "  "));
  await button(page, "record.sign_send", half).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.locator("#field-note").fill(note);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await shot(page, "record-observer");
  await button(page, "record.sign_send", half).click();
  await expect(page.getByText(say("record.signed", half))).toBeVisible();
  await expect(async () => {
    await page.goto(`/record/${slug}`);
    expect(await page.getByText("대전 시민 참관단").isVisible()).toBe(true);
  }).toPass({ timeout: RECORD_WAIT });
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await shot(page, "record-observed");
  await window.close();
}

/** Runs the auditor and returns its output. A failure carries its output. */
function audit(...words: string[]): string {
  return execFileSync(process.env["HANPYO_AUDIT"] ?? "hanpyo-audit", words, { encoding: "utf8", stdio: "pipe" });
}
