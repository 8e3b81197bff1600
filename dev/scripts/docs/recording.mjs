// npm run --prefix dev docs:recording: runs the demo and writes its output to docs/images/demo.svg.
import { writeFileSync } from "node:fs";
import { demoTranscript } from "./demo-transcript.mjs";
import { terminalSvg } from "./terminal-svg.mjs";

const [picture = "docs/images/demo.svg"] = process.argv.slice(2);
writeFileSync(picture, terminalSvg("npm run demo", await demoTranscript()));
