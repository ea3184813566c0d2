/**
 * Returns a text that may live as long as what was counted does. Engines make a part of a string a view of the whole, so a
 * name of ten characters would keep the page in memory that it came from. Through JSON it becomes a string of its own.
 */
export const ownText = (text: string): string => {
  const copy: unknown = JSON.parse(JSON.stringify(text))
  return String(copy)
}
