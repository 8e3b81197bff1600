/** The browser that programs under test open. It writes the address down, and whoever waits for that goes there. */
import { chmod, readFile, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { eventually } from "./eventually.js";
import { emptyFolder, PATH } from "./template.js";

export interface DefaultBrowser {
  /** Makes a program use it, and keep what it remembers out of the developer's home. */
  readonly env: Record<string, string> & { readonly HOME: string };
  /** The address that was opened next. */
  opened(): Promise<string>;
}

export async function defaultBrowser(): Promise<DefaultBrowser> {
  const folder = await emptyFolder();
  const log = join(folder, "opened");
  await writeFile(log, "");
  // The name counts on macOS, where `open` is what opens addresses.
  const program = join(folder, "open");
  await writeFile(program, `#!/bin/sh\nprintf '%s\\n' "$1" >> '${log}'\n`);
  await chmod(program, 0o755);
  let seen = 0;
  return {
    env: {
      BROWSER: program,
      PATH: [folder, PATH].join(delimiter),
      HOME: folder,
      // Without a desktop, xdg-open takes BROWSER.
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
