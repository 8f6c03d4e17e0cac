package node

import "sild/translation"

// untold names what no code of a product says though it matters where another product than the prescribed one is handed
// out.
func untold(product *translation.Product) []DifferenceKind {
	var kinds []DifferenceKind
	form := product.Form.Code
	if between(form, [][2]string{{"10207000", "10208000"}, {"10215000", "10218000"}, {"10226000", "10227000"}}) {
		kinds = append(kinds, ReleaseUnsaid) // EDQM: swallowed, with prolonged or modified release
	}
	switch product.Items.Unit.Code {
	case "15026000", "15037000", "15013000": // EDQM inhaler, pen, cartridge
		kinds = append(kinds, DeviceUnsaid)
	default:
		if between(form, [][2]string{{"11106000", "11111000"}}) { // EDQM: inhaled
			kinds = append(kinds, DeviceUnsaid)
		}
	}
	if between(form, [][2]string{{"11201000", "11215500"}, {"50060000", "50060000"}}) { // EDQM: injected or infused
		kinds = append(kinds, RouteUnsaid)
	}
	return kinds
}
