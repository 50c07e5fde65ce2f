// The two browsers: Debian's Chromium, and WebKitGTK's MiniBrowser, which has ManagedMediaSource as an iPhone has.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, existsSync, rmSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Browser, PATIENCE_MS } from "./webdriver.mjs";

/** Nothing is asked of the network but what the page asks for, and a real click begins the sound. */
const CHROMIUM_FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--force-color-profile=srgb", "--window-size=500,1000", "--enable-blink-features=ForceEagerMeasureMemory",
];

/** Drivers that run: they end with the tests, also where these are interrupted. */
const running = new Set();
process.on("exit", () => running.forEach(endGroup));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));

async function freePort() {
    const server = createServer();
    await new Promise(done => server.listen(0, "127.0.0.1", done));
    const { port } = server.address();
    await new Promise(done => server.close(done));
    return port;
}

/** Starts a driver and waits until it listens. Its own process group, so that its browsers end with it. */
async function startDriver(command, args, port, environment) {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, env: { ...process.env, ...environment } });
    running.add(child);
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", text => said.push(text));
    const end = Date.now() + PATIENCE_MS;
    let gone = false;
    child.on("exit", () => (gone = true));
    child.on("error", error => said.push(String(error)));
    for (;;) {
        try {
            const answer = await fetch(`http://127.0.0.1:${port}/status`);
            if (answer.ok) break;
        } catch {
            // Not yet.
        }
        if (gone || Date.now() > end) throw new Error(`${command} does not start: ${said.join("")}`);
        await sleep(50);
    }
    return child;
}

function endGroup(child) {
    running.delete(child);
    try {
        process.kill(-child.pid, "SIGTERM");
    } catch {
        // It is gone already.
    }
}

/** Chromium with a profile of its own, which `finish` deletes, and the size of text that its person has chosen. */
export async function chromium({ fontSize = 16 } = {}) {
    const profile = mkdtempSync(join(tmpdir(), "catcow-chromium-"));
    const port = await freePort();
    const driver = await startDriver("chromedriver", [`--port=${port}`], port, {});
    const browser = new Browser(`http://127.0.0.1:${port}`, "chromium");
    const seen = await browser.begin({
        browserName: "chrome",
        "goog:chromeOptions": { args: [...CHROMIUM_FLAGS, `--user-data-dir=${profile}`], prefs: { webkit: { webprefs: { default_font_size: fontSize } } }, ...(existsSync("/usr/bin/chromium") ? { binary: "/usr/bin/chromium" } : {}) },
        "goog:loggingPrefs": { browser: "ALL" },
    });
    browser.driverPid = driver.pid;
    browser.version = `Chromium ${seen.browserVersion}`;
    browser.profile = profile;
    browser.finish = async () => {
        await browser.end();
        endGroup(driver);
        rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    };
    return browser;
}

function miniBrowser() {
    const root = "/usr/lib/x86_64-linux-gnu";
    for (const libraries of [root, "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/libexec"]) {
        if (!existsSync(libraries)) continue;
        for (const folder of readdirSync(libraries).filter(name => name.startsWith("webkit2gtk-4")).sort().reverse()) {
            const path = join(libraries, folder, "MiniBrowser");
            if (existsSync(path)) return path;
        }
    }
    throw new Error("MiniBrowser is not installed: apt-get install webkit2gtk-driver");
}

/** MiniBrowser on a screen that nobody sees. Each session begins without memory. */
export async function webkit() {
    const port = await freePort();
    const environment = { WEBKIT_DISABLE_COMPOSITING_MODE: "1", LIBGL_ALWAYS_SOFTWARE: "1", NO_AT_BRIDGE: "1" };
    const command = ["-a", "-s", "-screen 0 1280x1400x24", "WebKitWebDriver", "--host=127.0.0.1", `--port=${port}`];
    const driver = await startDriver("xvfb-run", command, port, environment);
    const browser = new Browser(`http://127.0.0.1:${port}`, "webkit");
    const seen = await browser.begin({
        browserName: "MiniBrowser",
        "webkitgtk:browserOptions": { binary: miniBrowser(), args: ["--automation"] },
    });
    browser.driverPid = driver.pid;
    browser.version = `WebKitGTK ${seen.browserVersion}`;
    browser.finish = async () => {
        await browser.end();
        endGroup(driver);
    };
    return browser;
}
