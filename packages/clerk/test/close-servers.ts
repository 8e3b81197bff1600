/** Closes servers after each test file. Files share a worker, so a hook in protected-server.ts would run only once. */
import { afterAll } from "vitest";
import { closeServers } from "./protected-server.js";

afterAll(closeServers);
