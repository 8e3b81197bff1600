// Writes files of access tokens for the load: a few from the local Clerk, and any number of distinct ones.
import { createPrivateKey, randomBytes, sign } from "node:crypto";
import { once } from "node:events";
import { createWriteStream, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { promisify } from "node:util";

/** @import { ClerkLocal } from "@xmcp-dev/clerk-local" */

const signed = promisify(sign);
const BATCH = 500;

/**
 * Signs distinct tokens with the local Clerk's own key on all of libuv's threads. `mint()` would take too long for a
 * million tokens, because it stores a record of each. Each token is one of `mint()`'s with another `jti`.
 *
 * @param {ClerkLocal} clerk
 * @param {string} state the folder in which the local Clerk keeps its key
 * @param {string} folder for the files
 */
export function tokenFiles(clerk, state, folder) {
  /** @type {import("node:crypto").KeyObject | undefined} */
  let key;
  let count = 0;

  /**
   * @param {string} template
   * @returns {Promise<string>}
   */
  async function another(template) {
    const [header, payload] = template.split(".");
    const claims = JSON.parse(Buffer.from(payload ?? "", "base64url").toString());
    const jti = `oat_${randomBytes(16).toString("hex")}`;
    const body = Buffer.from(JSON.stringify({ ...claims, jti })).toString("base64url");
    key ??= createPrivateKey({ key: currentKey(state), format: "jwk" });
    const signature = await signed("RSA-SHA256", Buffer.from(`${header}.${body}`), key);
    return `${header}.${body}.${signature.toString("base64url")}`;
  }

  const file = () => {
    count += 1;
    return join(folder, `tokens-${count}.txt`);
  };

  return {
    /**
     * A few tokens, for repeated use.
     *
     * @param {string} resource
     */
    async few(resource) {
      const { tokens } = await clerk.mint({ user: "ada", resource, count: 64 });
      const path = file();
      writeFileSync(path, tokens.join("\n"));
      return path;
    },
    /**
     * Distinct JWTs.
     *
     * @param {string} resource
     * @param {number} wanted
     */
    async distinct(resource, wanted) {
      const { access_token: template } = await clerk.mint({ user: "ada", resource });
      const path = file();
      const output = createWriteStream(path);
      for (let made = 0; made < wanted; made += BATCH) {
        const batch = await Promise.all(
          Array.from({ length: Math.min(BATCH, wanted - made) }, () => another(template)),
        );
        if (!output.write(`${batch.join("\n")}\n`)) await once(output, "drain");
      }
      output.end();
      await finished(output);
      return path;
    },
    /** @param {string} path of a file that is no longer needed */
    forget: (path) => rmSync(path),
  };
}

/** @param {string} state */
function currentKey(state) {
  const { keys } = JSON.parse(readFileSync(join(state, "clerk-local.json"), "utf8"));
  return keys[0];
}
