/** Before the tests: the server is built, if `npm test` has not just done so. After them: what it printed is searched. */
import { buildIfNeeded } from "../../scripts/build-if-needed.mjs";
import { collectServerOutput, searchServerOutput } from "./server-output.js";

export default function setUp(): () => void {
  buildIfNeeded();
  collectServerOutput();
  return searchServerOutput;
}
