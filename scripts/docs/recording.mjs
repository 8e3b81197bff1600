// npm run docs:recording: runs the demo and writes what it prints as docs/images/demo.svg.
import { writeFileSync } from "node:fs";
import { demoTranscript } from "./demo-transcript.mjs";
import { terminalSvg } from "./terminal-svg.mjs";

writeFileSync("docs/images/demo.svg", terminalSvg("npm run demo", await demoTranscript()));
