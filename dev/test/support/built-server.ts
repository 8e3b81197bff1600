/** Before the tests: the server is built, if `npm test` has not just done so. */
import { buildIfNeeded } from "../../scripts/build-if-needed.mjs";

export default function setUp(): void {
  buildIfNeeded();
}
