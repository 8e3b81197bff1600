// Loaded before a measured server (`--import`). On request, reports the resources that the process has used so far.
process.on("message", (/** @type {{ collect?: boolean }} */ { collect = false }) => {
  // Twice: objects that the first collection finds unreachable may still keep others alive.
  if (collect) for (let pass = 0; pass < 2; pass += 1) globalThis.gc?.();
  process.send?.({ cpu: process.cpuUsage(), memory: process.memoryUsage() });
});
process.on("disconnect", () => process.exit());
process.channel?.unref();
