import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Miniflare } from "miniflare";

/**
 * The built Worker of a folder in workerd, as wrangler.jsonc configures it.
 *
 * @param {object} options
 * @param {string} options.cwd where `worker.js` is
 * @param {string} [options.host]
 * @param {number} options.port
 * @param {string} [options.compatibilityDate] default: the one of wrangler.jsonc
 * @param {NodeJS.ProcessEnv} options.env its bindings
 * @param {(text: string) => void} options.print receives what it prints
 */
export function createWorker({ cwd, host = "127.0.0.1", port, compatibilityDate, env, print }) {
  const configuration = readFileSync(new URL("../../../wrangler.jsonc", import.meta.url), "utf8");
  const config = JSON.parse(configuration.replace(/^\s*\/\/.*$/gm, ""));
  return new Miniflare({
    host,
    port,
    modules: true,
    modulesRoot: cwd,
    scriptPath: join(cwd, config.main),
    compatibilityDate: compatibilityDate ?? config.compatibility_date,
    compatibilityFlags: config.compatibility_flags,
    bindings: /** @type {Record<string, string>} */ ({ ...env }),
    telemetry: { enabled: false },
    /** @param {import("node:stream").Readable[]} streams */
    handleRuntimeStdio: (...streams) => {
      for (const stream of streams) stream.setEncoding("utf8").on("data", print);
    },
  });
}
