/** Refusals with Clerk's codes, as its index of Backend API errors has them. */
import { Refused } from "../http/clerk-error.js";

export function notFound(longMessage: string): Refused {
  return new Refused({ status: 404, code: "resource_not_found", message: "not found", longMessage });
}

export function missing(kind: string, id: string): never {
  throw notFound(`No ${kind} was found with id ${id}`);
}

/** For the newer endpoints. */
export function badRequest(parameter: string, problem: string): Refused {
  return new Refused({
    status: 400,
    code: "bad_request",
    message: "Bad Request",
    longMessage: parameter ? `Invalid '${parameter}': ${problem}` : problem,
  });
}

/** 422, for one parameter of the request. */
export function formError(
  code: string,
  parameter: string,
  longMessage: string,
  message = "is invalid",
): Refused {
  return new Refused({
    status: 422,
    code,
    message,
    longMessage,
    ...(parameter && { meta: { param_name: parameter } }),
  });
}

export function parameterUnknown(parameter: string, reason = ""): Refused {
  const text = `${parameter} is not a valid parameter for this request.${reason && ` ${reason}`}`;
  return formError("form_param_unknown", parameter, text, "is unknown");
}

export function valueInvalid(parameter: string, longMessage: string): Refused {
  return formError("form_param_value_invalid", parameter, longMessage);
}

export function identifierExists(parameter: string): Refused {
  const text = `That ${parameter.replaceAll("_", " ")} is taken. Please try another.`;
  return formError("form_identifier_exists", parameter, text, text);
}
