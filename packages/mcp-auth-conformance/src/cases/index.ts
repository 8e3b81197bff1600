import type { Case } from "../case.js";
import { claims } from "./claims.js";
import { header } from "./header.js";
import { jose } from "./jose.js";
import { kinds } from "./kinds.js";
import { transport } from "./transport.js";

/** Every case, group by group. */
export const allCases: readonly Case[] = [...header, ...transport, ...jose, ...claims, ...kinds];
