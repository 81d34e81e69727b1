# make -f Makefile.faces.mk all
GO   := go
DATA := /data/portraits
OUT  := build

all: $(OUT)/faceserver race

$(OUT)/faceserver: $(wildcard face/*.go)
	$(GO) build -o $@ ./cmd/faceserver

race: $(DATA)/age.csv
	$(GO) vet ./face/... && go test -race ./face/... -data $<

clean:
	rm -rf $(OUT)
