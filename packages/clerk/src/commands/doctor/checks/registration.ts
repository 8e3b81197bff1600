/** Whether a client that nobody has told Clerk about can introduce itself. */

import { REGISTRATION_ON } from "../../../options/dashboard.js";
import { check, fail, ok, warn } from "../check.js";
import { metadataOf } from "./authorization-server.js";

export const registration = check({
  id: "registration",
  title: "Clients can register",
  needs: ["clerk"],
  can: ["warn", "fail"],
  run({ known, signsIn }) {
    const { registration_endpoint: endpoint, client_id_metadata_document_supported: documents } =
      metadataOf(known);
    // To try it would leave an application behind at Clerk.
    if (endpoint !== undefined)
      return ok(signsIn ? "so Clerk's metadata says" : "so Clerk's metadata says; --sign-in tries it");
    if (documents === true) {
      return warn("Only with client-ID metadata documents, which few clients have.", REGISTRATION_ON);
    }
    return fail("Clerk takes no client that it does not know", REGISTRATION_ON);
  },
});
