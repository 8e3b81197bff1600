// npm run --prefix dev docs:reference: updates docs/reference.md with the options, answers and events in the plugin's
// source.
import { readFileSync, writeFileSync } from "node:fs";
import { withGenerated } from "./generated-reference.mjs";

const [page = "docs/reference.md"] = process.argv.slice(2);
writeFileSync(page, withGenerated(readFileSync(page, "utf8")));
