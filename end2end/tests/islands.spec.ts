// The countdown runs, no page breaks the content security policy or logs an error, and cookies are protected.

import { expect, test } from "@playwright/test";
import { everyPage } from "./pages.ts";
import { LONG_TEST, complaints, say, signIn, windowOf } from "./support.ts";

test("the countdown counts, and its words fit the language", async ({ page }) => {
  await page.goto("/editions/daejeon-2024");
  const time = page.locator(".countdown time").first();
  const seconds = /(\d+)초$/;
  await expect(time).toHaveText(seconds);
  const before = await time.textContent();
  await expect(time).not.toHaveText(before ?? "");
  await expect(time).toHaveAttribute("datetime", /^2024-12-0\dT/);
  await page.goto("/editions/daejeon-2024?lang=en");
  await expect(page.locator(".countdown time").first()).toHaveText(/\d+ seconds?$/);
});

test("the countdown uses the server's time and not the device's clock", async ({ page }) => {
  await page.clock.install({ time: new Date("2031-05-05T05:05:05Z") });
  await page.goto("/editions/daejeon-2024");
  const days = await page.locator(".countdown time").first().textContent();
  await page.clock.fastForward(2_000);
  const now = await page.locator(".countdown time").first().textContent();
  expect(now?.split(" ")[0]).toBe(days?.split(" ")[0]);
});

test("no page complains in the console or asks for what the policy forbids", async ({ browser }) => {
  test.skip(test.info().project.name !== "desktop", "the same scripts run at every width");
  test.setTimeout(LONG_TEST);
  const visits = await everyPage(browser, "quiet");
  for (const role of [...new Set(visits.map(({ role }) => role))]) {
    const context = await windowOf(browser, role);
    const said = await complaints(context);
    const page = await context.newPage();
    for (const { path } of visits.filter((visit) => visit.role === role)) {
      await page.goto(path, { waitUntil: "networkidle" });
    }
    expect.soft(said, `as ${role ?? "anybody"}`).toEqual([]);
    await context.close();
  }
});

test("every page forbids foreign scripts, and says nothing about itself to others", async ({ request }) => {
  for (const path of ["/", "/editions/daejeon-2024/cases", "/sign-in", "/nowhere", "/healthz"]) {
    const headers = (await request.get(path)).headers();
    const policy = headers["content-security-policy"] ?? "";
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).not.toMatch(/'unsafe-(inline|eval|hashes)'/);
    expect(headers["x-content-type-options"], path).toBe("nosniff");
    expect(headers["referrer-policy"], path).toBe("same-origin");
  }
});

test("secrets are kept in cookies that no script reads and no other site sends", async ({ page, context }) => {
  await signIn(page, "judge7");
  const cookies = await context.cookies();
  const session = cookies.find(({ name }) => name === "__Host-session");
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/" });
  expect(await page.evaluate(() => document.cookie)).not.toContain("session");
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(
    session?.value ?? "?",
  );
  const kept = session?.value;
  await page.goto("/account");
  const signOut = page.getByRole("banner").getByRole("button", { name: say("shell.sign_out"), exact: true });
  if (!(await signOut.first().isVisible())) await page.locator(".menu > summary").click();
  await signOut.first().click();
  await expect(page).toHaveURL(/\/$/);
  const old = { Cookie: `__Host-session=${kept ?? ""}` };
  expect((await page.request.get("/account", { headers: old, maxRedirects: 0 })).status()).toBe(303);
});

test("a form that another site sends is refused", async ({ request }) => {
  const headers = { Origin: "https://elsewhere.example", "Sec-Fetch-Site": "cross-site" };
  const form = { email: "judge7@hanpyo.example", password: "hanpyo-demo-2024", next: "" };
  const answer = await request.post("/sign-in", { form, headers, maxRedirects: 0 });
  expect(answer.status()).toBe(403);
  expect(answer.headers()["set-cookie"] ?? "").not.toContain("session");
});
