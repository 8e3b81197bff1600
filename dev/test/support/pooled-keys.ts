/** Runs in each worker: local Clerks take their signing keys from the pool in turn. */
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { keySource } from "../../../packages/clerk-local/dist/tokens/keys.js";
import { KEY_POOL } from "./key-pool.js";

const file = process.env[KEY_POOL];
if (file === undefined)
  throw new Error(`${KEY_POOL} is not set: the project lacks the global set-up key-pool.ts.`);
const keys = JSON.parse(readFileSync(file, "utf8")) as string[];
let used = 0;

keySource.next = async () => {
  const key = keys[used++ % keys.length];
  if (key === undefined) throw new Error("The pool of signing keys is empty.");
  return createPrivateKey(key);
};
