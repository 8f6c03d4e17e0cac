package app

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

// keepWorking delivers what waits, signs checkpoints, sweeps what has ended and takes new lists and tables in, until ctx ends.
// Each goes its own way: a peer that is slow to take what waits holds back no new snapshot.
func (a *App) keepWorking(ctx context.Context) {
	var working sync.WaitGroup
	working.Go(func() { a.Store.RunCheckpoints(ctx, time.Second) })
	for _, w := range []work{
		{"delivery", a.Config.Times.Deliver, a.deliver}, {"sweep", time.Minute, a.sweep},
		{"trust list", a.Config.Times.Trust, a.refreshTrust}, {"terminology", a.Config.Times.Terminology, a.refreshTerms},
	} {
		working.Go(func() { a.repeat(ctx, w) })
	}
	working.Wait()
}

// work is something that a node does again and again, never twice at once.
type work struct {
	name  string
	every time.Duration
	do    func(context.Context)
}

func (a *App) repeat(ctx context.Context, w work) {
	ticks := time.NewTicker(w.every)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			a.guarded(ctx, w)
		}
	}
}

// guarded does a piece of work once. A fault in the program ends this piece and not the node, as in a request.
func (a *App) guarded(ctx context.Context, w work) {
	defer func() {
		if fault := recover(); fault != nil {
			a.log.Error("a fault in the program ended a piece of work; it is tried again", "work", w.name, "fault", faultWords(fault), "stack", string(debug.Stack()))
		}
	}()
	w.do(ctx)
}

// faultWords tell of a panic without what it was called with: that may be a text of a document.
func faultWords(fault any) string {
	if own, ok := fault.(runtime.Error); ok {
		return own.Error()
	}
	return fmt.Sprintf("a panic with a %T", fault)
}

func (a *App) deliver(ctx context.Context) {
	if arrived, err := a.Ask.Deliver(ctx); err != nil && ctx.Err() == nil {
		a.log.Error("delivery stopped", "reason", err)
	} else if arrived > 0 {
		a.log.Info("delivered what waited", "count", arrived)
	}
}

func (a *App) sweep(ctx context.Context) {
	if _, err := a.Store.Sweep(ctx); err != nil && ctx.Err() == nil {
		a.log.Error("sweep stopped", "reason", err)
	}
}
