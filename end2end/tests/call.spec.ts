// The call for cases as its people know it: two colleagues who write one case, a partner, an office that recommends, and the
// staff who send a case back, let one in late, and have a second look.

import { type Browser, type Page, expect, test } from "@playwright/test";
import {
  LONG_TEST,
  PASSWORD,
  expectAccessible,
  expectNoSidewaysScroll,
  freshEmail,
  giveConsents,
  languageLink,
  makeEdition,
  moveClock,
  readMail,
  say,
  send,
  shot,
  windowOf,
} from "./support.ts";

const button = (page: Page, key: string, values: Record<string, string> = {}) =>
  page.getByRole("button", { name: say(key, "ko", values), exact: true });

/** Signs somebody in who was invited to an organisation, or as an administrator. */
async function join(browser: Browser, admin: Page, slug: string, name: string, organisation: string): Promise<Page> {
  const email = freshEmail("call");
  const role = organisation === "" ? "administrator" : "member";
  await send(admin.context(), `/admin/${slug}/people`, { act: "invite", email, role, organisation });
  const context = await windowOf(browser);
  const page = await context.newPage();
  await page.goto(await readMail(context, email, "link"));
  await page.locator("#field-name").fill(name);
  await page.locator("#field-password").fill(PASSWORD);
  await button(page, "accounts.accept").click();
  await expect(page).not.toHaveURL(/invitations/);
  return page;
}

async function begin(page: Page, slug: string, title: string): Promise<string> {
  await page.goto(`/organisation/cases/new?edition=${slug}`);
  await page.locator("#field-title").fill(title);
  await button(page, "cases.begin").click();
  await expect(page).toHaveURL(/\/organisation\/cases\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname;
}

async function write(page: Page, body: string): Promise<void> {
  await page.locator("#field-summary").fill("주민이 함께했습니다.");
  await page.locator("#field-body").fill(body);
  await page.locator("#field-place").selectOption({ label: "하나동" });
}

async function submit(page: Page): Promise<void> {
  await giveConsents(page);
  await button(page, "cases.submit").click();
  await expect(page).toHaveURL(/done=submitted/);
}

/** Looks at a page as it is, in both languages. */
async function look(page: Page, name: string): Promise<void> {
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await shot(page, `call-${name}`);
  const address = page.url();
  await languageLink(page, "en").click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await shot(page, `call-${name}-en`);
  await languageLink(page, "ko").click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await page.goto(address);
}

test("a call is walked by colleagues, a partner, an office that recommends, and the staff", async ({ browser }) => {
  test.setTimeout(LONG_TEST);
  const staff = await windowOf(browser, "admin");
  const { slug } = await makeEdition(staff, "call-walk", "call");
  const admin = await staff.newPage();
  const home = `${slug} 복지관`;
  const writer = await join(browser, admin, slug, "김하나", home);
  const colleague = await join(browser, admin, slug, "박두리", home);
  const partner = await join(browser, admin, slug, "이세나", `${slug} 협력센터`);
  const second = await join(browser, admin, slug, "최다섯", "");
  let place = "";

  await test.step("two colleagues see each other, and a stale save loses neither text", async () => {
    place = await begin(writer, slug, "골목 안부 우체통");
    await write(writer, "처음 글입니다.");
    await button(writer, "cases.save").click();
    await expect(writer.getByText(say("cases.saved"))).toBeVisible();
    await colleague.goto(place);
    await expect(colleague.locator(".readers")).toContainText("김하나");
    await writer.reload();
    await expect(writer.locator(".readers")).toContainText("박두리");
    await write(writer, "하나가 고친 글입니다.");
    await button(writer, "cases.save").click();
    await expect(writer.getByText(say("cases.saved"))).toBeVisible();
    // Without a save by itself, so that the button meets the newer text.
    await colleague.route("**/api/cases/save_draft", (route) => route.abort());
    await colleague.locator("#field-body").fill("두리가 고친 글입니다.");
    await button(colleague, "cases.save").click();
    await expect(colleague.getByText(say("errors.stale"))).toBeVisible();
    await expect(colleague.locator(".differences ins")).toContainText("두리가");
    await expect(colleague.locator(".differences del")).toContainText("하나가");
    await expect(colleague.locator("#field-body")).toHaveValue("두리가 고친 글입니다.");
    await look(writer, "form");
  });

  await test.step("a partner confirms what the organisation has named", async () => {
    await writer.goto(`${place}/partners`);
    await writer.locator("#field-partner").fill("없는 기관");
    await button(writer, "partners.ask").click();
    await expect(writer.locator("#errors")).toBeVisible();
    await writer.locator("#field-partner").fill(`${slug} 협력센터`);
    await button(writer, "partners.ask").click();
    await expect(writer.getByText(say("partners.asked"))).toBeVisible();
    await writer.locator("#field-agreement_title").fill("안부 돌봄 업무협약");
    await writer.locator("#field-agreement_on").fill("2026-03-02");
    await button(writer, "partners.agreement_save").click();
    await expect(writer.getByText(say("partners.saved"))).toBeVisible();
    await look(writer, "partners");
    await partner.goto("/organisation");
    await expect(partner.locator("#partners")).toContainText("골목 안부 우체통");
    await expect(partner.locator("#partners")).not.toContainText("하나가 고친 글입니다.");
    await look(partner, "asked");
    await button(partner, "partners.confirm_named", { title: "골목 안부 우체통" }).click();
    await expect(partner.getByText(say("partners.confirmed"))).toBeVisible();
  });

  await test.step("the partner recommends the organisation, and a person who declines", async () => {
    await partner.goto(`/organisation/recommend?edition=${slug}`);
    await look(partner, "recommend");
    await partner.locator("#field-organisation").fill(home);
    await partner.locator("#field-subject").fill("밤길 등불");
    await partner.locator("#field-reason").fill("골목이 밝아졌습니다.");
    await button(partner, "recommend.send").click();
    await expect(partner.getByText(say("recommend.sent"))).toBeVisible();
    const person = freshEmail("call");
    await partner.goto(`/organisation/recommend?edition=${slug}`);
    await partner.getByRole("radio", { name: say("recommend.kind_person") }).check();
    await partner.locator("#field-person").fill("홍길동");
    await partner.locator("#field-email").fill(person);
    await partner.locator("#field-subject").fill("십 년의 봉사");
    await partner.locator("#field-reason").fill("매일 골목을 씁니다.");
    await button(partner, "recommend.send").click();
    await expect(partner.getByText(say("recommend.sent"))).toBeVisible();
    const stranger = await windowOf(browser);
    const named = await stranger.newPage();
    await named.goto(await readMail(stranger, person, "link"));
    await look(named, "person");
    await button(named, "recommend.decline").click();
    await expect(named.getByText(say("recommend.link_declined"))).toBeVisible();
    await admin.goto(`/admin/${slug}/recommendations`);
    await expect(admin.locator("main")).toContainText("밤길 등불");
    await expect(admin.locator("main")).not.toContainText("홍길동");
    await look(admin, "recommendations");
    await writer.goto("/organisation");
    await button(writer, "recommend.accept_named", { subject: "밤길 등불" }).click();
    await expect(writer.locator("#field-title")).toHaveValue("밤길 등불");
    await stranger.close();
  });

  await test.step("a case that is sent back is corrected after the close, and is not late", async () => {
    await writer.goto(place);
    await submit(writer);
    await expect(writer.locator("#receipt")).toContainText(`${slug}-0001`);
    await look(writer, "sent");
    await moveClock(staff, slug, "screening");
    const desk = `/admin/${slug}/screening/${place.split("/").at(-1) ?? ""}`;
    await admin.goto(desk);
    await look(admin, "screening");
    await admin.locator("#return > summary").click();
    await admin.locator("#field-correction").fill("언제 기준인지 써 주세요.");
    await admin.locator('button[value="return"]').click();
    await expect(admin).toHaveURL(/\/screening$/);
    await writer.goto(place);
    await expect(writer.getByText("언제 기준인지 써 주세요.")).toBeVisible();
    await writer.locator("#field-body").fill("2026년 10월 기준으로 고친 글입니다.");
    await look(writer, "returned");
    await writer.locator("#field-body").fill("2026년 10월 기준으로 고친 글입니다.");
    await submit(writer);
    await admin.goto(desk);
    await admin.locator("#changed > summary").click();
    await expect(admin.locator("#changed ins").first()).toContainText("2026년");
    await expect(admin.getByText(say("late.mark"), { exact: true })).toHaveCount(0);
    await writer.goto(`${place}/versions`);
    await writer.getByRole("link", { name: /비교/ }).last().click();
    await expect(writer.locator("#compared")).toBeVisible();
    await look(writer, "versions");
  });

  await test.step("who asked for a second look does not decide, and a colleague does", async () => {
    await admin.goto(`/admin/${slug}/screening/${place.split("/").at(-1) ?? ""}`);
    await admin.locator("#second-look > summary").click();
    await admin.locator("#field-second_look").fill("지역이 맞는지 봐 주세요.");
    await button(admin, "screening.second_look_ask").click();
    await expect(admin.getByText(say("screening.second_look_asked"))).toBeVisible();
    await admin.goto(`/admin/${slug}/screening`);
    const row = admin.getByRole("row", { name: "골목 안부 우체통" });
    await row.getByRole("checkbox").check();
    await button(admin, "screening.bulk_accept").click();
    await expect(admin.locator("main")).toContainText(say("errors.second_look"));
    await second.goto(`/admin/${slug}/screening`);
    await second.getByRole("row", { name: "골목 안부 우체통" }).getByRole("checkbox").check();
    await button(second, "screening.bulk_accept").click();
    await expect(second.getByText(say("screening.bulk_done", "ko", { count: 1 }))).toBeVisible();
    await button(second, "screening.bulk_undo").click();
    await expect(second.getByText(say("screening.bulk_undone", "ko", { count: 1 }))).toBeVisible();
    await second.goto(`/admin/${slug}/screening?q=${encodeURIComponent("우체통")}`);
    // By the keyboard: the first case, chosen.
    await second.locator("main").press("j");
    await second.keyboard.press("x");
    await expect(second.getByRole("row", { name: "골목 안부 우체통" }).getByRole("checkbox")).toBeChecked();
    await look(second, "queue");
    await second.getByRole("row", { name: "골목 안부 우체통" }).getByRole("checkbox").check();
    await button(second, "screening.bulk_accept").click();
    await expect(second.getByText(say("screening.bulk_done", "ko", { count: 1 }))).toBeVisible();
  });

  await test.step("one organisation is late, and its case says so to everybody", async () => {
    expect((await partner.request.get(`/organisation/cases/new?edition=${slug}`)).status()).toBe(409);
    await admin.goto(`/admin/${slug}/screening/late`);
    await admin.locator("#field-organisation").selectOption({ label: `${slug} 협력센터` });
    const closes = await admin.locator("#field-until").inputValue();
    expect(closes).toBe("");
    const now = (await (await admin.request.get(`/admin/${slug}/clock`)).text()).match(/value="(\d{4}-\d\d-\d\dT\d\d:\d\d)"/);
    const later = new Date(`${now?.[1] ?? ""}:00Z`);
    later.setUTCMinutes(later.getUTCMinutes() + 90);
    await admin.locator("#field-until").fill(later.toISOString().slice(0, 16));
    await admin.locator("#field-reason").fill("마감 시각에 접속할 수 없었음");
    await button(admin, "late.admit").click();
    await expect(admin.getByText(say("late.admitted"))).toBeVisible();
    await look(admin, "late");
    await partner.goto("/organisation");
    await expect(partner.locator("main")).toContainText("사례 1건을 제출할 수 있습니다");
    const late = await begin(partner, slug, "늦게 온 사례");
    await write(partner, "마감 뒤에 제출한 글입니다.");
    await submit(partner);
    const id = late.split("/").at(-1) ?? "";
    await admin.goto(`/admin/${slug}/screening/${id}`);
    await button(admin, "screening.accept").click();
    await expect(admin).toHaveURL(/\/screening$/);
    await moveClock(staff, slug, "voting");
    const visitor = await (await windowOf(browser)).newPage();
    await visitor.goto(`/editions/${slug}/cases/${id}`);
    await expect(visitor.getByText(say("late.mark_text"))).toBeVisible();
    await visitor.goto(`/editions/${slug}/cases/${place.split("/").at(-1) ?? ""}`);
    await expect(visitor.locator("main")).toContainText(`${slug} 협력센터`);
    await expect(visitor.locator("main")).toContainText("안부 돌봄 업무협약");
    await look(visitor, "public");
  });
  await staff.close();
});
