/** A moment as a clock of one time zone shows it: each part as text of its full width. */
export interface ZonedTime {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  /** How far the zone is from UTC then: `+01:00`; `Z` for none at all. */
  readonly offset: string;
}

/** What clocks of `zone` (a name of IANA's such as `Europe/Berlin`; default UTC) show at `moment`. */
export function zonedTime(moment: Date, zone = "UTC"): ZonedTime {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "longOffset",
  });
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? "";
  const offset = part("timeZoneName").replace(/^(?:GMT|UTC)(?:[+-]00:00)?/, "");
  return {
    year: part("year").padStart(4, "0"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
    offset: offset === "" ? "Z" : offset,
  };
}

/** A moment in ISO 8601, to the second: `2026-11-20T13:00:00+01:00`, or with `Z` in UTC. */
export function isoTime(moment: Date, zone?: string): string {
  const { year, month, day, hour, minute, second, offset } = zonedTime(moment, zone);
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`;
}
