/** The lists of roles and permissions of organizations. */
import type { Directory, LocalRole } from "../directory/directory.js";
import { orderBy, ordered } from "./order.js";
import type { BackendApiParts } from "./parts.js";
import { listOf, pageQuery, word } from "./query.js";
import {
  type LocalPermission,
  permissionId,
  permissionName,
  permissionResource,
  roleId,
  roleName,
  roleResource,
} from "./role-resources.js";
import type { Route } from "./route.js";

const parameters = { query: word, order_by: orderBy(["created_at", "name", "key"], "-created_at") };

export function roleRoutes({ directory }: BackendApiParts): Route[] {
  const { roles } = directory;
  return [
    [
      "GET",
      /^\/organization_roles$/,
      (_id, exchange) => {
        const query = pageQuery(parameters, exchange);
        const found = roles
          .list()
          .filter(({ key }) => isMeant(query.query, [roleId(key), roleName(key), key]));
        const all = ordered(found, query.order_by, {
          created_at: (role: LocalRole) => role.createdAt,
          name: (role: LocalRole) => roleName(role.key),
          key: (role: LocalRole) => role.key,
        });
        return listOf(all, query, (role) => roleResource(role, roles.isElevated(role.key)));
      },
    ],
    [
      "GET",
      /^\/organization_permissions$/,
      (_id, exchange) => {
        const query = pageQuery(parameters, exchange);
        const found = permissions(directory).filter(({ key }) =>
          isMeant(query.query, [permissionId(key), permissionName(key), key]),
        );
        const all = ordered(found, query.order_by, {
          created_at: (permission: LocalPermission) => permission.createdAt,
          name: (permission: LocalPermission) => permissionName(permission.key),
          key: (permission: LocalPermission) => permission.key,
        });
        return listOf(all, query, permissionResource);
      },
    ],
  ];
}

/** Every permission that a role has, once. */
function permissions({ roles }: Directory): LocalPermission[] {
  const found = new Map<string, LocalPermission>();
  for (const { permissions, createdAt } of roles.list()) {
    for (const key of permissions) if (!found.has(key)) found.set(key, { key, createdAt });
  }
  return [...found.values()];
}

/** The id exactly, or a part of the name or key. */
function isMeant(query: string | undefined, [id, name, key]: [string, string, string]): boolean {
  if (query === undefined || id === query) return true;
  return [name, key].some((value) => value.toLowerCase().includes(query.toLowerCase()));
}
