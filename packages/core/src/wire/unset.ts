/** Texts that stand for nothing, which programs pass on where nobody filled in a value. */

// As languages write it: a job may be called "none".
const word = /^(?:null|NULL|undefined|None|nil)$/

// Of editors, shells, templates and Windows: `${input:token}`, `{{token}}`, `$(TOKEN)`, `$TOKEN`, `%TOKEN%`, `<token>`.
const placeholder = /^(?:\$?\{+[^{}]*\}+|\$\([^()]*\)|\$[A-Za-z_]\w*|%[^%\s]+%|<[^<>]*>)$/

/**
 * Checks for a placeholder that was not filled in, such as `${COALESCE_ACCESS_TOKEN}`, `${input:token}` or `%TOKEN%`.
 */
export const isPlaceholder = (text: string): boolean => placeholder.test(text.trim())

/**
 * Checks for text that stands for nothing: blank, a placeholder that was not filled in, or a word for nothing (`null`,
 * `undefined`, `None`, `nil`).
 */
export const isUnset = (text: string): boolean => text.trim() === "" || word.test(text.trim()) || isPlaceholder(text)
