// Package barrier names the checks that stand between a request and a national register, and lets a test build lift
// one of them. A hostile request that is refused proves little unless it is known which check refused it: the tests
// lift that check and see the request go through.
//
// In every ordinary build Lifted is the constant false and the compiler removes it. Only the build tag "lifted", which
// `sild serve` refuses to run under, has a list that can be changed.
package barrier
