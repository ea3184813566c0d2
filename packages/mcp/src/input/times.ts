/** Times as people say them, in the form that a window takes. */

const unit: Readonly<Record<string, string>> = {
  second: "s",
  sec: "s",
  minute: "m",
  min: "m",
  hour: "h",
  hr: "h",
  day: "d"
}

/** In days. A month is 30 of them. */
const days: Readonly<Record<string, number>> = { week: 7, wk: 7, fortnight: 14, month: 30 }

const numbers = "zero one two three four five six seven eight nine ten eleven twelve".split(" ")

const relative = new RegExp(
  "^(?:now ?- ?|- ?)?(?:the )?(last |past |previous )?" +
    `(?:(?:(\\d{1,6}(?:\\.\\d)?) ?|(an?|${numbers.join("|")}) )` +
    "(second|sec|minute|min|hour|hr|day|week|wk|fortnight|month|[smhdw])s?" +
    "|(minute|hour|day|week|month))(?: ago)?$"
)

/** Reads `2 weeks ago`, `past 48 hours`, `an hour`, `-7d`. */
const readAge = (text: string): string | undefined => {
  const [, prefix, digits, word, name, alone] = relative.exec(text.replace(/_/g, " ")) ?? []
  // "Last week" is also the one before this.
  if (alone !== undefined && !(prefix === "past " || (prefix === "last " && alone === "hour"))) return undefined
  const one = name ?? alone ?? ""
  const amount = digits !== undefined
    ? Number(digits)
    : word === undefined || /^an?$/.test(word)
    ? 1
    : numbers.indexOf(word)
  const perDay = days[one]
  const [count, short] = perDay === undefined
    ? [amount, unit[one] ?? one]
    : [amount * perDay, "d"]
  if (one === "" || !(count > 0)) return undefined
  if (Number.isInteger(count)) return `${count}${short}`
  const minutes = count * (short === "h" ? 60 : short === "d" ? 1440 : Number.NaN)
  return Number.isInteger(minutes) ? `${minutes}m` : undefined
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

const iso = (year: string, month: number | string, day: string): string =>
  [year, String(month).padStart(2, "0"), day.padStart(2, "0")].join("-")

/** Dates that can be read in two ways are none: the choices are. */
export interface Choices {
  readonly choices: readonly [string, string]
}

const readDate = (text: string): string | Choices | undefined => {
  const [, year, month = "", day = ""] = /^(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})$/.exec(text) ?? []
  if (year !== undefined) return iso(year, month, day)
  const named = /^(?:(\d{1,2})(?:st|nd|rd|th)? )?([a-z]{3,9})\.?(?: (\d{1,2})(?:st|nd|rd|th)?)?,? (\d{4})$/.exec(text)
  const at = months.indexOf(named?.[2]?.slice(0, 3) ?? "")
  const date = named?.[1] ?? named?.[3]
  if (at !== -1 && date !== undefined) return iso(named?.[4] ?? "", at + 1, date)
  const [, one = "", two = "", of] = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text) ?? []
  if (of === undefined) return undefined
  if (Number(one) > 12 || one === two) return iso(of, two, one)
  if (Number(two) > 12) return iso(of, one, two)
  return { choices: [iso(of, one, two), iso(of, two, one)] }
}

/** `yesterday at 6pm` is `yesterday 18:00`. */
const readDayTime = (text: string): string | undefined => {
  const [, day, hour = "", minute = "00", half] =
    /^(today|yesterday)(?: at)? (\d{1,2})(?::(\d\d))? ?(am|pm)?$/.exec(text) ?? []
  if (day === undefined || (half === undefined && !text.includes(":"))) return undefined
  const hours = half === undefined ? Number(hour) : Number(hour) % 12 + (half === "pm" ? 12 : 0)
  return `${day} ${String(hours).padStart(2, "0")}:${minute}`
}

const readEpoch = (text: string): string | undefined =>
  /^\d{10}$|^\d{13}$/.test(text) ? new Date(Number(text.padEnd(13, "0"))).toISOString() : undefined

const words = new Map([
  ["now", "now"],
  ["today", "today"],
  ["midnight", "today"],
  ["yesterday", "yesterday"],
  ["last night", "yesterday 18:00"],
  ["overnight", "yesterday 18:00"]
])

/** Returns an end of a window in a form that core reads; a text that has no such form as it is. */
export const readTime = (given: string): string | Choices => {
  const text = given.trim().toLowerCase().replace(/\s+/g, " ").replace(/^(?:since|from|until|to) /, "")
  const spaced = text.replace(/_/g, " ")
  return words.get(spaced) ?? readEpoch(text) ?? readAge(text) ?? readDate(text) ?? readDayTime(spaced) ??
    given.trim().replace(/^(\S+[T ]\d\d:\d\d(?::\d\d)?) ?(?:utc|gmt)$/i, "$1Z")
}

/** Returns the zone of a city, or of an offset from UTC, by its IANA form; any other text as it is. */
export const readZone = (given: string): string => {
  const [, sign, hours = "", minutes = "00"] = /^(?:utc|gmt)\s*([+-])(\d{1,2})(?::?(\d\d))?$/i.exec(given) ?? []
  // Windows names zones as UTC+12.
  if (sign !== undefined && !/^utc[+-]\d\d$/i.test(given)) return `${sign}${hours.padStart(2, "0")}:${minutes}`
  const city = `/${given.toLowerCase().replace(/ /g, "_")}`
  const [zone, ...others] = given.includes("/") || given.length < 4
    ? []
    : Intl.supportedValuesOf("timeZone").filter((name) => name.toLowerCase().endsWith(city))
  return zone !== undefined && others.length === 0 ? zone : given
}
