// A program that votes as fast as it can, for the fraud checks to find.

import { request } from "node:http";
import { type BrowserContext, expect, test } from "@playwright/test";

interface Answer {
  status: number;
  text: string;
}

/**
 * A program that votes: it keeps cookies, but runs no scripts, fetches no pictures, and sends no headers of a browser.
 */
export class Program {
  readonly #jar = new Map<string, string>();
  readonly #site = new URL(test.info().project.use.baseURL ?? "");
  readonly #localAddress: string;

  /** Makes a program at an address of its own, so that people, who type as fast as it, share nothing with it. */
  constructor(localAddress: string) {
    this.#localAddress = localAddress;
  }

  /** Sends a request, and keeps the cookies of the answer. */
  async #ask(method: "GET" | "POST", path: string, form?: URLSearchParams): Promise<Answer> {
    const body = form?.toString();
    const headers: Record<string, string> = {
      cookie: [...this.#jar].map(([name, value]) => `${name}=${value}`).join("; "),
      ...(body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
    };
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#site;
      const localAddress = this.#localAddress;
      const asked = request({ hostname, port, localAddress, method, path, headers }, (answer) => {
        for (const cookie of answer.headers["set-cookie"] ?? []) this.#keep(cookie);
        let text = "";
        answer.setEncoding("utf8").on("data", (more: string) => (text += more));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text })).on("error", reject);
      });
      asked.on("error", reject).end(body);
    });
  }

  #keep(cookie: string): void {
    const [pair = "", ...rules] = cookie.split("; ");
    const split = pair.indexOf("=");
    const name = pair.slice(0, split);
    if (rules.includes("Max-Age=0")) this.#jar.delete(name);
    else this.#jar.set(name, pair.slice(split + 1));
  }

  async #read(path: string): Promise<string> {
    const { status, text } = await this.#ask("GET", path);
    expect(status, `GET ${path}`).toBe(200);
    return text;
  }

  async #post(path: string, form: URLSearchParams): Promise<void> {
    const { status, text } = await this.#ask("POST", path, form);
    expect(status, `POST ${path}: ${text.slice(0, 2_000)}`).toBe(303);
  }

  /** Votes for one case by a code of a mail, each step as soon as the last one is answered. */
  async vote(slug: string, cases: string[], email: string): Promise<void> {
    const vote = `/editions/${slug}/vote/citizens`;
    await this.#post(`/editions/${slug}/picks`, new URLSearchParams({ poll: "citizens", case: cases[0] ?? "" }));
    const who = hiddenFields(await this.#read(vote), 'name="email"');
    for (const [name, value] of Object.entries({ email, consent: "yes", of_age: "yes" })) who.set(name, value);
    await this.#post(vote, who);
    const code = hiddenFields(await this.#read(`${vote}/code`), 'id="field-code"');
    code.set("code", await this.#codeFor(email));
    await this.#post(`${vote}/code`, code);
    await this.#post(`${vote}/check`, hiddenFields(await this.#read(`${vote}/check`), 'id="cast-form"'));
  }

  /** Hands the browser to the next voter, as its button does. */
  async next(slug: string): Promise<void> {
    await this.#post(`/editions/${slug}/vote/citizens/receipt`, new URLSearchParams({ act: "next" }));
  }

  /** Reads the receipt of its last ballot. */
  async readReceipt(slug: string): Promise<string> {
    return this.#read(`/editions/${slug}/vote/citizens/receipt/file`);
  }

  async #codeFor(email: string): Promise<string> {
    let code: string | undefined;
    await expect(async () => {
      const letter = (await this.#read("/outbox")).split("<article").find((text) => text.includes(email));
      code = /class="letter-code">(?:<span.*?<\/span>)?\D*(\d{6})/.exec(letter ?? "")?.[1];
      expect(code).toBeDefined();
    }).toPass({ timeout: 60_000, intervals: [50] });
    return code ?? "";
  }

  /** Gives its cookies to a browser. */
  async handOver(context: BrowserContext): Promise<void> {
    const url = this.#site.href.replace("http:", "https:");
    const cookies = [...this.#jar].map(([name, value]) => ({ name, value, url, secure: true }));
    await context.addCookies(cookies);
  }
}

/** Returns the hidden fields of the form that holds this piece of HTML. */
function hiddenFields(html: string, within: string): URLSearchParams {
  const form = html.split("<form").find((text) => text.split("</form>")[0]?.includes(within)) ?? "";
  const fields = new URLSearchParams();
  for (const [field] of form.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const of = (name: string): string => new RegExp(` ${name}="([^"]*)"`).exec(field)?.[1] ?? "";
    fields.append(of("name"), of("value"));
  }
  return fields;
}
