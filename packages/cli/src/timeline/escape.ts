/** Escapes text for SVG and HTML, in elements and in quoted attributes. */

/** What neither may hold: control characters but a tab and line breaks, lone surrogates, and two that are no characters. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Cs}/gu

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\"": "&quot;",
  "'": "&#39;"
}

export const escaped = (text: string): string =>
  text.replace(forbidden, "").replace(/[&<>"']/g, (character) => entities[character] ?? "")

/** Cuts a text to what fits, with a sign that it was cut. Its whole stands in the table and in a tooltip. */
export const fitted = (text: string, max: number): string => {
  const characters = Array.from(text)
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join("").trimEnd()}…`
}
