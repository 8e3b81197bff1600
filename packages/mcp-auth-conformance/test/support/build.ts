import { buildIfNeeded } from "../../../../dev/scripts/build-if-needed.mjs";

/** The command under test and the template are built: both run as people start them. */
export default function build(): void {
  buildIfNeeded();
}
