/** After each test file. Files share a worker, so a hook in protected-server.ts itself would run after the first one only. */
import { afterAll } from "vitest";
import { closeServers } from "./protected-server.js";

afterAll(closeServers);
