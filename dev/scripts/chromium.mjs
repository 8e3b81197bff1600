// A headless Chromium for tests and pictures: an installed one or, on Linux x64, the one in an npm package.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

const MISSING = `No Chromium found. Install one (Debian, Ubuntu: apt-get install chromium; macOS: brew install
--cask chromium), or set CHROMIUM_PATH to the program of an installed Chromium or Chrome. Looked at: ${USUAL_PLACES.join(", ")}.`;

const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  // Fails every look-up of a name outside this machine.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

const CACHE = resolve(import.meta.dirname, "../../node_modules/.cache/chromium");

/** Whether @sparticuz/chromium has a Chromium for this platform. */
export const IS_BUNDLED = process.platform === "linux" && process.arch === "x64";

/** A headless Chromium that can reach this machine only. */
export function startChromium() {
  const installed = installedChromium(process.env.CHROMIUM_PATH);
  if (installed === undefined && !IS_BUNDLED) throw new Error(MISSING);
  return chromium.launch({
    ...(installed === undefined ? bundledChromium() : { executablePath: installed }),
    args: FLAGS,
    // Chromium's sandbox does not start for root, the usual user in containers. The bundled Chromium has no sandbox.
    chromiumSandbox: installed !== undefined && process.getuid?.() !== 0,
  });
}

/**
 * The path of an installed Chromium or Chrome, if there is one.
 *
 * @param {string | undefined} named the value of CHROMIUM_PATH
 * @param {readonly string[]} [places]
 * @throws {Error} if `named` does not exist
 */
export function installedChromium(named, places = USUAL_PLACES) {
  if (named && !existsSync(named))
    throw new Error(`CHROMIUM_PATH is ${named}, and that file does not exist.`);
  return named || places.find((place) => existsSync(place));
}

/** Unpacks the bundled Chromium, its libraries and its fonts once. */
function bundledChromium() {
  if (!existsSync(CACHE)) {
    mkdirSync(resolve(CACHE, ".."), { recursive: true });
    const folder = mkdtempSync(`${CACHE}-`);
    const code = 'import("@sparticuz/chromium").then(({ default: bundled }) => bundled.executablePath())';
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      cwd: import.meta.dirname,
      encoding: "utf8",
      // The package unpacks into the temporary folder. It adds the libraries only if this variable names a Node
      // runtime.
      env: {
        ...process.env,
        TMPDIR: folder,
        AWS_LAMBDA_JS_RUNTIME: `nodejs${process.versions.node.split(".")[0]}.x`,
      },
    });
    if (status !== 0) throw new Error(`The bundled Chromium could not be unpacked.\n${stderr}`);
    try {
      renameSync(folder, CACHE);
    } catch (error) {
      // Another process unpacked it first.
      if (!existsSync(CACHE)) throw error;
      rmSync(folder, { recursive: true });
    }
  }
  /** @type {Record<string, string>} */
  const env = {
    ...process.env,
    LD_LIBRARY_PATH: join(CACHE, "al2023/lib"),
    FONTCONFIG_PATH: join(CACHE, "fonts"),
  };
  return { executablePath: join(CACHE, "chromium"), env };
}
