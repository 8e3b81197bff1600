import { declareToApp } from "@xmcp-dev/clerk/bundler";
import type { XmcpConfig } from "xmcp";

const config: XmcpConfig = {
  http: true,
  experimental: { adapter: "express" },
  paths: { tools: "./src/tools", prompts: false, resources: false },
  bundler: declareToApp,
};

export default config;
