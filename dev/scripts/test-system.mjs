// npm run test:system: runs the tests that need system packages. Lists missing packages before it runs any test.
import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { IS_BUNDLED, installedChromium } from "./chromium.mjs";

/** Each program, with its Debian package. */
const NEEDED = /** @type {const} */ ([
  ["nginx", "nginx"],
  ["openssl", "openssl"],
  ...(process.platform === "linux" ? [/** @type {const} */ (["systemd-analyze", "systemd"])] : []),
]);

/** @type {string[]} */
const missing = NEEDED.filter(([program]) => !isInstalled(program)).map(([, name]) => name);
if (!IS_BUNDLED && installedChromium(process.env.CHROMIUM_PATH) === undefined) missing.push("chromium");
if (missing.length > 0) {
  const names = missing.join(" ");
  console.error(
    `npm run test:system needs ${names}. Debian, Ubuntu: apt-get install ${names}. macOS: brew install ${names}.`,
  );
  process.exit(1);
}
const vitest = [
  "vitest",
  "run",
  "--config",
  "dev/vitest.config.mts",
  "--project",
  "system",
  "--project",
  "installation",
];
const { status } = spawnSync("npx", vitest, { stdio: "inherit", shell: process.platform === "win32" });
process.exit(status ?? 1);

/** @param {string} program */
function isInstalled(program) {
  // Debian installs nginx outside the PATH of ordinary users.
  const PATH = [process.env.PATH, "/usr/sbin"].join(delimiter);
  return spawnSync("sh", ["-c", `command -v ${program}`], { env: { ...process.env, PATH } }).status === 0;
}
