// Caches /verify for the time when the server no longer exists: the page in both languages and its files. While
// the server answers, it is always asked first, so that nobody checks with an old page. This worker controls only
// /verify. All other pages go directly to the server.
const SCOPE = "/verify";
const STORE = "verify";
const PAGES = { ko: "/verify?lang=ko", en: "/verify?lang=en" };

/** Returns the files of this site that a page links to. */
const parts = (html) => [...html.matchAll(/(?:href|src|data-href)="(\/(?:assets\/|page\.js|favicon\.svg)[^"]*)"/g)].map(([, path]) => path);

/** Whether this is the page of this site. The same host may answer with another's: a hotel's, a seller's of domains. */
const isOurs = (html) => html.includes('id="verify-form"');

/** Stores both pages, requested without cookies, with their files. Deletes files that are no longer used. */
async function fill() {
  const store = await caches.open(STORE);
  const wanted = new Set(Object.values(PAGES));
  for (const page of Object.values(PAGES)) {
    const answer = await fetch(page, { credentials: "omit", cache: "no-cache" });
    if (!answer.ok) return;
    const html = await answer.clone().text();
    if (!isOurs(html)) return;
    for (const path of parts(html)) {
      wanted.add(path);
      if (!(await store.match(path))) await store.add(path);
    }
    await store.put(page, answer);
  }
  for (const request of await store.keys()) {
    const { pathname, search } = new URL(request.url);
    const font = /\.woff2$/.test(pathname);
    if (!font && pathname !== "/verify-language" && !wanted.has(pathname + search)) await store.delete(request);
  }
}

/** Returns the stored page in the requested language, or else in the language that was shown last. */
async function kept(url) {
  const store = await caches.open(STORE);
  const last = await store.match("/verify-language");
  const language = url.searchParams.get("lang") ?? (last === undefined ? "ko" : await last.text());
  return (await store.match(PAGES[language] ?? PAGES.ko)) ?? Response.error();
}

async function remember(html) {
  const [, language = "ko"] = /<html lang="(\w\w)"/.exec(html) ?? [];
  await (await caches.open(STORE)).put("/verify-language", new Response(language));
  await fill();
}

async function page(event) {
  try {
    const answer = await fetch(event.request);
    const html = await answer.clone().text();
    if (answer.ok && isOurs(html)) event.waitUntil(remember(html).catch(() => {}));
    if (answer.redirected || isOurs(html)) return answer;
    const have = await kept(new URL(event.request.url));
    return have.type === "error" ? answer : have;
  } catch {
    return kept(new URL(event.request.url));
  }
}

async function part(event) {
  const store = await caches.open(STORE);
  const have = await store.match(event.request.url);
  if (have !== undefined) return have;
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(store.put(event.request.url, answer.clone()));
  return answer;
}

/** Returns whether this worker controls only /verify. An earlier version controlled the whole site. */
const ours = () => new URL(self.registration.scope).pathname === SCOPE;

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(ours() ? self.clients.claim() : self.registration.unregister()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (!ours() || origin !== self.location.origin || request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (pathname === SCOPE) event.respondWith(page(event));
  } else if (/^\/(assets\/|page\.js$|favicon\.svg$)/.test(pathname)) {
    event.respondWith(part(event));
  }
});
