/**
 * The caller in an app with the middleware `switched.ts`: the authenticated one or, without authentication, a fixed
 * one.
 */
import * as ours from "@xmcp-dev/clerk";
import * as fixed from "./fixed";

const { benchWays } = globalThis as typeof globalThis & { benchWays?: { way: string } };
const callers = () => (benchWays === undefined || benchWays.way === "none" ? fixed : ours);

export const getSession = () => callers().getSession();
export const getUser = () => callers().getUser();
export const getClient = () => callers().getClient();
