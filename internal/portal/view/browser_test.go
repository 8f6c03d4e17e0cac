package view

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a real browser with one page open, and everything that it complained of or asked for.
type browser struct {
	ctx        context.Context
	mu         sync.Mutex
	complaints []string
	requests   []string
}

// start runs chromium for one test, whose pages open in tabs of it. A machine without chromium fails the test: .ci/setup
// installs it.
func start(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is not installed: apt-get install chromium (.ci/setup does)")
	}
	flags := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.NoFirstRun, chromedp.NoSandbox, chromedp.Headless, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.UserDataDir(t.TempDir())}
	allocated, stop := chromedp.NewExecAllocator(t.Context(), flags...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// open shows a page from a loopback server in a tab of the browser.
func open(t *testing.T, chromium context.Context, html string, width, height int64) *browser {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", Policy())
		_, _ = w.Write([]byte(html))
	}))
	t.Cleanup(server.Close)
	ctx, cancel := chromedp.NewContext(chromium)
	t.Cleanup(cancel)
	b := &browser{ctx: ctx}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height)); err != nil { // opens the tab: no time limit here
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	within(t, b, chromedp.Navigate(server.URL))
	return b
}

func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		b.complaints = append(b.complaints, e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		b.complaints = append(b.complaints, "console: "+string(e.Type))
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, e.ExceptionDetails.Text)
	case *page.EventJavascriptDialogOpening:
		b.complaints = append(b.complaints, "dialog: "+e.Message)
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// within runs one action, for a minute at most.
func within[T any](t *testing.T, b *browser, action chromedp.Action[T]) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	result, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func (b *browser) number(t *testing.T, script string) int {
	t.Helper()
	return within(t, b, chromedp.Evaluate[int](script))
}

// quiet says that the page loaded itself, asked for nothing else, and that nothing went wrong or was forbidden.
func (b *browser) quiet(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.complaints) > 0 {
		t.Errorf("the browser complains: %q", b.complaints)
	}
	if len(b.requests) != 1 {
		t.Errorf("the page asks for more than itself: %q", b.requests)
	}
}

// TestInARealBrowser holds everything that only a browser can tell, with one browser for all of it.
func TestInARealBrowser(t *testing.T) {
	chromium := start(t)
	prescription, summary := gaps(), large()
	pages := map[string]string{
		"prescription": rendered(t, View{Document: prescription, Sent: sent(prescription), Language: "fi", At: morning}),
		"summary":      rendered(t, View{Document: summary, Language: "fi", At: morning}),
		"hostile":      rendered(t, hostile()),
	}
	for name, html := range pages {
		for _, size := range [][2]int64{{360, 740}, {640, 400}, {1280, 900}} { // 640 is 1280 at 200 % zoom
			t.Run(name+" is quiet and fits at "+strconv.Itoa(int(size[0]))+" pixels", func(t *testing.T) {
				fits(t, open(t, chromium, html, size[0], size[1]))
			})
		}
	}
	for width, want := range map[int64]int{1280: 1, 360: 2} {
		t.Run("the source stands beside the translation at a desk and below it on a phone, "+strconv.Itoa(int(width)), func(t *testing.T) {
			arranged(t, open(t, chromium, pages["prescription"], width, 800), want)
		})
	}
	t.Run("every link leads to a place on the page", func(t *testing.T) {
		b := open(t, chromium, pages["prescription"], 1280, 900)
		const broken = `[...document.querySelectorAll("a")].filter(a => !a.hash || !document.getElementById(a.hash.slice(1))).length`
		if n := b.number(t, broken); n > 0 || b.number(t, `document.querySelectorAll(".findings a").length`) < 8 {
			t.Errorf("%d links lead nowhere", n)
		}
	})
	t.Run("text has the contrast that WCAG asks for", func(t *testing.T) {
		if n := open(t, chromium, pages["prescription"], 1280, 900).number(t, faint); n > 0 {
			t.Errorf("%d pieces of text are too faint", n)
		}
	})
	t.Run("a hostile document stays text", func(t *testing.T) { staysText(t, open(t, chromium, pages["hostile"], 1280, 900)) })
	t.Run("the page can be printed", func(t *testing.T) { prints(t, open(t, chromium, pages["summary"], 1280, 900)) })
}

func fits(t *testing.T, b *browser) {
	if over := b.number(t, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		t.Errorf("the page scrolls sideways by %d", over)
	}
	if b.number(t, `getComputedStyle(document.body).overflowWrap === "anywhere" ? 1 : 0`) != 1 {
		t.Error("the style is not applied")
	}
	b.quiet(t)
}

func arranged(t *testing.T, b *browser, want int) {
	const script = `(() => { const row = document.querySelector("tr.alarm"), a = row.querySelector(".reader").getBoundingClientRect(), b = row.querySelector(".source").getBoundingClientRect();
		return b.left >= a.right - 1 ? 1 : b.top >= a.bottom - 1 ? 2 : 0 })()`
	if got := b.number(t, script); got != want {
		t.Errorf("the arrangement is %d, not %d", got, want)
	}
}

// faint counts the elements with text whose contrast is under 4.5 to 1.
const faint = `(() => {
	const parts = c => c.match(/[\d.]+/g).map(Number);
	const light = c => { const [r, g, b] = parts(c).map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4 }); return .2126 * r + .7152 * g + .0722 * b };
	const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (parts(c)[3] !== 0) return c } return "rgb(255,255,255)" };
	return [...document.body.querySelectorAll("*")].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())).filter(e => {
		const a = light(getComputedStyle(e).color), b = light(behind(e));
		return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) < 4.5 }).length })()`

// staysText looks at what the browser made of a document that is hostile in every field.
func staysText(t *testing.T, b *browser) {
	for script, want := range map[string]int{
		`document.querySelectorAll("script, iframe, img, object, embed, form, base, svg, link, video, input").length`: 0,
		`document.querySelectorAll("style").length`: 1,
		`[...document.querySelectorAll("*")].filter(e => [...e.attributes].some(a => a.name.startsWith("on") || a.name === "style")).length`: 0,
		`[...document.querySelectorAll("a")].filter(a => !a.getAttribute("href").startsWith("#")).length`:                                    0,
		`/[\u202a-\u202e\u2066-\u2069\u200b\u0000]/.test(document.documentElement.textContent) ? 1 : 0`:                                      0,
		`window.hacked === undefined ? 0 : 1`:                                            0,
		`document.body.textContent.includes("<script>window.hacked=1</script>") ? 1 : 0`: 1,
		`document.body.textContent.includes("[U+202E]") ? 1 : 0`:                         1,
	} {
		if got := b.number(t, script); got != want {
			t.Errorf("%s is %d, not %d", script, got, want)
		}
	}
	b.quiet(t)
}

func prints(t *testing.T, b *browser) {
	command := exec.Command("pdftotext", "-", "-")
	command.Stdin = bytes.NewReader(within(t, b, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize())))
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext (poppler-utils): %v %s", err, out)
	}
	for _, want := range []string{"Õuntähepõld", "pähkinä nro 6", "vaata kodeeritud andmeid"} { // the last stands in a closed part
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not on the print", want)
		}
	}
}
