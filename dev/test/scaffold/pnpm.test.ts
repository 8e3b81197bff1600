import { worksWith } from "./scaffolded.js";

worksWith("pnpm");
