/** Opens an address in the person's browser. */
import { spawn } from "node:child_process";

/**
 * With the command in `BROWSER`, to which the address is added, or else with what the platform has for it. Whether it
 * worked cannot be told, so the address is to be shown as well. No shell sees the address.
 */
export function openBrowser(address: string, browser: string | undefined): void {
  const [command = "", ...args] = browser?.split(/\s+/).filter(Boolean) ?? platformCommand();
  const child = spawn(command, [...args, address], { stdio: "ignore", detached: true });
  child.on("error", () => {
    // There is none; the person has been shown the address.
  });
  child.unref();
}

function platformCommand(): string[] {
  if (process.platform === "darwin") return ["open"];
  if (process.platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  return ["xdg-open"];
}
