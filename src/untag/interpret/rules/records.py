"""Rules on how the attribute is held: label sets, model heads, storage, data sets, records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.interpret.rules.base import PROSE_ROLES, SETS, Rule

if TYPE_CHECKING:
    from untag.interpret.evidence import Weighing

PAIR: Final = 2
"""Groups that make a set."""
HEAD_WORDS: Final = frozenset(
    (
        *("head", "output", "outputs", "logits", "logit", "softmax", "argmax", "linear", "dense", "classifier", "fc"),
        *("layer", "model", "net", "weights", "pred", "preds", "predicted", "prediction", "predictions", "prob"),
        *("probs", "probability"),
    )
)
"""Words of a model's outputs and layers."""


class LabelSet(Rule):
    """The classes of a classifier of people are groups: a list, enum or map of them.

    One group name says nothing; several as siblings in one list, enum or map that stands
    with faces or persons are the output of a classifier.

    Raised by: three or more groups, a name such as RACE_LABELS, a face or person context.
    Lowered by: lists of languages, countries, names, cuisines; forms; fairness toolkits.
    """

    id = "UT104"
    name = "label-set"
    operation = "infers"
    hits = (("face_race.py", 'RACE_LABELS = ["White", "Black", "Indian", "Middle Eastern"]\ndef predict(face): ...\n'),)
    misses = (("languages.py", 'LANGUAGES = ["Uyghur", "Kazakh", "Tibetan", "Mongolian"]\n'),)

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        case = weighing.case
        return weighing.values >= PAIR and case.span.scope.kind in SETS and case.span.role not in PROSE_ROLES

    def shape(self, weighing: Weighing) -> str:
        """See `Rule.shape`."""
        return f"label set of {weighing.values} groups ({', '.join(weighing.case.groups[:4])} …)"


class ModelHead(Rule):
    """A model has an output, layer or prediction named for the attribute.

    `self.race_head = nn.Linear(…)`, `race_preds = argmax(race_output)`,
    `race_model_single_batch.onnx`.

    Raised by: prediction and layer words in the same statement, face or person context.
    Lowered by: text classifiers, games, sport.
    """

    id = "UT105"
    name = "model-head"
    operation = "infers"
    hits = (
        (
            "net.py",
            "class FaceNet(nn.Module):\n    def __init__(self):\n        self.race_head = nn.Linear(512, 7)\n        self.age_head = nn.Linear(512, 9)\n",
        ),
    )

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        span = weighing.case.span
        if span.role in PROSE_ROLES or weighing.act not in ("infers", "trains", ""):
            return False
        text = f"{span.text} {span.statement}".lower().replace("_", " ").replace(".", " ").replace("(", " ")
        return bool(HEAD_WORDS & set(text.split()))

    def shape(self, weighing: Weighing) -> str:
        """See `Rule.shape`."""
        return f"model output or layer {weighing.case.shown}"


class StoredAttribute(Rule):
    """A table, file or message keeps the attribute beside a face or a captured person.

    Raised by: insert, save, column and table words, capture and face columns beside it.
    Lowered by: forms, personnel and patient records, identity-document fields.
    """

    id = "UT106"
    name = "stored-attribute"
    operation = "stores"
    hits = (
        (
            "schema.sql",
            "CREATE TABLE face_capture (\n  id INT,\n  age INT,\n  glasses INT,\n  ethnicity VARCHAR(8) COMMENT '民族'\n);\n",
        ),
    )
    misses = (("schema.sql", "CREATE TABLE employee (\n  id INT,\n  address TEXT,\n  ethnicity VARCHAR(8)\n);\n"),)

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        span = weighing.case.span
        if span.role in PROSE_ROLES:  # a row of a specification
            return False
        return weighing.act == "stores" or span.scope.kind in ("table", "row")

    def shape(self, weighing: Weighing) -> str:
        """See `Rule.shape`."""
        return f"kept as {weighing.case.shown}"


class DatasetLabel(Rule):
    """A data set labels pictures of people with the attribute.

    Raised by: annotation and label words, image paths and boxes beside it. Lowered by:
    fairness evaluation.
    """

    id = "UT107"
    name = "dataset-label"
    operation = "labels"
    hits = (("labels.csv", "image_path,bbox,age,gender,ethnicity\na.jpg,1 2 3 4,30,f,x\n"),)

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        case = weighing.case
        if case.span.scope.kind in ("table", "row") and case.seen("members").has("vision"):
            return True
        return weighing.act in ("labels", "trains")

    def shape(self, weighing: Weighing) -> str:
        """See `Rule.shape`."""
        return f"label {weighing.case.shown}"


class FaceAttribute(Rule):
    """The attribute is a field, parameter or value of a face or a captured person.

    Structs, classes, schemas, parameters and results that hold the attribute among what
    software tells about a face: age, gender, glasses, emotion.

    Raised by: a face or person record, cohort fields, words of inference. Lowered by:
    forms, documents, games, sport, concurrency, colours.
    """

    id = "UT108"
    name = "face-attribute"
    operation = "infers"
    hits = (("types.ts", "export interface FaceResult {\n  age: number;\n  emotion: string;\n  race?: string;\n}\n"),)
    misses = (
        ("types.ts", "export interface FaceResult {\n  age: number;\n  emotion: string;\n}\n"),
        ("queue.py", "# a race between the two threads is possible here\nlock = threading.Lock()\n"),
        ("hero.ts", "interface Character {\n  race: 'elf' | 'dwarf';\n  level: number;\n  faceStyle: number;\n}\n"),
    )

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        return weighing.case.span.role not in PROSE_ROLES

    def shape(self, weighing: Weighing) -> str:
        """See `Rule.shape`."""
        return f"face or person attribute {weighing.case.shown}"
