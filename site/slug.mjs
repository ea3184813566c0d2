/** Returns a function from a heading to its id as GitHub makes it, for one page: a second heading of one text gets a number. */
export const slugger = (...before) => {
  const seen = new Map()
  const slug = (heading) => {
    const id = heading.trim().toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "").replaceAll(" ", "-")
    const count = seen.get(id) ?? 0
    seen.set(id, count + 1)
    return count === 0 ? id : `${id}-${count}`
  }
  for (const heading of before) slug(heading)
  return slug
}
