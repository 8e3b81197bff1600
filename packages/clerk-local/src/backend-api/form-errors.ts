/** A schema's problems with a form or a query, with Clerk's code for each. */
import type { z } from "zod";
import { Refused } from "../http/clerk-error.js";
import { formError, parameterUnknown, valueInvalid } from "./refusals.js";

type Issue = z.core.$ZodIssue;

export function formErrorOf(issue: Issue): Refused {
  // Clerk names the parameter, not the position in its list.
  const parameter = issue.path.filter((part) => typeof part === "string").join(".");
  if (parameter === "" && issue.code === "invalid_type") return bodyInvalid(issue.input);
  switch (issue.code) {
    case "unrecognized_keys":
      return parameterUnknown([...issue.path, issue.keys[0] ?? ""].join("."));
    case "invalid_type":
      return wrongType(parameter, issue);
    case "too_big":
      return tooLarge(parameter, issue);
    case "too_small":
      return issue.origin === "string" && Number(issue.minimum) > 1
        ? formError(
            "form_param_min_length_exceeded",
            parameter,
            `${parameter} must be at least ${issue.minimum} characters long.`,
            "does not reach minimum length",
          )
        : valueInvalid(parameter, `${parameter} is invalid. ${issue.message}`);
    case "invalid_format":
      return formError("form_param_format_invalid", parameter, `${parameter} ${issue.message}`);
    case "custom": {
      const { code = "form_param_value_invalid" } = (issue.params ?? {}) as { code?: string };
      return formError(code, parameter, issue.message);
    }
    default:
      return valueInvalid(parameter, `${parameter} is invalid. ${issue.message}`);
  }
}

function bodyInvalid(input: unknown): Refused {
  if (input !== undefined) return valueInvalid("", "The body is invalid. It must be of type object.");
  return new Refused({
    status: 400,
    code: "request_body_invalid",
    message: "Request body invalid",
    longMessage: "The request body is invalid. Please consult the API documentation for more information.",
  });
}

function wrongType(parameter: string, { input, expected }: Extract<Issue, { code: "invalid_type" }>) {
  if (input === undefined) {
    return formError("form_param_missing", parameter, `${parameter} must be included.`, "is missing");
  }
  // Metadata that is no object has the code of a wrong value.
  return expected === "record"
    ? valueInvalid(parameter, `${parameter} must be a valid key-value object.`)
    : formError("form_param_type_invalid", parameter, `\`${parameter}\` must be a \`${expected}\`.`);
}

function tooLarge(parameter: string, { origin, maximum }: Extract<Issue, { code: "too_big" }>) {
  if (origin === "array") {
    return maximum === 1
      ? formError(
          "form_param_duplicate",
          parameter,
          `${parameter} included multiple times. There should only be one.`,
          "is duplicate",
        )
      : formError(
          "form_param_array_size_exceeded",
          parameter,
          `${parameter} should not exceed ${maximum} items.`,
          "exceeds maximum size",
        );
  }
  return origin === "string"
    ? formError(
        "form_param_max_length_exceeded",
        parameter,
        `${parameter} should not exceed ${maximum} characters.`,
        "exceeds maximum length",
      )
    : formError(
        "form_param_value_too_large",
        parameter,
        `The value of ${parameter} can't be greater than ${maximum}`,
        "Value too large",
      );
}
