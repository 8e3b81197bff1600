/** A fake browser for programs under test. It records the addresses that it is opened with. */
import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { eventually } from "./eventually.js";
import { emptyFolder, PATH } from "./template.js";

export interface DefaultBrowser {
  /** Environment variables that make a program open this browser and store its files outside the developer's home. */
  readonly env: Record<string, string> & { readonly HOME: string };
  /** Waits for the next opened address. */
  opened(): Promise<string>;
}

export async function defaultBrowser(): Promise<DefaultBrowser> {
  const folder = await emptyFolder();
  const log = join(folder, "opened");
  await writeFile(log, "");
  // The names matter: programs open addresses with `open` on macOS, and with `xdg-open` elsewhere.
  const program = join(folder, "open");
  for (const path of [program, join(folder, "xdg-open")]) {
    await writeFile(path, `#!/bin/sh\nprintf '%s\\n' "$1" >> '${log}'\n`);
    await chmod(path, 0o755);
  }
  let seen = 0;
  return {
    env: {
      BROWSER: program,
      PATH: [folder, PATH].join(delimiter),
      HOME: folder,
      // xdg-open uses BROWSER only without a desktop.
      XDG_CURRENT_DESKTOP: "X-Generic",
      DISPLAY: "",
      WAYLAND_DISPLAY: "",
    },
    async opened() {
      const address = await eventually("a browser is opened", async () => {
        const complete = (await readFile(log, "utf8")).split("\n").slice(0, -1);
        return complete[seen];
      });
      seen += 1;
      return address;
    },
  };
}
