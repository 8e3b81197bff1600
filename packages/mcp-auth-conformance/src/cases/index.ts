import type { Case } from "../case.js";
import { batches } from "./batches.js";
import { bodies } from "./bodies.js";
import { cards } from "./cards.js";
import { challenges } from "./challenges.js";
import { claims } from "./claims.js";
import { discovery } from "./discovery.js";
import { floods } from "./floods.js";
import { header } from "./header.js";
import { jose } from "./jose.js";
import { kinds } from "./kinds.js";
import { leakage } from "./leakage.js";
import { logs } from "./logs.js";
import { metadata } from "./metadata.js";
import { methods } from "./methods.js";
import { origin } from "./origin.js";
import { outages } from "./outages.js";
import { routing } from "./routing.js";
import { rules } from "./rules.js";
import { stepUp } from "./step-up.js";
import { transport } from "./transport.js";

/** Every case, group by group. */
export const allCases: readonly Case[] = [
  ...header,
  ...transport,
  ...jose,
  ...claims,
  ...kinds,
  ...routing,
  ...methods,
  ...metadata,
  ...cards,
  ...challenges,
  ...origin,
  ...batches,
  ...bodies,
  ...rules,
  ...discovery,
  ...stepUp,
  ...outages,
  ...floods,
  ...leakage,
  ...logs,
];
