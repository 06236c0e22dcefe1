/** Who puts a policy in force: those who answer for care, two of them. The server has the last word. */

export const maySign = (roles: readonly string[]): boolean => roles.includes("doctor") || roles.includes("manager");
