package app

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
)

// Config is a node's whole configuration. The comments of its fields are the manual; every key can be printed with
// `sild config print`.
type Config struct {
	// Country is this node's country, ISO 3166 alpha-2.
	Country string `koanf:"country"`
	// Participant is this node's id on the trust list.
	Participant string `koanf:"participant"`
	// Environment is "production", "test" or "demo". Production refuses demo registers, the demo issuer and draft rows.
	Environment string `koanf:"environment"`
	// Languages of our professionals, best first (BCP 47).
	Languages   []string          `koanf:"languages"`
	Listen      ListenConfig      `koanf:"listen"`
	Keys        KeysConfig        `koanf:"keys"`
	Trust       TrustConfig       `koanf:"trust"`
	Store       StoreConfig       `koanf:"store"`
	Terminology TerminologyConfig `koanf:"terminology"`
	Register    RegisterConfig    `koanf:"register"`
	Pharmacy    PharmacyConfig    `koanf:"pharmacy"`
	Limits      LimitsConfig      `koanf:"limits"`
	Times       TimesConfig       `koanf:"times"`
	Log         LogConfig         `koanf:"log"`
}

// ListenConfig names the three doors, each host:port.
type ListenConfig struct {
	// Peers is where other nodes ask us: mutual TLS 1.3.
	Peers string `koanf:"peers"`
	// Pharmacy is where our own pharmacy and clinic software asks: TLS 1.3 with a bearer token. Empty closes it.
	Pharmacy string `koanf:"pharmacy"`
	// Operator is plain HTTP for health and metrics; it must be a loopback address.
	Operator string `koanf:"operator"`
}

// KeysConfig says where the secrets lie.
type KeysConfig struct {
	// Dir holds seal.pem, tls.pem, tls.key, ledger.key and kek (mode 0600), as `sild trust init --demo` writes them.
	// Also from the environment: SILD_KEYS_DIR.
	Dir string `koanf:"dir"`
}

// TrustConfig says whom the node believes.
type TrustConfig struct {
	// List is the signed trust list's file. Also from the environment: SILD_TRUST_LIST.
	List string `koanf:"list"`
	// Root is the file of the root keys.
	Root string `koanf:"root"`
	// FingerprintFile holds the fingerprint of the root file, which the operator got by another way than the file.
	FingerprintFile string `koanf:"fingerprint_file"`
}

// StoreConfig says where the node keeps its journal.
type StoreConfig struct {
	// Path of the SQLite database. Also from the environment: SILD_STORE_PATH.
	Path string `koanf:"path"`
	// Create allows a new database; without it a missing one stops the start, so that a wrong path is noticed.
	Create bool `koanf:"create"`
}

// TerminologyConfig says who answers for the terminology tables.
type TerminologyConfig struct {
	// AcceptedBy names the pharmacist who accepted the draft rows; production refuses them otherwise.
	AcceptedBy string `koanf:"accepted_by"`
	// AcceptedOn is the day of it, YYYY-MM-DD.
	AcceptedOn string `koanf:"accepted_on"`
	// Snapshots is the folder of the snapshots that `sild map activate` puts in force. Empty takes the tables that ship
	// with the node.
	Snapshots string `koanf:"snapshots"`
	// Properties is your copy of the EDQM code system (FHIR CodeSystem, JSON), by whose properties the codes of each chain
	// are compared. Empty marks every dose form as not checked.
	Properties string `koanf:"properties"`
	// Products is the folder with this country's list of medicines (product.csv, product-ingredient.csv): a dispensation whose
	// package number stands for another medicine is refused. Empty checks no numbers.
	Products string `koanf:"products"`
	// Corridors is your directory of tables whose folder corridors says what else a country withholds, as `sild map import`
	// writes it. Empty takes the rules that ship with the node.
	Corridors string `koanf:"corridors"`
}

// RegisterConfig names the country's register.
type RegisterConfig struct {
	// Kind is "demo" for the register that comes with the node. Not in production.
	Kind string `koanf:"kind"`
	// Dir holds its files in national form; empty takes the country's built-in demo files.
	Dir string `koanf:"dir"`
	// Journal is the demo register's own file of recorded dispensations.
	Journal string `koanf:"journal"`
}

// PharmacyConfig says who vouches for our own professionals.
type PharmacyConfig struct {
	// Issuer is the iss of the OAuth2 bearer tokens that pharmacy software sends.
	Issuer string `koanf:"issuer"`
	// Keys is a file with the issuer's public keys, a JSON array of JWK.
	Keys string `koanf:"keys"`
	// DemoIssuerKey is the private key of a demo issuer that this node runs on its operator door. Not in production.
	DemoIssuerKey string `koanf:"demo_issuer_key"`
}

// LimitsConfig are this replica's shares: with n replicas the country allows n times as much.
type LimitsConfig struct {
	// PeerPerSecond is how many requests a second one peer may make; 0 is unlimited.
	PeerPerSecond float64 `koanf:"peer_per_second"`
	// OrganisationPerMinute is how many requests a minute one pharmacy or clinic abroad may make; 0 is unlimited.
	OrganisationPerMinute float64 `koanf:"organisation_per_minute"`
	// PatientPerMinute is how many requests a minute may be made about one patient; 0 is unlimited.
	PatientPerMinute float64 `koanf:"patient_per_minute"`
	// NotFoundPerMinute is how many patients may go unfound a minute for one organisation; 0 is unlimited.
	NotFoundPerMinute float64 `koanf:"not_found_per_minute"`
}

// TimesConfig are durations such as 20ms, 5m, 8h.
type TimesConfig struct {
	// Quiet is the least time that "nothing found" takes. It must be longer than the register's usual answer.
	Quiet time.Duration `koanf:"quiet"`
	// Shelf is how long an offered document can be fetched.
	Shelf time.Duration `koanf:"shelf"`
	// Report is how long after a fetch a dispensation may be reported.
	Report time.Duration `koanf:"report"`
	// Keep is how long a fetched prescription is kept for dispensing.
	Keep time.Duration `koanf:"keep"`
	// Deliver is how often the outbox is looked at.
	Deliver time.Duration `koanf:"deliver"`
	// Request bounds one request.
	Request time.Duration `koanf:"request"`
	// Trust is how often the trust list's file is read again.
	Trust time.Duration `koanf:"trust"`
	// Terminology is how often the node looks whether another snapshot was activated.
	Terminology time.Duration `koanf:"terminology"`
}

// LogConfig says how much is logged. No level ever logs patient data.
type LogConfig struct {
	// Level is debug, info, warn or error.
	Level string `koanf:"level"`
}

// fromEnvironment are the keys that may come from the environment instead of the file: file paths only.
var fromEnvironment = map[string]string{
	"SILD_KEYS_DIR":   "keys.dir",
	"SILD_TRUST_LIST": "trust.list",
	"SILD_STORE_PATH": "store.path",
}

// Defaults are the values of keys that are not set. Keys, peers and paths have none on purpose.
func Defaults() Config {
	return Config{Environment: "production", Languages: []string{"en"},
		Limits: LimitsConfig{PeerPerSecond: 200, OrganisationPerMinute: 600, PatientPerMinute: 120, NotFoundPerMinute: 30},
		Times: TimesConfig{Quiet: 50 * time.Millisecond, Shelf: 5 * time.Minute, Report: 30 * 24 * time.Hour,
			Keep: 8 * time.Hour, Deliver: 2 * time.Second, Request: 15 * time.Second, Trust: time.Minute, Terminology: time.Second},
		Log: LogConfig{Level: "info"}}
}

// LoadConfig reads and checks a configuration file. Paths in it are relative to its folder. An unknown key, a key set
// both in the file and in the environment, or an unsafe choice is an error that names the key and the cure.
func LoadConfig(path string) (Config, error) {
	config := Defaults()
	k := koanf.New(".")
	if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
		return config, fmt.Errorf("configuration %s: %w", path, err)
	}
	for variable, key := range fromEnvironment {
		value, set := os.LookupEnv(variable)
		if !set {
			continue
		}
		if k.Exists(key) {
			return config, fmt.Errorf("%s is set in %s and in the environment (%s): remove one", key, path, variable)
		}
		absolute, err := filepath.Abs(value)
		if err != nil {
			return config, err
		}
		if err := k.Set(key, absolute); err != nil {
			return config, err
		}
	}
	if unknown := unknownKeys(k); len(unknown) > 0 {
		return config, fmt.Errorf("%s: unknown key %s: see `sild config print` for the known ones", path, strings.Join(unknown, ", "))
	}
	if day, isDay := k.Get("terminology.accepted_on").(time.Time); isDay { // YAML reads a bare day as a time
		if err := k.Set("terminology.accepted_on", day.Format(time.DateOnly)); err != nil {
			return config, err
		}
	}
	if err := k.Unmarshal("", &config); err != nil {
		return config, fmt.Errorf("%s: %w", path, err)
	}
	config.resolve(filepath.Dir(path))
	return config, config.Check()
}

func unknownKeys(k *koanf.Koanf) []string {
	known := map[string]bool{}
	for _, setting := range settings(reflect.ValueOf(Defaults()), "") {
		known[setting.key] = true
	}
	var unknown []string
	for _, key := range k.Keys() {
		if !known[key] {
			unknown = append(unknown, key)
		}
	}
	return unknown
}

// resolve makes every path absolute from the folder of the configuration file.
func (c *Config) resolve(dir string) {
	for _, path := range []*string{&c.Keys.Dir, &c.Trust.List, &c.Trust.Root, &c.Trust.FingerprintFile, &c.Store.Path, &c.Register.Dir,
		&c.Register.Journal, &c.Pharmacy.Keys, &c.Pharmacy.DemoIssuerKey, &c.Terminology.Snapshots, &c.Terminology.Properties,
		&c.Terminology.Products, &c.Terminology.Corridors} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(dir, *path)
		}
	}
}

// Check refuses what is missing or unsafe; every sentence names the key and the cure.
func (c *Config) Check() error {
	var problems []error
	need := func(ok bool, sentence string) {
		if !ok {
			problems = append(problems, errors.New(sentence))
		}
	}
	need(len(c.Country) == 2 && strings.ToUpper(c.Country) == c.Country, "country: give this node's country as two capital letters")
	need(c.Participant != "", "participant: give this node's id on the trust list")
	need(c.Environment == "production" || c.Environment == "test" || c.Environment == "demo", "environment: production, test or demo")
	need(c.Listen.Peers != "", "listen.peers: give host:port for other nodes")
	need(c.Listen.Operator == "" || loopback(c.Listen.Operator), "listen.operator: health and metrics are plain HTTP; use a loopback address")
	need(c.Keys.Dir != "", "keys.dir: give the folder of the keys")
	need(c.Trust.List != "" && c.Trust.Root != "" && c.Trust.FingerprintFile != "", "trust: list, root and fingerprint_file are needed")
	need(c.Store.Path != "", "store.path: give the database file")
	need(c.Register.Kind == "demo", "register.kind: only \"demo\" exists in this release")
	need(c.Register.Kind != "demo" || c.Register.Journal != "", "register.journal: the demo register needs a file for what it records")
	need(c.Listen.Pharmacy == "" || (c.Pharmacy.Issuer != "" && (c.Pharmacy.Keys != "" || c.Pharmacy.DemoIssuerKey != "")),
		"pharmacy: issuer and keys are needed when listen.pharmacy is set")
	need(c.Times.Quiet > 0 && c.Times.Shelf > 0 && c.Times.Report > 0 && c.Times.Keep > 0 && c.Times.Deliver > 0 && c.Times.Trust > 0 && c.Times.Terminology > 0 && c.Times.Request > c.Times.Quiet,
		"times: all must be positive, and times.request longer than times.quiet")
	need((c.Terminology.AcceptedBy == "") == (c.Terminology.AcceptedOn == "") && isDate(c.Terminology.AcceptedOn),
		"terminology: accepted_by and accepted_on (YYYY-MM-DD) belong together")
	need(c.Log.level() != nil, "log.level: debug, info, warn or error")
	if c.Environment == "production" {
		need(c.Register.Kind != "demo", "register.kind: a demo register is refused in production; connect the national register or set environment: demo")
		need(c.Pharmacy.DemoIssuerKey == "", "pharmacy.demo_issuer_key: the demo issuer is refused in production; give pharmacy.keys")
	}
	return errors.Join(problems...)
}

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return text == "" || err == nil
}

type setting struct {
	key   string
	value reflect.Value
}

func settings(v reflect.Value, prefix string) []setting {
	var all []setting
	for i := range v.NumField() {
		key := prefix + v.Type().Field(i).Tag.Get("koanf")
		if field := v.Field(i); field.Kind() == reflect.Struct {
			all = append(all, settings(field, key+".")...)
		} else {
			all = append(all, setting{key, field})
		}
	}
	return all
}

// Print lists the effective configuration, one key a line. The configuration holds no secrets, only their places.
func (c Config) Print() []string {
	var lines []string
	for _, s := range settings(reflect.ValueOf(c), "") {
		lines = append(lines, fmt.Sprintf("%s: %v", s.key, s.value))
	}
	sort.Strings(lines)
	return lines
}
