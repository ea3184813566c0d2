/** The version of package.json. A test compares the two. */
export const version = "0.0.0"
