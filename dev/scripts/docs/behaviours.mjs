// npm run --prefix dev docs:behaviours: updates the table "How like Clerk it is" in the local Clerk's README with what its
// tests declare.
import { readFileSync, writeFileSync } from "node:fs";
import { withBehaviours } from "./stand-in-behaviours.mjs";

const README = "packages/clerk-local/README.md";
writeFileSync(README, withBehaviours(readFileSync(README, "utf8")));
