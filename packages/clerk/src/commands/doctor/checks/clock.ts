/** Compares the server's clock with Clerk's: a token from the future is refused, and so is one that seems expired. */
import type { Answer } from "../ask.js";
import { check, fail, type Known, ok, skipped, warn } from "../check.js";

/** Default of the option `clockTolerance`, which src/middleware.ts may change. */
const DEFAULT_TOLERANCE_SECONDS = 5;
const NOTABLE_SECONDS = 5;
/** Lifetime of Clerk's access tokens. */
const TOKEN_LIFE_SECONDS = 86_400;

export const SET_CLOCK = "Synchronize the server's clock with NTP (timedatectl set-ntp true).";

/** How far a clock is ahead of this machine's, with the uncertainty. In seconds. */
interface Offset {
  readonly seconds: number;
  readonly uncertainty: number;
}

/**
 * Derived from the `Date` field (RFC 9110 section 6.6.1), which has whole seconds. Some caches set it when the answer
 * was created, others when they sent it: the true time lies within the answer's `Age`.
 */
export function clockOffset({ headers, sentAt, receivedAt }: Answer): Offset | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(date)) return undefined;
  const age = Math.max(0, Number(headers.get("age")) || 0);
  const there = date + 500 + age * 500;
  return {
    seconds: (there - (sentAt + receivedAt) / 2) / 1000,
    uncertainty: 0.5 + age / 2 + (receivedAt - sentAt) / 2000,
  };
}

/** The server's clock at an instant of this machine's clock, and its tolerance; in seconds. */
export function serverClock({ unauthenticated, settings }: Known, at: number) {
  const offset = unauthenticated && clockOffset(unauthenticated);
  const tolerance = settings?.clockToleranceSeconds ?? DEFAULT_TOLERANCE_SECONDS;
  return {
    now: at / 1000 + (offset?.seconds ?? 0),
    tolerance: tolerance + (offset?.uncertainty ?? 0),
  };
}

export const clock = check({
  id: "clock",
  title: "Clocks",
  needs: ["clerk"],
  can: ["warn", "fail", "skipped"],
  run({ known: { authorizationServer, unauthenticated, settings } }) {
    const clerk = authorizationServer && clockOffset(authorizationServer.answer);
    if (clerk === undefined) return skipped("Clerk's response has no Date");
    // Without a Date, the server is assumed to use this machine's clock.
    const server = (unauthenticated && clockOffset(unauthenticated)) ?? { seconds: 0, uncertainty: 0 };
    const ahead = clerk.seconds - server.seconds;
    const uncertainty = clerk.uncertainty + server.uncertainty;
    const certain = Math.abs(ahead) - uncertainty;
    const tolerance = settings?.clockToleranceSeconds ?? DEFAULT_TOLERANCE_SECONDS;
    const shown = `the server's clock is ${Math.round(Math.abs(ahead))} s ${ahead > 0 ? "behind" : "ahead of"} Clerk's`;
    if (ahead > 0 && certain > tolerance) return fail(`${shown}: new tokens are refused`, SET_CLOCK);
    if (certain > TOKEN_LIFE_SECONDS) return fail(`${shown}: every token seems expired`, SET_CLOCK);
    if (certain > NOTABLE_SECONDS) return warn(`${shown}: tokens expire early.`, SET_CLOCK);
    return ok(`within ${Math.ceil(Math.abs(ahead) + uncertainty)} s`);
  },
});
