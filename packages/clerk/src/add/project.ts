/** The project that the plugin is added to. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** It cannot be added here; the message says why, and what to do. */
export class CannotAdd extends Error {}

export interface Manifest {
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

export interface Project {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Text of a file; `undefined` if there is none. */
  read(file: string): string | undefined;
}

/** `^0.2.1`, `1.0.4`. Those call a middleware before they have read the request, whose body the plugin judges. */
const TOO_OLD = /^[\^~]?(0\.|1\.0\.)/;

/** @throws {CannotAdd} */
export function projectIn(folder: string): Project {
  const read = (file: string): string | undefined => {
    const path = join(folder, file);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
  const manifest = parsedManifest(read("package.json"));
  const xmcp = manifest.dependencies?.xmcp ?? manifest.devDependencies?.xmcp;
  if (xmcp === undefined) {
    throw new CannotAdd(
      "This is no xmcp project: package.json does not depend on xmcp. To begin one: npx create-xmcp-app",
    );
  }
  if (TOO_OLD.test(xmcp)) {
    throw new CannotAdd(
      `This project uses xmcp ${xmcp}, and the plugin needs 1.1 or newer: npm install xmcp@latest @xmcp-dev/compiler@latest zod@latest`,
    );
  }
  return { folder, manifest, read };
}

function parsedManifest(text: string | undefined): Manifest {
  if (text === undefined) {
    throw new CannotAdd("There is no package.json here. Run this in the folder of an xmcp project.");
  }
  try {
    return JSON.parse(text) as Manifest;
  } catch {
    throw new CannotAdd("package.json is not valid JSON. Correct it first.");
  }
}
