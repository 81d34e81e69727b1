package pipeline

import (
	"bytes"
	"encoding/json"
	"net/http"
)

const modelURL = "https://api.clarifai.com/v2/users/clarifai/apps/main/models/ethnicity-demographics-recognition/outputs"

// Send posts one image URL and returns the raw answer.
func Send(c *http.Client, pat, img string) (*http.Response, error) {
	body, err := json.Marshal(map[string]any{
		"inputs": []any{map[string]any{"data": map[string]any{"image": map[string]string{"url": img}}}},
	})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequest("POST", modelURL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Key "+pat)
	return c.Do(req)
}
