import { worksWith } from "./scaffolded.js";

worksWith("yarn 1");
