// An edition is set up by a form, in steps: with and without scripts, in both languages, at both widths. What is
// incomplete is kept, what is wrong is said at its field, and the edition that comes out can be published.

import { expect, test } from "@playwright/test";
import { complaints, expectAccessible, expectNoSidewaysScroll, say, shot, windowOf } from "./support.ts";

test.describe.configure({ timeout: 4 * 60_000 });

const slugOf = (name: string): string => `${name}-${Date.now().toString(36)}`;

test("an edition is set up in steps, and its settings are changed afterwards", async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  const heard = await complaints(admin);
  const page = await admin.newPage();
  const slug = slugOf("setup");
  await page.goto("/admin/editions/new");
  await page.locator("#field-from").selectOption("template");
  await page.getByRole("button", { name: say("setup.start"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: say("setup.basics") })).toBeVisible();
  const draft = page.url().replace(/\/basics.*/, "");

  await page.locator("#field-title\\.ko").fill("2027 함께 쓰는 공모전");
  await page.locator("#field-slug").fill("한글은 안 됨");
  // It is saved while it is typed, and the fault stands beside its field.
  await expect(page.locator("#error-slug")).toBeVisible();
  await expect(page.locator("#setup-status")).toHaveText(say("setup.saved_auto"));
  await shot(page, "setup-basics");
  await page.locator("#field-slug").fill(slug);
  await page.locator("#field-rehearsal").check();
  const next = page.getByRole("button", { name: say("setup.save_next"), exact: true });
  await next.click();

  await expect(page.getByRole("heading", { level: 1, name: say("setup.schedule") })).toBeVisible();
  await page.locator("#field-windows\\.voting\\.1").fill("2027-11-20T00:00");
  await next.click();
  await expect(page.locator("#error-windows\\.voting\\.1, #error-windows\\.voting\\.0").first()).toBeVisible();
  await shot(page, "setup-schedule");
  await page.locator("#field-windows\\.voting\\.1").fill("2027-11-29T00:00");
  await next.click();

  await expect(page.getByRole("heading", { level: 1, name: say("setup.places") })).toBeVisible();
  await page.getByText(say("setup.city"), { exact: true }).click();
  await page.getByRole("button", { name: say("setup.city_daejeon"), exact: true }).click();
  await expect(page.locator(".setup-row")).toHaveCount(2 + 5);
  await page.getByRole("button", { name: say("setup.more"), exact: true }).first().click();
  await page.locator("#field-tracks\\.3\\.name\\.ko").fill("청년 부문");
  await page.locator("#field-tracks\\.3\\.name\\.en").fill("Young people");
  await shot(page, "setup-places");
  await next.click();

  await expect(page.getByRole("heading", { level: 1, name: say("setup.polls") })).toBeVisible();
  await page.locator("#field-polls\\.0\\.weight").fill("40");
  await page.locator("#field-polls\\.0\\.cases").selectOption("track:young-people");
  await page.locator("#field-polls\\.0\\.cases").selectOption("all");
  await shot(page, "setup-polls");
  await next.click();
  // The weights do not sum to 100 %: both places say so.
  await expect(page.locator("#error-polls\\.0\\.weight")).toBeVisible();
  await page.goto(`${draft}/judging`);
  await page.locator("#field-panel\\.weight").fill("60");
  await page.locator("#field-panel\\.rubric\\.0\\.description\\.ko").fill("지역에 꼭 필요한 일인지");
  await page.locator("#field-panel\\.rubric\\.0\\.description\\.en").fill("Whether the place needs it");
  await shot(page, "setup-judging");
  await next.click();

  await expect(page.getByRole("heading", { level: 1, name: say("setup.awards") })).toBeVisible();
  const remove = page.getByRole("button", { name: say("setup.remove_row", "ko", { what: say("setup.award", "ko", { number: 4 }) }) });
  await remove.click();
  await expect(page.locator(".setup-row")).toHaveCount(3);
  await shot(page, "setup-awards");
  await next.click();

  await expect(page.getByRole("heading", { level: 1, name: say("setup.check") })).toBeVisible();
  await expect(page.getByText("2027 함께 쓰는 공모전").first()).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await shot(page, "setup-check");
  await page.getByRole("button", { name: say("setup.create"), exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/admin/${slug}\\?done=created`));

  await page.goto(`/admin/${slug}/setup`);
  await shot(page, "setup-settings");
  await page.getByRole("button", { name: say("setup.change"), exact: true }).click();
  await expect(page.locator("#field-slug")).toHaveCount(0);
  await page.locator("#field-title\\.ko").fill("2027 이름을 바꾼 공모전");
  await page.getByRole("button", { name: say("setup.save"), exact: true }).click();
  await expect(page.getByText(say("setup.saved"), { exact: true })).toBeVisible();
  await page.goto(page.url().replace(/basics.*/, "check"));
  await expect(page.getByText("2027 함께 쓰는 공모전 → 2027 이름을 바꾼 공모전")).toBeVisible();
  await shot(page, "setup-settings-check");
  await page.getByRole("button", { name: say("setup.apply"), exact: true }).click();
  await expect(page.getByText(say("setup.applied"))).toBeVisible();
  await page.goto(`/admin/${slug}`);
  await expect(page.getByText("2027 이름을 바꾼 공모전").first()).toBeVisible();
  // What came out is an edition like any other: it is published, and everybody reads its rules.
  await page.getByRole("button", { name: say("admin.publish"), exact: true }).click();
  const anybody = await windowOf(browser);
  const reader = await anybody.newPage();
  await reader.goto(`/editions/${slug}/rules`);
  await expect(reader.getByText("지역에 꼭 필요한 일인지")).toBeVisible();
  await expect(reader.getByText(say("rules.not_sealed"))).toBeVisible();
  await expectNoSidewaysScroll(reader);
  await shot(reader, "setup-rules");
  expect(heard).toEqual([]);
  for (const window of [admin, anybody]) await window.close();
});

test("two people on one step see each other's words, and a link waits for what was just typed", async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  const [one, two] = [await admin.newPage(), await admin.newPage()];
  await one.goto("/admin/editions/new");
  await one.getByRole("button", { name: say("setup.start"), exact: true }).click();
  const draft = one.url().replace(/\/basics.*/, "");
  await two.goto(`${draft}/basics`);
  await one.locator("#field-title\\.ko").fill("첫 사람의 이름");
  await expect(one.locator("#setup-status")).toHaveText(say("setup.saved_auto"));
  await two.locator("#field-host\\.ko").fill("둘째 사람의 기관");
  // Saving by itself stops, and says why.
  await expect(two.locator("#setup-status")).toHaveText(say("setup.saved_clash"));
  await two.getByRole("button", { name: say("setup.save"), exact: true }).click();
  await expect(two.getByText(say("setup.clash_title"))).toBeVisible();
  await expect(two.getByText("첫 사람의 이름")).toBeVisible();
  // Typing on overwrites nothing by itself.
  await expect(two.locator("form.setup-form")).toHaveAttribute("data-by-hand", "yes");
  await shot(two, "setup-clash");

  await one.locator("#field-host\\.en").fill("Typed at the last moment");
  await one.locator('main a[href$="/check"]').first().click();
  await expect(one.getByText("Typed at the last moment").first()).toBeVisible();
  await one.locator("details summary").last().click();
  await one.getByRole("button", { name: say("setup.delete"), exact: true }).click();
  await admin.close();
});

test("without a script, in English, every step can be filled in and the draft thrown away", async ({ browser }) => {
  const admin = await windowOf(browser, "admin", { javaScriptEnabled: false });
  const page = await admin.newPage();
  await page.goto("/admin/editions/new?lang=en");
  await page.goto("/admin/editions/new");
  await page.locator("#field-from").selectOption("example");
  await page.locator("#field-from").locator("xpath=ancestor::form").locator("button[type=submit]").click();
  const draft = page.url().replace(/\/basics.*/, "");
  // Axe itself is a script.
  const other = await windowOf(browser, "admin");
  const reader = await other.newPage();
  for (const step of ["basics", "schedule", "places", "polls", "judging", "awards", "check"]) {
    await reader.goto(`${draft}/${step}?checked=yes`);
    await expectAccessible(reader);
    await expectNoSidewaysScroll(reader);
    await shot(reader, `setup-example-${step}`);
  }
  await other.close();
  await page.goto(`${draft}/basics`);
  await page.locator("#field-title\\.ko").fill("");
  // Enter saves; it does not remove a row.
  await page.locator("#field-title\\.en").press("Enter");
  await expect(page.locator("#error-title\\.ko")).toBeVisible();
  await page.goto(`${draft}/check`);
  await expect(page.locator(".notice a").first()).toHaveAttribute("href", /basics\?checked=yes#field-title\.ko$/);
  await page.locator("details summary").last().click();
  await page.locator('button[value="delete"]').click();
  await expect(page).toHaveURL(/\/admin\/editions\/new\?done=deleted/);
  expect((await page.goto(`${draft}/basics`))?.status()).toBe(404);
  await admin.close();
});
