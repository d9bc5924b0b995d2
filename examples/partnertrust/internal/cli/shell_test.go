package cli_test

import (
	"os"
	"strings"

	"github.com/stretchr/testify/require"
)

// shell runs a line as a person would type it: words, quotes, and "> file". ID
// stands for the id of a CA of the store, CLIENT for the client id of a key.
func (w *world) shell(line string) result {
	w.t.Helper()
	words := wordsOf(line)
	require.NotEmpty(w.t, words)
	require.Equal(w.t, "partnertrust", words[0], line)
	var args []string
	file := ""
	for i := 1; i < len(words); i++ {
		switch words[i] {
		case ">":
			i++
			require.Less(w.t, i, len(words), line)
			file = words[i]
		case "ID":
			args = append(args, w.idOf("Example AUTH CA"))
		default:
			args = append(args, words[i])
		}
	}
	r := w.run(args...)
	if file != "" {
		require.NoError(w.t, os.WriteFile(file, []byte(r.out), 0o644))
		r.out = ""
	}
	return r
}

// wordsOf splits a line as a shell does, as far as the examples go.
func wordsOf(line string) []string {
	var words []string
	var word strings.Builder
	quote, begun := rune(0), false
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			quote, begun = r, true
		case r == ' ':
			if begun {
				words = append(words, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if begun {
		words = append(words, word.String())
	}
	return words
}
