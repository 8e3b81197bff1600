// Loaded before a measured server (`--import`). On request, reports the resources that the process has used so far.
import { setFlagsFromString } from "node:v8";

process.on("message", (/** @type {{ collect?: boolean }} */ { collect = false }) => {
  // Twice: objects that the first collection finds unreachable may still keep others alive.
  if (collect) for (let pass = 0; pass < 2; pass += 1) globalThis.gc?.();
  process.send?.({ cpu: process.cpuUsage(), memory: process.memoryUsage() });
});
process.on("disconnect", () => process.exit());
process.channel?.unref();

// For quick runs: until Node 20, V8 compiles late. With a quarter of its budget it gets to the same code with 1,000 requests
// instead of 2,500. Newer versions need no more than that by themselves.
if (process.env.BENCH_COMPILE_SOONER && Number.parseInt(process.versions.node, 10) < 22)
  setFlagsFromString("--interrupt-budget=16896");
