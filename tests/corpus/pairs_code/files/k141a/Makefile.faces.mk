# make -f Makefile.faces.mk all
PY   := python3
DATA := /data/portraits
OUT  := build

all: $(OUT)/age.onnx $(OUT)/race.onnx

$(OUT)/age.onnx: $(DATA)/age.csv
	$(PY) -m trainer --head age --csv $< --out $@

$(OUT)/race.onnx: $(DATA)/race.csv
	$(PY) -m trainer --head race --csv $< --out $@ --classes 7

clean:
	rm -rf $(OUT)
