package wardrobe

// Costume is one entry of the rental catalogue, found by a photo of the item.
type Costume struct {
	Code    string
	Name    string
	Region  string
	Picture string
}

var Catalogue = []Costume{
	{"C-12", "Hutsul vest", "Carpathians", "c12.jpg"},
	{"C-19", "Sami jacket", "Lapland", "c19.jpg"},
	{"C-23", "Doppa cap, embroidered", "Kashgar style", "c23.jpg"},
	{"C-31", "Sikh period turban (prop)", "Punjab", "c31.jpg"},
}

// ByPicture compares the embedding of a costume photo.
func ByPicture(vec []float32, idx Index) []string { return idx.Nearest(vec, 5) }

type Index interface{ Nearest([]float32, int) []string }
