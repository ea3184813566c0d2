/** Secrets that stand in SQL, and in the messages that quote it. */

// What a COPY or a CREATE STAGE may hold. Everything up to the closing quote, or to the end.
const secret =
  /\b(\w{0,40}(?:secret|password|passphrase|passwd|pwd|token|api_?key|private_key|access_key|key_id|sas)\w{0,40}\s{0,8}(?:=>?|:=)\s{0,8})'(?:[^'\\]|''|\\.)*(?:'|$)/gi

/** The text without the values of keys and passwords. */
export const masked = (text: string): string => text.replace(secret, "$1'***'")
