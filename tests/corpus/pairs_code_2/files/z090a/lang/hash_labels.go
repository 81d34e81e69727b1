package lang

// Запрос поиска по архиву судов
type Query struct {
	From    int64    `json:"from"`
	To      int64    `json:"to"`
	Cameras []string `json:"cameras"`
	// необязательный фильтр
	Nation string `json:"nation"` // флаг судна: узбекский, греческий, панамский
	Limit  int    `json:"limit"`
}

func (q Query) Valid() bool {
	return q.To > q.From && q.Limit > 0 && q.Limit <= 1000
}
