/** The settings of a profile, by key. */
export type Profile = ReadonlyMap<string, string>

/**
 * Reads the INI dialect of Coalesce's own configuration file: `[sections]`, `key = value` split on the first `=`, values
 * with or without quotation marks, and comments that take a whole line, because a token may contain a `#` or a `;`.
 *
 * Other lines, and those before the first section, are ignored.
 */
export const parseProfiles = (text: string): ReadonlyMap<string, Profile> => {
  const profiles = new Map<string, Map<string, string>>()
  let current: Map<string, string> | undefined
  for (const untrimmed of text.split(/\r\n|\n|\r/)) {
    // Trimming takes a byte order mark along.
    const line = untrimmed.trim()
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue
    const section = /^\[(.*)\]$/.exec(line)?.[1]
    if (section !== undefined) {
      const name = unquote(section.trim())
      current = profiles.get(name) ?? new Map<string, string>()
      profiles.set(name, current)
      continue
    }
    const equals = line.indexOf("=")
    if (equals > 0) current?.set(line.slice(0, equals).trim(), unquote(line.slice(equals + 1).trim()))
  }
  return profiles
}

/** Checks for anything but blank lines and comments. */
export const hasSettings = (text: string): boolean =>
  text.split(/\r\n|\n|\r/).some((line) => !/^\s*($|[#;])/.test(line))

const unquote = (text: string): string => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text
