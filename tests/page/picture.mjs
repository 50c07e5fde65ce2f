// The README's picture: two screens of the page beside each other, choosing and playing.
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";

/** Of a phone, in its own pixels; and what it is enlarged by. */
const [WIDTH, HEIGHT, SCALE] = [360, 780, 1.25];
const [FRAME, GAP] = [9, 44];
/** So many colours are enough for flat ones. */
const COLOURS = 56;

const shot = browser => browser.cdp("Page.captureScreenshot", { format: "png" });

/** Makes `path` of what stands on the screen after each of `screens`. */
export async function picture(browser, path, screens) {
    const shots = [];
    for (const [dark, go] of screens) {
        await browser.cdp("Emulation.setDeviceMetricsOverride", { width: WIDTH, height: HEIGHT, deviceScaleFactor: SCALE, mobile: true });
        await browser.cdp("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
        await go();
        shots.push((await shot(browser)).data);
    }
    const [width, height] = [WIDTH * SCALE, HEIGHT * SCALE];
    const images = shots.map(data => `<img src="data:image/png;base64,${data}">`).join("");
    const sheet = `<!doctype html><style>body{margin:0;display:flex;gap:${GAP}px}img{box-sizing:content-box;width:${width}px;height:${height}px;border:${FRAME}px solid #3c4644;border-radius:${FRAME * 5}px}</style>${images}`;
    await browser.open("about:blank");
    await browser.cdp("Emulation.setDeviceMetricsOverride", { width: 2 * (width + 2 * FRAME) + GAP, height: height + 2 * FRAME, deviceScaleFactor: 1, mobile: false });
    await browser.run(sheet => void document.write(sheet), sheet);
    await browser.until("both pictures", () => [...document.images].every(image => image.complete));
    await browser.cdp("Emulation.setDefaultBackgroundColorOverride", { color: { r: 0, g: 0, b: 0, a: 0 } });
    const whole = `${path}.whole.png`;
    writeFileSync(whole, Buffer.from((await shot(browser)).data, "base64"));
    await browser.cdp("Emulation.setDefaultBackgroundColorOverride", {});
    const filter = `split[a][b];[a]palettegen=max_colors=${COLOURS}:reserve_transparent=1:stats_mode=full[p];[b][p]paletteuse=dither=none:alpha_threshold=128`;
    execFileSync("ffmpeg", ["-v", "error", "-y", "-i", whole, "-filter_complex", filter, "-frames:v", "1", "-compression_level", "100", "-pred", "mixed", path]);
    rmSync(whole);
}
