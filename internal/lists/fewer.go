package lists

import (
	"fmt"
	"strings"

	"sild/internal/lists/folder"
)

// judgeLoss names codes that are in force in the table which is replaced and that the new one does not have. A list that lacks more than
// a tenth of them may have been cut off, and a value set of the same release cannot have lost any: both are refused, unless the
// operator wants fewer codes.
func (j *job) judgeLoss(t folder.Table, loss folder.Loss, from []*list) error {
	lost := len(loss.Codes)
	if lost == 0 {
		return nil
	}
	named := strings.Join(loss.Codes[:min(lost, 5)], " ")
	wanted := j.Fewer || j.Replace || j.Older && compareReleases(t.Release, loss.Release) != notOlder
	sameSet := t.Release == loss.Release && strings.HasPrefix(t.File, "eu/") && t.Kind != folder.Codes
	if (10*lost > loss.Of || sameSet) && !wanted {
		return fmt.Errorf("%s: the release %s lacks %d of the %d codes that are in force in the release %s, which it replaces (%s): say --fewer if it is wanted",
			t.File, t.Release, lost, loss.Of, loss.Release, named)
	}
	if t.Kind != folder.WholeValueSet { // of such a one judgeAge tells what it lacks
		from[0].outcome.note("%s: %d of %d codes that were in force are not on the list any more: %s", t.File, lost, loss.Of, named)
	}
	return nil
}
