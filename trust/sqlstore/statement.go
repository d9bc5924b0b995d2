package sqlstore

import (
	"fmt"
	"strings"
)

// insertion is an INSERT of a live row with these columns.
func insertion(table string, columns []string) string {
	places := make([]string, len(columns))
	for i := range columns {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ", is_deleted) VALUES (" + strings.Join(places, ", ") + ", FALSE)"
}

// revival is an UPDATE that gives a deleted row new contents. Its last three
// parameters are upd_by, upd_dtimes and the row's id until now.
func revival(table string, columns []string) string {
	var sets []string
	for i, c := range columns {
		sets = append(sets, fmt.Sprintf("%s = $%d", c, i+1))
	}
	n := len(columns)
	return fmt.Sprintf("UPDATE %s SET %s, upd_by = $%d, upd_dtimes = $%d, is_deleted = FALSE, del_dtimes = NULL WHERE cert_id = $%d",
		table, strings.Join(sets, ", "), n+1, n+2, n+3)
}
