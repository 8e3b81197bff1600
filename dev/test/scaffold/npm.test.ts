import { worksWith } from "./scaffolded.js";

worksWith("npm");
