// Package folder keeps an operator's directory of terminology tables: MANIFEST.csv, systems.csv and the tables they speak of,
// in the layout of package mappings. A change is staged in a copy beside the directory, read back and checked, and swapped
// in whole, so that a directory holds either everything of an import or nothing of it. Begin with Open.
package folder
