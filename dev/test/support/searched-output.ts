/** After the last test, what all servers have printed is searched. Vitest reports what is thrown then, and ends with 0 all the same. */
import { collectServerOutput, searchServerOutput } from "./server-output.js";

export default function setUp(): () => void {
  collectServerOutput();
  return () => {
    try {
      searchServerOutput();
    } catch (error) {
      process.exitCode = 1;
      throw error;
    }
  };
}
