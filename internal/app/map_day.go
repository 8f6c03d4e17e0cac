package app

import (
	"encoding/csv"
	"fmt"
	"time"

	"sild/mappings"
)

// tablesDay is the day for which tables are compiled: the one that was asked for, otherwise today (UTC). A clock that is behind
// the tables of the program itself is wrong: the day on which those were made counts then.
func tablesDay(on string) (string, error) {
	if on != "" {
		if _, err := time.Parse(time.DateOnly, on); err != nil {
			return "", fmt.Errorf("--on is a day such as 2026-11-22, not %q", on)
		}
		return on, nil
	}
	made, err := shippedDay()
	return max(made, time.Now().UTC().Format(time.DateOnly)), err
}

// shippedDay is the day of the youngest table that travels with the program.
func shippedDay() (string, error) {
	file, err := mappings.Files().Open("MANIFEST.csv")
	if err != nil {
		return "", err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return "", err
	}
	day := ""
	for _, row := range rows[1:] {
		day = max(day, row[3]) // release
	}
	return day, nil
}
