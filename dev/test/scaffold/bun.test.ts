import { worksWith } from "./scaffolded.js";

worksWith("bun");
