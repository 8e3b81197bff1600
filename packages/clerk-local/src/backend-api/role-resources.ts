/** Roles and permissions in the format of Clerk's Backend API. */
import type { LocalRole } from "../directory/directory.js";
import { derivedText } from "../ids.js";

export interface LocalPermission {
  key: string;
  createdAt: number;
}

export function roleResource(role: LocalRole, isElevated: boolean) {
  return {
    object: "role",
    id: roleId(role.key),
    name: roleName(role.key),
    key: role.key,
    description: null,
    is_creator_eligible: isElevated,
    permissions: role.permissions.map((key) => permissionResource({ key, createdAt: role.createdAt })),
    created_at: role.createdAt,
    updated_at: role.updatedAt,
  };
}

export function permissionResource({ key, createdAt }: LocalPermission) {
  return {
    object: "permission",
    id: permissionId(key),
    name: permissionName(key),
    key,
    description: "",
    type: key.startsWith("org:sys_") ? "system" : "user",
    created_at: createdAt,
    updated_at: createdAt,
  };
}

export function roleId(key: string): string {
  return `role_${derivedText(key).slice(0, 27)}`;
}

export function permissionId(key: string): string {
  return `perm_${derivedText(key).slice(0, 27)}`;
}

/** `org:content_editor` is the role "Content editor". */
export function roleName(key: string): string {
  return sentence(key.replace(/^org:/, ""));
}

/** `org:documents:read` is the permission "Documents read". */
export function permissionName(key: string): string {
  return sentence(key.replace(/^org:(sys_)?/, ""));
}

function sentence(name: string): string {
  const words = name.replaceAll(/[_:]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
