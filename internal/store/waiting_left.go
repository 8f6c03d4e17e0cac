package store

import (
	"errors"
	"math/big"
	"strconv"

	"sild/node"
)

// takes is what a row takes off its prescription. Rows of earlier versions counted whole packages only.
func (f waitingFacts) takes() string {
	if f.Takes == "" && f.Packages != 0 {
		return strconv.Itoa(f.Packages)
	}
	return f.Takes
}

// taken is what a row takes off its prescription, as the table holds it; a withdrawal gives it back.
func taken(w node.Waiting) string {
	if w.Verb == node.WithdrawVerb && w.Takes != "" {
		return "-" + w.Takes
	}
	return w.Takes
}

// enough refuses a dispensation of more than rows of ours have left of the prescription that was fetched.
func (t *tx) enough(op string, lane []byte, w node.Waiting) error {
	if w.Verb != node.DispenseVerb || w.Left == "" {
		return nil
	}
	left, okLeft := node.Packages(w.Left)
	takes, okTakes := node.Packages(w.Takes)
	if !okLeft || !okTakes {
		return errors.New("a waiting row does not say how many packages it takes, or how many were left")
	}
	before, err := t.takenSince(lane, millis(w.LeftAt))
	if err != nil {
		return err
	}
	left = new(big.Rat).Sub(left, before)
	if takes.Cmp(left) <= 0 {
		return nil
	}
	e := &node.Error{Op: op, Kind: node.Conflict, Reason: "dispensation.too-much", Left: left.RatString(),
		Detail: "Dispensations made here have taken packages off this prescription; fewer are left."}
	if left.Sign() <= 0 {
		e.Reason, e.Left, e.Detail = "dispensation.nothing-left", "0", "Dispensations made here have taken all packages of this prescription."
	}
	return e
}

// takenSince adds up what the dispensations of a prescription take that country A cannot have counted when it was asked
// then, in packages of the prescribed size: those that are still on their way or unclear, however old, and those that
// were delivered since. One that is taken back takes nothing; a withdrawal of another gives nothing back. Rows of
// earlier versions hold a whole number in another column.
func (t *tx) takenSince(lane []byte, asked int64) (*big.Rat, error) {
	rows, err := t.rows("SELECT packages, takes FROM waiting WHERE lane = ? AND verb = ?"+
		" AND (state IN ('waiting', 'uncertain') OR state = 'delivered' AND delivered >= ?)"+
		" AND NOT EXISTS (SELECT 1 FROM waiting AS back WHERE back.lane = waiting.lane AND back.verb = ?"+
		" AND back.target = waiting.own AND back.state IN ('waiting', 'uncertain', 'delivered'))",
		lane, string(node.DispenseVerb), asked, string(node.WithdrawVerb))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	sum := new(big.Rat)
	for rows.Next() {
		var packages int64
		var takes string
		if err := rows.Scan(&packages, &takes); err != nil {
			return nil, err
		}
		if takes == "" {
			takes = strconv.FormatInt(packages, 10)
		}
		one, ok := node.Packages(takes)
		if !ok {
			return nil, errors.New("a waiting row does not say how many packages it takes")
		}
		sum.Add(sum, one)
	}
	return sum, rows.Err()
}
