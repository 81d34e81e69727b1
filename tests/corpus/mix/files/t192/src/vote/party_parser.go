package vote

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// Result is the number of votes of a party in a district.
type Result struct {
	District, Party string
	Votes           int
}

// Parse reads district,party,votes.
func Parse(r io.Reader) ([]Result, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("vote: %w", err)
	}
	var out []Result
	for _, row := range rows[1:] {
		n, err := strconv.Atoi(row[2])
		if err != nil {
			return nil, err
		}
		out = append(out, Result{row[0], row[1], n})
	}
	return out, nil
}
