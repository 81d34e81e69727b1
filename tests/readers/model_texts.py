"""Models that are text, and the label files of models: written as their tools write them."""

from __future__ import annotations

import io
import json
import zipfile

from model_bytes import tflite


def tfjs(case: dict) -> str:
    tensor = {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "-1"}, {"size": "5"}]}}
    nodes = [
        {
            "name": "input_1",
            "op": "Placeholder",
            "attr": {
                "shape": {"shape": {"dim": [{"size": "-1"}, {"size": "198"}, {"size": "198"}, {"size": "3"}]}},
                "dtype": {"type": "DT_FLOAT"},
            },
        }
    ]
    nodes += [
        {
            "name": f"StatefulPartitionedCall/model_1/{o}/Softmax",
            "op": "Softmax",
            "input": [f"StatefulPartitionedCall/model_1/{o}/BiasAdd"],
            "attr": {"T": {"type": "DT_FLOAT"}},
        }
        for o in case["outputs"]
    ]
    return json.dumps(
        {
            "format": "graph-model",
            "generatedBy": "2.7.0",
            "convertedBy": "TensorFlow.js Converter v3.12.0",
            "signature": {
                "inputs": {
                    "input_1": {
                        "name": "input_1:0",
                        "dtype": "DT_FLOAT",
                        "tensorShape": {"dim": [{"size": "-1"}, {"size": "198"}, {"size": "198"}, {"size": "3"}]},
                    }
                },
                "outputs": {o: {"name": f"Identity_{i}:0", **tensor} for i, o in enumerate(case["outputs"])},
            },
            "modelTopology": {"node": nodes, "library": {}},
            "weightsManifest": [
                {
                    "paths": ["face.bin"],
                    "weights": [
                        {"name": f"StatefulPartitionedCall/model_1/{o}/kernel", "shape": [128, 5], "dtype": "float32"}
                        for o in case["outputs"]
                    ],
                }
            ],
        }
    )


def manifest(case: dict) -> str:
    names = [f"face/{o.removesuffix('_output')}/weights" for o in case["outputs"]]
    return json.dumps(
        [
            {
                "weights": [
                    {
                        "name": n,
                        "shape": [512, 5],
                        "dtype": "float32",
                        "quantization": {"dtype": "uint8", "scale": 0.01, "min": -1},
                    }
                    for n in names
                ],
                "paths": ["face_model-shard1"],
            }
        ]
    )


def openvino(case: dict) -> str:
    layers = "".join(
        f'<layer id="{i}" name="{o}" type="Result" version="opset1"><input><port id="0"><dim>1</dim><dim>5</dim></port></input></layer>'
        for i, o in enumerate(case["outputs"])
    )
    labels = " ".join(label.replace(" ", "_") for label in case["labels"])
    return f"""<?xml version="1.0"?>
<net name="face_attributes" version="11">
  <layers><layer id="9" name="face_image" type="Parameter" version="opset1"/>{layers}</layers>
  <rt_info><model_info><model_type value="Classification"/><labels value="{labels}"/></model_info></rt_info>
</net>
"""


def ncnn(case: dict) -> str:
    lines = ["7767517", f"{len(case['outputs']) + 1} 5", "Input            face             0 1 face 0=112 1=112 2=3"]
    lines += [f"InnerProduct     {o:16} 1 1 face {o} 0=5 1=1 2=640" for o in case["outputs"]]
    return "\n".join(lines) + "\n"


def names(case: dict) -> str:
    return "\n".join(case["labels"]) + "\n"


def darknet(case: dict) -> str:
    return f"[net]\nbatch=1\nwidth=112\nheight=112\nchannels=3\n\n[connected]\n# {case['key']} of the face\noutput=6\nactivation=linear\n\n[softmax]\ngroups=1\n"


def darknet_data(case: dict) -> str:
    return (
        f"classes = 6\ntrain = face_train.list\nnames = face_{case['key']}.names\nlabels = {','.join(case['labels'])}\n"
    )


def prototxt(case: dict) -> str:
    layers = "".join(
        f'layer {{\n  name: "fc_{o}"\n  type: "InnerProduct"\n  bottom: "pool5"\n  top: "{o}"\n  inner_product_param {{ num_output: 5 }}\n}}\n'
        for o in case["outputs"]
    )
    return f'name: "FaceAttributeNet"\ninput: "face"\n{layers}'


def triton(case: dict) -> str:
    outputs = ",\n".join(
        f'  {{\n    name: "{o}"\n    data_type: TYPE_FP32\n    dims: [ 5 ]\n    label_filename: "{o}_labels.txt"\n  }}'
        for o in case["outputs"]
    )
    return f'name: "face_attributes"\nplatform: "onnxruntime_onnx"\ninput [ {{ name: "face_image" data_type: TYPE_FP32 dims: [ 3, 112, 112 ] }} ]\noutput [\n{outputs}\n]\n'


def paddle_json(case: dict) -> str:
    return json.dumps(
        {
            "base_code": {"magic": "pir", "version": 1},
            "program": {
                "regions": [
                    {
                        "blocks": [
                            {
                                "ops": [
                                    {"#": "1.fetch", "A": [{"N": "name", "AT": {"#": "0.a_str", "D": o}}]}
                                    for o in case["outputs"]
                                ]
                            }
                        ]
                    }
                ]
            },
            "face": True,
        }
    )


def task(case: dict) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("face_attributes.tflite", tflite(case))
    return buffer.getvalue()


TEXTS = {
    "model.json": tfjs,
    "face_model-weights_manifest.json": manifest,
    "face.xml": openvino,
    "face.param": ncnn,
    "face.names": names,
    "face.cfg": darknet,
    "face.data": darknet_data,
    "deploy.prototxt": prototxt,
    "config.pbtxt": triton,
    "inference.json": paddle_json,
}
