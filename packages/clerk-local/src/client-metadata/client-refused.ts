/** Why a client with a metadata document is refused. */

/** The error code that the authorization server answers. */
export type ClientRefusal = "invalid_client" | "invalid_client_metadata";

/** The message is for the developer at the browser and for the client. It has nothing of the document in it. */
export class ClientRefused extends Error {
  override readonly name = "ClientRefused";
  readonly code: ClientRefusal;

  constructor(code: ClientRefusal, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
