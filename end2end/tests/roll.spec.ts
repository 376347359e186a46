// A roll: the administrator fills it and prints its codes, and the QR of a slip fills the field of the vote's page. The
// vote by a slip and by the label of a seat, on a phone, in both languages, with and without scripts.

import { type Page, expect, test } from "@playwright/test";
import { type Slip, slipsOf } from "./paper.ts";
import {
  LANGUAGES,
  type Language,
  type OwnEdition,
  RECORD_WAIT,
  basket,
  cast,
  complaints,
  expectAccessible,
  expectNoSidewaysScroll,
  makeEdition,
  moveClock,
  pick,
  receiptNumber,
  say,
  shot,
  windowOf,
} from "./support.ts";

let edition: OwnEdition;

/** Shows what a list says, before it counts. */
async function previewLabels(desk: Page, labels: string[]): Promise<void> {
  await desk.locator("#field-labels").fill(labels.join("\n"));
  await desk.getByRole("button", { name: say("roll.add_now"), exact: true }).click();
}

/** Adds these labels to the roll. */
async function addLabels(desk: Page, labels: string[]): Promise<void> {
  await previewLabels(desk, labels);
  await desk.getByRole("button", { name: say("roll.preview_confirm", "ko", { count: labels.length }), exact: true }).click();
}

/** Prints a sheet, reads it, and checks that the text of every slip agrees with its QR. */
async function print(desk: Page, slug: string, button: string): Promise<Slip[]> {
  const [sheet] = await Promise.all([
    desk.waitForEvent("download"),
    desk.getByRole("button", { name: button, exact: true }).click(),
  ]);
  expect(sheet.suggestedFilename()).toBe(`codes-${slug}-citizens.pdf`);
  const slips = await slipsOf(await sheet.path());
  for (const { label, code, address, link } of slips) {
    expect(link, label).toMatch(new RegExp(`/editions/${slug}/vote/citizens#code=${code.replaceAll(" ", "")}$`));
    expect(address, label).toMatch(new RegExp(`/editions/${slug}/vote$`));
  }
  return slips;
}

test.beforeAll(async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  edition = await makeEdition(admin, "roll", "screening", { poll: { identity: "roll" } });
  await admin.close();
});

test("an administrator fills the roll, prints the codes, and the vote's page takes one", async ({ browser, page }) => {
  const admin = await windowOf(browser, "admin");
  const desk = await admin.newPage();
  await desk.goto(`/admin/${edition.slug}/polls/citizens/roll`);
  await previewLabels(desk, ["101동 101호", "101동 102호", "101동 101호"]);
  const fault = say("roll.fault_line", "ko", { line: 3, fault: say("roll.fault_twice", "ko", { first: 1 }) });
  await expect(desk.getByText(fault)).toBeVisible();
  await expectAccessible(desk);
  await expectNoSidewaysScroll(desk);
  await shot(desk, "roll-fault");
  await previewLabels(desk, ["동 호", "101동 101호", "101동 102호", "합계 2"]);
  await expect(desk.getByRole("heading", { name: say("roll.preview_title"), exact: true })).toBeVisible();
  await expectAccessible(desk);
  await expectNoSidewaysScroll(desk);
  await shot(desk, "roll-preview");
  await desk.goBack();
  await addLabels(desk, ["101동 101호", "101동 102호"]);
  await expect(desk.getByText(say("roll.done_added"))).toBeVisible();
  const slips = await print(desk, edition.slug, say("roll.print_waiting", "ko", { count: 2 }));
  expect(slips.map(({ label }) => label)).toEqual(["101동 101호", "101동 102호"]);
  await desk.reload();
  await expectAccessible(desk);
  await expectNoSidewaysScroll(desk);
  await shot(desk, "roll-admin");

  await moveClock(admin, edition.slug, "voting");
  await desk.reload();
  await expect(desk.getByText(say("roll.sealed"))).toBeVisible();
  await shot(desk, "roll-sealed");
  const list = await complaints(page.context());
  await page.goto(`/editions/${edition.slug}/vote/citizens#code=0123456789ABCDEF`);
  await expect(page.locator("#field-code")).toHaveValue("0123 4567 89AB CDEF");
  await expect(page).toHaveURL(new RegExp(`/editions/${edition.slug}/vote/citizens$`));
  await expect(page.getByText(say("roll.scanned"))).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await shot(page, "roll-scanned");
  await page.locator("#field-of_age").check();
  await page.getByRole("button", { name: say("roll.go_on"), exact: true }).click();
  await expect(page.getByText(say("roll.unknown"))).toBeVisible();
  await expect(page.locator("#field-code")).toHaveValue("0123 4567 89AB CDEF");
  expect(list.filter((line) => !line.includes("422"))).toEqual([]);
  await shot(page, "roll-unknown");
  await admin.close();
});

test.describe("without a script, in English", () => {
  test.use({ javaScriptEnabled: false, locale: LANGUAGES.en });

  test("the code is typed", async ({ page }) => {
    await page.goto(`/editions/${edition.slug}/vote/citizens#code=0123456789ABCDEF`);
    await expect(page.locator("#field-code")).toHaveValue("");
    await expect(page.getByText(say("roll.scanned", "en"))).toBeHidden();
    await page.locator("#field-code").fill("O123");
    await page.locator("#field-of_age").check();
    await page.getByRole("button", { name: say("roll.go_on", "en"), exact: true }).click();
    await expect(page.locator(".field-error")).toHaveText(say("roll.code_malformed", "en"));
    await expect(page.locator("#field-code")).toHaveValue("O123");
  });
});

/** The kinds of printed paper, each with its labels, its button and its sentence for voters. Each has two pages. */
const PAPERS = [
  {
    paper: "a printed code",
    channel: "printed_code",
    lead: "roll.who_lead",
    button: "roll.print_waiting",
    labels: Array.from({ length: 11 }, (_, index) => `101동 ${101 + index}호`),
    add: addLabels,
  },
  {
    paper: "a seat QR",
    channel: "seat_qr",
    lead: "roll.who_lead_seat",
    button: "roll.print_waiting_seats",
    labels: Array.from({ length: 25 }, (_, index) => `${index < 20 ? "A" : "B"}${1 + (index % 20)}`),
    add: async (desk: Page, { length }: string[]): Promise<void> => {
      await desk.locator("#field-count").fill(String(length));
      await desk.locator("#field-in_row").fill("20");
      await desk.getByRole("button", { name: say("roll.seats_now"), exact: true }).click();
    },
  },
];

for (const { paper, channel, lead, button, labels, add } of PAPERS) {
  test.describe(`by ${paper}`, () => {
    let slug: string;
    let slips: Slip[];
    let votes = 0;

    test.beforeAll(async ({ browser }) => {
      test.skip(test.info().project.name !== "phone", "the phone is the width that counts here");
      const admin = await windowOf(browser, "admin");
      const poll = { identity: "roll", channels: [channel] };
      ({ slug } = await makeEdition(admin, channel.replace("_", "-"), "screening", { poll }));
      const desk = await admin.newPage();
      await desk.goto(`/admin/${slug}/polls/citizens/roll`);
      await add(desk, labels);
      await expect(desk.getByText(say("roll.done_added"))).toBeVisible();
      slips = await print(desk, slug, say(button, "ko", { count: labels.length }));
      expect(slips.map(({ label }) => label)).toEqual(labels);
      await moveClock(admin, slug, "voting");
      await admin.close();
    });

    for (const language of Object.keys(LANGUAGES) as Language[]) {
      for (const javaScriptEnabled of [true, false]) {
        const how = `${paper}, ${language}, ${javaScriptEnabled ? "with" : "without"} scripts`;
        test(`a vote by ${how}`, async ({ browser }) => {
          const context = await windowOf(browser, undefined, { javaScriptEnabled, locale: LANGUAGES[language] });
          const list = await complaints(context);
          const page = await context.newPage();
          // Take slips from the end, so that both pages of the sheet are tested.
          const { code, link, address } = slips.pop() as Slip;
          const show = async (): Promise<void> => {
            await page.goto(javaScriptEnabled ? link : address);
            await expect(page).toHaveURL(new RegExp(`/editions/${slug}/vote/citizens$`));
            if (!javaScriptEnabled) await page.locator("#field-code").fill(code);
            await expect(page.locator("#field-code")).toHaveValue(code);
          };
          const goOn = async (): Promise<void> => {
            await page.locator("#field-of_age").check();
            await page.getByRole("button", { name: say("roll.go_on", language), exact: true }).click();
          };
          const look = async (name: string): Promise<void> => {
            await expectNoSidewaysScroll(page);
            if (!javaScriptEnabled) return;
            await expectAccessible(page);
            await shot(page, `${channel}-${name}-${language}`);
          };

          await show();
          await expect(page.getByText(say(lead, language))).toBeVisible();
          await expect(page.getByText(say("roll.scanned", language))).toBeVisible({ visible: javaScriptEnabled });
          await look("who");
          await goOn();
          await expect(page).toHaveURL(/\/cases\?poll=citizens&verified=yes$/);
          await expect(page.getByText(say("voting.verified_title", language))).toBeVisible();
          await look("cases");
          await pick(page, 2, language);
          await basket(page, language).getByRole("link", { name: say("ui.basket_go", language), exact: true }).click();
          await expect(page.locator(".ballot-paper > li")).toHaveCount(2);
          const number = await cast(page, language);
          votes += 1;
          await look("receipt");

          // On the phone that has voted, the same code leads to the receipt.
          await page.goto(javaScriptEnabled ? link : address);
          await expect(page.getByText(say("voting.voted_here_title", language))).toBeVisible();
          const scanned = page.getByText(say("voting.next_scanned", language));
          await expect(scanned).toBeVisible({ visible: javaScriptEnabled });
          await expect(page.getByRole("button", { name: say("roll.go_on", language), exact: true })).toHaveCount(0);
          await look("voted");
          await page.getByRole("link", { name: say("voting.show_receipt", language), exact: true }).click();
          expect(await receiptNumber(page)).toBe(number);

          // In any other browser the code is refused as used.
          await page.getByRole("button", { name: say("voting.leave", language), exact: true }).click();
          await expect(page.locator(".receipt-code")).toHaveCount(0);
          await expectNoSidewaysScroll(page);
          await show();
          await goOn();
          await expect(page.getByText(say("roll.used", language))).toBeVisible();
          await expect(page.locator("#field-code")).toHaveValue(code);
          await look("used");
          // The receipt asks for a proof that does not exist until the ballot is in the record (404), and a used code
          // is refused (422).
          expect(list.filter((line) => !/404|422/.test(line))).toEqual([]);
          await context.close();
        });
      }
    }

    test(`of ${paper} the record has each vote once`, async ({ browser, request }) => {
      const admin = await windowOf(browser, "admin");
      await moveClock(admin, slug, "judging");
      await admin.close();
      await expect(async () => {
        const checkpoint = await (await request.get(`/record/${slug}/checkpoint`)).text();
        const entries = await request.get(`/record/${slug}/entries/000.p/${checkpoint.split("\n")[1]}`);
        expect(await entries.text()).toMatch(new RegExp(`^close/v1 citizens \\S+ ${votes}$`, "m"));
      }).toPass({ timeout: RECORD_WAIT });
    });
  });
}
