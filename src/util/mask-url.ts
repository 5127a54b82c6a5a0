/** `url` with its password hidden, in the address and in parameters; what is no URL loses everything before an `@`. */
export function maskUrl(url: string): string {
  return (
    url
      .replace(/^([a-z][\w+.-]*:\/\/[^/?#:@]*:)[^/?#]*(?=@)/i, "$1***")
      // A password may contain a slash as it is; digits up to one are a port.
      .replace(/^([a-z][\w+.-]*:\/{0,2}[^/?#:@]*:)(?!\d*[/?#])(?:(?!\?[\w-]+=).)*(?=@)/is, "$1***")
      .replace(/([?&][^=&]*(?:password|passwd|secret|token|key)[^=&]*=)[^&#]*/gi, "$1***")
  );
}
