// The buttons of the call, pressed twice on a slow line, with and without scripts: partners, recommendations, earlier versions,
// returns, second looks, many cases at once, late ones, and accounts that are closed.

import { expect, test } from "@playwright/test";
import { type Desk, type Enter, enterSecondAdmin, expectInTrail, testsOf, twice } from "./press.ts";
import { PASSWORD, type OwnEdition, freshEmail, giveConsents, makeEdition, moveClock, readMail, say, send } from "./support.ts";

/** Opens a page of a member of a new organisation. Returns it with the address. */
async function enterMember(enter: Enter, admin: Desk, slug: string, organisation: string): Promise<[Desk, string]> {
  const [member, email] = [await enter(), freshEmail("twice-call")];
  await send(admin.page.context(), `/admin/${slug}/people`, { act: "invite", email, role: "member", organisation });
  const invitation = await readMail(admin.page.context(), email, "link");
  await send(member.page.context(), invitation, { name: "Kim", password: PASSWORD });
  return [member, email];
}

/** A button whose name says what it is about. */
const named = ({ page }: Desk, key: string, values: Record<string, string>) =>
  page.getByRole("button", { name: say(key, "ko", values), exact: true });

/** Begins a case and sends it in. Returns its address. */
async function sendIn(member: Desk, slug: string, title: string): Promise<string> {
  const { page } = member;
  await twice(member, "cases.begin", /cases\/[0-9a-f-]{36}$/, `/organisation/cases/new?edition=${slug}`, { title });
  const place = new URL(page.url()).pathname;
  await page.locator("#field-summary").fill("Written once.");
  await page.locator("#field-body").fill("Pressed twice.");
  await page.locator("#field-place").selectOption({ index: 1 });
  await giveConsents(page);
  await twice(member, "cases.submit", /done=submitted/);
  return place;
}

async function walkCall(enter: Enter): Promise<void> {
  const admin = await enter("admin");
  const { slug }: OwnEdition = await makeEdition(admin.page.context(), "twice-new", "call", { cases: 0 });
  const base = `/admin/${slug}`;
  const [ours, theirs] = [`${slug} A`, `${slug} B`];
  const [member, email] = await enterMember(enter, admin, slug, ours);
  const [partner] = await enterMember(enter, admin, slug, theirs);
  const second = await enterSecondAdmin(enter, admin, slug);
  const { page } = member;

  await twice(member, "cases.begin", /cases\/[0-9a-f-]{36}$/, `/organisation/cases/new?edition=${slug}`, { title: "Joint" });
  const joint = new URL(page.url()).pathname;
  await twice(member, "partners.ask", /done=asked/, `${joint}/partners`, { partner: theirs });
  await twice(member, "partners.agreement_save", /done=saved/);
  await partner.page.goto("/organisation");
  await twice(partner, named(partner, "partners.confirm_named", { title: "Joint" }), /done=confirmed/);
  await twice(partner, named(partner, "partners.decline_named", { title: "Joint" }), /done=partner_declined/);
  await page.goto(`${joint}/partners`);
  await twice(member, named(member, "partners.remove_named", { name: theirs }), /done=removed/);
  const fields = { organisation: ours, subject: "Lamps", reason: "They give light." };
  await twice(partner, "recommend.send", /done=recommended/, `/organisation/recommend?edition=${slug}`, fields);
  await page.goto("/organisation");
  await twice(member, named(member, "recommend.accept_named", { subject: "Lamps" }), /cases\/[0-9a-f-]{36}$/);
  const more = { ...fields, subject: "Lights" };
  await twice(partner, "recommend.send", /done=recommended/, `/organisation/recommend?edition=${slug}`, more);
  await page.goto("/organisation");
  await twice(member, named(member, "recommend.decline_named", { subject: "Lights" }), /done=declined/);
  await expect(page.getByRole("article").filter({ has: page.getByRole("link", { name: "Lamps", exact: true }) })).toHaveCount(1);

  const place = await sendIn(member, slug, "Fridge");
  await moveClock(admin.page.context(), slug, "screening");
  const desk = `${base}/screening/${place.split("/").at(-1) ?? ""}`;
  await admin.page.goto(desk);
  await admin.page.locator("#return > summary").click();
  await admin.page.locator("#field-correction").fill("Please say when.");
  await twice(admin, admin.page.locator('button[value="return"]'), /\/screening$/);
  await page.goto(place);
  await page.locator("#field-body").fill("Pressed twice, in May.");
  await twice(member, "cases.save", /done=saved/);
  await page.goto(`${place}/versions`);
  await page.locator('a[href^="?version="]').last().click();
  await twice(member, "versions.take_back", /done=taken_back/);
  await page.locator("#field-body").fill("Pressed twice, in March.");
  await giveConsents(page);
  await twice(member, "cases.submit", /done=submitted/);
  await admin.page.goto(desk);
  await admin.page.locator("#second-look > summary").click();
  await admin.page.locator("#field-second_look").fill("Is it here?");
  await twice(admin, "screening.second_look_ask", /done=second_look/);
  await second.page.goto(`${base}/screening`);
  await second.page.locator('input[name="case"]').check();
  await twice(second, "screening.bulk_accept", /\/screening$/);
  await twice(second, "screening.bulk_undo", /\/screening$/);
  await second.page.goto(desk);
  await second.page.locator("#field-reason").fill("Not this year.");
  await twice(second, "screening.reject", /\/screening$/);
  await page.goto(place);
  await page.locator("#object > summary").click();
  await page.locator("#field-second_look").fill("It is.");
  await twice(member, "news.object", /done=objected/);
  const acts = { "admin.act_case_returned": 1, "admin.act_case_second_look": 2, "admin.act_recommendation_made": 2 };
  await expectInTrail(admin, slug, acts);

  await admin.page.goto(`${base}/screening/late`);
  await admin.page.locator("#field-organisation").selectOption({ label: theirs });
  await admin.page.locator("#field-until").fill("2024-03-12T18:00");
  await admin.page.locator("#field-reason").fill("No line.");
  await twice(admin, "late.admit", /done=admitted/);
  await twice(admin, named(admin, "late.end_named", { name: theirs }), /done=ended/);

  await admin.page.goto(`${base}/people`);
  const row = admin.page.getByRole("row", { name: email });
  await twice(admin, row.locator('button[value="close"]'), /done=closed/);
  await twice(admin, row.locator('button[value="reopen"]'), /done=reopened/);
  await twice(admin, row.locator('button[value="close"]'), /done=closed/);
  await row.locator("summary").click();
  await twice(admin, row.locator('button[value="erase"]'), /done=erased/);
  await expect(row).toHaveCount(0);
}

/** A recommended person answers, and a member deletes the own account. */
async function walkPeople(enter: Enter): Promise<void> {
  const admin = await enter("admin");
  const { slug } = await makeEdition(admin.page.context(), "twice-people", "call", { cases: 0 });
  const [member] = await enterMember(enter, admin, slug, `${slug} A`);
  const email = freshEmail("twice-person");
  const form = { kind: "person", person: "Hong", email, subject: "Ten years", reason: "Each morning." };
  await send(member.page.context(), `/organisation/recommend?edition=${slug}`, form);
  const named = await enter();
  const link = await readMail(admin.page.context(), email, "link");
  await twice(named, "recommend.link_accept", /\/recommendations\//, link);
  await twice(named, "recommend.link_take_back", /\/recommendations\//);
  await expect(named.page.getByText(say("recommend.link_declined"))).toBeVisible();
  await member.page.goto("/account");
  await member.page.locator("#erase summary").click();
  await member.page.locator("#field-erase_password").fill(PASSWORD);
  await twice(member, "accounts.erase_confirm", /\/$|\/sign-in/);
}

for (const [title, walk] of testsOf({ "the buttons of the call": walkCall, "people who answer and leave": walkPeople })) {
  test(title, walk);
}
