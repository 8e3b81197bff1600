/** Creating and changing users in the Backend API: what is taken, and how the rest is refused. */
import { describe, expect, it } from "vitest";
import { backend, json, refusal, sdk, send, sharedStandIn, standIn } from "./support/stand-in.js";

describe("a new user", () => {
  it("may have several addresses, a phone number and a password, which is not kept", async () => {
    const local = await standIn();
    const { users } = sdk(local);
    const user = await users.createUser({
      emailAddress: ["zoe@example.com", "zed@example.com"],
      phoneNumber: ["+15550100200"],
      password: "correct horse battery",
      externalId: "crm-7",
      createdAt: new Date("2020-01-01T00:00:00Z"),
      locale: "de-AT",
    });
    expect(user.emailAddresses.map(({ emailAddress }) => emailAddress)).toEqual([
      "zoe@example.com",
      "zed@example.com",
    ]);
    expect([user.phoneNumbers[0]?.phoneNumber, user.passwordEnabled, user.username, user.locale]).toEqual([
      "+15550100200",
      true,
      null,
      "de-AT",
    ]);
    expect(user.createdAt).toBe(Date.parse("2020-01-01T00:00:00Z"));
    expect(JSON.stringify(local.users.get(user.id))).not.toContain("horse");

    const second = user.emailAddresses[1]?.id ?? "";
    const changed = await users.updateUser(user.id, { primaryEmailAddressID: second, username: "zoe" });
    expect([changed.primaryEmailAddress?.emailAddress, changed.username]).toEqual(["zed@example.com", "zoe"]);
    expect(local.users.get("zoe@example.com").id).toBe(user.id);
  });

  it("without a password has none", async () => {
    const local = await standIn();
    const body = { email_address: ["zoe@example.com"], skip_password_requirement: true };
    expect(await json(await send(local, "POST", "/v1/users", body))).toMatchObject({
      password_enabled: false,
    });
  });

  it("may be created banned or locked", async () => {
    const local = await standIn();
    const create = (body: object) => send(local, "POST", "/v1/users", body);
    expect(
      await json(await create({ email_address: ["a@example.com"], banned: true, locked: true })),
    ).toMatchObject({
      banned: true,
      locked: true,
      lockout_expires_in_seconds: 3600,
    });
  });
});

const BIG = { text: "x".repeat(9000) };

describe("a form is refused with Clerk's code", () => {
  const local = sharedStandIn();

  it.each([
    ["nothing", {}, "form_data_missing"],
    ["a username only", { username: "zoe" }, "form_data_missing"],
    ["a phone number only", { phone_number: ["+15550100200"] }, "form_data_missing"],
    ["an address that is taken", { email_address: ["ADA@example.com"] }, "form_identifier_exists"],
    [
      "a second address that is taken",
      { email_address: ["z@example.com", "ada@example.com"] },
      "form_identifier_exists",
    ],
    [
      "a username that is taken",
      { email_address: ["z@example.com"], username: "Ada" },
      "form_identifier_exists",
    ],
    ["an address as a text", { email_address: "z@example.com" }, "form_param_type_invalid"],
    ["what is no address", { email_address: ["z"] }, "form_param_format_invalid"],
    ["what is no phone number", { phone_number: ["555"] }, "form_param_format_invalid"],
    [
      "a password that is too short",
      { email_address: ["z@example.com"], password: "short" },
      "form_password_length_too_short",
    ],
    ["a wrong time", { created_at: "yesterday" }, "form_param_invalid_time"],
    ["an unknown member", { email_address: ["z@example.com"], firstname: "Zoe" }, "form_param_unknown"],
    ["what is not there", { web3_wallet: ["0x1"] }, "form_param_unknown"],
    [
      "much metadata",
      { email_address: ["z@example.com"], public_metadata: BIG },
      "form_param_exceeds_allowed_size",
    ],
  ])("to create a user with %s", async (_name, body, code) => {
    expect(await refusal(await send(local(), "POST", "/v1/users", body))).toEqual([422, code]);
    expect(local().users.list()).toHaveLength(4);
  });

  it.each([
    ["", { first_name: 7 }, "form_param_type_invalid"],
    ["", { username: "ada" }, "form_identifier_exists"],
    ["", { primary_email_address_id: "idn_none" }, "form_resource_not_found"],
    ["", { password: "x".repeat(80) }, "form_password_size_in_bytes_exceeded"],
    ["", { color: "red" }, "form_param_unknown"],
    ["", { unsafe_metadata: BIG }, "form_param_exceeds_allowed_size"],
    ["/metadata", { public_metadata: "pro" }, "form_param_value_invalid"],
    ["/metadata", { public_metadata: BIG }, "form_param_exceeds_allowed_size"],
    ["/metadata", { metadata: {} }, "form_param_unknown"],
    ["/metadata", [], "form_param_value_invalid"],
  ])("to change Bob: %s %o", async (path, body, code) => {
    const before = local().users.get("bob");
    expect(await refusal(await send(local(), "PATCH", `/v1/users/${before.id}${path}`, body))).toEqual([
      422,
      code,
    ]);
    expect(local().users.get("bob")).toEqual(before);
  });

  it("if it is not JSON", async () => {
    const answer = await backend(local(), "/v1/users", { method: "POST", body: "email_address=z" });
    expect(await refusal(answer)).toEqual([400, "request_body_invalid"]);
  });
});

describe("what identifies a user", () => {
  it("is taken as long as the user has it", async () => {
    const local = await standIn();
    const path = (name: string) => `/v1/users/${local.users.get(name).id}`;
    expect((await send(local, "PATCH", path("ada"), { external_id: "crm-1" })).status).toBe(200);
    expect(await refusal(await send(local, "PATCH", path("bob"), { external_id: "crm-1" }))).toEqual([
      422,
      "form_identifier_exists",
    ]);
    expect((await send(local, "PATCH", path("ada"), { external_id: null, username: "" })).status).toBe(200);
    expect((await send(local, "PATCH", path("bob"), { external_id: "crm-1", username: "ada" })).status).toBe(
      200,
    );
    await backend(local, path("bob@example.com"), { method: "DELETE" });
    expect((await send(local, "POST", "/v1/users", { email_address: ["bob@example.com"] })).status).toBe(200);
  });
});

describe("metadata", () => {
  it("loses what is null at any level, in new objects too", async () => {
    const local = await standIn();
    const { id } = local.users.get("bob");
    const { users } = sdk(local);
    await users.updateUserMetadata(id, { publicMetadata: { a: { b: null, c: { d: null, e: 1 } } } });
    expect(local.users.get("bob").publicMetadata).toEqual({ a: { c: { e: 1 } } });
  });

  it("grows up to 8 kB and no further", async () => {
    const local = await standIn();
    const { id } = local.users.get("bob");
    const path = `/v1/users/${id}/metadata`;
    const add = (name: string) =>
      send(local, "PATCH", path, { public_metadata: { [name]: "x".repeat(4000) } });
    expect((await add("a")).status).toBe(200);
    expect((await add("b")).status).toBe(200);
    expect(await refusal(await add("c"))).toEqual([422, "form_param_exceeds_allowed_size"]);
    expect(Object.keys(local.users.get("bob").publicMetadata)).toEqual(["a", "b"]);
  });

  it("is replaced kind by kind", async () => {
    const local = await standIn();
    const { id } = local.users.get("ada");
    await sdk(local).users.replaceUserMetadata(id, { privateMetadata: { crm: 1 } });
    await sdk(local).users.replaceUserMetadata(id, { publicMetadata: {} });
    expect(local.users.get("ada")).toMatchObject({ publicMetadata: {}, privateMetadata: { crm: 1 } });
  });

  it("is not part of an update, from that version of the API on", async () => {
    const local = await standIn();
    const change = (version?: string) =>
      fetch(`${local.apiUrl}/v1/users/${local.users.get("bob").id}`, {
        method: "PATCH",
        headers: {
          authorization: `Bearer ${local.secretKey}`,
          ...(version && { "clerk-api-version": version }),
        },
        body: JSON.stringify({ public_metadata: { a: 1 } }),
      });
    expect((await change()).status).toBe(200);
    expect((await change("2025-11-10")).status).toBe(200);
    expect(await refusal(await change("2026-05-12"))).toEqual([422, "form_param_deprecated"]);
    await sdk(local).users.updateUser(local.users.get("bob").id, { publicMetadata: { b: 1 }, lastName: "B" });
    expect(local.users.get("bob")).toMatchObject({ publicMetadata: { b: 1 }, lastName: "B" });
  });
});
