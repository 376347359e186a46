// What the journeys share: signing in by role, a language, the accessibility check, pictures of pages.

import { AxeBuilder } from "@axe-core/playwright";
import { type Page, expect, test } from "@playwright/test";

/** Everyone the demonstration season has an account for. */
export type Role =
  | "admin"
  | "member"
  | "judge1"
  | "judge2"
  | "judge3"
  | "judge4"
  | "judge5"
  | "judge6"
  | "judge7";

/** The languages of the interface, with the locale a browser sends. */
export const LANGUAGES = { ko: "ko-KR", en: "en-GB" } as const;
export type Language = keyof typeof LANGUAGES;

const PASSWORD = "hanpyo-demo-2024";

/** The address of a role's account, as `hanpyo serve` prints it. */
export const emailOf = (role: Role): string => `${role}@hanpyo.example`;

/** Runs the same journey in Korean and in English: the browser asks for the language, the page has to follow. */
export function inEachLanguage(title: string, journeys: (language: Language) => void): void {
  for (const language of Object.keys(LANGUAGES) as Language[]) {
    test.describe(`${title} (${language})`, () => {
      test.use({ locale: LANGUAGES[language] });
      journeys(language);
    });
  }
}

/** Signs in through the page that people use; the test fails when that does not lead away from it. */
export async function signIn(page: Page, role: Role): Promise<void> {
  await page.goto("/sign-in");
  const email = page.locator('input[name="email"]');
  await email.fill(emailOf(role));
  await page.locator('input[name="password"]').fill(PASSWORD);
  await page.locator("form", { has: email }).locator('button[type="submit"], button:not([type])').first().click();
  await expect(page, `${role} is signed in`).not.toHaveURL(/\/sign-in/);
}

/** Fails on every serious or critical finding of axe, naming the rule and the places. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const findings = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map(({ html }) => `    ${html}`).join("\n")}`);
  expect(findings, `accessibility of ${page.url()}`).toEqual([]);
}

/** Fails when the page is wider than the screen: nothing but a table may scroll sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [content, screen] = await page.evaluate(() => {
    const root = document.documentElement;
    return [root.scrollWidth, root.clientWidth] as const;
  });
  expect(content, `width of ${page.url()}`).toBeLessThanOrEqual(screen);
}

/** A picture of the whole page in end2end/shots/<phone or desktop>/, to be looked at. */
export async function shot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({
    path: `shots/${test.info().project.name}/${name}.png`,
    fullPage: true,
    animations: "disabled",
  });
}
