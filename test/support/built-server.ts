/** Builds the server once before the tests, if `npm test` has not just done so. */
import { buildIfNeeded } from "../../scripts/build-if-needed.mjs";

export default buildIfNeeded;
