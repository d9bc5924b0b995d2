package policy

import "strconv"

// nearest is the known word that s is most likely a misspelling of, or "": at
// most two edits away, and at most a third of the word.
func nearest(s string, known []string) string {
	const longest = 32
	if len(s) > longest {
		return ""
	}
	best, word := 3, ""
	for _, k := range known {
		if d := distance(foldKey(s), foldKey(k)); d < best && 3*d <= len(k) {
			best, word = d, k
		}
	}
	return word
}

// distance is the number of insertions, deletions and substitutions between
// two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func quoteAll(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = strconv.Quote(w)
	}
	return out
}
