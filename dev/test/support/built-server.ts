/** Builds the server before the tests, unless `npm test` has just built it. */
import { buildIfNeeded } from "../../scripts/build-if-needed.mjs";

export default function setUp(): void {
  buildIfNeeded();
}
