// npm run --prefix dev docs:reference: writes into docs/reference.md what the plugin's source says of its options, answers and events.
import { readFileSync, writeFileSync } from "node:fs";
import { withGenerated } from "./generated-reference.mjs";

const [page = "docs/reference.md"] = process.argv.slice(2);
writeFileSync(page, withGenerated(readFileSync(page, "utf8")));
