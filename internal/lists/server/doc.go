// Package server asks a FHIR R4 terminology server: $expand page by page, $lookup and $translate. Answers are kept with their
// ETag and asked again with If-None-Match. Begin with Client.Expand.
package server
