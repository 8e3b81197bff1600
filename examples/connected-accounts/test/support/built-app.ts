/** Builds the app before the tests. */
import { resolve } from "node:path";
import { buildIfNeeded } from "../../../../dev/scripts/build-if-needed.mjs";

export default function setUp(): void {
  buildIfNeeded(resolve(import.meta.dirname, "../.."));
}
