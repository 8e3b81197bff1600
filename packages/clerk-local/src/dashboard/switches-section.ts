/** The switches: faults, token format, signing keys, clock. Each says how it stands. */
import { html } from "hono/html";
import type { Markup } from "../pages/layout.js";
import { type Condition, conditionOf, MAX_SLOW_SECONDS } from "./fault-presets.js";
import { actionForm, select } from "./form.js";
import type { DashboardParts } from "./parts.js";
import { spanOf } from "./times.js";

const CONDITIONS: readonly [Condition, string][] = [
  ["works", "Clerk works"],
  ["down", "Clerk is down"],
  ["limited", "Clerk answers 429"],
];

export function switchesSection(parts: DashboardParts): Markup {
  return html`<div class="switches">
${faultsSwitch(parts)}
${formatSwitch(parts)}
${keysSwitch(parts)}
${clockSwitch(parts)}
</div>`;
}

function faultsSwitch(parts: DashboardParts): Markup {
  const { condition, text } = conditionOf(parts.faults.rules());
  return html`<div class="switch-card wide${condition !== "works" && " alarm"}">
<h3>Faults</h3>
<p class="state" id="faults-state">${text}</p>
<div class="choices" role="group" aria-labelledby="faults-state">
${actionForm(
  parts,
  "faults",
  {},
  html`${CONDITIONS.map(([value, label]) => choice("condition", value, label, value === condition))}`,
)}
${actionForm(
  parts,
  "faults",
  { condition: "slow" },
  html`<button type="submit" aria-pressed="${String(condition === "slow")}">Clerk is slow</button>
<label class="inline">by <input type="number" name="seconds" value="3" min="0.1" max="${MAX_SLOW_SECONDS}" step="0.1" required autocomplete="off"> s</label>`,
)}
</div>
</div>`;
}

function formatSwitch(parts: DashboardParts): Markup {
  const { tokenFormat } = parts.instance.profile;
  return html`<div class="switch-card">
<h3>Token format</h3>
<p class="state" id="format-state">New access tokens are ${tokenFormat === "jwt" ? "JWTs" : "opaque"}.</p>
${actionForm(
  parts,
  "token-format",
  {},
  html`<div class="choices" role="group" aria-labelledby="format-state">
${choice("format", "jwt", "JWT", tokenFormat === "jwt")}
${choice("format", "opaque", "Opaque", tokenFormat === "opaque")}
</div>`,
)}
</div>`;
}

function keysSwitch(parts: DashboardParts): Markup {
  const { keys } = parts.instance;
  const published = keys.jwks().keys.length;
  return html`<div class="switch-card">
<h3>Signing keys</h3>
<p class="state" id="keys-state">${published === 1 ? "One key is" : `${published} keys are`} published. <code>${keys.current.kid}</code> signs.</p>
${actionForm(
  parts,
  "rotate-keys",
  {},
  html`<div class="choices" role="group" aria-labelledby="keys-state">
<button type="submit" name="old" value="keep">Rotate keys</button>
<button type="submit" name="old" value="drop">Rotate, drop the old</button>
</div>`,
)}
</div>`;
}

function clockSwitch(parts: DashboardParts): Markup {
  const { offsetSeconds } = parts.instance.clock;
  const span = spanOf(Math.abs(offsetSeconds) * 1000);
  const state =
    offsetSeconds === 0
      ? "It shows this machine's time."
      : `It is ${span} ${offsetSeconds > 0 ? "ahead" : "behind"}.`;
  const units = ["seconds", "minutes", "hours", "days"].map((unit) => [unit, unit] as const);
  return html`<div class="switch-card wide${offsetSeconds !== 0 && " alarm"}">
<h3>Clock</h3>
<p class="state">${state}</p>
<div class="choices">
${actionForm(
  parts,
  "clock",
  {},
  html`<div class="choices">
<label class="inline">Ahead by <input type="number" name="amount" value="1" step="any" required autocomplete="off"></label>
${select("unit", "Unit", units, "hours")}
<button type="submit">Shift the clock</button>
</div>`,
)}
${
  offsetSeconds !== 0 &&
  actionForm(
    parts,
    "clock",
    { amount: "0", unit: "seconds" },
    html`<button type="submit">Back to this machine's time</button>`,
  )
}
</div>
</div>`;
}

/** A button that is pressed while its value is the present one. */
function choice(name: string, value: string, label: string, isPressed: boolean): Markup {
  return html`<button type="submit" name="${name}" value="${value}" aria-pressed="${String(isPressed)}">${label}</button>`;
}
