/**
 * A text that is kept for as long as the statistics are: cut, and without a hold on the page that it came from. Engines
 * make a cut text a view of the whole; through JSON it becomes a text of its own.
 */
export const kept = (text: string, maxLength: number): string => {
  const cut: unknown = JSON.parse(JSON.stringify(text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`))
  return String(cut)
}
