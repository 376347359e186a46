// Typed text never widens a page: words of many letters without a blank, addresses, emoji and Chinese characters, in
// every text that people type, on every page, at 360 and 1280 px, also with letters of twice the size.

import { type Page, expect, test } from "@playwright/test";
import { type OwnEdition, type Role, addPhotograph, freshEmail, makeEdition, readMail, send, shot, signAll, windowOf } from "./support.ts";

test.describe.configure({ timeout: 15 * 60_000 });

/** Cuts a text to as many characters as a field takes. */
const cut = (text: string, most: number): string => [...text].slice(0, most).join("");

const LATIN = "Supercalifragilistic".repeat(500);
const ADDRESS = `https://example.org/${"welfare-centre/".repeat(700)}`;
const EMOJI = "🏘️".repeat(3000);
const CJK = "복지관행정복지센터社會福祉館".repeat(700);

interface Bilingual {
  ko: string;
  en: string;
}
const both = (ko: string, en: string, most = 80): Bilingual => ({ ko: cut(ko, most), en: cut(en, most) });

interface WideCase {
  track: string;
  district: string;
  neighbourhood: string | null;
  organisation: string;
  title: Bilingual;
  summary: string;
  body?: string;
  sample: boolean;
}

const wideCase = (title: string, organisation: string): WideCase => ({
  track: "neighbourhood",
  district: "first",
  neighbourhood: null,
  organisation: cut(organisation, 80),
  title: both(title, LATIN),
  summary: cut(title, 200),
  sample: true,
});

/** Makes an edition in which every text is one long word. */
async function wideEdition(admin: Awaited<ReturnType<typeof windowOf>>, name: string, to: "call" | "voting" | "judging"): Promise<OwnEdition> {
  return makeEdition(admin, name, to, {
    judges: ["judge5"],
    change: (season) => {
      const file = season as unknown as Record<string, unknown> & typeof season;
      file.title = both(CJK, LATIN);
      file["host"] = both(LATIN, ADDRESS);
      file["tracks"] = [{ slug: "neighbourhood", name: both(CJK, LATIN) }];
      file["awards"] = [{ tier: both(CJK, LATIN), count: 1 }, { tier: both(LATIN, ADDRESS), count: 1 }];
      file["districts"] = [{ slug: "first", name: both(CJK, LATIN), neighbourhoods: [cut(CJK, 80), cut(LATIN, 80)] }];
      const panel = file["panel"] as { rubric: unknown };
      panel.rubric = [{ name: both(CJK, LATIN), max: 40 }, { name: both(ADDRESS, EMOJI), max: 60 }];
      season.cases = [wideCase(LATIN, CJK), wideCase(ADDRESS, LATIN), wideCase(CJK, ADDRESS), wideCase(EMOJI, EMOJI)];
    },
  });
}

/** Measures a page as it is, and with letters of twice the size. */
async function measure(page: Page, path: string): Promise<void> {
  const answer = await page.goto(path);
  expect.soft(answer?.status(), path).toBeLessThan(400);
  for (const zoom of ["100%", "200%"]) {
    const [content, screen, culprit] = await page.evaluate((size) => {
      const root = document.documentElement;
      root.style.fontSize = size === "100%" ? "" : `calc(${getComputedStyle(root).fontSize} * 2)`;
      const wide = root.scrollWidth > root.clientWidth;
      // The innermost of the widest is told; what scrolls in a box of its own is no fault.
      const right = (node: Element): number => node.getBoundingClientRect().right;
      const beyond = [...document.querySelectorAll("body *")]
        .filter((node) => right(node) > root.clientWidth + 1 && node.closest(".table-box .table") === null)
        .sort((one, other) => right(one) - right(other))
        .pop();
      return [root.scrollWidth, root.clientWidth, wide ? (beyond?.outerHTML.slice(0, 200) ?? "") : ""] as const;
    }, zoom);
    expect.soft(content, `width of ${path} at ${zoom}: ${culprit}`).toBeLessThanOrEqual(screen);
  }
}

test("no typed text widens a page", async ({ browser }) => {
  const admin = await windowOf(browser, "admin");
  const call = await wideEdition(admin, "wide-c", "call");
  const voting = await wideEdition(admin, "wide-v", "voting");
  const done = await wideEdition(admin, "wide-r", "judging");
  const judge = await windowOf(browser, "judge5");
  await signAll(judge, done);
  await send(admin, `/admin/${done.slug}/clock`, { jump: "deliberation" });
  await send(admin, `/admin/${done.slug}/standings`, { act: "open" });

  // Two requests for an account: one that waits for its link, and one that administrators see.
  const joining: string[] = [];
  for (const asking of [freshEmail("wide-open"), freshEmail("wide-sent")]) {
    const request = { organisation: cut(LATIN, 80), person: cut(CJK, 50), email: asking, note: cut(ADDRESS, 500), consent: "yes" };
    await send(admin, `/editions/${call.slug}/join`, request);
    joining.push(await readMail(admin, asking, "link"));
  }
  await send(admin, joining[1] ?? "", {});

  const everybody = (slug: string, one: string): string[] =>
    ["", "/cases", `/cases/${one}`, "/rules", "/results", "/vote/citizens"].map((end) => `/editions/${slug}${end}`);
  const staff = (slug: string): string[] =>
    ["", "/windows", "/polls", "/polls/citizens", "/clock", "/screening", "/people", "/progress", "/standings", "/fraud", "/record", "/kiosk", "/photographs", "/audit"].map(
      (end) => `/admin/${slug}${end}`,
    );
  const first = (edition: OwnEdition): string => edition.cases[0] ?? "";
  const visits: Array<[Role | undefined, string[]]> = [
    [undefined, ["/", "/editions", ...joining, ...everybody(voting.slug, first(voting)), `/record/${voting.slug}`, `/record/${voting.slug}/fraud`]],
    ["admin", ["/admin", `/admin/${call.slug}/people`, ...staff(voting.slug), ...staff(done.slug), ...voting.cases.map((id) => `/admin/${voting.slug}/screening/${id}`)]],
    ["judge5", ["/judging", `/judging/${done.slug}`, ...done.cases.map((id) => `/judging/${done.slug}/${id}`)]],
    ["member", ["/organisation", `/organisation/cases/new?edition=${call.slug}`]],
  ];
  for (const [role, paths] of visits) {
    const page = await (await windowOf(browser, role)).newPage();
    for (const path of paths) await measure(page, path);
    await page.context().close();
  }
  await addPhotograph(admin, done.slug, cut(LATIN, 200));
  const announcement = { act: "announce", when: "now", minutes: cut(LATIN, 9_000), confirm: "발표" };
  await send(admin, `/admin/${done.slug}/standings`, announcement);
  const page = await (await windowOf(browser)).newPage();
  for (const path of everybody(done.slug, first(done)).slice(0, 5)) await measure(page, path);
  await page.goto(`/editions/${done.slug}/results`);
  await shot(page, "wide-results");
  for (const window of [admin, judge, page.context()]) await window.close();
});
