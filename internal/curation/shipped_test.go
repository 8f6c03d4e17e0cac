package curation

import "sild/translation"

// shipped are the tables that travel with the program, as `sild map check` judges them. That they break no rule is a test of
// package mappings.
func shipped(sources ...translation.Source) Check {
	return Check{Sources: sources, Countries: []string{"EE", "FI"}, Languages: []string{"en", "et", "fi"}}
}
