/** `secretName` as `secret_name`; runs of capitals stay together: `userID` is `user_id`, `HTTPHost` `http_host`. */
export function snakeCase(name: string): string {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();
}
