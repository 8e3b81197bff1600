import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const MISSING = `There is no Chromium. Install one (Debian, Ubuntu: apt-get install chromium; macOS: brew install
--cask chromium), or set CHROMIUM_PATH to the program of an installed Chromium or Chrome. Looked at: ${USUAL_PLACES.join(", ")}.`;

const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  // Whatever is not on this machine cannot be found.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** A headless Chromium that reaches this machine only. */
export function startChromium() {
  return chromium.launch({
    executablePath: chromiumPath(process.env.CHROMIUM_PATH),
    args: FLAGS,
    // Chromium's sandbox does not start for root, as whom containers run.
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

/**
 * @param {string | undefined} named
 * @param {readonly string[]} [places]
 */
export function chromiumPath(named, places = USUAL_PLACES) {
  if (named && !existsSync(named)) throw new Error(`CHROMIUM_PATH is ${named}, and there is no such file.`);
  const path = named || places.find((place) => existsSync(place));
  if (!path) throw new Error(MISSING);
  return path;
}
