package node

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits are the request rates of one replica: per peer, organisation and patient, and for patients that were not found
// once more per organisation, because national identifiers can be guessed. The zero value and nil allow everything.
type Limits struct {
	PerPeer         float64 // requests a second from one peer; 0 is unlimited
	PerOrganisation float64 // admitted requests a minute from one organisation; 0 is unlimited
	PerPatient      float64 // admitted requests a minute about one patient; 0 is unlimited
	Failures        float64 // patients not found a minute from one organisation; 0 is unlimited

	mu            sync.Mutex
	peers         map[string]*rate.Limiter
	organisations map[string]*rate.Limiter
	patients      map[string]*rate.Limiter
	failures      map[string]*rate.Limiter
}

func (l *Limits) allow(peer string, now time.Time) bool {
	if l == nil || l.PerPeer <= 0 || lifted("limit.peer") {
		return true
	}
	return l.limiter(&l.peers, peer, rate.Limit(l.PerPeer), int(l.PerPeer)+1).AllowN(now, 1)
}

// crowded says that an organisation asks too much.
func (l *Limits) crowded(organisation string, now time.Time) bool {
	if l == nil || l.PerOrganisation <= 0 {
		return false
	}
	return !l.limiter(&l.organisations, organisation, rate.Limit(l.PerOrganisation/60), int(l.PerOrganisation)+1).AllowN(now, 1)
}

// besieged says that too much is asked about one patient.
func (l *Limits) besieged(patient Identifier, now time.Time) bool {
	if l == nil || l.PerPatient <= 0 {
		return false
	}
	key := patient.System + "|" + patient.Value
	return !l.limiter(&l.patients, key, rate.Limit(l.PerPatient/60), int(l.PerPatient)+1).AllowN(now, 1)
}

// failing charges a patient that was not found and says whether more may be asked.
func (l *Limits) failing(organisation string, now time.Time) bool {
	if l == nil || l.Failures <= 0 {
		return false
	}
	return !l.limiter(&l.failures, organisation, rate.Limit(l.Failures/60), int(l.Failures)+1).AllowN(now, 1)
}

// exhausted says that an organisation has no failures left, without charging one.
func (l *Limits) exhausted(organisation string, now time.Time) bool {
	if l == nil || l.Failures <= 0 || lifted("limit.failures") {
		return false
	}
	return l.limiter(&l.failures, organisation, rate.Limit(l.Failures/60), int(l.Failures)+1).TokensAt(now) < 1
}

// most bounds the memory that strangers' organisation names can take.
const most = 10_000

func (l *Limits) limiter(table *map[string]*rate.Limiter, key string, limit rate.Limit, burst int) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if *table == nil || len(*table) > most {
		*table = map[string]*rate.Limiter{}
	}
	limiter, ok := (*table)[key]
	if !ok {
		limiter = rate.NewLimiter(limit, burst)
		(*table)[key] = limiter
	}
	return limiter
}
