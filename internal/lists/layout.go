package lists

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"sild/internal/lists/folder"
	"sild/translation"
)

// layoutFiles are the layouts of public national lists: which column holds what, and nothing of what they hold.
//
//go:embed layouts/*.json
var layoutFiles embed.FS

// layout declares how a national CSV list is laid out. A column is named by its header (letter case does not count), by its
// beginning where it ends in an asterisk, by one of several names with bars between, or by its number as #1.
type layout struct {
	About     string          `json:"about"`
	Country   string          `json:"country"` // ISO 3166 alpha-2
	List      string          `json:"list"`    // name of the table: dose-form makes ee/dose-form.csv
	System    layoutSystem    `json:"system"`
	Encoding  string          `json:"encoding"`  // utf-8 where it is left out
	Separator string          `json:"separator"` // one character; a comma where it is left out
	NoHeader  bool            `json:"no-header"` // columns are numbers then
	Code      string          `json:"code"`
	Parent    string          `json:"parent"`
	Words     []layoutWords   `json:"words"`
	Since     string          `json:"since"`
	Until     string          `json:"until"`
	Dates     string          `json:"dates"` // iso or d.m.y
	InForce   *layoutRule     `json:"in-force"`
	Only      *layoutRule     `json:"only"`
	Whole     bool            `json:"whole"` // the list is all of its code system: what it does not have is no code
	Again     string          `json:"again"` // first keeps the first of two rows for a code; an error where it is left out
	Map       *layoutMap      `json:"map"`
	Withhold  *layoutWithhold `json:"withhold"`
	Medicines *layoutMedicine `json:"medicines"`
}

type layoutSystem struct {
	Short string `json:"short"`
	URI   string `json:"uri"`
	OID   string `json:"oid"`
	Name  string `json:"name"`
}

// layoutWords is where the words of a language stand: the first of the columns that is not empty. Those of rows out of force
// may be remarks on the withdrawal instead.
type layoutWords struct {
	Language    string   `json:"language"`
	Columns     []string `json:"columns"`
	OnlyInForce bool     `json:"only-in-force"`
}

// layoutRule tells rows apart by what a column holds: yes are in force (or wanted), no are not, and anything else is an error.
type layoutRule struct {
	Column string   `json:"column"`
	Yes    []string `json:"yes"`
	No     []string `json:"no"`
}

// layoutMap declares that the list also says which shared code stands for each of its codes.
type layoutMap struct {
	Fields       []string `json:"fields"`
	TargetSystem string   `json:"target-system"` // short name
	Target       string   `json:"target"`        // column; an empty cell means that nothing shared stands for the code
	Per          string   `json:"per"`           // column with the unit of a denominator; 1 means none
	PerAmount    string   `json:"per-amount"`    // column with the amount of the denominator
	Relation     string   `json:"relation"`
}

// layoutWithhold declares that the list names ATC codes whose prescriptions the country does not send abroad.
type layoutWithhold struct {
	Sentence string `json:"sentence"` // what is said to those who may know the rule
}

// Layouts names the layouts that travel with the program, with what each is for.
func Layouts() ([][2]string, error) {
	names, err := fs.Glob(layoutFiles, "layouts/*.json")
	if err != nil {
		return nil, err
	}
	var all [][2]string
	for _, name := range names {
		content, err := layoutFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		one, err := readLayout(name, content)
		if err != nil {
			return nil, err
		}
		all = append(all, [2]string{strings.TrimSuffix(path.Base(name), ".json"), one.About})
	}
	return all, nil
}

// layoutOf finds a layout by name among those of the program, else as a file.
func layoutOf(name string) (*layout, error) {
	if name == "" {
		return nil, errors.New("the format csv needs a layout: --layout names one of the program's or a file")
	}
	if content, err := layoutFiles.ReadFile("layouts/" + name + ".json"); err == nil {
		return readLayout(name, content)
	}
	content, err := onDisk(name).read()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no layout of the program and no file is called %q", name)
	}
	if err != nil {
		return nil, err
	}
	return readLayout(name, content)
}

func readLayout(name string, content []byte) (*layout, error) {
	one := &layout{}
	if err := json.Unmarshal(content, one, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("layout %s: %w", name, err)
	}
	one.Country = strings.ToLower(one.Country)
	if err := one.check(); err != nil {
		return nil, fmt.Errorf("layout %s: %w", name, err)
	}
	return one, nil
}

func (l *layout) check() error {
	switch {
	case !isCountry(l.Country):
		return fmt.Errorf("the country is two letters, not %q", l.Country)
	case len([]rune(l.Separator)) > 1:
		return fmt.Errorf("the separator is one character, not %q", l.Separator)
	case !slices.Contains([]string{"", "iso", "d.m.y"}, l.Dates):
		return fmt.Errorf("dates are iso or d.m.y, not %q", l.Dates)
	case !slices.Contains([]string{"", "first"}, l.Again):
		return fmt.Errorf("again is first or left out, not %q", l.Again)
	case encodings[l.Encoding] == nil:
		return fmt.Errorf("the encoding is one of %s, not %q", strings.Join(sortedKeys(encodings), ", "), l.Encoding)
	case l.Medicines != nil && l.Medicines.AllMarketed && l.Medicines.Marketed != nil:
		return errors.New("all medicines are marketed, or a column says which")
	case l.Medicines != nil:
		return nil
	case l.List == "" || l.List != slug(l.List) || l.List == "product" || l.List == "product-ingredient":
		return fmt.Errorf("the list needs a name in small letters and hyphens, not %q", l.List)
	case l.System.Short == "" || l.Code == "" || len(l.Words) == 0:
		return errors.New("system.short, code and words are needed")
	}
	for _, w := range l.Words {
		if lang, err := language(w.Language); err != nil || lang != w.Language || len(w.Columns) == 0 {
			return fmt.Errorf("words: %q is no language with columns", w.Language)
		}
	}
	if l.Withhold != nil && (l.Withhold.Sentence == "" || l.System.Short != "atc" || l.Map != nil) {
		return errors.New("withhold: a sentence and the code system atc are needed, and such a list has no map")
	}
	return l.checkMap()
}

func (l *layout) checkMap() error {
	if l.Map == nil {
		return nil
	}
	if l.Map.Relation != string(equivalent) || l.Map.Target == "" || l.Map.TargetSystem == "" || len(l.Map.Fields) == 0 {
		return errors.New("map: fields, target-system, target and the relation equivalent are needed")
	}
	for _, field := range l.Map.Fields {
		if !isField(field) {
			return fmt.Errorf("map: no field is called %q", field)
		}
		if !translation.Field(field).IsUnit() && (l.Map.Per != "" || l.Map.PerAmount != "") {
			return fmt.Errorf("map: the field %s carries no amounts", field)
		}
	}
	return nil
}

func (s layoutSystem) system() folder.System { return folder.System(s) }
