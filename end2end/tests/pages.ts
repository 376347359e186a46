// Every page of the site, by role. The pages use editions in different phases.

import type { Browser } from "@playwright/test";
import { type Role, addPhotograph, freshEmail, makeEdition, readMail, send, signAll, windowOf } from "./support.ts";

/** A page and the role that opens it. Without a role the visitor is not signed in. */
export interface Visit {
  role?: Role;
  path: string;
}

const DEMONSTRATION = "daejeon-2024";

/** Creates an edition in each phase and lists every page that opens by its address alone. */
export async function everyPage(browser: Browser, name: string): Promise<Visit[]> {
  const admin = await windowOf(browser, "admin");
  const judge = await windowOf(browser, "judge5");
  const member = await windowOf(browser, "member");
  const voting = await makeEdition(admin, `${name}-v`, "voting");
  const call = await makeEdition(admin, `${name}-c`, "call", { cases: 2, judges: ["judge5"] });
  const open = await makeEdition(admin, `${name}-j`, "judging", { cases: 2, judges: ["judge5"] });
  const decide = await makeEdition(admin, `${name}-d`, "judging", { cases: 2, judges: ["judge5"] });
  const done = await makeEdition(admin, `${name}-r`, "judging", { cases: 2, judges: ["judge5"] });
  for (const edition of [decide, done]) {
    await signAll(judge, edition);
    await send(admin, `/admin/${edition.slug}/clock`, { jump: "deliberation" });
  }
  const announcement = { act: "announce", when: "now", minutes: "두 사람이 모여 살폈습니다.", confirm: "발표" };
  await send(admin, `/admin/${done.slug}/standings`, announcement);
  await send(admin, `/admin/${decide.slug}/standings`, { act: "open" });
  await addPhotograph(admin, done.slug, "시상식");
  const draft = await beginCase(member, call.slug);
  const email = freshEmail("invited");
  await send(admin, `/admin/${call.slug}/people`, { act: "invite", email, role: "judge", organisation: "" });
  const invitation = await readMail(admin, email, "link");
  const asking = freshEmail("council");
  const request = { organisation: "Council", person: "Kim", email: asking, consent: "yes" };
  await send(admin, `/editions/${call.slug}/join`, request);
  const joining = await readMail(admin, asking, "link");
  for (const window of [admin, judge, member]) await window.close();

  const anybody = [
    "/",
    "/editions",
    ...["", "/cases", `/cases/${voting.cases[0]}`, "/rules", "/results", "/vote/citizens"].map(
      (end) => `/editions/${voting.slug}${end}`,
    ),
    ...["/privacy", "/contact", "/help", "/terms", "/accessibility", "/notices"].map(
      (end) => `/editions/${voting.slug}${end}`,
    ),
    `/editions/${call.slug}/join`,
    `/editions/${DEMONSTRATION}`,
    `/editions/${DEMONSTRATION}/cases`,
    `/editions/${done.slug}`,
    `/editions/${done.slug}/results`,
    `/record/${done.slug}/fraud`,
    `/record/${voting.slug}/appeal`,
    "/sign-in",
    "/forgot",
    invitation,
    joining,
    "/outbox",
    "/parts",
  ];
  const admins = [
    "/admin",
    "/admin/editions/new",
    ...["", "/windows", "/polls", "/polls/citizens", "/clock", "/screening", "/people", "/progress", "/standings", "/fraud", "/office", "/audit"].map(
      (end) => `/admin/${open.slug}${end}`,
    ),
    `/admin/${call.slug}`,
    `/admin/${call.slug}/screening/${call.cases[0]}`,
    `/admin/${call.slug}/people`,
    `/admin/${call.slug}/polls`,
    `/admin/${call.slug}/polls/citizens`,
    `/admin/${call.slug}/add-poll`,
    `/admin/${decide.slug}/standings`,
    `/admin/${done.slug}/standings`,
    `/admin/${open.slug}/photographs`,
    `/admin/${done.slug}/photographs`,
    "/account",
  ];
  const judges = [
    "/judging",
    `/judging/${call.slug}`,
    `/judging/${open.slug}`,
    `/judging/${open.slug}/${open.cases[0]}`,
    `/judging/${done.slug}/${done.cases[0]}`,
  ];
  const members = ["/organisation", `/organisation/cases/new?edition=${call.slug}`, draft];
  return [
    ...anybody.map((path) => ({ path })),
    ...admins.map((path) => ({ role: "admin" as const, path })),
    ...judges.map((path) => ({ role: "judge5" as const, path })),
    ...members.map((path) => ({ role: "member" as const, path })),
  ];
}

async function beginCase(member: Awaited<ReturnType<typeof windowOf>>, slug: string): Promise<string> {
  const page = await member.newPage();
  await page.goto(`/organisation/cases/new?edition=${slug}`);
  await page.locator("#field-title").fill("읽기 쉬운 사례");
  await page.locator('main form button[type="submit"]').click();
  await page.waitForURL(/\/organisation\/cases\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname;
}
