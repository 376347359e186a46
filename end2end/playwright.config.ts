import { defineConfig } from "@playwright/test";

// `./dev test e2e` starts its own server for the journeys and sets HANPYO_URL to its address. To run them against
// another demonstration server: HANPYO_URL=http://127.0.0.1:3000 npx playwright test
const baseURL = process.env["HANPYO_URL"] ?? "http://127.0.0.1:3000";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // All journeys share one contest and its clock, so they run one after another.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env["CI"]),
  // A journey that passes only at the second try hides a defect.
  retries: 0,
  // The limits only end what would never end. They are long enough for a debug server and a browser on two busy cores,
  // and what comes early waits for nothing.
  timeout: 5 * 60_000,
  expect: { timeout: 30_000 },
  reporter: [["list"], ["html", { outputFolder: "report", open: "never" }]],
  use: {
    baseURL,
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    screenshot: "only-on-failure",
    // A trace takes a picture at each step, which costs a machine without a graphics card much: ask for it with TRACE=1.
    trace: process.env["TRACE"] === "1" ? "retain-on-failure" : "off",
    launchOptions: {
      // Use Debian's Chromium, because Playwright's cannot be downloaded everywhere.
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      chromiumSandbox: false,
      // Without a locale Chromium saves a file with a Korean name as "download".
      env: { ...process.env, LC_ALL: "C.UTF-8" } as Record<string, string>,
      // Without these flags Chromium contacts its maker's hosts, which closed networks refuse.
      args: [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "phone", use: { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true } },
    { name: "desktop", use: { viewport: { width: 1280, height: 800 } } },
  ],
});
