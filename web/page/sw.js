// What keeps the page on the phone: the page itself, its engine, and the voices that were used.
//
// A version is a cache of its own, and a worker of its own. A new one is fetched beside the old one and waits until no page of the old
// one is open; nothing here calls skipWaiting. So what plays goes on with the engine and the files it began with, and the new version is
// there at the next start.
"use strict";

// `catcow site` puts its version here; so a browser sees that the site is another one.
const VERSION = "development";

/** Of this site alone: others may live at the same host. */
const OURS = `catcow ${registration.scope} `;
const CACHE = OURS + VERSION;

/** Files fetched at once. */
const AT_ONCE = 4;
/** What a page cannot be shown without. The rest is named by the site itself. */
const FIRST = ["./", "site.json", "files.json"];

const json = async (cache, path) => (await cache.match(path))?.json().catch(() => null);
const address = (path) => path.split("/").map(encodeURIComponent).join("/");

/** Fetches what is not there yet. A phone that is full, or a file that is missing, costs these files and nothing else. */
async function keep(cache, paths, isNeeded) {
  const left = [...paths];
  const one = async () => {
    while (left.length) {
      const path = left.shift();
      try {
        if (await cache.match(path)) continue;
        // Past the browser's own cache, or an old file could come with a new version.
        const response = await fetch(path, { cache: "no-cache" });
        if (!response.ok) throw new Error(`${path}: ${response.status}`);
        await cache.put(path, response);
      } catch (error) {
        if (isNeeded) throw error;
        if (error.name === "QuotaExceededError") left.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

addEventListener("install", (event) => event.waitUntil(install()));

async function install() {
  const cache = await caches.open(CACHE);
  await keep(cache, FIRST, true);
  const [site, files] = [await json(cache, "site.json"), await json(cache, "files.json")];
  const page = (site?.page ?? []).filter((path) => path !== "sw.js" && path !== "index.html");
  await keep(cache, page.map(address), true);
  const texts = (files ?? []).map(([path]) => path).filter((path) => path.endsWith(".toml"));
  await keep(cache, texts.map((path) => address(`files/${path}`)), false);
  // The voices that an older version kept are kept of this one too, so that an update takes nothing away.
  const kept = new Set();
  for (const name of await older()) {
    for (const { url } of await (await caches.open(name)).keys()) kept.add(url);
  }
  const had = (files ?? []).map(([path]) => address(`files/${path}`)).filter((path) => kept.has(new URL(path, registration.scope).href));
  await keep(cache, had, false);
}

const older = async () => (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);

// It comes to this only when no page of an older version is open. Pages that came over the network belong to it from now on.
addEventListener("activate", (event) => event.waitUntil(activate()));

async function activate() {
  for (const name of await older()) await caches.delete(name);
  await clients.claim();
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(registration.scope)) return;
  event.respondWith(answer(request));
});

async function answer(request) {
  const cache = await caches.open(CACHE);
  const { pathname } = new URL(request.url);
  const home = new URL(registration.scope).pathname;
  const isPage = pathname === home || pathname === `${home}index.html`;
  const found = await cache.match(isPage ? "./" : request, { ignoreSearch: isPage });
  if (found) return found;
  const response = await fetch(request);
  if (response.ok && response.type === "basic" && !isPage && request.url.startsWith(new URL("files/", registration.scope).href)) {
    // Not waited for; and where there is no room, it plays all the same.
    cache.put(request, response.clone()).catch(() => {});
  }
  return response;
}

// A page says which voice it uses: all of it is kept, so that any session can be had without a connection.
addEventListener("message", (event) => event.waitUntil(keepVoice(event.data?.voice)));

async function keepVoice(voice) {
  if (typeof voice !== "string") return;
  const cache = await caches.open(CACHE);
  const files = (await json(cache, "files.json")) ?? [];
  const its = files.map(([path]) => path).filter((path) => path.startsWith(`voice_clips/${voice}/`));
  await keep(cache, its.map((path) => address(`files/${path}`)), false);
}
